"""The figures of a branch as they go out; nothing in them is kept per agent."""

from datetime import date
from typing import Annotated

from pydantic import Field

from api.schemas.schema import Schema
from dispatch.model import ReasonClass
from dispatch.reporting.figures import Advice

Counts = Annotated[dict[str, int], Field(description="Number by name.")]


class SegmentOut(Schema):
    """Cases of one age and one kind of reason, what came of visits to them, and what to try."""

    bucket: str
    reason_class: ReasonClass
    cases: int
    visits: int
    nobody_met: int
    promises_kept: int
    promises_broken: int
    ended_well: int
    advice: Advice


class FiguresOut(Schema):
    """A branch between two local dates, both included."""

    from_on: date
    to_on: date
    ended_well: int
    ended_well_without_visit: int
    contacts_per_ended_case: float | None
    promises: Counts
    visits_made: int
    visits_broken_off: int
    reported_same_day: int
    waiting: Counts
    longest_wait_days: Counts
    portfolio: Counts
    contacts: Counts
    confirmed: int
    refusals_honoured: int
    holds: Counts
    complaints: int
    incidents: Counts
    breaches: int
    felt: Counts
    segments: list[SegmentOut]
