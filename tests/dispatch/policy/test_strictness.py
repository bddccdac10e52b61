"""Strictness: an intersection is never wider than either side, whatever two packs say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import DayClass
from dispatch.policy.pack import effective, load_pack, shipped_packs, strictest
from dispatch.policy.parameters import PARAMETERS
from dispatch.policy.wall import DAY_KEYS, parse_week, to_text
from dispatch.policy.windows import Interval, legal_windows, meet

spans = st.builds(
    lambda first, length: (first * 15, min(first * 15 + length * 15, 24 * 60)),
    st.integers(0, 95),
    st.integers(1, 96),
)
days = st.lists(spans, max_size=2).map(lambda found: to_text(sorted(found)))
weeks = st.fixed_dictionaries(dict.fromkeys(DAY_KEYS, days))
names = st.lists(st.sampled_from("abcde"), unique=True)
caps = st.lists(
    st.builds(
        lambda scope, number, span: {"scope": scope, "visits": number, "days": span},
        st.sampled_from(["person", "case"]),
        st.integers(0, 5),
        st.sampled_from([7, 30, None]),
    ),
    min_size=1,
    max_size=3,
)
places = st.dictionaries(
    st.sampled_from(["residence", "workplace", "school"]),
    st.sampled_from(["with_notice", "only_if_chosen", "never"]),
    min_size=1,
)
OF: dict[str, Any] = {
    "visit.windows.residence": weeks,
    "notice.min_hours": st.integers(0, 400),
    "visit.max_stay_minutes": st.integers(0, 400),
    "notice.must_be_delivered": st.booleans(),
    "notice.no_reply": st.sampled_from(["proceed_once_as_announced", "no_visit"]),
    "holds.kinds": names,
    "eligibility.ability": names,
    "notice.reminder_hours": st.lists(st.integers(1, 96), max_size=4, unique=True),
    "visit.caps": caps,
    "visit.places": places,
    "contact.caps": st.lists(
        st.builds(
            lambda scope, of, most, span: {"scope": scope, "of": of, "most": most, "days": span},
            st.sampled_from(["person", "case"]),
            st.sampled_from(["all", "calls"]),
            st.integers(0, 5),
            st.sampled_from([1, 7]),
        ),
        max_size=3,
    ),
}
two_of_one = st.sampled_from(sorted(OF)).flatmap(
    lambda name: st.tuples(st.just(name), OF[name], OF[name], OF[name])
)


def plain(name: str, said: Any) -> Any:
    """What a value permits, whatever order and spelling it is written in."""
    said = PARAMETERS[name](said, said)
    if isinstance(said, list):
        return sorted(map(repr, said))
    return parse_week(said) if ".windows" in name else said


@given(two_of_one)
def test_order_and_repetition_make_no_difference(case: tuple[str, Any, Any, Any]) -> None:
    name, one, two, three = case
    stricter = PARAMETERS[name]

    assert plain(name, stricter(one, one)) == plain(name, one)
    assert plain(name, stricter(one, two)) == plain(name, stricter(two, one))
    assert plain(name, stricter(stricter(one, two), three)) == plain(
        name, stricter(one, stricter(two, three))
    )
    assert plain(name, stricter(stricter(one, two), two)) == plain(name, stricter(one, two))


@given(weeks, weeks)
def test_hours_are_never_wider_than_either(one: Any, two: Any) -> None:
    def open_minutes(week: Any, key: str) -> set[int]:
        return {minute for a, b in parse_week(week)[key] for minute in range(a, b, 15)}

    both = PARAMETERS["visit.windows.residence"](one, two)

    for key in DAY_KEYS:
        assert open_minutes(both, key) == open_minutes(one, key) & open_minutes(two, key)


@given(st.sampled_from(shipped_packs()), st.sampled_from(sorted(PARAMETERS)))
def test_no_pack_widens_the_baseline(pack_id: str, name: str) -> None:
    pack, baseline = load_pack(pack_id), load_pack("baseline")
    law = effective(pack)

    for side in (pack, baseline):
        value = side.values.get(name)
        if value is None or not value.is_in_force:
            continue
        merged = strictest(name, [law.values[name], value])
        assert merged is not None
        assert plain(name, merged.raw) == plain(name, law[name])


@given(
    st.lists(
        st.sampled_from(["Asia/Tokyo", "Asia/Kolkata", "America/Los_Angeles", "Europe/Berlin"]),
        min_size=1,
        max_size=4,
    ),
    st.dates(date(2026, 1, 2), date(2026, 12, 20)),
)
def test_over_all_plausible_zones_the_time_is_that_of_each(zones: list[str], on: date) -> None:
    law = effective(load_pack("us"))
    calendar = Calendar({on + timedelta(days=n): DayClass.WORKDAY for n in range(-2, 3)})

    def hours(zone: str) -> tuple[Interval, ...]:
        return tuple(
            window
            for day in calendar.days
            for window in legal_windows(
                law, activity="call", time_zone=zone, on=day, calendar=calendar
            )
        )

    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    common = (Interval(noon - timedelta(days=1), noon + timedelta(days=1)),)
    for zone in zones:
        common = meet(common, hours(zone))

    for window in common:
        for zone in zones:
            assert any(one.holds(window.from_at, window.until_at) for one in hours(zone))
