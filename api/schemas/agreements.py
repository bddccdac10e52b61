"""Agreements as they go out, and their steps as they come in; a promise made anew."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Line, Schema
from dispatch.model import Agreement, AgreementState, ToldBy
from dispatch.policy.relief import LARGEST, LONGEST_MONTHS, Relief


class AgreementDraftIn(Schema):
    """What is offered to the person of a case, within what they can afford."""

    case_id: UUID
    option: Relief
    months: int = Field(ge=1, le=LONGEST_MONTHS)
    monthly_minor: int = Field(ge=0, le=LARGEST)


class AgreementStepIn(Schema):
    """A step of an agreement; `withdrawn` is the person's own, and needs no ground of theirs."""

    to: Literal[
        AgreementState.READ_BACK,
        AgreementState.SIGNED,
        AgreementState.WITHDRAWN,
        AgreementState.COMPLETED,
        AgreementState.DEFAULTED,
    ]
    told_by: ToldBy | None = Field(default=None, description="For `read_back` and `defaulted`.")


class CopyIn(Schema):
    """How the person's copy went out."""

    by: ToldBy


class AgreementOut(Schema):
    """An agreement; its terms only for roles that may see people."""

    id: UUID
    case_id: UUID
    option: str
    state: AgreementState
    currency: str
    drafted_at: Instant
    cooling_off_until: Instant | None
    copy_sent_at: Instant | None
    terms: Any = None

    @classmethod
    def of(cls, agreement: Agreement, terms: Any) -> "AgreementOut":
        """Return the agreement as it goes out."""
        names = cls.model_fields.keys() - {"terms"}
        return cls.model_validate({**agreement.model_dump(include=names), "terms": terms})


class NewPromiseIn(Schema):
    """A promise made anew, before it is broken."""

    amount_minor: int = Field(ge=1, le=LARGEST)
    due_on: date


class BreakReasonIn(Schema):
    """Why a promise was broken, once somebody knows."""

    reason: Line
