"""Plans: the versions of a branch's day, with their routes, stops and what they leave out."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from dispatch.model import Plan, PlanState, Route, Stop, Unserved
from dispatch.store.scope import Scope, scoped


@dataclass(frozen=True, slots=True)
class PlanParts:
    """A plan with all that belongs to it, in order."""

    plan: Plan
    routes: tuple[Route, ...]
    stops: tuple[Stop, ...]
    unserved: tuple[Unserved, ...]

    def stops_of(self, route_id: UUID) -> tuple[Stop, ...]:
        """Return a route's stops, in order."""
        return tuple(stop for stop in self.stops if stop.route_id == route_id)


def parts_of(session: Session, plan: Plan) -> PlanParts:
    """Return the plan with its routes, stops and unserved visits."""
    return PlanParts(
        plan=plan,
        routes=tuple(
            session.exec(
                select(Route)
                .where(Route.plan_id == plan.id)
                .order_by(col(Route.starts_at), col(Route.id))
            )
        ),
        stops=tuple(
            session.exec(
                select(Stop)
                .where(Stop.plan_id == plan.id)
                .order_by(col(Stop.route_id), col(Stop.position))
            )
        ),
        unserved=tuple(session.exec(select(Unserved).where(Unserved.plan_id == plan.id))),
    )


def plans_of(session: Session, scope: Scope, branch_id: UUID, on: date) -> list[Plan]:
    """Return every version of a branch's day, newest first."""
    chosen = scoped(select(Plan), Plan.branch_id, scope).where(
        Plan.branch_id == branch_id, Plan.service_date == on
    )
    return list(session.exec(chosen.order_by(col(Plan.number).desc())))


def newest(
    session: Session, branch_id: UUID, on: date, states: Collection[PlanState] = tuple(PlanState)
) -> Plan | None:
    """Return the newest version of a branch's day in one of the states."""
    return session.exec(
        select(Plan)
        .where(
            Plan.branch_id == branch_id, Plan.service_date == on, col(Plan.state).in_(list(states))
        )
        .order_by(col(Plan.number).desc())
    ).first()


def standing(session: Session, branch_id: UUID, on: date) -> Plan | None:
    """Return the plan that holds for the day: the newest draft, else the published one."""
    return newest(session, branch_id, on, [PlanState.DRAFT]) or newest(
        session, branch_id, on, [PlanState.PUBLISHED]
    )


def published_crews(session: Session, branch_id: UUID, on: date) -> dict[UUID, UUID]:
    """Return the crew that the published plan of a day sends, by visit."""
    rows = session.exec(
        select(Stop.visit_id, Route.crew_id)
        .join(Route, col(Route.id) == col(Stop.route_id))
        .join(Plan, col(Plan.id) == col(Stop.plan_id))
        .where(
            Plan.branch_id == branch_id,
            Plan.service_date == on,
            Plan.state == PlanState.PUBLISHED,
        )
    )
    return dict(rows.all())


def published_from(session: Session, branch_id: UUID, from_on: date) -> list[Plan]:
    """Return the branch's published plans of a date and later."""
    return list(
        session.exec(
            select(Plan)
            .where(
                Plan.branch_id == branch_id,
                Plan.service_date >= from_on,
                Plan.state == PlanState.PUBLISHED,
            )
            .order_by(col(Plan.service_date))
        )
    )


def days_with_plans(session: Session, branch_id: UUID, from_on: date, to_on: date) -> list[date]:
    """Return the dates between two (included) that have a standing plan."""
    return sorted(
        set(
            session.exec(
                select(col(Plan.service_date)).where(
                    Plan.branch_id == branch_id,
                    Plan.service_date >= from_on,
                    Plan.service_date <= to_on,
                    col(Plan.state).in_([PlanState.DRAFT, PlanState.PUBLISHED]),
                )
            )
        )
    )


def published_before(session: Session, plan: Plan) -> Plan | None:
    """Return the version of the day that crews went by before a version was made."""
    return session.exec(
        select(Plan)
        .where(
            Plan.branch_id == plan.branch_id,
            Plan.service_date == plan.service_date,
            Plan.number < plan.number,
            col(Plan.published_at).is_not(None),
        )
        .order_by(col(Plan.number).desc())
    ).first()


def next_number(session: Session, branch_id: UUID, on: date) -> int:
    """Return the number of the day's next version."""
    last = session.exec(
        select(func.max(col(Plan.number))).where(
            Plan.branch_id == branch_id, Plan.service_date == on
        )
    ).one()
    return (last or 0) + 1


def stop_of_visit(session: Session, plan_id: UUID, visit_id: UUID) -> Stop | None:
    """Return the stop at which a plan serves a visit."""
    return session.exec(
        select(Stop).where(Stop.plan_id == plan_id, Stop.visit_id == visit_id)
    ).first()


def move_stops(session: Session, by: Mapping[UUID, timedelta]) -> None:
    """Move the stops of appointments in plans that stand; a route whose stops all move goes along."""
    found = session.exec(
        select(Stop)
        .join(Plan, col(Plan.id) == col(Stop.plan_id))
        .where(
            col(Plan.state).in_([PlanState.DRAFT, PlanState.PUBLISHED]),
            col(Stop.route_id).in_(
                select(Stop.route_id).where(col(Stop.appointment_id).in_(list(by)))
            ),
        )
    )
    moves: dict[UUID, set[timedelta]] = defaultdict(set)
    for stop in found:
        late = by.get(stop.appointment_id, timedelta()) if stop.appointment_id else timedelta()
        moves[stop.route_id].add(late)
        stop.arrive_at += late
        stop.leave_at += late
        stop.window_from_at += late
        stop.window_until_at += late
        session.add(stop)
    for route in session.exec(select(Route).where(col(Route.id).in_(list(moves)))):
        late = min(moves[route.id])
        if late != max(moves[route.id]):
            continue
        route.starts_at += late
        route.ends_at += late
        route.breaks = [
            {**one, **{key: _later(one[key], late) for key in ("from_at", "until_at")}}
            for one in route.breaks
        ]
        session.add(route)


def _later(told: str, late: timedelta) -> str:
    return (datetime.fromisoformat(told) + late).isoformat()


def visit_ids_of(session: Session, plans: Collection[Plan]) -> set[UUID]:
    """Return the visits that any of the plans serves."""
    chosen = select(Stop.visit_id).where(col(Stop.plan_id).in_([plan.id for plan in plans]))
    return set(session.exec(chosen))


def plans_of_states(
    session: Session,
    branch_id: UUID,
    on: date,
    states: Collection[PlanState],
    *,
    lock: bool = False,
) -> list[Plan]:
    """Return the versions of a branch's day in one of the states."""
    chosen = (
        select(Plan)
        .where(
            Plan.branch_id == branch_id,
            Plan.service_date == on,
            col(Plan.state).in_(list(states)),
        )
        .order_by(col(Plan.number))
    )
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(chosen))
