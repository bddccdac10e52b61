"""Changes at a place under a risk flag: too few people, the end of the day, the dark."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Final

from dispatch.audit import Code
from dispatch.policy.facts import DayFacts, StayFacts
from dispatch.policy.hashes import crew_hash
from tests.dispatch.audit.lawful_day import an_id
from tests.dispatch.audit.mutations.base import (
    Change,
    Mutation,
    arriving,
    hours,
    leaving,
    moved,
    stay,
    wall,
)

_KINDS: Final = ("loose_dog", "no_light", "unsafe_building", "lonely_way", "earlier_threat")

_A_TUESDAY: Final = date(2026, 6, 9)
"""On Saturdays nobody is visited so late anyway."""


def _flagged(s: StayFacts, rng: Random) -> StayFacts:
    return replace(s, visit=replace(s.visit, risks=(rng.choice(_KINDS),)))


def _alone(s: StayFacts, _day: DayFacts, rng: Random) -> StayFacts:
    crew = s.crew[:1]
    return replace(_flagged(s, rng), crew=crew, crew_hash=crew_hash(one.agent_id for one in crew))


def _the_last(change: Callable[[StayFacts, Random], StayFacts]) -> Change:
    """Change the last stay of one crew, whichever."""

    def changed(day: DayFacts, rng: Random) -> DayFacts:
        crew = rng.choice([one.crew_hash for one in day.stays])
        last = max(
            (one for one in day.stays if one.crew_hash == crew), key=lambda one: one.arrive_at
        )
        stays = tuple(change(one, rng) if one is last else one for one in day.stays)
        return replace(day, stays=stays)

    return changed


def _in_the_dark(move: Callable[[StayFacts, DayFacts], StayFacts]) -> Change:
    """Move the stay at a flagged place into the dark; the crew has another one an hour later."""

    def changed(day: DayFacts, rng: Random) -> DayFacts:
        index = rng.randrange(len(day.stays))
        dark = move(_flagged(day.stays[index], rng), day)
        known = replace(dark.visit, visit_id=an_id("v"), person_id=an_id("p"), risks=())
        after = moved(replace(dark, visit=known), hours(1))
        stays = [one for one in day.stays if one is not day.stays[index]]
        return replace(day, stays=(*stays, dark, after))

    return changed


def _left_alone_after(day: DayFacts, rng: Random) -> DayFacts:
    """Flag the first place of a crew and take away all that it has after it."""
    first = min(day.stays, key=lambda one: one.arrive_at)
    kept = [one for one in day.stays if one.crew_hash != first.crew_hash]
    return replace(day, stays=(_flagged(first, rng), *kept))


MUTATIONS: Final = (
    Mutation("one agent at a flagged place", stay(_alone), Code.RISK_CREW),
    Mutation("a flag on the crew's last place", _the_last(_flagged), Code.RISK_LAST),
    Mutation("nothing left after a flagged place", _left_alone_after, Code.RISK_LAST),
    Mutation(
        "at a flagged place when it gets dark",
        _in_the_dark(lambda s, d: leaving(s, wall(s, d, 15, 45))),
        Code.RISK_HOURS,
        on=_A_TUESDAY,
    ),
    Mutation(
        "at a flagged place in the evening",
        _in_the_dark(lambda s, d: arriving(s, wall(s, d, 17, 30))),
        Code.RISK_HOURS,
    ),
)
