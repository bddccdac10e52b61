"""Appointments: who is bound when, what counts toward caps, and how a slot becomes free again."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from dispatch.clock import local_date
from dispatch.ids import new_id
from dispatch.model import (
    Appointment,
    AppointmentState,
    Branch,
    CapEntry,
    CapKind,
    CapState,
    Commitment,
    CommitmentCell,
    Crew,
    Plan,
    PlanState,
    RunKind,
    RunReason,
    Stop,
    Visit,
    VisitState,
    record,
)
from dispatch.model.appointment import STANDING, cells, on_grid
from dispatch.policy.pack import BASELINE, load_pack
from dispatch.store.notices import end_notices
from dispatch.store.plan_runs import queue_run
from dispatch.store.plans import newest
from dispatch.store.rows import get_many


def versions_of(session: Session, visit_id: UUID) -> list[Appointment]:
    """Return every version of a visit's appointment, the first first."""
    return list(
        session.exec(
            select(Appointment)
            .where(Appointment.visit_id == visit_id)
            .order_by(col(Appointment.number))
        )
    )


def standing_of(session: Session, visit_id: UUID, *, lock: bool = False) -> Appointment | None:
    """Return the version of a visit's appointment that is still to be kept."""
    chosen = (
        select(Appointment)
        .where(Appointment.visit_id == visit_id, col(Appointment.state).in_(list(STANDING)))
        .order_by(col(Appointment.number).desc())
    )
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    return session.exec(chosen).first()


def standing_before(
    session: Session,
    branch_id: UUID,
    until_at: datetime,
    *,
    visit_states: Collection[VisitState],
    limit: int,
) -> list[Appointment]:
    """Return appointments still to be kept whose window begins before an instant, earliest first.

    Only those of visits in these states: others, never reported perhaps, must not fill the limit.
    """
    return list(
        session.exec(
            select(Appointment)
            .join(Visit, col(Visit.id) == col(Appointment.visit_id))
            .where(
                Appointment.branch_id == branch_id,
                col(Appointment.state).in_(list(STANDING)),
                col(Appointment.window_from_at) <= until_at,
                col(Visit.state).in_(list(visit_states)),
            )
            .order_by(col(Appointment.window_from_at), col(Appointment.id))
            .limit(limit)
        )
    )


def standing_between(
    session: Session,
    branch_id: UUID,
    from_at: datetime,
    until_at: datetime,
    *,
    visit_states: Collection[VisitState],
) -> list[Appointment]:
    """Return appointments still to be kept whose window begins between two instants, earliest first."""
    return list(
        session.exec(
            select(Appointment)
            .join(Visit, col(Visit.id) == col(Appointment.visit_id))
            .where(
                Appointment.branch_id == branch_id,
                col(Appointment.state).in_(list(STANDING)),
                col(Appointment.window_from_at) > from_at,
                col(Appointment.window_from_at) <= until_at,
                col(Visit.state).in_(list(visit_states)),
            )
            .order_by(col(Appointment.window_from_at), col(Appointment.id))
        )
    )


def taken_back(
    session: Session,
    branch_id: UUID,
    from_at: datetime,
    *,
    visit_states: Collection[VisitState],
    limit: int,
) -> list[Appointment]:
    """Return appointments that a published plan serves though their visits are released no longer."""
    return list(
        session.exec(
            select(Appointment)
            .join(Visit, col(Visit.id) == col(Appointment.visit_id))
            .join(Stop, col(Stop.appointment_id) == col(Appointment.id))
            .join(Plan, col(Plan.id) == col(Stop.plan_id))
            .where(
                Appointment.branch_id == branch_id,
                col(Appointment.state).in_(list(STANDING)),
                col(Appointment.window_from_at) > from_at,
                col(Visit.state).in_(list(visit_states)),
                Plan.state == PlanState.PUBLISHED,
            )
            .order_by(col(Appointment.window_from_at), col(Appointment.id))
            .limit(limit)
        )
    )


def standing_after(session: Session, branch_id: UUID, from_at: datetime) -> list[Appointment]:
    """Return the branch's appointments still to be kept whose window is not over at an instant."""
    return list(
        session.exec(
            select(Appointment)
            .where(
                Appointment.branch_id == branch_id,
                col(Appointment.state).in_(list(STANDING)),
                col(Appointment.window_until_at) > from_at,
            )
            .order_by(col(Appointment.window_from_at), col(Appointment.id))
        )
    )


def people_of(session: Session, appointments: Collection[Appointment]) -> set[UUID]:
    """Return the persons whose visits the appointments are for."""
    visits = get_many(session, Visit, {one.visit_id for one in appointments})
    return {visit.person_id for visit in visits.values()}


def standing_with(session: Session, crew_id: UUID) -> list[Appointment]:
    """Return what a crew is still to keep, in order of time."""
    return list(
        session.exec(
            select(Appointment)
            .where(Appointment.crew_id == crew_id, col(Appointment.state).in_(list(STANDING)))
            .order_by(col(Appointment.stay_from_at), col(Appointment.id))
        )
    )


def bind(session: Session, appointment: Appointment, agent_ids: Sequence[UUID]) -> bool:
    """Bind the crew's agents for the stay; False, and nothing bound, if one is taken already.

    The database decides: PostgreSQL by its exclusion constraint, SQLite by one row for each
    quarter of an hour. Agents go in order of their ids, so that two binders never wait in a ring.
    """
    from_at, until_at = on_grid(appointment.stay_from_at, appointment.stay_until_at)
    for agent_id in sorted(agent_ids, key=str):
        row: dict[str, Any] = {
            "id": new_id(),
            "branch_id": appointment.branch_id,
            "appointment_id": appointment.id,
            "agent_id": agent_id,
            "from_at": from_at,
            "until_at": until_at,
        }
        is_bound = _insert(session, Commitment, [row])
        if is_bound and session.get_bind().dialect.name == "sqlite":
            is_bound = _insert(
                session,
                CommitmentCell,
                [
                    {"agent_id": agent_id, "from_at": at, "commitment_id": row["id"]}
                    for at in cells(from_at, until_at)
                ],
            )
        if not is_bound:
            unbind(session, appointment)
            return False
    return True


def unbind(session: Session, appointment: Appointment) -> None:
    """Free the agents of an appointment's stay; the cells go with the commitments."""
    session.execute(delete(Commitment).where(col(Commitment.appointment_id) == appointment.id))


def _insert(session: Session, kind: type[SQLModel], rows: list[dict[str, Any]]) -> bool:
    """Insert rows; whether none stood in the way. No savepoint: a conflict raises nothing."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    maker: Any = sqlite.insert if is_sqlite else postgresql.insert
    table: Any = kind.__table__  # type: ignore[attr-defined]
    first: Any = next(iter(table.primary_key))
    for row in rows:
        statement = maker(table).values(**row).on_conflict_do_nothing().returning(first)
        if session.execute(statement).first() is None:
            return False
    return True


def reserve_visit(session: Session, visit: Visit, at: datetime) -> None:
    """Count the visit toward the person's caps from now on, at the time that it is told for."""
    entry = session.exec(
        select(CapEntry).where(CapEntry.source_id == visit.id, CapEntry.kind == CapKind.VISIT)
    ).first()
    if entry is None:
        entry = CapEntry(
            person_id=visit.person_id,
            case_id=visit.case_id,
            kind=CapKind.VISIT,
            state=CapState.RESERVED,
            at=at,
            source_id=visit.id,
        )
    if entry.state is not CapState.USED:
        entry.state, entry.at = CapState.RESERVED, at
    session.add(entry)


def give_back_visit(session: Session, visit: Visit) -> None:
    """Count the visit no longer; one that was made stays counted."""
    entry = session.exec(
        select(CapEntry).where(CapEntry.source_id == visit.id, CapEntry.kind == CapKind.VISIT)
    ).first()
    if entry is not None and entry.state is CapState.RESERVED:
        entry.state = CapState.RELEASED
        session.add(entry)


def end_appointment(
    session: Session,
    *,
    visit: Visit,
    appointment: Appointment,
    state: AppointmentState,
    actor: str,
    now: datetime,
    why: str,
) -> None:
    """End a standing appointment: agents free, cap given back, notices void. The visit is the caller's."""
    appointment.move_to(state, actor=actor, now=now, why=why)
    session.add(appointment)
    session.flush()
    unbind(session, appointment)
    give_back_visit(session, visit)
    end_notices(session, appointment.id, actor=actor, now=now, why=why)
    record(
        appointment, "appointment.slot_freed", actor=actor, now=now, on=appointment.service_date
    )


def queue_refill(
    session: Session,
    branch_id: UUID,
    on: date,
    *,
    reason: RunReason,
    actor: str,
    now: datetime,
) -> None:
    """Have a day planned again after something on it changed; a day that is past stays as it is.

    While the notice time still permits telling somebody else, the freed time is filled anew, if
    the branch has it so; later only what was promised is planned, and of a published day that has come only what is
    left of it. The baseline's hours decide, the least that any pack can ask.
    """
    # No lock on the branch, which an import may hold for long: `queue_run` lets the database decide.
    branch = session.exec(select(Branch).where(Branch.id == branch_id)).one()
    if on < local_date(branch.time_zone, now):
        return
    lead = timedelta(hours=int(load_pack(BASELINE)["notice.min_hours"]))
    last_on = local_date(branch.time_zone, now + lead)
    kind = RunKind.ANNOUNCE if branch.refills and on > last_on else RunKind.RELEASE
    if on == local_date(branch.time_zone, now) and newest(
        session, branch_id, on, [PlanState.PUBLISHED]
    ):
        kind = RunKind.REPAIR
    queue_run(
        session,
        branch,
        on,
        kind=kind,
        reason=reason,
        requested_by=actor,
        now=now,
    )


def dates_with_crews(session: Session, branch_id: UUID, from_on: date, to_on: date) -> list[date]:
    """Return the dates between two, both included, for which crews are formed."""
    return sorted(
        set(
            session.exec(
                select(col(Crew.service_date)).where(
                    Crew.branch_id == branch_id,
                    Crew.service_date >= from_on,
                    Crew.service_date <= to_on,
                    col(Crew.is_dissolved).is_(False),
                )
            )
        )
    )
