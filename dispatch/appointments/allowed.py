"""What a person may answer now, and how the appointment stands in their own words."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from dispatch.model import (
    Appointment,
    AppointmentState,
    Hold,
    HoldKind,
    Visit,
    VisitState,
)
from dispatch.model.appointment import STANDING
from dispatch.model.visit import OPEN


class Answer(StrEnum):
    """An answer that the borrower's page offers."""

    CONFIRM = "confirm"
    MOVE = "move"
    ASK_AGAIN = "ask_again"
    REFUSE = "refuse"
    HARDSHIP = "hardship"
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    STOP_VISITS = "stop_visits"
    STOP_CONTACT = "stop_contact"
    HOW_IT_WAS = "how_it_was"
    CONTEST = "contest"


class Standing(StrEnum):
    """How the appointment stands, as the person is told."""

    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    REFUSED = "refused"
    HELD = "held"
    CANCELLED = "cancelled"
    OVER = "over"


HELP: Final = {
    Answer.HARDSHIP: HoldKind.HARDSHIP,
    Answer.DISPUTE: HoldKind.DISPUTE,
    Answer.COMPLAINT: HoldKind.COMPLAINT,
    Answer.STOP_VISITS: HoldKind.STOP_VISITS,
    Answer.STOP_CONTACT: HoldKind.STOP_CONTACT,
}
"""The hold that each call for help puts in force at once."""

IS_OVER: Final = frozenset({VisitState.REPORTED, VisitState.REVIEWED, VisitState.CLOSED})
"""A visit of which there is a record to see."""

_TOLD_IN_TIME: Final = frozenset(
    {VisitState.NOTICED, VisitState.UNANSWERED, VisitState.CONFIRMED, VisitState.RELEASED}
)


def standing(
    visit: Visit, versions: Sequence[Appointment], held: Sequence[Hold], *, now: datetime
) -> Standing:
    """Return how the newest version stands."""
    newest = versions[-1]
    if held:
        return Standing.HELD
    if newest.state is AppointmentState.DECLINED:
        return Standing.REFUSED
    if newest.state not in STANDING:
        return Standing.OVER if newest.state in _PAST else Standing.CANCELLED
    if visit.state not in OPEN or now >= newest.window_until_at:
        return Standing.OVER
    if newest.state is not AppointmentState.CONFIRMED:
        return Standing.ANNOUNCED
    was_moved = len(versions) > 1 and versions[-2].state is AppointmentState.COUNTERED
    return Standing.MOVED if was_moved else Standing.CONFIRMED


_PAST: Final = frozenset(
    {
        AppointmentState.KEPT,
        AppointmentState.MISSED_BORROWER,
        AppointmentState.MISSED_AGENT,
    }
)


def answers(
    visit: Visit, appointment: Appointment, held: Sequence[Hold], *, now: datetime
) -> frozenset[Answer]:
    """Return what may be answered now. Asking for help is open as long as the link is."""
    kinds = {hold.kind for hold in held}
    found = {answer for answer, kind in HELP.items() if kind not in kinds}
    found.add(Answer.COMPLAINT)
    if visit.state in IS_OVER:
        found |= {Answer.HOW_IT_WAS, Answer.CONTEST}
    is_on = appointment.state in STANDING and not held and now < appointment.window_until_at
    if is_on and visit.state in OPEN | {VisitState.EN_ROUTE}:
        found.add(Answer.REFUSE)
    if is_on and visit.state in OPEN and now < appointment.window_from_at:
        found |= {Answer.MOVE, Answer.ASK_AGAIN}
        if visit.state in _TOLD_IN_TIME and appointment.state is not AppointmentState.CONFIRMED:
            found.add(Answer.CONFIRM)
    return frozenset(found)
