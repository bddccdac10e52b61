"""What was seen of when people are at home, without saying of whom; and whom nothing is inferred of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from dispatch.model import (
    Appointment,
    AppointmentState,
    Hold,
    HoldKind,
    Outcome,
    OutcomeCode,
    Place,
    ReportRole,
)

LOOKS_BACK: Final = timedelta(days=180)
"""For how long what was seen counts: habits change with the seasons."""

_C, _A = OutcomeCode, AppointmentState

MET: Final = frozenset(
    {
        _C.PAID_FULL,
        _C.PAID_PART,
        _C.PTP,
        _C.PLAN_SIGNED,
        _C.PLAN_REQUEST,
        _C.HARDSHIP,
        _C.DISPUTE,
        _C.ALREADY_PAID,
        _C.REFUSED_PAY,
        _C.DECLINED_TALK,
        _C.RESCHEDULE,
        _C.STOP_VISITS,
        _C.STOP_ALL,
        _C.REPRESENTED,
        _C.COMPLAINT,
    }
)
"""Reports of calls at which the person was met."""

NOT_MET: Final = frozenset({_C.NO_ANSWER, _C.APPT_MISSED_B, _C.TP_ABSENT})
"""Reports of calls at which they were out; addresses that were wrong say nothing of that."""

SPARED: Final = frozenset(
    {
        HoldKind.VULNERABLE,
        HoldKind.DISTRESS,
        HoldKind.INCAPACITY,
        HoldKind.ILLNESS,
        HoldKind.BEREAVEMENT,
    }
)
"""Whoever had one of these holds, now or before: nothing is inferred of them, and nothing learnt from them."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A time that was announced, and whether it found, or would find, the person at home."""

    person_id: UUID
    at: datetime
    zone: str | None
    place_kind: str
    is_met: bool


def sights(session: Session, branch_id: UUID, since_at: datetime) -> list[Sight]:
    """Return what answers and calls since an instant say of when people of a branch are at home."""
    rows = session.execute(
        columns(
            col(Appointment.id),
            col(Appointment.state),
            col(Appointment.stay_from_at),
            col(Place.person_id),
            col(Place.time_zone),
            col(Place.kind),
            col(Outcome.code),
        )
        .join(Place, col(Place.id) == col(Appointment.place_id))
        .outerjoin(
            Outcome,
            (col(Outcome.visit_id) == col(Appointment.visit_id))
            & (col(Outcome.role) == ReportRole.REPORT),
        )
        .where(
            col(Appointment.branch_id) == branch_id,
            col(Appointment.offered_at) >= since_at,
            # A time that a person chose from several says little of when they are at home.
            col(Appointment.number) == 1,
            col(Appointment.state).in_([_A.CONFIRMED, _A.COUNTERED, _A.KEPT, _A.MISSED_BORROWER]),
            # Of whom nothing is inferred, nothing is learnt either.
            col(Place.person_id).not_in(
                columns(col(Hold.person_id)).where(col(Hold.kind).in_(list(SPARED)))
            ),
        )
        .order_by(col(Appointment.id), col(Outcome.received_at))
    )
    found: dict[UUID, Sight] = {}
    for appointment_id, state, at, person_id, zone, kind, code in rows:
        is_met = _is_met(state, code)
        if is_met is not None:
            found[appointment_id] = Sight(person_id, at, zone, kind, is_met)
    return list(found.values())


def spared(session: Session, person_ids: Collection[UUID]) -> set[UUID]:
    """Return the persons of whom nothing is inferred."""
    return set(
        session.exec(
            select(Hold.person_id).where(
                col(Hold.person_id).in_(person_ids), col(Hold.kind).in_(list(SPARED))
            )
        )
    )


def _is_met(state: AppointmentState, code: OutcomeCode | None) -> bool | None:
    """Whether the time found them at home; None where nothing says so."""
    if state in {_A.COUNTERED, _A.MISSED_BORROWER} or code in NOT_MET:
        return False
    return True if state is _A.CONFIRMED or code in MET else None
