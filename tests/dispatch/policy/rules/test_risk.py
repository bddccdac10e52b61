"""Risk: a flagged place takes a full crew, by daylight, with another visit after it."""

from dataclasses import replace

import pytest

from dispatch.policy.facts import QuietFacts
from tests.dispatch.audit.lawful_day import CREW, a_member, a_visit, wall
from tests.dispatch.policy.test_rules import LAW, ask, codes

FLAGGED = a_visit(risks=("no_light",))
THREE = replace(
    LAW, values={**LAW.values, "risk.crew_min": replace(LAW.values["risk.crew_min"], raw=3)}
)
LENIENT = replace(
    LAW,
    values={**LAW.values, "risk.never_last": replace(LAW.values["risk.never_last"], raw=False)},
)


def test_it_is_light_until_a_quarter_to_four() -> None:
    (only,) = ask(FLAGGED).windows

    assert (only.from_at, only.until_at) == (wall(9, 15), wall(15, 44, 59))


def test_a_place_without_a_flag_has_the_hours_of_any() -> None:
    (only,) = ask(a_visit()).windows

    assert only.until_at == wall(18, 44, 59)


def test_no_light_is_left_of_the_day() -> None:
    late = replace(FLAGGED, quiet_times=(QuietFacts(weekday="tue", window="00:00-15:30"),))

    assert codes(late) == {"risk-hours"}


@pytest.mark.parametrize("crew", [None, (*CREW, a_member("agent-3"))], ids=["open", "three"])
def test_who_goes_there_is_enough(crew) -> None:
    assert "risk-crew" not in codes(FLAGGED, law=THREE, crew=crew)


def test_two_are_too_few_where_the_pack_asks_for_three() -> None:
    assert codes(FLAGGED, law=THREE) == {"risk-crew"}
    assert codes(a_visit(), law=THREE) == set()


def test_nobody_goes_there_alone() -> None:
    assert codes(FLAGGED, crew=CREW[:1]) >= {"risk-crew"}
    assert codes(FLAGGED, crew=(CREW[0], CREW[0])) >= {"risk-crew"}


def test_it_is_never_the_last_visit_of_a_day() -> None:
    assert codes(FLAGGED, is_last=True) == {"risk-last"}
    assert codes(FLAGGED, is_last=False) == codes(FLAGGED) == set()
    assert codes(a_visit(), is_last=True) == set()


def test_a_law_that_does_not_ask_lets_it_be_last() -> None:
    assert codes(FLAGGED, law=LENIENT, is_last=True) == set()
