"""Promises, holds and incidents as they go out, and decisions on them as they come in."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Line, Schema
from dispatch.fieldwork.review import Finding
from dispatch.model import (
    FeedbackKind,
    Felt,
    Hold,
    HoldKind,
    HoldState,
    Incident,
    IncidentState,
    Promise,
    PromiseState,
    Releaser,
    releaser_of,
)


class PromiseOut(Schema):
    """A promise to pay; the amount only for roles that may see people."""

    id: UUID
    case_id: UUID
    state: PromiseState
    due_on: date
    grace_days: int
    currency: str
    amount_minor: int | None
    break_reason: str | None
    recorded_at: Instant

    @classmethod
    def of(cls, promise: Promise, amount_minor: int | None) -> "PromiseOut":
        """Return the promise as it goes out."""
        names = cls.model_fields.keys() - {"amount_minor"}
        return cls.model_validate(
            {**promise.model_dump(include=names), "amount_minor": amount_minor}
        )


class ReleaseIn(Schema):
    """Why a hold is lifted, and on whose word."""

    reason: Line
    specialist: Line | None = Field(
        default=None, description="Who decided, for distress, vulnerability or incapacity."
    )
    persons_word: Line | None = Field(
        default=None, description="What the person said, for a stop they had asked for."
    )

    def told(self) -> str:
        """Return the reason with those on whose word it rests."""
        parts = [self.reason, self.specialist, self.persons_word]
        return " · ".join(part for part in parts if part)[:500]


class HoldOut(Schema):
    """A hold."""

    id: UUID
    case_id: UUID | None
    kind: HoldKind
    state: HoldState
    from_at: Instant
    until_at: Instant | None
    released_by: str | None
    release_reason: str | None
    releaser: Releaser = Field(description="On whose word it ends.")

    @classmethod
    def of(cls, hold: Hold) -> "HoldOut":
        """Return the hold as it goes out."""
        names = cls.model_fields.keys() - {"releaser"}
        return cls.model_validate(
            {**hold.model_dump(include=names), "releaser": releaser_of(hold.kind)}
        )


class IncidentOut(Schema):
    """Something for a person to look at."""

    id: UUID
    branch_id: UUID
    case_id: UUID | None
    visit_id: UUID | None
    kind: str
    state: IncidentState
    facts: dict[str, Any]
    opened_at: Instant
    closed_at: Instant | None
    closed_by: str | None
    remedy: str | None
    is_breach: bool | None
    responsible_id: UUID | None
    person_told_at: Instant | None

    @classmethod
    def of(cls, incident: Incident) -> "IncidentOut":
        """Return the incident as it goes out."""
        return cls.model_validate(incident)


class ClosureIn(Schema):
    """What was done about an incident."""

    remedy: str = Field(min_length=8, max_length=500)
    is_breach: bool = Field(default=False, description="Whether a rule was broken.")
    responsible_id: UUID | None = Field(
        default=None, description="The agent who answers for it, of those who were sent."
    )
    person_told_at: Instant | None = None


class BreachOut(Schema):
    """A breach: what, who answers for it, whom the lender is, and what was done."""

    incident_id: UUID
    kind: str
    visit_id: UUID | None
    lender_name: str | None
    responsible_name: str | None
    opened_at: Instant
    closed_at: Instant | None
    remedy: str | None
    person_told_at: Instant | None


class FeedbackOut(Schema):
    """What a person said of a visit; the words only for roles that may see people."""

    kind: FeedbackKind
    felt: Felt | None
    words: str | None
    given_at: Instant


class ReviewIn(Schema):
    """What a reviewer found of a visit."""

    finding: Finding
