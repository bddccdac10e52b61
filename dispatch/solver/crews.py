"""Pair up agents: CP-SAT forms as many crews as can be, then the best ones.

CP-SAT works in the solver's process: it takes a second, and brings libraries that nobody else needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from uuid import UUID

from dispatch.solver.child import Talk
from dispatch.solver.run import OnProgress, Solver
from routing import Window
from routing.pairing import CrewRules, Member, form_groups

_KM_PER_DEGREE = 111.2

_PER_HOUR = 1.0
_PER_LANGUAGE_OR_SKILL = 1.0
_PER_GENDER = 2.0
_PER_KM = 0.1
"""Points: a crew that is mixed is worth two hours more together, or homes 20 km closer."""


PAIRING_S = 30.0
"""Seconds that pairing may take before its process is stopped; 100 agents take one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeAgent:
    """An agent on one shift who may go out with any other; `home` is (lat, lon)."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    gender: str | None
    home: tuple[float, float]


def pair_up_aside(
    agents: Sequence[FreeAgent],
    *,
    size: int,
    shortest: timedelta,
    solver: Solver,
    on_progress: OnProgress | None = None,
) -> list[tuple[UUID, ...]]:
    """As `pair_up`, in the solver's process; it is not asked where there is nobody to pair.

    Raises
    ------
    SolverFailed
        If the process died or overran `PAIRING_S`.
    """
    if len(agents) < size:
        return []
    groups: list[tuple[UUID, ...]] = solver.run(
        (paired, (tuple(agents), size, shortest)), seconds=PAIRING_S, on_progress=on_progress
    )
    return groups


def paired(
    agents: Sequence[FreeAgent], size: int, shortest: timedelta, *, talk: Talk
) -> list[tuple[UUID, ...]]:
    """Pair up in the child, which has nothing to tell meanwhile."""
    del talk
    return pair_up(agents, size=size, shortest=shortest)


def pair_up(
    agents: Sequence[FreeAgent], *, size: int, shortest: timedelta
) -> list[tuple[UUID, ...]]:
    """Return the crews, best first, each in the agents' order; who is in none stays free."""
    if len(agents) < size:
        return []
    origin = min(agent.starts_at for agent in agents)
    members = [_member(agent, origin, agents[0].home) for agent in agents]
    traits = sorted({trait for member in members for trait in member.traits})
    rules = CrewRules(
        size=size,
        least_s=int(shortest.total_seconds()),
        wishes={
            trait: _PER_GENDER if trait.startswith("gender ") else _PER_LANGUAGE_OR_SKILL
            for trait in traits
        },
        per_hour=_PER_HOUR,
        per_km=_PER_KM,
    )
    known = {str(agent.id): agent.id for agent in agents}
    return [tuple(known[str(name)] for name in group) for group in form_groups(members, rules)]


def _member(agent: FreeAgent, origin: datetime, centre: tuple[float, float]) -> Member:
    return Member(
        id=str(agent.id),
        traits=frozenset(
            [f"language {name}" for name in agent.languages]
            + [f"skill {name}" for name in agent.skills]
            + ([f"gender {agent.gender}"] if agent.gender else [])
        ),
        home=(
            _KM_PER_DEGREE * (agent.home[1] - centre[1]) * cos(radians(centre[0])),
            _KM_PER_DEGREE * (agent.home[0] - centre[0]),
        ),
        hours=Window(
            int((agent.starts_at - origin).total_seconds()),
            int((agent.ends_at - origin).total_seconds()),
        ),
    )
