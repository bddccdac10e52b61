"""Complaints as they go out, and their steps as they come in."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Schema, Words
from dispatch.model import Complaint, ComplaintState, Extension, ToldBy


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
