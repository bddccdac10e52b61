"""Sample views of the page of conduct, in every state that shows other words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from api.pages import conduct_views, views
from api.pages.incident_words import incident_word
from api.wording import translator
from dispatch.fieldwork.review import Finding
from dispatch.model import FeedbackKind, Felt

NAMESPACE = UUID("6f1a3c1e-3f0b-4b5e-9b1f-2d9a51f0c005")
AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def an_id(name: object) -> UUID:
    return uuid5(NAMESPACE, str(name))


def said(kind: str, felt: str | None, locale: str) -> conduct_views.SaidView:
    return conduct_views.SaidView(
        visit_id=an_id("visit"),
        reference="7K2M9QXD",
        kind=kind,
        felt=felt,
        words=("他们很有礼貌。" if locale == "zh-CN" else "They were kind.") if felt else None,
        given_at=AT,
    )


def a_breach(locale: str, finding: Finding, **changes: Any) -> conduct_views.BreachView:
    zh = locale == "zh-CN"
    breach = conduct_views.BreachView(
        id=an_id(f"breach-{finding}"),
        word=incident_word(f"breach-{finding.replace('_', '-')}", translator(locale)),
        visit_id=an_id("visit"),
        reference="7K2M9QXD",
        lender_name="样例消费金融" if zh else "Sample Lending",
        responsible_name=None,
        opened_at=AT,
        closed_at=None,
        remedy=None,
        person_told_at=None,
        sent=(views.BranchChoice(an_id("agent"), "林悦" if zh else "Lin Yue"),),
    )
    return replace(breach, **changes)


def a_conduct(page: views.Page, branch: views.BranchChoice) -> conduct_views.ConductPage:
    locale, zh = page.locale, page.locale == "zh-CN"
    heard = (
        *(said(FeedbackKind.HOW_IT_WAS, felt, locale) for felt in Felt),
        said(FeedbackKind.CONTEST, None, locale),
    )
    return conduct_views.ConductPage(
        page=page,
        branch=branch,
        branches=(branch,),
        days=90,
        reviews=(
            conduct_views.ReviewView(
                visit_id=an_id("review-1"),
                reference="7K2M9QXD",
                service_on=date(2026, 11, 24),
                noted=(translator(locale)("care.alert.distress"),),
                said=heard[:1],
                is_drawn=False,
            ),
            conduct_views.ReviewView(an_id("review-2"), "7K2M9QXE", None, (), (), is_drawn=True),
        ),
        breaches=(
            *(a_breach(locale, finding) for finding in Finding if finding != "in_order"),
            a_breach(
                locale,
                Finding.IN_ORDER,
                closed_at=AT,
                person_told_at=AT,
                remedy="已道歉。" if zh else "We asked their pardon.",
                responsible_name="林悦" if zh else "Lin Yue",
            ),
            replace(
                a_breach(locale, Finding.IN_ORDER, closed_at=AT, reference=None),
                id=an_id("another"),
                lender_name=None,
                visit_id=None,
            ),
        ),
        said=heard,
        felt={"respected": 1, "mixed": 1, "not_respected": 1},
        findings=tuple(Finding),
        may_change=True,
        now_local="2026-11-24T09:00",
    )


def samples(page: views.Page, branch: views.BranchChoice) -> dict[str, tuple[str, Any]]:
    """Every state of the page, by a name for the test's report."""
    full = a_conduct(page, branch)
    return {
        "conduct": ("conduct.html", full),
        "conduct-read-only": ("conduct.html", replace(full, may_change=False)),
        "conduct-empty": (
            "conduct.html",
            replace(full, reviews=(), breaches=(), said=(), felt={}),
        ),
    }
