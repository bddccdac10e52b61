"""What a rule is: a check that may forbid a visit, and a narrowing of the time that is left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dispatch.clock import local_date
from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import SENDING_DELAY_S, MemberFacts, VisitFacts
from dispatch.policy.pack import Pack, Source
from dispatch.policy.windows import Interval

type Windows = tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The date that a visit is asked for, seen from now."""

    on: date
    now: datetime
    calendar: Calendar
    crew: tuple[MemberFacts, ...] | None = None
    """None: no crew is chosen yet, and what rules ask of crews is left out."""
    sending_delay_s: int = SENDING_DELAY_S
    is_last: bool | None = None
    """Whether the crew has no visit after this one; None: the day's order is open yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Why a visit may not be planned on a date."""

    code: str
    parameter: str
    source: Source | None
    """Instrument and article of the stricter value; None where the pack itself is silent."""
    args: Mapping[str, Any] = field(default_factory=dict)
    """What the texts name: numbers, dates, codes; never a person's data."""


def keeps_time(_visit: VisitFacts, _law: Pack, _day: Day, windows: Windows) -> Windows:
    """Leave the windows as they are."""
    return windows


def forbids_nothing(_visit: VisitFacts, _law: Pack, _day: Day) -> Finding | None:
    """Find nothing."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the packs.

    `check` forbids the date outright; `narrow` returns the part of the windows that it leaves.
    Where it leaves nothing, the rule's own code is the finding.
    """

    code: str
    parameters: tuple[str, ...]
    check: Callable[[VisitFacts, Pack, Day], Finding | None] = forbids_nothing
    narrow: Callable[[VisitFacts, Pack, Day, Windows], Windows] = keeps_time


def finding(code: str, law: Pack, parameter: str, **args: Any) -> Finding:
    """Return a finding that cites the parameter's source."""
    return Finding(code=code, parameter=parameter, source=law.source(parameter), args=args)


def days_since(visit: VisitFacts, at: datetime, on: date) -> int:
    """Return how many local dates lie from an instant to a date, in the zone of the place."""
    return (on - local_date(visit.time_zone or "UTC", at)).days
