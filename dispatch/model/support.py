"""SupportReferral: a place that helps, as the branch found and checked it; never a guessed number."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Field

from dispatch.errors import Invalid
from dispatch.model.columns import UUID, Row, choice, instant, some_instant, to

CHECKED_FOR: Final = timedelta(days=180)
"""How long an entry is shown after somebody checked that it still holds."""


class SupportTopic(StrEnum):
    """What sort of help it is."""

    CRISIS = "crisis"
    HEALTH = "health"
    MONEY_ADVICE = "money_advice"
    LEGAL_ADVICE = "legal_advice"
    FAMILY = "family"
    HOUSING = "housing"


class SupportReferral(Row, table=True):
    """One entry of a branch's list: who helps, how to reach them, who checked it, and when."""

    __tablename__ = "support_referral"

    branch_id: UUID = to("branch")
    topic: SupportTopic = choice(SupportTopic)
    name: str = Field(max_length=200)
    contact: str = Field(max_length=200)
    language: str = Field(default="en", max_length=10)
    source: str = Field(max_length=200)
    checked_on: date
    added_by: UUID = to("account")
    added_at: datetime = instant()
    removed_at: datetime | None = some_instant()

    def check(self, *, today: date) -> None:
        """Refuse an entry that nobody can have checked.

        Raises
        ------
        Invalid
            If the day of the check is still to come, or long past.
        """
        if not today - CHECKED_FOR <= self.checked_on <= today:
            msg = "Check the entry with its source today, then write the day of that check."
            raise Invalid(msg, [{"pointer": "/body/checked_on", "message": msg}])

    def is_shown(self, on: date) -> bool:
        """Whether people are still sent there: checked lately, and not taken off the list."""
        return self.removed_at is None and on - self.checked_on <= CHECKED_FOR
