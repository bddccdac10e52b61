"""Outcome and CheckIn: facts from the field, stored whatever the state, bytes and all."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.model.case import Ability, Willingness
from dispatch.model.columns import (
    UUID,
    Row,
    choice,
    instant,
    listing,
    mapping,
    maybe_to,
    sealed,
    some_instant,
    to,
)


class OutcomeCode(StrEnum):
    """What came of a visit; one of a closed list."""

    PAID_FULL = "PAID_FULL"
    PAID_PART = "PAID_PART"
    PTP = "PTP"
    PLAN_SIGNED = "PLAN_SIGNED"
    PLAN_REQUEST = "PLAN_REQUEST"
    HARDSHIP = "HARDSHIP"
    DISPUTE = "DISPUTE"
    ALREADY_PAID = "ALREADY_PAID"
    REFUSED_PAY = "REFUSED_PAY"
    DECLINED_TALK = "DECLINED_TALK"
    RESCHEDULE = "RESCHEDULE"
    STOP_VISITS = "STOP_VISITS"
    STOP_ALL = "STOP_ALL"
    REPRESENTED = "REPRESENTED"
    COMPLAINT = "COMPLAINT"
    DISTRESS = "DISTRESS"
    VULNERABLE = "VULNERABLE"
    LANGUAGE = "LANGUAGE"
    ID_UNVERIFIED = "ID_UNVERIFIED"
    TP_ABSENT = "TP_ABSENT"
    TP_UNKNOWN = "TP_UNKNOWN"
    TP_MOVED = "TP_MOVED"
    TP_DECEASED = "TP_DECEASED"
    TP_AWAY = "TP_AWAY"
    TP_OBJECTS = "TP_OBJECTS"
    MINOR_ONLY = "MINOR_ONLY"
    NO_ANSWER = "NO_ANSWER"
    NO_ACCESS = "NO_ACCESS"
    BAD_ADDRESS = "BAD_ADDRESS"
    VACANT = "VACANT"
    APPT_MISSED_B = "APPT_MISSED_B"
    WORK_BARRED = "WORK_BARRED"
    ABORT_SAFETY = "ABORT_SAFETY"
    INCIDENT = "INCIDENT"
    ABORT_POLICY = "ABORT_POLICY"
    ABORT_LATE = "ABORT_LATE"
    PAID_EN_ROUTE = "PAID_EN_ROUTE"
    HOLD_EN_ROUTE = "HOLD_EN_ROUTE"
    CANCELLED_B = "CANCELLED_B"
    CANCELLED_L = "CANCELLED_L"


class Attitude(StrEnum):
    """How the person met the crew; a closed list without insults."""

    COOPERATIVE = "cooperative"
    NEUTRAL = "neutral"
    RELUCTANT = "reluctant"
    UPSET = "upset"
    HOSTILE = "hostile"


class ReportRole(StrEnum):
    """In a crew one reports; the others may add a statement."""

    REPORT = "report"
    WITNESS = "witness"


class Outcome(Row, table=True):
    """What an agent recorded at the door; the id is the device's, a correction is an amendment."""

    __tablename__ = "outcome"

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    visit_id: UUID = to("visit")
    agent_id: UUID | None = maybe_to("agent")
    account_id: UUID = to("account")
    role: ReportRole = choice(ReportRole, default=ReportRole.REPORT)
    code: OutcomeCode = choice(OutcomeCode, index=True)
    flags: list[str] = listing()
    attitude: Attitude | None = choice(Attitude, nullable=True)
    willingness: Willingness | None = choice(Willingness, nullable=True)
    ability: Ability | None = choice(Ability, nullable=True)
    words_sealed: bytes | None = sealed()
    raw_sealed: bytes | None = sealed()
    raw_hash: str = Field(max_length=64)
    occurred_at: datetime = instant()
    received_at: datetime = instant()
    device_id: UUID | None = maybe_to("device")
    sequence: int | None = None
    previous_hash: str | None = Field(default=None, max_length=64)
    amends_id: UUID | None = maybe_to("outcome")
    is_incident: bool = False


class OutcomeVariant(Row, table=True):
    """Other bytes that came under an outcome's id: kept for a reviewer, never applied."""

    __tablename__ = "outcome_variant"
    __table_args__ = (UniqueConstraint("outcome_id", "raw_hash"),)

    outcome_id: UUID = to("outcome")
    branch_id: UUID = to("branch")
    account_id: UUID = to("account")
    raw_sealed: bytes | None = sealed()
    raw_hash: str = Field(max_length=64)
    received_at: datetime = instant()


class CheckInKind(StrEnum):
    """Which step at the door a check-in marks."""

    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    IDENTITY = "identity"
    TALK = "talk"
    THIRD_PARTY = "third_party"
    NO_ONE = "no_one"
    ASKED_TO_LEAVE = "asked_to_leave"
    LEFT = "left"
    DURESS = "duress"
    SAFE = "safe"


class CheckIn(Row, table=True):
    """One step marked by a device; the geofence is a signal kept beside it, never a guard."""

    __tablename__ = "check_in"

    branch_id: UUID = to("branch")
    visit_id: UUID = to("visit")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    agent_id: UUID | None = maybe_to("agent")
    account_id: UUID = to("account")
    kind: CheckInKind = choice(CheckInKind)
    occurred_at: datetime = instant()
    received_at: datetime = instant()
    device_id: UUID | None = maybe_to("device")
    sequence: int | None = None
    raw_sealed: bytes | None = sealed()
    raw_hash: str = Field(max_length=64)
    distance_m: int | None = None
    accuracy_m: int | None = None
    is_near: bool | None = None
    late_minutes: int | None = None
    is_incident: bool = False


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    CLOSED = "closed"


class Incident(Row, table=True):
    """Something that went against a rule or a state, for a person to look at."""

    __tablename__ = "incident"

    branch_id: UUID = to("branch")
    case_id: UUID | None = maybe_to("loan_case")
    visit_id: UUID | None = maybe_to("visit")
    source_id: UUID | None = Field(default=None, index=True)
    kind: str = Field(max_length=60, index=True)
    state: IncidentState = choice(IncidentState, default=IncidentState.OPEN)
    facts: dict[str, Any] = mapping()
    opened_at: datetime = instant()
    closed_at: datetime | None = some_instant()
    closed_by: str | None = Field(default=None, max_length=80)
    remedy: str | None = Field(default=None, max_length=500)
    is_breach: bool | None = None
    """Whether whoever looked found a rule broken; None while nobody has said."""
    responsible_id: UUID | None = Field(default=None, index=True)
    """The agent who answers for a breach; None: the house itself."""
    person_told_at: datetime | None = some_instant()


CAPPED: Final = frozenset(OutcomeCode) - {
    OutcomeCode.RESCHEDULE,
    OutcomeCode.NO_ACCESS,
    OutcomeCode.BAD_ADDRESS,
    OutcomeCode.VACANT,
    OutcomeCode.APPT_MISSED_B,
    OutcomeCode.ABORT_SAFETY,
    OutcomeCode.INCIDENT,
    OutcomeCode.ABORT_POLICY,
    OutcomeCode.ABORT_LATE,
    OutcomeCode.PAID_EN_ROUTE,
    OutcomeCode.HOLD_EN_ROUTE,
    OutcomeCode.CANCELLED_B,
    OutcomeCode.CANCELLED_L,
}
"""Outcomes that count as a visit made: a knock without an answer counts."""

ABORTED: Final = frozenset(
    {
        OutcomeCode.ABORT_SAFETY,
        OutcomeCode.INCIDENT,
        OutcomeCode.ABORT_POLICY,
        OutcomeCode.ABORT_LATE,
        OutcomeCode.PAID_EN_ROUTE,
        OutcomeCode.HOLD_EN_ROUTE,
        OutcomeCode.CANCELLED_B,
        OutcomeCode.CANCELLED_L,
    }
)
"""Outcomes of visits that were not made, or broken off."""
