"""Risk flags at the auditor: what the random changes do not show."""

from dataclasses import replace

from dispatch.audit import Breach, Code, Profile, audit
from dispatch.policy.facts import DayFacts
from dispatch.policy.pack import BASELINE, Pack, load_pack
from tests.dispatch.audit.lawful_day import (
    a_day,
    a_noticed_day,
    a_stay,
    a_visit,
    an_executed_day,
    recorded,
    with_stay,
    with_visit,
)

PACK = load_pack(BASELINE)
flagged = with_visit(0, risks=("earlier_threat",))


def codes(day: DayFacts, profile: Profile = Profile.ANNOUNCE, pack: Pack = PACK) -> set[Code]:
    found: tuple[Breach, ...] = audit(day, pack, profile)
    return {one.code for one in found}


def test_a_flagged_place_in_the_morning_with_visits_after_it_is_lawful() -> None:
    assert codes(flagged(a_day())) == set()
    assert codes(flagged(a_noticed_day()), Profile.RELEASE) == set()
    assert codes(flagged(an_executed_day()), Profile.EXECUTED) == set()


def test_a_class_that_asks_for_three_is_heard() -> None:
    three = replace(PACK.values["risk.crew_min"], raw=3)
    pack = replace(PACK, classes={"microfinance": {"risk.crew_min": three}})

    assert codes(flagged(a_day()), pack=pack) == {Code.RISK_CREW}
    other = with_visit(0, risks=("no_light",), product="microfinance")
    assert codes(other(a_day()), pack=pack) == {Code.RISK_CREW}


def test_another_crew_s_visit_after_it_does_not_count() -> None:
    day = a_day()
    others = [replace(one, crew_hash="f" * 64) for one in day.stays[1:]]

    assert Code.RISK_LAST in codes(flagged(replace(day, stays=(day.stays[0], *others))))


def test_a_visit_of_the_same_crew_before_it_does_not_count() -> None:
    early, late = a_stay(a_visit("one"), 9, 30), a_stay(a_visit("two", risks=("no_light",)), 11, 0)

    assert codes(a_day(early, late)) == {Code.RISK_LAST}


def test_what_fell_away_after_the_crew_came_made_it_the_last_by_nobody_s_fault() -> None:
    day = flagged(an_executed_day())
    alone = replace(day, stays=day.stays[:1])

    assert codes(alone, Profile.EXECUTED) == {Code.RISK_LAST}
    ahead = with_stay(lambda stay: recorded(stay, still_ahead=1), 0)
    assert codes(ahead(alone), Profile.EXECUTED) == set()


def test_what_is_still_ahead_excuses_no_plan() -> None:
    alone = replace(flagged(a_noticed_day()), stays=flagged(a_noticed_day()).stays[:1])
    told = with_stay(lambda stay: recorded(stay, still_ahead=1), 0)

    assert codes(told(alone), Profile.RELEASE) == {Code.RISK_LAST}
