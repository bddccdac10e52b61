"""The table of holidays on the page of law: set and taken out with a reason, and told with who did."""

import re
from datetime import date, timedelta

import pytest

from api.wording import LOCALES, translator
from dispatch.clock import local_date
from dispatch.model import Branch, Evidence, Holiday, HolidayClass, Role
from dispatch.policy.facts import DayClass
from dispatch.reporting.calendar import calendar_seen
from dispatch.store import days, law, listing
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from tests.api.pages.test_law import page, send
from tests.api.pages.test_permissions import said, words
from tests.support.builders import NOW

FAIR = date(2026, 3, 17)


def lines(world):
    with world.database.reading() as session:
        return listing.holidays(session, world.own.id, limit=99)


def set_line(world, role=Role.MANAGER, **changes):
    form = {"day_on": FAIR, "name": "Lantern fair", "kind": "festival", "reason": "custom"}
    return send(world, "/law/holidays", role, **{**form, **changes})


def acts(world, line_id) -> list[Evidence]:
    with world.database.reading() as session:
        return law.acts_on(session, {line_id})[line_id]


def seen(world, now=NOW):
    with world.database.reading() as session:
        branch = get_any(session, Branch, world.own.id)
        return calendar_seen(session, branch, scope=Scope.of({branch.id}), now=now)


def test_a_line_closes_the_day_and_is_told_with_who_set_it_and_why(world):
    assert "in the branch&#39;s calendar" in said(world, set_line(world))
    (line,) = lines(world)
    assert (line.day_on, line.kind) == (FAIR, HolidayClass.FESTIVAL)
    assert acts(world, line.id)[0].facts["reason"] == "custom"
    told = words(page(world).text)
    manager = world.account(Role.MANAGER).name
    assert "Tuesday, 17 March 2026 · Lantern fair festival" in told
    assert f"Set by {manager}, 2 Mar 2026 09:00 · People in the region keep the day" in told
    assert "Tue 17 Mar · no visits" in told
    with world.database.reading() as session:
        branch = get_any(session, Branch, world.own.id)
        found = days.calendar_of(session, branch, from_on=FAIR, to_on=FAIR)
    assert found.day_class(FAIR) is DayClass.HOLIDAY


def test_a_line_that_is_taken_out_stays_told_with_who_did_and_why(world):
    set_line(world)
    (line,) = lines(world)
    answer = send(world, "/law/holidays/removal", holiday=line.id, reason="mistake")
    assert "taken out" in said(world, answer)
    assert lines(world) == []
    told = words(page(world).text)
    assert "Lantern fair" not in told
    assert "Tuesday, 17 March 2026 · It was a mistake Taken out by" in told
    assert acts(world, line.id)[-1].facts == {
        "day_on": "2026-03-17",
        "reason": "mistake",
        "was": "festival",
    }


def test_a_second_line_for_a_day_replaces_the_first(world):
    set_line(world)
    set_line(world, kind="public_holiday", name="Storm", reason="emergency")
    (line,) = lines(world)
    assert (line.name, line.kind) == ("Storm", HolidayClass.PUBLIC)
    assert "An emergency" in page(world).text


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"reason": "because she wished it"},
        {"kind": "workday"},
        {"day_on": "9999-12-31"},
        {"day_on": "2026-02-30"},
        {"name": ""},
    ],
)
def test_a_line_without_a_reason_of_the_list_or_a_day_is_refused_in_place(world, changes):
    assert "Nothing was changed." in said(world, set_line(world, **changes))
    assert lines(world) == []


def test_lines_of_another_branch_are_left_alone(world):
    assert set_line(world, branch=world.foreign.id).status_code == 404
    with world.database.writing() as session:
        line = Holiday(
            branch_id=world.foreign.id, day_on=FAIR, name="Fair", kind=HolidayClass.FESTIVAL
        )
        session.add(line)
    answer = send(world, "/law/holidays/removal", holiday=line.id, reason="mistake")
    assert answer.status_code == 404
    with world.database.reading() as session:
        assert session.get(Holiday, line.id) is not None
    assert "Tuesday, 17 March 2026" not in page(world).text


def test_who_may_only_read_is_offered_no_form(world):
    set_line(world)
    html = page(world, Role.AUDITOR).text
    assert "Lantern fair" in html
    assert "/law/holidays" not in html
    assert set_line(world, Role.AUDITOR).status_code == 403


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_told_in_both_languages(world, locale):
    set_line(world)
    html, t = page(world, lang=locale).text, translator(locale)
    for key in ("calendar", "kind.festival", "why.custom", "day.holiday"):
        assert t(f"law.{key}") in html
    assert t.day(FAIR) in html


# --- what lies ahead ----------------------------------------------------------------------------


def test_days_alike_in_a_row_are_told_together_and_ordinary_ones_not(world):
    for offset in range(3):
        set_line(world, day_on=FAIR + timedelta(days=offset))
    told = [(one.first_on, one.last_on, one.day_class) for one in seen(world).runs]
    assert (FAIR, FAIR + timedelta(days=2), DayClass.HOLIDAY) in told
    assert not {DayClass.WORKDAY, DayClass.REST} & {word for _, _, word in told}


def test_dates_for_which_nobody_vouches_are_told(world):
    late = NOW.replace(month=11)  # China announces the days off of the year after in autumn
    last = seen(world, late).runs[-1]
    assert last.day_class is None
    assert (last.first_on, last.last_on) == (date(2027, 1, 1), date(2027, 1, 31))


def test_lines_that_are_past_are_not_told(world):
    set_line(world, day_on="2026-03-01")
    set_line(world, day_on=local_date("Asia/Shanghai", NOW), name="Today")
    assert [one.name for one in seen(world).lines] == ["Today"]


def test_lines_from_a_file_say_so(world):
    with world.database.writing() as session:
        session.add(
            Holiday(branch_id=world.own.id, day_on=FAIR, name="Fair", kind=HolidayClass.PUBLIC)
        )
    html = page(world).text
    assert re.search(r"Fair.*From a file", words(html))


def test_the_api_keeps_the_reason_too(world):
    path = f"/v1/branches/{world.own.id}/holidays/{FAIR}"
    headers = world.bearer(Role.MANAGER)
    body = {"name": "Fair", "kind": "festival", "reason": "announced"}
    assert world.client.put(path, json=body, headers=headers).status_code == 200
    (line,) = lines(world)
    world.client.delete(path, params={"reason": "changed"}, headers=headers)
    assert [one.facts["reason"] for one in acts(world, line.id)] == ["announced", "changed"]
