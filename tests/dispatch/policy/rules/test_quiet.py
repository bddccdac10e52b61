"""Quiet: the person's own hours are cut out of the day, to the second."""

from dispatch.policy.facts import QuietFacts, VisitFacts
from tests.dispatch.audit.lawful_day import a_visit, wall
from tests.dispatch.policy.test_rules import ask, codes


def wishing(*wishes: tuple[str, str]) -> VisitFacts:
    return a_visit(quiet_times=tuple(QuietFacts(weekday=d, window=w) for d, w in wishes))


def test_the_day_is_cut_in_two() -> None:
    first, second = ask(wishing(("tue", "12:00-14:00"))).windows

    assert (first.until_at, second.from_at) == (wall(11, 59, 59), wall(14))


def test_another_weekday_is_another_matter() -> None:
    assert len(ask(wishing(("wed", "00:00-24:00"))).windows) == 1


def test_a_whole_day_is_closed() -> None:
    assert codes(wishing(("tue", "00:00-24:00"))) == {"asked-for-quiet"}


def test_wishes_add_up() -> None:
    (only,) = ask(wishing(("tue", "00:00-12:00"), ("tue", "13:00-24:00"))).windows

    assert (only.from_at, only.until_at) == (wall(12), wall(12, 59, 59))
