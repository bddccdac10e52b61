"""Record a planned day as a draft: routes, stops, what is left out, and where each visit stands."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.ids import new_id
from dispatch.model import (
    Branch,
    Plan,
    PlanRun,
    PlanState,
    Route,
    Stop,
    Unserved,
    Visit,
    VisitState,
    record,
)
from dispatch.planning.permitted import Reason
from dispatch.planning.proof import Windows
from dispatch.planning.snapshot import Snapshot
from dispatch.policy.pack import Pack
from dispatch.solver.day import PlannedDay, PlannedRoute
from dispatch.store import plans
from dispatch.store.rows import get_many
from dispatch.vault import Vault

_FREE = frozenset({VisitState.PLANNED, VisitState.AUDITED})

type Geometries = Mapping[UUID, list[tuple[float, float]]]
"""Each crew's way, as points (lat, lon)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A checked and audited day, ready to be stored."""

    run: PlanRun
    snapshot: Snapshot
    planned: PlannedDay
    windows: Windows
    geometries: Geometries
    pack: Pack
    left_out: Mapping[UUID, tuple[Reason, ...]]
    flags: Sequence[str] = field(default=())


def store_draft(
    session: Session, draft: Draft, *, vault: Vault, branch: Branch, actor: str, now: datetime
) -> Plan:
    """Write the draft as the day's next version; an earlier draft of the day is superseded."""
    on = draft.snapshot.day.on
    for old in plans.plans_of_states(session, branch.id, on, [PlanState.DRAFT]):
        old.move_to(PlanState.SUPERSEDED, actor=actor, now=now)
    plan = _plan(session, draft, branch, now)
    session.add(plan)
    session.flush()
    for route in draft.planned.routes:
        _store_route(session, draft, plan, route, vault=vault, branch=branch)
    session.add_all(
        Unserved(
            plan_id=plan.id,
            visit_id=visit_id,
            reasons=list(reasons),
            is_required=visit_id in draft.snapshot.promised,
        )
        for visit_id, reasons in draft.left_out.items()
    )
    session.flush()
    _place_visits(session, draft, actor=actor, now=now)
    record(
        plan,
        "plan.drafted",
        actor=actor,
        now=now,
        number=plan.number,
        on=on,
        stops=len(draft.planned.stops),
        unserved=len(draft.left_out),
        pack=plan.pack_version,
    )
    return plan


def _plan(session: Session, draft: Draft, branch: Branch, now: datetime) -> Plan:
    planned, day = draft.planned, draft.snapshot.day
    return Plan(
        branch_id=branch.id,
        plan_run_id=draft.run.id,
        service_date=day.on,
        number=plans.next_number(session, branch.id, day.on),
        kind=draft.run.kind,
        pack_id=draft.pack.id,
        pack_version=draft.pack.version,
        origin_at=day.origin_at,
        engine=planned.engine,
        objective=planned.objective,
        travel_s=sum(route.travel_s for route in planned.routes),
        distance_m=sum(route.distance_m for route in planned.routes),
        value_served=sum(stop.visit.value for stop in planned.stops),
        is_incomplete=bool(draft.snapshot.promised & set(draft.left_out)),
        is_estimated=planned.is_estimated,
        flags=list(draft.flags),
        roads=planned.roads,
        planned_at=now,
    )


def _store_route(
    session: Session,
    draft: Draft,
    plan: Plan,
    planned: PlannedRoute,
    *,
    vault: Vault,
    branch: Branch,
) -> None:
    route = Route(
        id=new_id(),
        plan_id=plan.id,
        crew_id=planned.crew.crew_id,
        crew_version_id=planned.crew.version_id,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        travel_s=planned.travel_s,
        distance_m=planned.distance_m,
        breaks=[
            {"from_at": from_at.isoformat(), "until_at": until_at.isoformat()}
            for from_at, until_at in planned.breaks
        ],
    )
    way = draft.geometries.get(planned.crew.crew_id)
    if way:
        vault.write(
            branch, route, "geometry", json.dumps([[round(x, 6) for x in one] for one in way])
        )
    session.add(route)
    session.flush()
    for position, stop in enumerate(planned.stops, start=1):
        window = draft.windows[stop.visit.visit_id]
        session.add(
            Stop(
                plan_id=plan.id,
                route_id=route.id,
                visit_id=stop.visit.visit_id,
                appointment_id=stop.visit.appointment_id,
                position=position,
                arrive_at=stop.arrive_at,
                leave_at=stop.leave_at,
                window_from_at=window[0],
                window_until_at=window[1],
                travel_s=stop.travel_s,
                distance_m=stop.distance_m,
                wait_s=stop.wait_s,
                is_required=stop.visit.is_required,
                is_estimated=stop.is_estimated,
            )
        )
    session.flush()


def _place_visits(session: Session, draft: Draft, *, actor: str, now: datetime) -> None:
    """Move each visit to where the draft leaves it: audited, or back among those to be planned."""
    served = {stop.visit.visit_id for stop in draft.planned.stops}
    visits = get_many(session, Visit, served | set(draft.left_out))
    for visit_id, visit in visits.items():
        if visit_id in draft.snapshot.promised:
            continue
        if visit_id not in served:
            if visit.state in _FREE:
                visit.move_to(VisitState.DRAFT, actor=actor, now=now, why="left out")
                visit.service_date = None
            continue
        if visit.state is VisitState.DRAFT:
            visit.move_to(VisitState.PLANNED, actor=actor, now=now)
        if visit.state is VisitState.PLANNED:
            visit.move_to(VisitState.AUDITED, actor=actor, now=now)
        visit.service_date = draft.snapshot.day.on
        visit.pack_id, visit.pack_version = draft.pack.id, draft.pack.version
