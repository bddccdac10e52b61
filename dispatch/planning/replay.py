"""A plan made once more from what its run kept: the same, or what differs and why.

The day is kept as it stood, sealed by the branch's key; the terms beside it. Travel is not kept: it
is asked of the roads again. A search that was limited by time stops elsewhere each time, so only a
run that was limited by iterations has to come out the same. Nothing is stored but who looked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import Session

from dispatch.errors import NotFound, Refused
from dispatch.gateways.roads import Roads
from dispatch.model import Branch, Plan, PlanRun, RunKind, record
from dispatch.planning.terms import Terms, programs, read_terms
from dispatch.solver.day import CUT_SHORT, STALE, Day, PlannedDay
from dispatch.solver.plan import plan_day
from dispatch.solver.run import Solver
from dispatch.store import plans
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from dispatch.vault import Vault

_DAY: Final = TypeAdapter(Day)

type Tours = Mapping[UUID, tuple[UUID, ...]]
"""Each crew's visits in order; crews that stay at home are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A plan, and what was kept of how it was made."""

    plan: Plan
    tours: Tours
    terms: Terms
    day: Day
    """Without what the auditor had objected to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What came of planning once more."""

    is_same: bool
    moved: tuple[str, ...]
    """References of visits that have another crew or another turn, or are out or in."""
    travel_s: tuple[int, int]
    """Of the plan as it was stored, and as it is now."""
    visits: tuple[int, int]
    why: tuple[str, ...]
    """What may make a difference, a sentence each."""


def kept_of(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    on: date,
    number: int | None,
    actor: str,
    now: datetime,
) -> Kept:
    """Return the plan of a date with what its run kept, and note who looked.

    Parameters
    ----------
    number
        Version of the day's plan; the newest where it is None.

    Raises
    ------
    NotFound
        If there is no such plan.
    Refused
        If nothing is kept that it could be planned from again.
    """
    found = plans.plans_of(session, Scope.everything(), branch.id, on)
    plan = next((one for one in found if number in {None, one.number}), None)
    if plan is None:
        versions = ", ".join(str(one.number) for one in found) or "none"
        msg = f"There is no such plan of {on}; its versions are {versions}."
        raise NotFound(msg)
    run = get_any(session, PlanRun, plan.plan_run_id)
    parts = plans.parts_of(session, plan)
    objected = {
        one.visit_id
        for one in parts.unserved
        if any(str(reason["code"]).startswith("audit-") for reason in one.reasons)
    }
    day, terms = _kept(vault, branch, run)
    record(plan, "plan.replayed", actor=actor, now=now, number=plan.number)
    session.add(plan)
    crews = {one.id: one.crew_id for one in parts.routes}
    tours: dict[UUID, tuple[UUID, ...]] = {}
    for stop in sorted(parts.stops, key=lambda one: one.position):
        crew_id = crews[stop.route_id]
        tours[crew_id] = (*tours.get(crew_id, ()), stop.visit_id)
    return Kept(plan=plan, tours=tours, terms=terms, day=day.without(frozenset(objected)))


def _kept(vault: Vault, branch: Branch, run: PlanRun) -> tuple[Day, Terms]:
    if run.kind is RunKind.REPAIR:
        msg = "A repair begins with what its crews had behind them, which is not kept; plans of whole days can be made again."
        raise Refused(msg)
    try:
        told, terms = vault.read(branch, run, "snapshot"), read_terms(run.versions)
    except ValueError as error:
        raise Refused(str(error)) from error
    if told is None or terms is None:
        msg = (
            "What this plan rested on is not kept any more, since somebody on it was erased, or "
            "was not kept yet when it was made."
        )
        raise Refused(msg)
    return _DAY.validate_python(told), terms


def replay(kept: Kept, *, roads: Roads, solver: Solver) -> Replay:
    """Plan the day once more and compare; outside any transaction.

    Raises
    ------
    PlanInputInvalid, SolverFailed
        As planning does.
    """
    planned = plan_day(
        kept.day, roads=roads, solver=solver, budget=kept.terms.budget, soft=kept.terms.soft
    )
    tours = {
        route.crew.crew_id: tuple(stop.visit.visit_id for stop in route.stops)
        for route in planned.routes
        if route.stops
    }
    before, after = _turns(kept.tours), _turns(tours)
    names = {visit.visit_id: visit.reference for visit in kept.day.visits}
    moved = {key for key in before | after if before.get(key) != after.get(key)}
    return Replay(
        is_same=not moved,
        moved=tuple(sorted(names.get(key, str(key)) for key in moved)),
        travel_s=(kept.plan.travel_s, sum(route.travel_s for route in planned.routes)),
        visits=(len(before), len(after)),
        why=_why(kept, planned),
    )


def _turns(tours: Tours) -> dict[UUID, tuple[UUID, int]]:
    """Each visit's crew and turn."""
    return {
        visit_id: (crew_id, turn)
        for crew_id, visits in tours.items()
        for turn, visit_id in enumerate(visits)
    }


def _why(kept: Kept, planned: PlannedDay) -> tuple[str, ...]:
    budget, was, now = kept.terms.budget, dict(kept.terms.programs), programs()
    told = []
    if budget.iterations is None and budget.seconds > 0:
        told.append(
            f"The search was limited to {budget.seconds:.0f} seconds, in which it gets farther or less far each "
            "time; set FAIRVISIT_PLAN_ITERATIONS for plans that come out the same."
        )
    if kept.plan.roads != planned.roads:
        told.append(f"Travel came from {kept.plan.roads} and comes from {planned.roads} now.")
    told += [
        f"{name} was {was.get(name, 'not there')} and is {now.get(name, 'not there')} now."
        for name in sorted(was | now)
        if was.get(name) != now.get(name)
    ]
    if STALE in kept.plan.flags:
        told.append("Visits that changed while it was planned were left out of it afterwards.")
    if CUT_SHORT in kept.plan.flags:
        told.append("The solver had ended early, and the last plan that it had told of was kept.")
    return tuple(told)
