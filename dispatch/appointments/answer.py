"""Confirm, refuse, or ask for another time: free at any moment, and never a ground for anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.appointments.allowed import Answer, answers
from dispatch.appointments.link import Known, LinkKeys, recognise
from dispatch.appointments.words import keep_words
from dispatch.errors import WrongState
from dispatch.model import (
    Appointment,
    AppointmentState,
    Case,
    Notice,
    RunReason,
    Stage,
    VisitState,
)
from dispatch.store import appointments, holds
from dispatch.store.rows import get_any
from dispatch.vault import Vault

ACTOR: Final = "borrower"


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer came to."""

    reference: str
    recorded_at: datetime
    appointment: Appointment


def confirm(
    session: Session, *, notice: Notice, proof: str, keys: LinkKeys, now: datetime
) -> Answered:
    """Confirm the appointment that the page showed; a second yes changes nothing.

    Raises
    ------
    Unauthenticated, StaleVersion, WrongState
        With cause and remedy; nothing is changed.
    """
    known = recognise(session, notice=notice, proof=proof, keys=keys, now=now)
    known.ensure_current()
    appointment, visit = known.appointment, known.visit
    if appointment.state is AppointmentState.CONFIRMED and not held_against(session, known, now):
        return Answered(visit.reference, appointment.answered_at or now, appointment)
    ensure_allowed(session, known, Answer.CONFIRM, now=now)
    appointment.move_to(AppointmentState.CONFIRMED, actor=ACTOR, now=now)
    appointment.answered_at, appointment.answered_by = now, ACTOR
    if visit.state in {VisitState.NOTICED, VisitState.UNANSWERED}:
        visit.move_to(VisitState.CONFIRMED, actor=ACTOR, now=now)
    session.add(appointment)
    session.add(visit)
    return Answered(visit.reference, now, appointment)


def refuse(
    session: Session, *, notice: Notice, proof: str, keys: LinkKeys, now: datetime
) -> Answered:
    """Decline the visit: nobody comes, the slot is free, the case goes back to remote follow-up.

    Raises
    ------
    Unauthenticated, WrongState
        With cause and remedy; nothing is changed.
    """
    known = recognise(session, notice=notice, proof=proof, keys=keys, now=now)
    appointment, visit = known.appointment, known.visit
    if appointment.state is AppointmentState.DECLINED:
        return Answered(visit.reference, appointment.answered_at or now, appointment)
    ensure_allowed(session, known, Answer.REFUSE, now=now)
    appointment.answered_at, appointment.answered_by = now, ACTOR
    appointments.end_appointment(
        session,
        visit=visit,
        appointment=appointment,
        state=AppointmentState.DECLINED,
        actor=ACTOR,
        now=now,
        why="declined by the person",
    )
    visit.move_to(VisitState.CANCELLED, actor=ACTOR, now=now, why="declined by the person")
    session.add(visit)
    case = get_any(session, Case, visit.case_id)
    if case.stage in {Stage.VISIT_APPROVED, Stage.VISITING}:
        case.advance(Stage.FOLLOW_UP, actor=ACTOR, now=now)
        session.add(case)
    _replan(session, appointment, now=now)
    return Answered(visit.reference, now, appointment)


def ask_again(
    session: Session,
    *,
    vault: Vault,
    notice: Notice,
    proof: str,
    keys: LinkKeys,
    words: str,
    now: datetime,
) -> Answered:
    """Give the time back because none on offer suits: nobody comes, another day is proposed later.

    Raises
    ------
    Unauthenticated, WrongState
        With cause and remedy; nothing is changed.
    """
    known = recognise(session, notice=notice, proof=proof, keys=keys, now=now)
    ensure_allowed(session, known, Answer.ASK_AGAIN, now=now)
    appointment, visit = known.appointment, known.visit
    appointment.answered_at, appointment.answered_by = now, ACTOR
    appointments.end_appointment(
        session,
        visit=visit,
        appointment=appointment,
        state=AppointmentState.WITHDRAWN,
        actor=ACTOR,
        now=now,
        why="the person asks for another time",
    )
    visit.move_to(VisitState.DRAFT, actor=ACTOR, now=now, why="the person asks for another time")
    visit.service_date = None
    visit.earliest_on = appointment.service_date + timedelta(days=1)
    session.add(visit)
    keep_words(vault, known, Answer.ASK_AGAIN, words, now=now)
    _replan(session, appointment, now=now)
    return Answered(visit.reference, now, appointment)


def held_against(session: Session, known: Known, now: datetime) -> bool:
    """Whether a hold stops the visit, now or at the time of the appointment."""
    return bool(
        holds.standing_against(
            session, known.visit, now=now, until_at=known.appointment.stay_until_at
        )
    )


def ensure_allowed(session: Session, known: Known, answer: Answer, *, now: datetime) -> None:
    """Refuse an answer that is no longer open.

    Raises
    ------
    WrongState
        With what to do instead.
    """
    held = holds.standing_against(
        session, known.visit, now=now, until_at=known.appointment.stay_until_at
    )
    if answer in answers(known.visit, known.appointment, held, now=now):
        return
    msg = (
        "This answer is not open any more; open the page again to see how the appointment stands."
    )
    raise WrongState(msg, state=str(known.appointment.state))


def _replan(session: Session, appointment: Appointment, *, now: datetime) -> None:
    appointments.queue_refill(
        session,
        appointment.branch_id,
        appointment.service_date,
        reason=RunReason.ANSWER,
        actor=ACTOR,
        now=now,
    )
