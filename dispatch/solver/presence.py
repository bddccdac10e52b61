"""When people are met: what they said themselves first, else what calls of a kind have shown.

Nothing is inferred about one person. What was seen is counted for parts of the day, working days and
weekends, and kinds of place. While little was seen it is drawn to what is known of households: the
branch's mean, more in the evening and at weekends (Weeks, Jones, Folsom and Benrud, "Optimal times to
contact sample households", *Public Opinion Quarterly* 44, 1980), as a beta prior worth `PRIOR` calls
(Gelman et al., *Bayesian Data Analysis*, 3rd ed., section 5.1). Planning weighs it against travel;
neither agents nor notices ever show it, and no hold or hour of the law yields to it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from dispatch.clock import local_instant, local_time
from dispatch.policy.wall import WEEKDAYS, Minutes, parse_week
from dispatch.store.presence import Sight

PRIOR: Final = 12
"""Calls that a segment begins with, of the branch's mean and its tilt."""

EVENING_MORE: Final = 0.15
WEEKEND_MORE: Final = 0.10
DAYTIME_LESS: Final = 0.05
"""How far the prior of evenings, weekends and working hours lies from the mean."""

DECLARED: Final = 0.9
"""Chance of meeting somebody at a time that they named."""

ELSEWHEN: Final = 0.5
"""What the chance at other times is multiplied by, where somebody named their times."""

_SATURDAY: Final = 5
_MIDNIGHT: Final = 24 * 60


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


BEGINS: Final[Mapping[Part, int]] = {
    Part.MORNING: 0,
    Part.NOON: 12 * 60,
    Part.AFTERNOON: 14 * 60,
    Part.EVENING: 17 * 60,
}
"""Minutes after midnight at which a part begins."""


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """What calls are counted by."""

    part: Part
    is_weekend: bool
    place_kind: str


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance of meeting somebody who is called on from one instant to another."""

    from_at: datetime
    until_at: datetime
    chance: float


@dataclass(frozen=True, slots=True)
class Presence:
    """What a branch has seen: calls and meetings, by segment."""

    tried: Mapping[Segment, int] = field(default_factory=dict)
    met: Mapping[Segment, int] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        """Share of all calls at which the person was met; a half while nothing was seen."""
        return (sum(self.met.values()) + 1) / (sum(self.tried.values()) + 2)

    def chance(self, segment: Segment) -> float:
        """Return the chance of meeting somebody of a segment."""
        met, tried = self.met.get(segment, 0), self.tried.get(segment, 0)
        return (met + PRIOR * self._prior(segment)) / (tried + PRIOR)

    def _prior(self, segment: Segment) -> float:
        tilt = -DAYTIME_LESS
        if segment.part is Part.EVENING:
            tilt = EVENING_MORE
        elif segment.is_weekend:
            tilt = WEEKEND_MORE
        return min(max(self.mean + tilt, 0.05), 0.95)

    def day(
        self, on: date, zone: str, place_kind: str, declared: str | None
    ) -> tuple[Chance, ...]:
        """Return the chances over a local day, by when a stay begins; in order, without gaps."""
        named = declared_on(declared, on)
        edges = sorted({*BEGINS.values(), _MIDNIGHT, *(one for span in named for one in span)})
        found = []
        for begin, end in pairwise(edges):
            chance = self.chance(Segment(_part(begin), on.weekday() >= _SATURDAY, place_kind))
            if named:
                is_named = any(first <= begin < last for first, last in named)
                chance = DECLARED if is_named else ELSEWHEN * chance
            found.append(Chance(_instant(zone, on, begin), _instant(zone, on, end), chance))
        return tuple(found)


NOTHING_SEEN: Final = Presence()


def presence_of(seen: Iterable[Sight], zone: str) -> Presence:
    """Count what was seen; `zone` is that of places which name none."""
    tried: Counter[Segment] = Counter()
    met: Counter[Segment] = Counter()
    for one in seen:
        segment = segment_of(one, zone)
        tried[segment] += 1
        met[segment] += one.is_met
    return Presence(tried, met)


def segment_of(seen: Sight, zone: str) -> Segment:
    """Return the segment in which something was seen."""
    wall = local_time(seen.zone or zone, seen.at)
    part = _part(wall.hour * 60 + wall.minute)
    return Segment(part, wall.weekday() >= _SATURDAY, seen.place_kind)


def declared_on(text: str | None, on: date) -> tuple[Minutes, ...]:
    """Return the times that somebody named for a weekday: `mon-fri 17:00-19:00; sat 10:00-13:00`.

    What can't be read is no statement: it was kept in their words for people to read.
    """
    week: dict[str, list[str]] = {}
    for part in (text or "").lower().split(";"):
        days, _, window = part.strip().partition(" ")
        for day in days.split(","):
            week.setdefault(day.strip(), []).append(window.strip())
    try:
        return parse_week(week)[WEEKDAYS[on.weekday()]] if text else ()
    except ValueError:
        return ()


def _part(minute: int) -> Part:
    return [part for part, begin in BEGINS.items() if begin <= minute][-1]


def _instant(zone: str, on: date, minute: int) -> datetime:
    if minute == _MIDNIGHT:
        return local_instant(zone, on + timedelta(days=1), time(0))
    return local_instant(zone, on, time(minute // 60, minute % 60))
