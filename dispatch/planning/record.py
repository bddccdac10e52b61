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
from dispatch.planning.whereabouts import Past, Underway
from dispatch.policy.pack import Pack
from dispatch.solver.day import PlannedDay, PlannedRoute, PlannedStop
from dispatch.store import plans
from dispatch.store.incidents import open_incident
from dispatch.store.rows import get_many
from dispatch.vault import Vault

_FREE = frozenset({VisitState.PLANNED, VisitState.AUDITED})

type Geometries = Mapping[UUID, list[tuple[float, float]]]
"""Each crew's way, as points (lat, lon)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A checked and audited day, ready to be stored; `been` is what crews under way have behind them."""

    run: PlanRun
    snapshot: Snapshot
    planned: PlannedDay
    windows: Windows
    geometries: Geometries
    pack: Pack
    left_out: Mapping[UUID, tuple[Reason, ...]]
    flags: Sequence[str] = field(default=())
    been: Mapping[UUID, Underway] = field(default_factory=dict)


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
    for planned in draft.planned.routes:
        been = draft.been.get(planned.crew.crew_id)
        route = _route(plan, planned, been)
        way = draft.geometries.get(route.crew_id)
        _store_route(session, draft, route, been, planned.stops, seal=_Seal(vault, branch, way))
    out = {planned.crew.crew_id for planned in draft.planned.routes}
    for crew_id, been in draft.been.items():
        if been.over and crew_id not in out:
            way = json.loads(vault.read(branch, been.route, "geometry") or "[]")
            route = _as_it_was(plan, been)
            _store_route(session, draft, route, been, (), seal=_Seal(vault, branch, way))
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
    _tell_of_those_aside(session, draft.snapshot.aside, actor=actor, now=now)
    record(
        plan,
        "plan.drafted",
        actor=actor,
        now=now,
        number=plan.number,
        on=on,
        stops=len(plans.visit_ids_of(session, [plan])),
        unserved=len(draft.left_out),
        pack=plan.pack_version,
    )
    return plan


def _tell_of_those_aside(
    session: Session, aside: Mapping[UUID, str], *, actor: str, now: datetime
) -> None:
    """Open an incident for each visit that could not be read; once, however many nights that lasts."""
    for visit in get_many(session, Visit, set(aside)).values():
        open_incident(
            session,
            visit=visit,
            kind="row-set-aside",
            source_id=visit.id,
            actor=actor,
            now=now,
            facts={"error": aside[visit.id]},
        )


def _plan(session: Session, draft: Draft, branch: Branch, now: datetime) -> Plan:
    planned, day = draft.planned, draft.snapshot.day
    over = [one.stop for been in draft.been.values() for one in been.over]
    made = get_many(session, Visit, {stop.visit_id for stop in over})
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
        travel_s=sum(one.travel_s for one in planned.routes) + sum(one.travel_s for one in over),
        distance_m=sum(one.distance_m for one in planned.routes)
        + sum(one.distance_m for one in over),
        value_served=sum(stop.visit.value for stop in planned.stops)
        + sum(visit.value for visit in made.values()),
        is_incomplete=bool(draft.snapshot.promised & set(draft.left_out)),
        is_estimated=planned.is_estimated,
        flags=list(draft.flags),
        roads=planned.roads,
        planned_at=now,
    )


def _route(plan: Plan, planned: PlannedRoute, been: Underway | None) -> Route:
    """A route as planned, after what its crew has behind it."""
    past = been.over if been else ()
    rested = been.rests if been else ()
    return Route(
        id=new_id(),
        plan_id=plan.id,
        crew_id=planned.crew.crew_id,
        crew_version_id=planned.crew.version_id,
        starts_at=been.route.starts_at if been and been.has_left else planned.starts_at,
        ends_at=planned.ends_at,
        travel_s=planned.travel_s + sum(one.stop.travel_s for one in past),
        distance_m=planned.distance_m + sum(one.stop.distance_m for one in past),
        breaks=[
            {"from_at": from_at.isoformat(), "until_at": until_at.isoformat()}
            for from_at, until_at in (*rested, *planned.breaks)
        ],
    )


def _as_it_was(plan: Plan, been: Underway) -> Route:
    """The route of a crew that has nothing more before it."""
    old = been.route
    return Route(
        id=new_id(),
        plan_id=plan.id,
        crew_id=old.crew_id,
        crew_version_id=old.crew_version_id,
        starts_at=old.starts_at,
        ends_at=old.ends_at,
        travel_s=sum(one.stop.travel_s for one in been.over),
        distance_m=sum(one.stop.distance_m for one in been.over),
        breaks=old.breaks,
    )


@dataclass(frozen=True, slots=True)
class _Seal:
    """What a route's way is sealed with."""

    vault: Vault
    branch: Branch
    way: Sequence[Sequence[float]] | None


def _store_route(
    session: Session,
    draft: Draft,
    route: Route,
    been: Underway | None,
    stops: Sequence[PlannedStop],
    *,
    seal: _Seal,
) -> None:
    if seal.way:
        told = json.dumps([[round(x, 6) for x in one] for one in seal.way])
        seal.vault.write(seal.branch, route, "geometry", told)
    session.add(route)
    session.flush()
    past = been.over if been else ()
    session.add_all(_stop_over(route, position, one) for position, one in enumerate(past, start=1))
    session.add_all(
        _stop(draft, route, position, one)
        for position, one in enumerate(stops, start=1 + len(past))
    )
    session.flush()


def _stop(draft: Draft, route: Route, position: int, planned: PlannedStop) -> Stop:
    visit, window = planned.visit, draft.windows[planned.visit.visit_id]
    return Stop(
        plan_id=route.plan_id,
        route_id=route.id,
        visit_id=visit.visit_id,
        appointment_id=visit.appointment_id,
        position=position,
        arrive_at=planned.arrive_at,
        leave_at=planned.leave_at,
        window_from_at=window[0],
        window_until_at=window[1],
        travel_s=planned.travel_s,
        distance_m=planned.distance_m,
        wait_s=planned.wait_s,
        on_time=planned.on_time,
        is_required=visit.is_required,
        is_estimated=planned.is_estimated,
    )


def _stop_over(route: Route, position: int, past: Past) -> Stop:
    """A stop that is over, as it was."""
    old = past.stop
    return Stop(
        plan_id=route.plan_id,
        route_id=route.id,
        visit_id=old.visit_id,
        appointment_id=old.appointment_id,
        position=position,
        arrive_at=past.arrive_at,
        leave_at=past.leave_at,
        window_from_at=old.window_from_at,
        window_until_at=old.window_until_at,
        travel_s=old.travel_s,
        distance_m=old.distance_m,
        wait_s=old.wait_s,
        on_time=old.on_time,
        is_required=old.is_required,
        is_estimated=old.is_estimated,
    )


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
