"""Times, dates, spans and amounts are told in the reader's language and the branch's zone."""

from datetime import UTC, date, datetime

import pytest

from api.wording import MissingWording, best_locale, translator

NOON = datetime(2026, 11, 24, 4, 5, tzinfo=UTC)


def test_times_are_told_in_the_zone_of_the_page() -> None:
    assert translator("en", "Asia/Shanghai").time(NOON) == "12:05"
    assert translator("en", "UTC").time(NOON) == "04:05"


def test_a_date_is_written_as_the_language_writes_it() -> None:
    assert translator("en").day(date(2026, 11, 24)) == "Tuesday, 24 November 2026"
    assert translator("zh-CN").day(date(2026, 11, 24)) == "2026年11月24日星期二"


def test_what_may_lie_far_back_is_told_with_its_year() -> None:
    assert translator("en", "Asia/Shanghai").dated(date(2024, 3, 1)) == "1 Mar 2024"
    assert translator("zh-CN", "Asia/Shanghai").dated_moment(NOON) == "2026年11月24日 12:05"


def test_an_instant_near_midnight_falls_on_the_local_day() -> None:
    late = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert "25" in translator("en", "Asia/Shanghai").short_day(late)
    assert "24" in translator("en", "UTC").short_day(late)


def test_a_wall_clock_time_for_scripts_carries_no_offset() -> None:
    assert translator("en", "Asia/Shanghai").local_iso(NOON) == "2026-11-24T12:05:00"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        translator("en").time(datetime(2026, 11, 24, 12, 0))  # noqa: DTZ001


def test_amounts_keep_their_minor_units() -> None:
    assert translator("zh-CN").money(123456, "CNY") == "¥1,234.56"
    assert translator("en").money(500, "JPY").endswith("500")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 min"), (3600, "1 h"), (4500, "1 h 15 min"), (3599, "1 h")]
)
def test_durations_round_to_minutes(seconds: int, words: str) -> None:
    assert translator("en").duration(seconds) == words


def test_plural_forms_follow_the_language() -> None:
    assert translator("en")("unit.visits", count=1) == "1 visit"
    assert translator("en")("unit.visits", count=2) == "2 visits"
    assert translator("zh-CN")("unit.visits", count=1) == "1 次外访"


def test_a_plural_text_without_a_count_is_an_error() -> None:
    with pytest.raises(MissingWording, match="count"):
        translator("en")("unit.visits")


@pytest.mark.parametrize(
    ("wanted", "accepted", "chosen"),
    [
        ("zh-CN", "en", "zh-CN"),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        (None, "en-US,en;q=0.9,zh;q=0.1", "en"),
        (None, "fr,de", "en"),
        ("xx", "", "en"),
        (None, "", "en"),
    ],
)
def test_the_language_is_the_wanted_one_else_the_first_accepted(
    wanted: str | None, accepted: str, chosen: str
) -> None:
    assert best_locale(wanted, accepted) == chosen
