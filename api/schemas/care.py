"""Care as it goes out, and its steps as they come in: complaints, calls, holds, places that help."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Line, Schema, Words
from dispatch.model import (
    CareCall,
    CareReason,
    CareState,
    Complaint,
    ComplaintState,
    Extension,
    HoldKind,
    SupportTopic,
    ToldBy,
)


class ComplaintIn(Schema):
    """A complaint that came by letter, by phone or in person."""

    case_id: UUID
    words: Words = Field(min_length=1)
    visit_id: UUID | None = None
    about_agent_id: UUID | None = None


class StepIn(Schema):
    """The next step of a complaint, with what it needs."""

    to: Literal[
        ComplaintState.ACKNOWLEDGED,
        ComplaintState.ASSIGNED,
        ComplaintState.INVESTIGATING,
        ComplaintState.UPHELD,
        ComplaintState.PARTLY,
        ComplaintState.REJECTED,
        ComplaintState.REMEDIED,
        ComplaintState.TOLD,
        ComplaintState.CLOSED,
        ComplaintState.ESCALATED,
    ]
    words: Words = Field(default="", description="What was found, done, or decided elsewhere.")
    handler_id: UUID | None = Field(default=None, description="An account, for `assigned`.")
    told_by: ToldBy | None = Field(default=None, description="For `acknowledged` and `told`.")


class ExtensionIn(Schema):
    """More time for the answer, where the pack knows of it."""

    extension: Extension
    reason: Words = Field(min_length=20)


class ComplaintOut(Schema):
    """A complaint with its clocks; what was said only for roles that may see people."""

    id: UUID
    branch_id: UUID
    case_id: UUID
    visit_id: UUID | None
    about_agent_id: UUID | None
    state: ComplaintState
    source: str
    handler_id: UUID | None
    received_at: Instant
    acknowledge_by_at: Instant | None
    acknowledged_at: Instant | None
    due_at: Instant | None
    extension: Extension | None
    told_at: Instant | None
    words: str | None
    finding: str | None
    remedy: str | None

    @classmethod
    def of(
        cls, complaint: Complaint, texts: tuple[str | None, str | None, str | None]
    ) -> "ComplaintOut":
        """Return the complaint as it goes out."""
        own = {"words", "finding", "remedy"}
        words, finding, remedy = texts
        return cls.model_validate(
            {
                **complaint.model_dump(include=cls.model_fields.keys() - own),
                "words": words,
                "finding": finding,
                "remedy": remedy,
            }
        )


class CareCallOut(Schema):
    """A call that is owed to a person; what came of it only for roles that may see people."""

    id: UUID
    branch_id: UUID
    case_id: UUID
    reason: CareReason
    state: CareState
    due_at: Instant
    opened_at: Instant
    taken_by: UUID | None
    tries: int
    ended_at: Instant | None
    note: str | None

    @classmethod
    def of(cls, call: CareCall, note: str | None) -> "CareCallOut":
        """Return the call as it goes out."""
        names = cls.model_fields.keys() - {"note"}
        return cls.model_validate({**call.model_dump(include=names), "note": note})


class CallStepIn(Schema):
    """What happened with a call: taken, tried in vain (waiting again), reached, given up."""

    to: CareState
    words: Words = Field(default="", description="How the person is and what they wish for.")


class CareTrainingIn(Schema):
    """The last day on which an account counts as trained for care; null ends it."""

    until: date | None


class HoldIn(Schema):
    """A hold that somebody puts: what they learnt by phone, by letter or from the news."""

    case_id: UUID
    kind: HoldKind
    until_at: Instant | None = None
    is_for_case: bool = Field(default=False, description="For this case only, not the person.")


class ReferralIn(Schema):
    """A place that helps, as somebody of the branch checked it with its source."""

    topic: SupportTopic
    name: Line
    contact: Line
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=10)]
    source: Line
    checked_on: date


class ReferralOut(Schema):
    """A place that helps."""

    id: UUID
    topic: SupportTopic
    name: str
    contact: str
    language: str
    source: str
    checked_on: date
    is_shown: bool


class ReferralsOut(Schema):
    """A branch's list, and the sorts of help for which nothing is known yet."""

    items: list[ReferralOut]
    missing: list[SupportTopic]


class TimerOut(Schema):
    """By when the crew is to be heard of about a visit; any check-in starts the time anew."""

    visit_id: UUID
    heard_at: Instant
    due_at: Instant


class TimersOut(Schema):
    """The agent's own timers, the first due first."""

    items: list[TimerOut]
