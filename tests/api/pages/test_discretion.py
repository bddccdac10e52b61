"""Nothing that a third party could see speaks of a debt; amounts wait for identity."""

import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest

from api.pages import agent_views, views
from api.pages.rendering import render
from api.wording import LOCALES

DEBT_WORDS = re.compile(
    r"\b(debt|loan|lender|overdue|collect\w*|repay\w*|payment|owe[ds]?|arrears|credit|borrow\w*|"
    r"money|amount|visits?)\b|贷|债|欠|逾期|催|还款|还钱|金额|借|外访|上门|信用",
    re.IGNORECASE,
)
Pages = Callable[[str], dict[str, tuple[str, Any]]]

pytestmark = pytest.mark.parametrize("locale", LOCALES)


def visible(html: str) -> str:
    """The words of a page, those for the tab and for screen readers too, without addresses."""
    labels = " ".join(re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', html))
    spoken = re.sub(r"<script.*?</script>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", spoken) + labels


@pytest.mark.parametrize("state", ["open", "wrong", "locked", "closed"])
def test_the_page_behind_the_link_reveals_nothing(pages: Pages, locale: str, state: str) -> None:
    html = render(*pages(locale)[f"landing-{state}"])
    assert DEBT_WORDS.search(visible(html)) is None
    for secret in ("Sample Lending", "样例消费金融", "林悦", "Lin Yue", "482", "913", "7K02QX4N"):
        assert secret not in html


def test_the_product_is_not_named_to_whoever_looks_over_a_shoulder(
    pages: Pages, locale: str
) -> None:
    for name, (template, view) in pages(locale).items():
        if template.startswith("borrower/"):
            assert "Fairvisit" not in render(template, view), name


def test_the_borrowers_pages_run_no_script_and_stay_out_of_indexes(
    pages: Pages, locale: str
) -> None:
    for name, (template, view) in pages(locale).items():
        if template.startswith("borrower/"):
            html = render(template, view)
            assert "<script" not in html, name
            assert 'name="robots" content="noindex' in html, name
            assert 'name="referrer" content="no-referrer"' in html, name


def test_the_title_of_a_borrowers_page_is_neutral(pages: Pages, locale: str) -> None:
    for name, (template, view) in pages(locale).items():
        if template == "borrower/appointment.html":
            title = re.search(r"<title>(.*?)</title>", render(template, view))
            assert title, name
            assert DEBT_WORDS.search(title[1]) is None, name


def test_an_itinerary_holds_no_amount(pages: Pages, locale: str) -> None:
    assert not [
        f.name
        for f in fields(agent_views.ItineraryStop)
        if "amount" in f.name or "minor" in f.name
    ]
    html = render(*pages(locale)["today"])
    assert not re.search(r"[¥$€]|CNY|金额|\bamount", visible(html))
    for name in ("样例女士", "Ms Sample"):
        assert name not in html  # the list goes by place, not by name


def test_the_managers_board_shows_no_person_and_no_address(pages: Pages, locale: str) -> None:
    shown = {f.name for f in fields(views.StopView)} | {f.name for f in fields(views.ApprovalView)}
    assert not shown & {"name", "person_name", "address", "phone", "amount"}


def test_amounts_are_hidden_until_identity_is_recorded(pages: Pages, locale: str) -> None:
    html = render(*pages(locale)["visit"])
    assert re.search(r'<div class="amounts" id="amounts" hidden>', html)
    assert html.index('data-check-in="identity"') < html.index('id="amounts"')


def test_only_the_answers_open_now_are_offered(pages: Pages, locale: str) -> None:
    html = render(*pages(locale)["appointment-held"])
    offered = set(re.findall(r'name="reply" value="(\w+)"', html))
    assert offered == {"complain", "stop"}
    assert set(re.findall(r'name="reply" value="(\w+)"', render(*pages(locale)["appointment"]))) == {
        "confirm", "move", "refuse", "hardship", "dispute", "complain", "stop",
    }  # fmt: skip


@pytest.mark.parametrize("faults", [True, False])
def test_publishing_is_open_only_when_the_release_audit_is_clean(
    pages: Pages, locale: str, faults: bool
) -> None:
    html = render(*pages(locale)["day" if faults else "day-ready"])
    form = re.search(r'<form method="post" action="/day/publication".*?</form>', html, re.DOTALL)
    assert form
    button = re.search(r'<button type="submit"[^>]*>', form[0])
    assert button
    assert ("disabled" in button[0]) is faults
    assert ('name="decision"' in form[0]) is faults  # the sample with faults is also incomplete


def test_who_sends_the_crew_and_why_is_hidden_until_identity_is_recorded(
    pages: Pages, locale: str
) -> None:
    html = render(*pages(locale)["visit"])
    after = html.index("data-after-identity hidden")
    assert html.index('data-check-in="identity"') < after
    for secret in ("Sample Lending", "样例消费金融"):
        assert secret not in html[:after]
    spoken = re.findall(r"<q[^>]*>(.*?)</q>", html[:after])
    assert len(spoken) >= 3
    assert not any(DEBT_WORDS.search(said) for said in spoken)
