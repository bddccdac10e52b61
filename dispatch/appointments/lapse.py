"""Lapse: appointments that can't be kept because nobody was told in time, or nobody answered."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.appointments.one_by_one import one_by_one
from dispatch.appointments.withdraw import withdraw
from dispatch.model import (
    Appointment,
    AppointmentState,
    Branch,
    Case,
    NoticeKind,
    RunReason,
    Stage,
    TakenBack,
    Visit,
    VisitState,
)
from dispatch.policy.pack import Pack
from dispatch.store import appointments, holds
from dispatch.store.rows import get_any
from dispatch.vault import Vault

ANSWER_BY: Final = timedelta(hours=24)
"""So long before the window the time to answer is over; a later yes is still taken."""

ACTOR: Final = "duty:lapse"


def lapse_untold(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    law: Pack,
    base_url: str,
    now: datetime,
    limit: int = 100,
) -> int:
    """Withdraw appointments whose notice is not proven though its time is over; return how many.

    A notice that may have arrived all the same is followed by a cancellation: the person must not
    wait for a crew that isn't coming.
    """
    lead = timedelta(hours=int(law["notice.min_hours"]))
    due = appointments.standing_before(
        session, branch.id, now + lead, visit_states={VisitState.AUDITED}, limit=limit
    )
    holds.lock_people(session, appointments.people_of(session, due))

    def lapse(appointment: Appointment) -> bool:
        visit = holds.locked_visits(session, {appointment.visit_id})[appointment.visit_id]
        if visit.state is not VisitState.AUDITED:
            return False
        withdraw(
            session,
            vault=vault,
            visit=visit,
            reason=TakenBack.NOT_PROVEN,
            law=law,
            base_url=base_url,
            actor=ACTOR,
            now=now,
            kind=NoticeKind.CANCELLATION,
            why_replan=RunReason.DELAY,
        )
        return True

    return one_by_one(session, due, lapse, actor=ACTOR, now=now)


def expire_unanswered(
    session: Session, *, branch: Branch, law: Pack, now: datetime, limit: int = 100
) -> int:
    """End the time to answer a day before the window, as the pack says; return how many.

    Where the pack permits one visit as announced, the appointment stands as unanswered. Where it
    doesn't, there is no visit, and the case goes back to remote follow-up.
    """
    goes = law["notice.no_reply"] == "proceed_once_as_announced"
    due = appointments.standing_before(
        session, branch.id, now + ANSWER_BY, visit_states={VisitState.NOTICED}, limit=limit
    )
    holds.lock_people(session, appointments.people_of(session, due))

    def expire(appointment: Appointment) -> bool:
        visit = holds.locked_visits(session, {appointment.visit_id})[appointment.visit_id]
        current = appointments.standing_of(session, visit.id, lock=True)
        if visit.state is not VisitState.NOTICED or current is None:
            return False
        if current.state is not AppointmentState.OFFERED:
            return False
        if goes:
            appointment.move_to(AppointmentState.EXPIRED, actor=ACTOR, now=now, why="no answer")
            visit.move_to(VisitState.UNANSWERED, actor=ACTOR, now=now, why="no answer")
            session.add(appointment)
        else:
            appointments.end_appointment(
                session,
                visit=visit,
                appointment=appointment,
                state=AppointmentState.WITHDRAWN,
                actor=ACTOR,
                now=now,
                why="no answer, and the pack asks for one",
            )
            visit.move_to(VisitState.CANCELLED, actor=ACTOR, now=now, why="no answer")
            _back_to_follow_up(session, visit, now=now)
        session.add(visit)
        return True

    return one_by_one(session, due, expire, actor=ACTOR, now=now)


def _back_to_follow_up(session: Session, visit: Visit, *, now: datetime) -> None:
    case = get_any(session, Case, visit.case_id)
    if case.stage in {Stage.VISIT_APPROVED, Stage.VISITING}:
        case.advance(Stage.FOLLOW_UP, actor=ACTOR, now=now)
        session.add(case)
