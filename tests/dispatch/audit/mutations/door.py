"""Changes of what the field recorded: steps at the door, their order, crew, place, conduct."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from dispatch.audit import Code
from dispatch.policy.facts import StayFacts, StepFacts
from tests.dispatch.audit.lawful_day import an_id
from tests.dispatch.audit.mutations.base import (
    Change,
    Mutation,
    X,
    crewed,
    done,
    minutes,
    moved,
    record,
    stay,
    stay_with,
)

type Steps = tuple[StepFacts, ...]


def _steps(change: Callable[[StayFacts, Steps], Steps], **more: Any) -> Change:
    return done(steps=lambda s, _d, _r: change(s, record(s).steps), **more)


def _without(kind: str) -> Change:
    return _steps(lambda _s, steps: tuple(one for one in steps if one.kind != kind))


def _at(kind: str, when: Callable[[StayFacts], Any]) -> Change:
    """Mark a step at another moment."""
    return _steps(
        lambda s, steps: tuple(
            replace(one, at=when(s)) if one.kind == kind else one for one in steps
        )
    )


def _also(kind: str, when: Callable[[StayFacts], Any], **more: Any) -> Change:
    return _steps(lambda s, steps: (*steps, StepFacts(kind=kind, at=when(s))), **more)


def _third_party_after(s: StayFacts, steps: Steps) -> Steps:
    kept = tuple(one for one in steps if one.kind in {"arrived", "left"})
    return (*kept, StepFacts(kind="third_party", at=s.leave_at + minutes(2)))


def _mutation(name: str, change: Change, code: Code) -> Mutation:
    return Mutation(name, change, code, (X,))


_SECOND = timedelta(seconds=1)

MUTATIONS: Final = (
    _mutation("nothing on record", stay_with(done=None), Code.NOT_RECORDED),
    _mutation("never reported", done(is_reported=False), Code.NOT_REPORTED),
    _mutation("no published plan", done(was_published=False), Code.NOT_PUBLISHED),
    _mutation("arrival never marked", _without("arrived"), Code.DOOR_STEP_MISSING),
    _mutation("leaving never marked", _without("left"), Code.DOOR_STEP_MISSING),
    _mutation("nobody asked who is there", _without("identity"), Code.DOOR_STEP_MISSING),
    _mutation("no step marked at all", done(steps=()), Code.DOOR_STEP_MISSING),
    _mutation(
        "the person reached, says the report, but never asked for",
        _steps(lambda _s, steps: tuple(one for one in steps if one.kind in {"arrived", "left"})),
        Code.DOOR_STEP_MISSING,
    ),
    _mutation(
        "asked who is there after the talk began",
        _at("identity", lambda s: s.arrive_at + timedelta(seconds=121)),
        Code.DOOR_ORDER,
    ),
    _mutation(
        "asked who is there before arriving",
        _at("identity", lambda s: s.arrive_at - _SECOND),
        Code.DOOR_ORDER,
    ),
    _mutation(
        "talked before arriving", _at("talk", lambda s: s.arrive_at - minutes(3)), Code.DOOR_ORDER
    ),
    _mutation(
        "talked after leaving", _at("talk", lambda s: s.leave_at + _SECOND), Code.DOOR_ORDER
    ),
    _mutation(
        "asked who is there after leaving",
        _also("identity", lambda s: s.leave_at + minutes(1)),
        Code.DOOR_ORDER,
    ),
    _mutation(
        "met somebody else after leaving",
        _steps(_third_party_after, reached="third_party"),
        Code.DOOR_ORDER,
    ),
    _mutation(
        "arrival marked last", _at("arrived", lambda s: s.leave_at + minutes(1)), Code.DOOR_ORDER
    ),
    _mutation(
        "left before arriving", _at("left", lambda s: s.arrive_at - minutes(1)), Code.DOOR_ORDER
    ),
    _mutation(
        "somebody else was there too",
        done(agents=lambda s, _d, _r: record(s).agents | {an_id("stranger")}),
        Code.DOOR_CREW,
    ),
    _mutation(
        "others went than were sent", done(agents=frozenset({an_id("stranger")})), Code.DOOR_CREW
    ),
    _mutation(
        "one of the record was taken off the crew",
        crewed(lambda s: s.crew[1:]),
        Code.DOOR_CREW,
    ),
    _mutation(
        "arrived somewhere else",
        _steps(lambda _s, steps: tuple(replace(one, is_near=False) for one in steps)),
        Code.DOOR_PLACE,
    ),
    _mutation(
        "stayed six minutes after being asked to leave",
        _also("asked_to_leave", lambda s: s.leave_at - minutes(6)),
        Code.SLOW_TO_LEAVE,
    ),
    _mutation(
        "began to talk after being asked to leave",
        _also("asked_to_leave", lambda s: s.arrive_at + timedelta(seconds=119)),
        Code.SLOW_TO_LEAVE,
    ),
    _mutation("went in unasked", done(flags=frozenset({"went_inside"})), Code.WENT_INSIDE),
    _mutation(
        "told somebody else of the matter",
        done(reached="third_party", flags=frozenset({"talked_of_debt"})),
        Code.TOLD_OTHERS,
    ),
    _mutation(
        "spoke of the matter at a door where nobody was met",
        done(reached="none", flags=frozenset({"talked_of_debt"})),
        Code.TOLD_OTHERS,
    ),
    _mutation(
        "came an hour early",
        stay(lambda s, _d, _r: moved(s, s.window_from - s.arrive_at - minutes(60), window=False)),
        Code.ANNOUNCED_WINDOW,
    ),
    _mutation(
        "left a quarter of an hour too late",
        stay_with(leave_at=lambda s, _d, _r: s.window_until + minutes(15)),
        Code.ANNOUNCED_WINDOW,
    ),
)
