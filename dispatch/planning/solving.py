"""Solve a day outside any transaction: plan, check, audit, until neither has an objection."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.audit import Breach
from dispatch.errors import DispatchError
from dispatch.gateways.roads import Roads
from dispatch.planning import proof
from dispatch.planning.permitted import Reason
from dispatch.planning.snapshot import Snapshot
from dispatch.policy.pack import Pack
from dispatch.solver.day import Day, PlannedDay

_TRIES = 3
"""How often what the auditor objects to is left out and the rest planned again."""

type Plan = Callable[[Day], PlannedDay]
"""Plans a day in the solver's process; the plan has passed its check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A day that has passed check and audit."""

    planned: PlannedDay
    windows: proof.Windows
    left_out: Mapping[UUID, tuple[Reason, ...]]
    geometries: Mapping[UUID, list[tuple[float, float]]]
    breaches: tuple[Breach, ...]


def solve(
    snapshot: Snapshot, plan: Plan, *, pack: Pack, roads: Roads, now: Callable[[], datetime]
) -> Solved:
    """Plan the day; what the auditor objects to is left out and the rest planned again.

    Raises
    ------
    DispatchError
        If the solver fails, or the auditor still objects in the end.
    """
    objected: dict[UUID, tuple[Reason, ...]] = {}
    found: tuple[Breach, ...] = ()
    for _ in range(_TRIES):
        planned = plan(snapshot.day.without(frozenset(objected)))
        windows = proof.windows_of(planned, snapshot)
        breaches = proof.breaches(planned, snapshot, windows, pack=pack, now=now())
        if not breaches:
            left_out = {**snapshot.forbidden, **objected}
            left_out |= {one.visit.visit_id: one.reasons for one in planned.left_out}
            return Solved(
                planned=planned,
                windows=windows,
                left_out=left_out,
                breaches=found,
                geometries=_ways(roads, planned),
            )
        found += breaches
        objected |= {one.visit_id: (_told(one),) for one in breaches if one.visit_id is not None}
        if any(one.visit_id is None for one in breaches):
            break
    msg = f"The audit objects to the plan: {found[-1].detail} ({found[-1].source}). Nothing was stored."
    raise DispatchError(msg)


def _told(breach: Breach) -> Reason:
    return {
        "code": f"audit-{breach.code}",
        "args": {"detail": breach.detail},
        "source": breach.source,
    }


def _ways(roads: Roads, planned: PlannedDay) -> dict[UUID, list[tuple[float, float]]]:
    return {
        route.crew.crew_id: roads.geometry(
            [
                route.crew.start,
                *route.been,
                *(stop.visit.place for stop in route.stops),
                route.crew.start,
            ]
        )
        for route in planned.routes
    }
