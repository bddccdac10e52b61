"""Holds: what stops visits, and everything that a hold does at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import (
    Appointment,
    AppointmentState,
    Case,
    Evidence,
    Hold,
    HoldKind,
    HoldState,
    Incident,
    Notice,
    NoticeState,
    Person,
    RunReason,
    Visit,
    VisitState,
    record,
)
from dispatch.model.case import ENDED
from dispatch.model.visit import OPEN, UNDER_WAY
from dispatch.store.appointments import end_appointment, queue_refill, standing_of
from dispatch.store.notices import end_notice
from dispatch.store.rows import get_many, grouped


@dataclass(frozen=True, slots=True)
class HoldEffect:
    """What a hold changed: visits cancelled, visits under way that a person must look at, days."""

    cancelled: tuple[UUID, ...] = ()
    flagged: tuple[UUID, ...] = ()
    days: tuple[tuple[UUID, date], ...] = ()


def lock_people(session: Session, person_ids: Collection[UUID]) -> None:
    """Let nobody else decide about these people until the transaction ends."""
    wanted = sorted(person_ids, key=str)
    for start in range(0, len(wanted), 500):
        session.exec(
            select(Person)
            .where(col(Person.id).in_(wanted[start : start + 500]))
            .order_by(col(Person.id))
            .with_for_update(key_share=True)
        ).all()


def locked_visits(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, Visit]:
    """Return visits as they stand once nobody else can decide about their people any more."""
    known = get_many(session, Visit, set(visit_ids))
    lock_people(session, {visit.person_id for visit in known.values()})
    return {
        visit.id: visit
        for visit in session.exec(
            select(Visit)
            .where(col(Visit.id).in_(list(known)))
            .order_by(col(Visit.id))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    }


def holds_of(session: Session, person_id: UUID) -> list[Hold]:
    """Return the person's holds that are in force or will be."""
    return list(
        session.exec(
            select(Hold)
            .where(Hold.person_id == person_id, Hold.state == HoldState.ACTIVE)
            .order_by(col(Hold.from_at))
        )
    )


def standing_against(
    session: Session, visit: Visit, *, now: datetime, until_at: datetime | None = None
) -> list[Hold]:
    """Return the holds that stop a visit now, or will before `until_at`."""
    return against(holds_of(session, visit.person_id), visit, now=now, until_at=until_at)


def holds_of_many(session: Session, person_ids: Collection[UUID]) -> dict[UUID, list[Hold]]:
    """Return the holds of many people that are in force or will be, by the person's id."""
    chosen = col(Hold.state) == HoldState.ACTIVE
    found = grouped(session, Hold, col(Hold.person_id), person_ids, chosen)
    return {key: sorted(rows, key=lambda one: one.from_at) for key, rows in found.items()}


def against(
    held: Collection[Hold], visit: Visit, *, now: datetime, until_at: datetime | None = None
) -> list[Hold]:
    """Return which of a person's holds stop a visit now, or will before `until_at`."""
    last = until_at or now
    return [
        hold
        for hold in held
        if hold.from_at <= max(last, now)
        and (hold.until_at is None or hold.until_at > now)
        and hold.case_id in {None, visit.case_id}
        and hold.place_id in {None, visit.place_id}
    ]


def apply_hold(
    session: Session,
    hold: Hold,
    *,
    actor: str,
    now: datetime,
    but_visit_id: UUID | None = None,
) -> HoldEffect:
    """Put a hold in force: the one place that knows what a hold stops.

    Every visit not yet begun that the hold covers, in any branch, is cancelled: its appointment
    withdrawn, the agents freed, the cap given back, its notices void, its day queued to be planned
    again. A visit that is under way becomes an incident for a person to look at. The cases go on
    hold, save under a hold on one place. Calling it again changes nothing.

    Parameters
    ----------
    hold
        Active; added to the session if it is not yet.
    but_visit_id
        The visit from which the hold comes: it is left alone, its own outcome decides about it.
    """
    lock_people(session, {hold.person_id})
    session.add(hold)
    session.flush()
    if not _is_on_record(session, hold):
        facts = {"hold": hold.kind, "until": hold.until_at, "by": hold.requested_by}
        record(hold, "hold.active", actor=actor, now=now, **facts)
    if not _is_in_force(hold, now):
        return HoldEffect()
    effect = _stop_visits(session, hold, but_visit_id, actor=actor, now=now)
    if hold.place_id is None and hold.from_at <= now:
        for case in _cases_of(session, hold):
            case.put_on_hold(actor=actor, now=now, why=str(hold.kind))
            session.add(case)
    if hold.kind is HoldKind.STOP_CONTACT:
        _silence(session, hold, actor=actor, now=now)
    for branch_id, on in effect.days:
        queue_refill(session, branch_id, on, reason=RunReason.HOLD, actor=actor, now=now)
    return effect


def _is_on_record(session: Session, hold: Hold) -> bool:
    chosen = select(Evidence.number).where(
        Evidence.subject_id == hold.id, Evidence.kind == "hold.active"
    )
    return session.exec(chosen).first() is not None


def _is_in_force(hold: Hold, now: datetime) -> bool:
    return hold.state is HoldState.ACTIVE and (hold.until_at is None or hold.until_at > now)


def _stop_visits(
    session: Session, hold: Hold, but_visit_id: UUID | None, *, actor: str, now: datetime
) -> HoldEffect:
    cancelled, flagged, days = [], [], set()
    for visit in _visits_of(session, hold):
        appointment = standing_of(session, visit.id, lock=True)
        if visit.id == but_visit_id or not _covers(hold, appointment, now):
            continue
        if visit.state in UNDER_WAY and visit.state is not VisitState.EN_ROUTE:
            _flag(session, visit, hold, now=now)
            flagged.append(visit.id)
            continue
        _cancel(session, visit, appointment, hold, actor=actor, now=now)
        cancelled.append(visit.id)
        if visit.service_date is not None:
            days.add((visit.branch_id, visit.service_date))
    return HoldEffect(tuple(cancelled), tuple(flagged), tuple(sorted(days, key=str)))


def _visits_of(session: Session, hold: Hold) -> list[Visit]:
    # Across branches on purpose: a hold is the person's, whoever it was told to.
    chosen = select(Visit).where(
        Visit.person_id == hold.person_id, col(Visit.state).in_(list(OPEN | UNDER_WAY))
    )
    if hold.case_id is not None:
        chosen = chosen.where(Visit.case_id == hold.case_id)
    if hold.place_id is not None:
        chosen = chosen.where(Visit.place_id == hold.place_id)
    locked = chosen.order_by(col(Visit.id)).with_for_update(key_share=True)
    return list(session.exec(locked.execution_options(populate_existing=True)))


def _cases_of(session: Session, hold: Hold) -> list[Case]:
    chosen = select(Case).where(
        Case.person_id == hold.person_id, col(Case.stage).not_in(list(ENDED))
    )
    if hold.case_id is not None:
        chosen = chosen.where(Case.id == hold.case_id)
    return list(session.exec(chosen.order_by(col(Case.id))))


def _covers(hold: Hold, appointment: Appointment | None, now: datetime) -> bool:
    """A hold in force stops everything; one that begins later stops what lies within it."""
    if hold.from_at <= now:
        return True
    if appointment is None:
        return False
    return hold.from_at < appointment.window_until_at and (
        hold.until_at is None or appointment.window_from_at < hold.until_at
    )


def _cancel(
    session: Session,
    visit: Visit,
    appointment: Appointment | None,
    hold: Hold,
    *,
    actor: str,
    now: datetime,
) -> None:
    why = f"hold: {hold.kind}"
    if appointment is not None:
        end_appointment(
            session,
            visit=visit,
            appointment=appointment,
            state=AppointmentState.WITHDRAWN,
            actor=actor,
            now=now,
            why=why,
        )
    visit.move_to(VisitState.CANCELLED, actor=actor, now=now, why=why)
    session.add(visit)


def _flag(session: Session, visit: Visit, hold: Hold, *, now: datetime) -> None:
    session.add(
        Incident(
            branch_id=visit.branch_id,
            case_id=visit.case_id,
            visit_id=visit.id,
            source_id=hold.id,
            kind="hold-while-under-way",
            opened_at=now,
            facts={"hold": str(hold.kind), "visit_state": str(visit.state)},
        )
    )


def _silence(session: Session, hold: Hold, *, actor: str, now: datetime) -> None:
    """Stop what is still to be sent to the person, of whatever kind."""
    waiting = session.exec(
        select(Notice).where(
            Notice.person_id == hold.person_id,
            col(Notice.state).in_([NoticeState.DRAFTED, NoticeState.CHECKED]),
        )
    )
    for notice in waiting:
        end_notice(notice, actor=actor, now=now, why=f"hold: {hold.kind}")
