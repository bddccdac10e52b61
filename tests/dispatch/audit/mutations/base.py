"""What a mutation is: one change that makes any lawful day unlawful, and the breach it must bring."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from dispatch.audit import Breach, Code, Profile
from dispatch.clock import local_instant
from dispatch.policy.facts import DayFacts, DoneFacts, MemberFacts, StayFacts
from dispatch.policy.hashes import crew_hash

A, R, X = Profile.ANNOUNCE, Profile.RELEASE, Profile.EXECUTED
ALL: Final = (A, R, X)

type Change = Callable[[DayFacts, Random], DayFacts]
type Of = Callable[[StayFacts, DayFacts, Random], Any]
"""A value, or a changed stay, made of the stay that the change is about."""


@dataclass(frozen=True)
class Mutation:
    """One kind of change."""

    name: str
    change: Change
    code: Code
    profiles: tuple[Profile, ...] = ALL
    zones: tuple[str, ...] = ()
    """Only on days in these zones; none: in any."""
    on: date | None = None
    """Only on this date; None: on any."""
    pack: str | None = None
    """Only under this pack; None: under any."""
    or_code: Code | None = None
    """What a stricter pack says instead."""

    def is_caught(self, breaches: Iterable[Breach]) -> bool:
        """Whether the breaches name what is wrong."""
        return bool({breach.code for breach in breaches} & {self.code, self.or_code})


def stay(change: Of) -> Change:
    """Change one stay of the day, whichever."""

    def changed(day: DayFacts, rng: Random) -> DayFacts:
        index = rng.randrange(len(day.stays))
        stays = list(day.stays)
        stays[index] = change(stays[index], day, rng)
        return replace(day, stays=tuple(stays))

    return changed


def _given(values: dict[str, Any], s: StayFacts, day: DayFacts, rng: Random) -> dict[str, Any]:
    return {k: v(s, day, rng) if callable(v) else v for k, v in values.items()}


def stay_with(**values: Any) -> Change:
    """Set fields of one stay; a function is asked for its value."""
    return stay(lambda s, day, rng: replace(s, **_given(values, s, day, rng)))


def visit(**values: Any) -> Change:
    """Set facts of one visit."""
    return stay(
        lambda s, day, rng: replace(s, visit=replace(s.visit, **_given(values, s, day, rng)))
    )


def notice(**values: Any) -> Change:
    """Set facts of one notice."""

    def changed(s: StayFacts, day: DayFacts, rng: Random) -> StayFacts:
        assert s.visit.notice is not None
        newest = replace(s.visit.notice, **_given(values, s, day, rng))
        return replace(s, visit=replace(s.visit, notice=newest))

    return stay(changed)


def done(**values: Any) -> Change:
    """Set what was recorded of one visit."""

    def changed(s: StayFacts, day: DayFacts, rng: Random) -> StayFacts:
        return replace(s, done=replace(record(s), **_given(values, s, day, rng)))

    return stay(changed)


def record(s: StayFacts) -> DoneFacts:
    """Return what was recorded of a stay."""
    assert s.done is not None
    return s.done


def a_day(**values: Any) -> Change:
    """Set facts of the day; a function is asked with the day."""

    def changed(day: DayFacts, _rng: Random) -> DayFacts:
        return replace(day, **{k: v(day) if callable(v) else v for k, v in values.items()})

    return changed


def crewed(
    members: Callable[[StayFacts], tuple[MemberFacts, ...]], *, keep: bool = False
) -> Change:
    """Send other members, under their own hash or (keep) under the hash of those before."""

    def changed(s: StayFacts, _day: DayFacts, _rng: Random) -> StayFacts:
        crew = members(s)
        digest = s.crew_hash if keep else crew_hash(m.agent_id for m in crew)
        return replace(s, crew=crew, crew_hash=digest)

    return stay(changed)


def one_member(**values: Any) -> Change:
    """Set facts of one member of a crew, whichever."""

    def changed(s: StayFacts, day: DayFacts, rng: Random) -> StayFacts:
        crew = list(s.crew)
        index = rng.randrange(len(crew))
        crew[index] = replace(crew[index], **_given(values, s, day, rng))
        return replace(s, crew=tuple(crew))

    return stay(changed)


def moved(s: StayFacts, by: timedelta, *, window: bool = True) -> StayFacts:
    """Return a stay some time later, with its record, and its window unless told otherwise."""
    more: dict[str, Any] = {}
    if window:
        more = {"window_from": s.window_from + by, "window_until": s.window_until + by}
    if s.done is not None:
        steps = tuple(replace(one, at=one.at + by) for one in s.done.steps)
        more["done"] = replace(s.done, steps=steps)
    return replace(s, arrive_at=s.arrive_at + by, leave_at=s.leave_at + by, **more)


def arriving(s: StayFacts, at: datetime) -> StayFacts:
    """Return the stay, its window and its record moved to begin at an instant."""
    return moved(s, at - s.arrive_at)


def leaving(s: StayFacts, at: datetime) -> StayFacts:
    """Return the stay, its window and its record moved to end at an instant."""
    return moved(s, at - s.leave_at)


def wall(
    s: StayFacts, day: DayFacts, hour: int, minute: int = 0, second: int = 0, *, days: int = 0
) -> datetime:
    """Return a wall time at the stay's place, on the day or so many days after it."""
    on = day.service_date + timedelta(days=days)
    return local_instant(s.visit.time_zone or "", on, time(hour, minute)) + timedelta(
        seconds=second
    )


def hours(number: float) -> timedelta:
    """Return so many hours."""
    return timedelta(hours=number)


def minutes(number: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=number)


def days(number: float) -> timedelta:
    """Return so many times 24 hours."""
    return timedelta(days=number)
