"""A branch's night as it goes out."""

from datetime import date

from api.schemas.schema import Instant, Schema
from dispatch.reporting.night import Night, Standing


class NightStageOut(Schema):
    """One stage: how far it is, of how much, and how much of it went wrong."""

    name: str
    standing: Standing
    done: int
    total: int
    errors: int


class NightOut(Schema):
    """The stages of a night, from the day's files to the next day's publication."""

    on: date
    began_at: Instant
    ready_at: Instant | None
    stages: list[NightStageOut]

    @classmethod
    def of(cls, night: Night) -> "NightOut":
        """Return the night as it goes out."""
        return cls.model_validate(night)
