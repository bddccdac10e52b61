"""Contradictions: a pack that leaves no lawful visit is refused, with every problem named."""

from datetime import date

import pytest

from dispatch.errors import PackRefused
from dispatch.policy.contradictions import contradictions
from dispatch.policy.lint import lint
from dispatch.policy.pack import load_pack, read_pack, shipped_packs
from dispatch.policy.usable import ensure_usable
from dispatch.settings import Environment
from tests.dispatch.policy.test_pack import HEAD, ON, entry, own

NIGHT = '{mon-sun: ["20:00-23:00"], public_holiday: []}'


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_no_shipped_pack_contradicts_itself(pack_id: str) -> None:
    assert contradictions(load_pack(pack_id)) == ()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("visit.windows.residence", NIGHT, "No hour of the week is left for a visit (residence)"),
        ("message.windows", NIGHT, "to send a notice"),
        ("visit.margin_minutes", "300", "margins take all that is left (residence)"),
        ("visit.places", "{residence: never, workplace: never, other: never}", "No kind of place"),
        ("notice.min_hours", "336", "too old before its lead time"),
        ("eligibility.ability", "[partial]", "No assessed ability"),
        ("visit.caps", "[{scope: person, visits: 0, days: 7}]", "permits no visit"),
        ("contact.caps", "[{scope: case, of: all, most: 0, days: 7}]", "permits no contact"),
    ],
)
def test_names(name: str, value: str, says: str) -> None:
    found = contradictions(own(entry(name, value)))

    assert any(says in one.cause and name in one.parameters for one in found)
    assert any(says in issue.cause for issue in lint(HEAD + entry(name, value), on=ON))


def test_every_problem_is_named_when_the_pack_is_refused() -> None:
    pack = own(entry("visit.windows.residence", NIGHT), entry("notice.min_hours", "400"))

    with pytest.raises(PackRefused, match=r"residence.*too old"):
        ensure_usable(pack, Environment.DEVELOPMENT, ON)


def test_a_place_that_is_never_visited_needs_no_hours() -> None:
    pack = own(
        entry("visit.windows.workplace", NIGHT),
        entry("visit.places", "{residence: with_notice, workplace: never, other: never}"),
    )

    assert contradictions(pack) == ()


def test_dates_and_calendar_may_contradict_too() -> None:
    head = HEAD.replace('review_on: "2027-01-01"\nsigned', 'review_on: "2025-01-01"\nsigned')
    head = head.replace("calendar: CN", "calendar: US-CA").replace(
        "valid_until: null", 'valid_until: "2025-12-31"'
    )

    causes = " ".join(
        one.cause for one in contradictions(read_pack(head + entry("crew.min", "2")))
    )

    assert "ends before it begins" in causes
    assert "due for review before" in causes
    assert "another country's" in causes


def test_a_class_of_products_is_held_against_the_rest() -> None:
    text = (
        HEAD
        + entry("crew.min", "2")
        + f"classes:\n  card:\n  {entry('message.windows', NIGHT)}".replace("\n    ", "\n      ")
    )

    (found,) = contradictions(read_pack(text))

    assert found.cause.startswith("For card: ")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (', mark: F2, switch: {by: Someone, on: "2026-01-01"}', "has a switch"),
        (', mark: K, switch: {by: Someone, on: "2026-11-27"}', "from 2026-11-27 only"),
    ],
)
def test_lint_looks_at_switches(more: str, says: str) -> None:
    issues = lint(HEAD + entry("crew.min", "2", more), on=ON)

    assert any(says in issue.cause for issue in issues)


def test_what_was_not_found_can_not_be_switched_on() -> None:
    more = ', mark: N, switch: {by: Someone, on: "2026-01-01"}'

    issues = lint(HEAD + entry("crew.min", "null", more), on=ON)

    assert any("not found is switched on" in issue.cause for issue in issues)


def test_a_switch_of_the_future_stops_planning_until_then() -> None:
    pack = own(entry("crew.min", "3", ', mark: K, switch: {by: Someone, on: "2026-11-27"}'))

    with pytest.raises(PackRefused, match="2026-11-27"):
        ensure_usable(pack, Environment.DEVELOPMENT, ON)
    ensure_usable(pack, Environment.DEVELOPMENT, date(2026, 11, 27))
