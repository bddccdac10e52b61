"""Feedback: how a visit was for the person, and what they object to in its record."""

from datetime import datetime
from enum import StrEnum

from dispatch.model.columns import UUID, Row, choice, instant, sealed, to


class FeedbackKind(StrEnum):
    """What the person says of a visit that is over."""

    HOW_IT_WAS = "how_it_was"
    CONTEST = "contest"
    """What was noted is not right; it stays attached to the record."""


class Felt(StrEnum):
    """Whether the person felt respected."""

    RESPECTED = "respected"
    MIXED = "mixed"
    NOT_RESPECTED = "not_respected"


class Feedback(Row, table=True):
    """What the person says of a visit, in their own words; asked once, never pressed for."""

    __tablename__ = "feedback"

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    visit_id: UUID = to("visit")
    kind: FeedbackKind = choice(FeedbackKind, index=True)
    felt: Felt | None = choice(Felt, nullable=True)
    words_sealed: bytes | None = sealed()
    given_at: datetime = instant()
