"""Promise, Payment, Agreement: what was promised, what was paid, what was signed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import UUID, Row, choice, instant, maybe_to, sealed, some_instant, to
from dispatch.model.state import move


class PromiseState(StrEnum):
    """Where a promise to pay stands."""

    PROPOSED = "proposed"
    RECORDED = "recorded"
    DUE = "due"
    GRACE = "grace"
    KEPT = "kept"
    PART = "part"
    BROKEN = "broken"
    RENEGOTIATED = "renegotiated"
    VOID = "void"


_P = PromiseState
_P_ENDS: Final = frozenset({_P.KEPT, _P.PART, _P.RENEGOTIATED, _P.VOID})
_PROMISES: Final[Mapping[PromiseState, frozenset[PromiseState]]] = {
    _P.PROPOSED: frozenset({_P.RECORDED, _P.VOID}),
    _P.RECORDED: frozenset({_P.DUE}) | _P_ENDS,
    _P.DUE: frozenset({_P.GRACE, _P.BROKEN}) | _P_ENDS,
    _P.GRACE: frozenset({_P.BROKEN}) | _P_ENDS,
}

PROMISE_OPEN: Final = frozenset({_P.PROPOSED, _P.RECORDED, _P.DUE, _P.GRACE})


class Promise(Row, table=True):
    """A promise to pay: amount, day, and what became of it; broken never plans a visit."""

    __tablename__ = "promise"

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    outcome_id: UUID | None = maybe_to("outcome")
    amount_sealed: bytes | None = sealed()
    currency: str = Field(max_length=3)
    due_on: date
    grace_days: int = 3
    state: PromiseState = choice(PromiseState, default=PromiseState.RECORDED, index=True)
    break_reason: str | None = Field(default=None, max_length=60)
    recorded_at: datetime = instant()
    version: int = 1

    def move_to(
        self, state: PromiseState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, _PROMISES, state, actor=actor, now=now, why=why)


class Payment(Row, table=True):
    """Money that came in, keyed by the lender's number."""

    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("lender_id", "number"),)

    branch_id: UUID = to("branch")
    lender_id: UUID = to("lender")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    number: str = Field(max_length=64)
    amount_sealed: bytes | None = sealed()
    currency: str = Field(max_length=3)
    paid_on: date
    recorded_at: datetime = instant()
    promise_id: UUID | None = maybe_to("promise")


COOLING_OFF: Final = timedelta(hours=24)
"""How long a person may walk away from what was signed."""


class AgreementState(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    READ_BACK = "read_back"
    SIGNED = "signed"
    PERFORMING = "performing"
    COMPLETED = "completed"
    DEFAULTED = "defaulted"
    WITHDRAWN = "withdrawn"


_G = AgreementState
_AGREEMENTS: Final[Mapping[AgreementState, frozenset[AgreementState]]] = {
    _G.DRAFT: frozenset({_G.READ_BACK, _G.WITHDRAWN}),
    _G.READ_BACK: frozenset({_G.SIGNED, _G.WITHDRAWN}),
    _G.SIGNED: frozenset({_G.PERFORMING, _G.WITHDRAWN}),
    _G.PERFORMING: frozenset({_G.COMPLETED, _G.DEFAULTED}),
}


class Agreement(Row, table=True):
    """A repayment plan, freely agreed; the person has a copy and a cooling-off time."""

    __tablename__ = "agreement"

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    outcome_id: UUID | None = maybe_to("outcome")
    option: str = Field(max_length=40)
    terms_sealed: bytes | None = sealed()
    currency: str = Field(max_length=3)
    state: AgreementState = choice(AgreementState, default=AgreementState.DRAFT, index=True)
    drafted_at: datetime = instant()
    cooling_off_until: datetime | None = some_instant()
    copy_sent_at: datetime | None = some_instant()
    version: int = 1

    def move_to(
        self, state: AgreementState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, _AGREEMENTS, state, actor=actor, now=now, why=why)
