"""Sample views of the page of law, in every state that shows other words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from api.pages import law_views, views
from api.pages.law_builder import _GROUPS
from api.wording import translator
from dispatch.model import CalendarReason, ChangeState, HolidayClass
from dispatch.policy.pack import Mark
from dispatch.reporting.packs import STOPS, Concern

NAMESPACE = UUID("6f1a3c1e-3f0b-4b5e-9b1f-2d9a51f0c003")
AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
ON = date(2026, 11, 24)
FORCES = ("law", "standard", "self-regulation", "lender")
PARTS = (
    "value",
    "binds",
    "mark",
    "force",
    "instrument",
    "article",
    "url",
    "version",
    "review_on",
    "relaxable_by",
)


def an_id(name: object) -> UUID:
    return uuid5(NAMESPACE, str(name))


def a_pack(locale: str, **changes: Any) -> law_views.PackView:
    pack = law_views.PackView(
        id="own",
        version="2026.1",
        title="样例规则包" if locale == "zh-CN" else "Sample pack",
        jurisdiction="CN",
        valid_from=ON,
        valid_until=ON,
        review_on=ON,
        signed_by="林悦" if locale == "zh-CN" else "Lin Yue",
        signed_on=ON,
        is_own=True,
        is_beside=False,
        concerns=tuple(Concern),
        stops=STOPS,
        rules=20,
        unbinding=3,
        overdue=1,
    )
    return replace(pack, **changes)


def a_rule(at: int, locale: str) -> law_views.LawRule:
    t = translator(locale)
    return law_views.LawRule(
        rule=t("decision.rule.crew.min"),
        value="2",
        pack_id="own",
        instrument="样例文件" if locale == "zh-CN" else "An instrument",
        article="第二十二条" if locale == "zh-CN" else "Article 22",
        force=FORCES[at % len(FORCES)],
        mark=list(Mark)[at % len(Mark)],
        relaxable_by="court" if at % 2 else None,
        review_on=ON,
        is_overdue=at % 3 == 0,
    )


def a_change(state: ChangeState, locale: str, **changes: Any) -> law_views.ChangeView:
    word = "甲" if locale == "zh-CN" else "before"
    change = law_views.ChangeView(
        id=an_id(f"{state}-{changes}"),
        pack_id="own",
        version="2026.2",
        state=state,
        ground="主管机关要求。" if locale == "zh-CN" else "The authorities asked for it.",
        proposed_by="林悦" if locale == "zh-CN" else "Lin Yue",
        proposed_at=AT,
        decided_by=None,
        decided_at=None if state is ChangeState.PROPOSED else AT,
        differences=(
            law_views.DifferenceView(
                rule=translator(locale)("decision.rule.crew.min"),
                product="microfinance",
                parts=tuple(law_views.ChangedPart(one, word, word) for one in PARTS),
                is_switched_on=True,
            ),
        ),
        is_own=False,
        is_in_force=False,
    )
    return replace(change, **changes)


def a_calendar(locale: str) -> law_views.CalendarView:
    zh = locale == "zh-CN"
    return law_views.CalendarView(
        country="CN",
        ahead_days=90,
        runs=tuple(
            law_views.RunView(ON, date(2026, 11, 24 + at), word)
            for at, word in enumerate(("holiday", "makeup", "unknown"))
        ),
        lines=tuple(
            law_views.HolidayView(
                id=an_id(f"line-{kind}"),
                day_on=ON,
                name="集市" if zh else "Fair",
                kind=kind,
                set_by=None,
                set_at=AT if kind != HolidayClass.PUBLIC else None,
                reason="custom",
            )
            for kind in HolidayClass
        )
        + tuple(
            law_views.HolidayView(
                an_id(f"later-{at}"), ON, "集市" if zh else "Fair", "festival", None, None, None
            )
            for at in range(5)
        ),
        removed=(law_views.RemovedView(ON, "林悦" if zh else "Lin Yue", AT, "mistake"),),
        kinds=tuple(HolidayClass),
        reasons=tuple(CalendarReason),
    )


def a_law(page: views.Page, branch: views.BranchChoice) -> law_views.LawPage:
    locale = page.locale
    return law_views.LawPage(
        page=page,
        branch=branch,
        branches=(branch,),
        today_on=ON,
        packs=(
            a_pack(locale),
            a_pack(
                locale,
                concerns=(),
                stops=frozenset(),
                jurisdiction="*",
                valid_until=None,
                signed_by=None,
                signed_on=None,
                is_own=False,
                is_beside=True,
                unbinding=0,
                overdue=0,
            ),
        ),
        groups=tuple(
            law_views.LawGroup(name, tuple(a_rule(at + number, locale) for at in range(3)))
            for number, name in enumerate(_GROUPS)
        ),
        open_changes=(
            a_change(ChangeState.PROPOSED, locale),
            a_change(ChangeState.PROPOSED, locale, is_own=True, differences=()),
        ),
        past_changes=(
            a_change(ChangeState.ADOPTED, locale, is_in_force=True),
            a_change(ChangeState.ADOPTED, locale),
            a_change(ChangeState.REFUSED, locale, proposed_by=None),
        ),
        calendar=a_calendar(locale),
        may_change=True,
        text="id: own\n",
    )


def samples(page: views.Page, branch: views.BranchChoice) -> dict[str, tuple[str, Any]]:
    """Every state of the page, by a name for the test's report."""
    full = a_law(page, branch)
    return {
        "law": ("law.html", full),
        "law-refused": ("law.html", replace(full, faults=("One.", "Two."), ground="x")),
        "law-read-only": ("law.html", replace(full, may_change=False)),
        "law-unreadable": (
            "law.html",
            replace(
                full,
                packs=(),
                groups=(),
                open_changes=(),
                past_changes=(),
                faults=("values: nothing is there.",),
                calendar=replace(full.calendar, runs=(), lines=(), removed=(), country=None),
            ),
        ),
    }
