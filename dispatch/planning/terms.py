"""The terms that a run was planned on beside its day: limits, prices, and the programs at work."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from platform import python_version
from typing import Any, Final

from pydantic import TypeAdapter

from dispatch.model import PlanRun
from dispatch.planning.budget import budget_of, soft_terms_of
from dispatch.planning.snapshot import Snapshot
from dispatch.policy.pack import Pack
from dispatch.settings import Settings
from dispatch.solver.plan import Budget
from dispatch.solver.to_problem import SoftTerms

_PROGRAMS: Final = ("ortools", "numba", "numpy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a plan depends on beside the day itself and the roads."""

    budget: Budget
    soft: SoftTerms
    programs: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return the terms as plain JSON values: they are kept with the run."""
        return asdict(self)


_READER: Final = TypeAdapter(Terms)


def terms_of(
    settings: Settings, run: PlanRun, snapshot: Snapshot, pack: Pack, now: datetime
) -> Terms:
    """Return the terms of a run that begins now."""
    return Terms(
        budget=budget_of(settings, run, snapshot, pack, now),
        soft=soft_terms_of(settings),
        programs=programs(),
    )


def programs() -> dict[str, str]:
    """Return the versions of what plans."""
    return {name: version(name) for name in _PROGRAMS} | {"python": python_version()}


def read_terms(versions: Mapping[str, Any]) -> Terms | None:
    """Return the terms that are kept with a run; None for runs from before they were."""
    kept = {key: versions[key] for key in ("budget", "soft", "programs") if key in versions}
    return _READER.validate_python(kept) if "budget" in kept else None
