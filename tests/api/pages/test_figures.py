"""The page of figures: the API's numbers in words, of a time that was asked for, and of nobody alone."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from api.pages.figure_builder import MOST_DAYS, period_of
from api.pages.incident_words import incident_word
from api.wording import LOCALES, translator
from dispatch.model import ContactAttempt, ContactChannel, ContactResult, Role
from tests.api.examples import Side, a_complaint, a_field_visit
from tests.api.pages.test_permissions import look, words
from tests.support.builders import NOW, a_case

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def page(world, role=Role.MANAGER, **query):
    return look(world, "/figures", role, branch=world.own.id, **query)


def numbers(html):
    """Return the tiles of a page by what they are called."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html, re.DOTALL)
    return {name: words(value).strip() for name, value in found}


def test_the_page_tells_what_the_api_tells(world):
    a_complaint(world, Side.OWN)
    with world.database.writing() as session:
        a_case(session, world.vault, world.own, world.lender)
    told = world.client.get(
        f"/v1/branches/{world.own.id}/figures",
        params={"from_on": "2026-02-01", "to_on": "2026-03-02"},
        headers=world.bearer(Role.MANAGER),
    ).json()
    html = page(world, from_on="2026-02-01", to_on="2026-03-02").text
    tiles = numbers(html)
    assert tiles["Complaints"] == str(told["complaints"]) == "1"
    assert tiles["Cases that ended well"] == str(told["ended_well"])
    assert tiles["Without any visit"] == f"{told['ended_well_without_visit']} of 0"
    assert tiles["Contacts for each of them"] == "—"
    contacts = re.search(r"<h3>Contacts.*?</table>", html, re.DOTALL)[0]
    rows = dict(re.findall(r'<th scope="row">([\w -]+).*?</th><td>(\d+)</td>', contacts))
    assert rows == {
        translator("en")(f"figures.channel.{name}"): str(count)
        for name, count in told["contacts"].items()
    }
    assert "e-mails" in rows or "calls" in rows


def test_only_what_lies_in_the_time_is_counted(world):
    with world.database.writing() as session:
        case = a_case(session, world.vault, world.own, world.lender, attempts=0)
        for days in (0, 5):
            session.add(
                ContactAttempt(
                    branch_id=case.branch_id,
                    lender_id=case.lender_id,
                    case_id=case.id,
                    person_id=case.person_id,
                    number=f"T-{days}",
                    channel=ContactChannel.LETTER,
                    result=ContactResult.NONE,
                    occurred_at=NOW - days * DAY,
                    recorded_at=NOW,
                )
            )
    last_days = {"from_on": TODAY - 2 * DAY, "to_on": TODAY}
    assert re.search(r"letters.*?<td>1</td>", page(world, **last_days).text, re.DOTALL)
    assert re.search(r"letters.*?<td>2</td>", page(world).text, re.DOTALL)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((None, None), (TODAY - 29 * DAY, TODAY)),
        ((None, TODAY - 9 * DAY), (TODAY - 38 * DAY, TODAY - 9 * DAY)),
        ((TODAY, TODAY - 9 * DAY), (TODAY - 9 * DAY, TODAY)),
        ((date(1970, 1, 1), TODAY), (TODAY - (MOST_DAYS - 1) * DAY, TODAY)),
    ],
    ids=["a month", "a month before", "the wrong way round", "too long"],
)
def test_which_time_is_looked_at(asked, given):
    assert period_of(*asked, today=TODAY) == given


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "yesterday"])
def test_a_day_out_of_reach_is_refused_with_a_page(world, day):
    answer = page(world, to_on=day)
    assert answer.status_code == 422
    assert "<h1" in answer.text


@pytest.mark.parametrize("locale", LOCALES)
def test_cases_are_told_by_age_and_reason_with_the_mildest_that_may_help(world, locale):
    with world.database.writing() as session:
        a_case(session, world.vault, world.own, world.lender)
    html, t = unescape(page(world, lang=locale).text), translator(locale)
    assert t("figures.advice.offer_relief_first") in html  # they lost their work
    assert f"{t('figures.bucket.M2')} · {t('figures.reason.cannot_pay')}" in html
    assert t("figures.stage.eligible") in html


def test_nothing_is_told_of_one_agent_or_of_money(world):
    a_field_visit(world, Side.OWN)
    with world.database.writing() as session:
        a_case(session, world.vault, world.own, world.lender)
    html = page(world).text
    assert not re.search(r"CNY|¥|Agent \d|amount", words(html))


def test_who_checks_on_the_branch_reads_it_and_agents_do_not(world):
    assert page(world, Role.AUDITOR).status_code == 200
    assert page(world, Role.AGENT).status_code == 403
    answer = look(world, "/figures", branch=world.foreign.id)
    assert answer.status_code == 404


def test_an_incident_is_called_by_its_finding_its_name_or_its_rule():
    t = translator("en")
    assert incident_word("distress", t) == t("care.alert.distress")
    assert incident_word("audit-visit-repeated", t) == t("fault.visit-repeated")
    assert incident_word("breach-record-not-true", t) == "The record is not true"
    assert incident_word("something-new", t) == "To look at: something-new"
