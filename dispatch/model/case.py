"""Case: one overdue loan, its stage, what was learnt about it, and who approved what."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.errors import WrongState
from dispatch.model.arrears import ArrearsReason
from dispatch.model.columns import (
    UUID,
    Row,
    choice,
    instant,
    maybe_to,
    reference,
    sealed,
    some_instant,
    to,
)
from dispatch.model.evidence import record
from dispatch.model.state import move


class Stage(StrEnum):
    """How far a case has come."""

    INTAKE = "intake"
    AUDITED = "audited"
    REMOTE = "remote"
    ELIGIBLE = "eligible"
    VISIT_APPROVED = "visit_approved"
    VISITING = "visiting"
    FOLLOW_UP = "follow_up"
    ON_HOLD = "on_hold"
    PLAN = "plan"
    LEGAL_REVIEW = "legal_review"
    CURED = "cured"
    SETTLED = "settled"
    RETURNED = "returned"
    CLOSED = "closed"


ENDED: Final = frozenset({Stage.CURED, Stage.SETTLED, Stage.RETURNED, Stage.CLOSED})
"""Over: nothing is open any more, or it is no longer ours."""
_OUT: Final = frozenset({Stage.ON_HOLD, *ENDED})

STAGES: Final[Mapping[Stage, frozenset[Stage]]] = {
    Stage.INTAKE: frozenset({Stage.AUDITED}) | _OUT,
    Stage.AUDITED: frozenset({Stage.REMOTE, Stage.INTAKE}) | _OUT,
    Stage.REMOTE: frozenset({Stage.ELIGIBLE, Stage.PLAN, Stage.LEGAL_REVIEW}) | _OUT,
    Stage.ELIGIBLE: frozenset({Stage.VISIT_APPROVED, Stage.REMOTE, Stage.PLAN, Stage.LEGAL_REVIEW})
    | _OUT,
    Stage.VISIT_APPROVED: frozenset({Stage.VISITING, Stage.ELIGIBLE, Stage.FOLLOW_UP}) | _OUT,
    Stage.VISITING: frozenset({Stage.FOLLOW_UP, Stage.VISIT_APPROVED}) | _OUT,
    # No way from follow-up to a visit but through eligibility: a repeat is a new decision.
    Stage.FOLLOW_UP: frozenset({Stage.ELIGIBLE, Stage.REMOTE, Stage.PLAN, Stage.LEGAL_REVIEW})
    | _OUT,
    Stage.PLAN: frozenset({Stage.FOLLOW_UP}) | _OUT,
    Stage.LEGAL_REVIEW: frozenset({Stage.FOLLOW_UP}) | _OUT,
    Stage.ON_HOLD: ENDED,
    # Behind again: everything begins anew, remote contact first.
    Stage.CURED: frozenset({Stage.INTAKE}),
    Stage.SETTLED: frozenset({Stage.INTAKE}),
}


class Ability(StrEnum):
    """What the person can pay, as assessed."""

    ADEQUATE = "adequate"
    PARTIAL = "partial"
    NONE_NOW = "none_now"
    UNKNOWN = "unknown"


class Willingness(StrEnum):
    """What the person said about paying."""

    WILLING = "willing"
    WILLING_IF_PLAN = "willing_if_plan"
    UNSURE = "unsure"
    UNWILLING = "unwilling"
    NOT_DISCUSSED = "not_discussed"


class Case(Row, table=True):
    """One overdue loan of one person; keyed by the lender's number."""

    __tablename__ = "loan_case"
    __table_args__ = (UniqueConstraint("lender_id", "number"),)

    branch_id: UUID = to("branch")
    lender_id: UUID = to("lender")
    person_id: UUID = to("person")
    place_id: UUID | None = maybe_to("place")
    number: str = Field(max_length=64)
    reference: str = reference()
    stage: Stage = choice(Stage, default=Stage.INTAKE, index=True)
    stage_since_at: datetime | None = some_instant()
    """When the stage began; None: when the case came in."""
    held_from: Stage | None = choice(Stage, nullable=True, name="held_from")
    product: str | None = Field(default=None, max_length=60)
    currency: str = Field(max_length=3)
    amounts_sealed: bytes | None = sealed()
    oldest_unpaid_due_on: date | None = None
    service_minutes: int = 25
    value: int = 50
    preferred_times: str | None = Field(default=None, max_length=200)
    data_audited_until: datetime | None = some_instant()
    received_at: datetime = instant()
    source_row: str | None = Field(default=None, max_length=64)
    version: int = 1

    @property
    def state(self) -> Stage:
        """The stage, under the name that transitions use."""
        return self.stage

    @state.setter
    def state(self, stage: Stage) -> None:
        self.stage = stage

    def dpd(self, on: date) -> int | None:
        """Return the days past due on a date, computed and never typed; None where unknown."""
        if self.oldest_unpaid_due_on is None:
            return None
        return max(0, (on - self.oldest_unpaid_due_on).days)

    def advance(
        self,
        stage: Stage,
        *,
        actor: str,
        now: datetime,
        why: str | None = None,
        since: datetime | None = None,
    ) -> None:
        """Move to another stage, as the table permits; `since`: where it began before it was noted."""
        if stage is Stage.ON_HOLD:
            self.put_on_hold(actor=actor, now=now, why=why or "hold")
            return
        move(self, STAGES, stage, actor=actor, now=now, why=why)
        self.stage_since_at = min(since, now) if since else now

    def put_on_hold(self, *, actor: str, now: datetime, why: str) -> None:
        """Stop everything about the case, from any open stage, and remember where it stood."""
        if self.stage is Stage.ON_HOLD:
            return
        self.held_from = self.stage
        move(self, STAGES, Stage.ON_HOLD, actor=actor, now=now, why=why)
        self.stage_since_at = now

    def resume(self, *, actor: str, now: datetime) -> None:
        """Go back to where the case stood before the hold; an approval does not survive it."""
        if self.stage is not Stage.ON_HOLD or self.held_from is None:
            msg = f"The case {self.reference} is not on hold."
            raise WrongState(msg)
        back = self.held_from
        if back in {Stage.VISIT_APPROVED, Stage.VISITING}:
            back = Stage.FOLLOW_UP
        if back is Stage.ELIGIBLE:
            back = Stage.REMOTE  # what made it eligible may have changed meanwhile
        self.stage, self.held_from, self.stage_since_at = back, None, now
        self.version += 1
        record(self, "loan_case.resumed", actor=actor, now=now, stage=back)


class ContactChannel(StrEnum):
    """By what means a contact was tried."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    CHAT = "chat"
    VISIT = "visit"


class ContactResult(StrEnum):
    """Whom a contact reached: right party, third party, or nobody."""

    RIGHT_PARTY = "right_party"
    THIRD_PARTY = "third_party"
    NONE = "none"


class ContactAttempt(Row, table=True):
    """One try to reach the person, by the lender or by us; each counts toward caps."""

    __tablename__ = "contact_attempt"
    __table_args__ = (UniqueConstraint("lender_id", "number"),)

    branch_id: UUID = to("branch")
    lender_id: UUID = to("lender")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    number: str = Field(max_length=64)
    channel: ContactChannel = choice(ContactChannel)
    result: ContactResult = choice(ContactResult)
    occurred_at: datetime = instant(index=True)
    recorded_at: datetime = instant()
    is_reminder: bool = False


class Assessment(Row, table=True):
    """What is known of the reason, the ability and the willingness; can't pay is not won't pay."""

    __tablename__ = "assessment"

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    reason: ArrearsReason = choice(ArrearsReason)
    ability: Ability = choice(Ability)
    willingness: Willingness = choice(Willingness)
    assessed_by: str = Field(max_length=80)
    assessed_at: datetime = instant()
    note_sealed: bytes | None = sealed()


class ApprovalKind(StrEnum):
    """What was approved."""

    VISIT = "visit"
    RELAXATION = "relaxation"
    INCOMPLETE_PLAN = "incomplete_plan"


class Approval(Row, table=True):
    """A human's decision, with its ground in writing."""

    __tablename__ = "approval"

    branch_id: UUID = to("branch")
    case_id: UUID | None = maybe_to("loan_case")
    kind: ApprovalKind = choice(ApprovalKind)
    subject_id: UUID = Field(index=True)
    ground: str = Field(max_length=2000)
    approver_id: UUID = to("account")
    second_approver_id: UUID | None = maybe_to("account")
    decided_at: datetime = instant()
    withdrawn_at: datetime | None = some_instant()
