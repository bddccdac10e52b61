"""Fills the page of figures from the branch's figures: what came of it, and how people were treated."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from api.pages.figure_views import (
    AdviceView,
    BreakdownView,
    CountView,
    FiguresPage,
    SegmentView,
    TileView,
)
from api.pages.incident_words import incident_word
from api.pages.views import BranchChoice, Page, Sentence
from api.wording import Translator, translator
from dispatch.access.identity import Identity
from dispatch.clock import local_date
from dispatch.model import Branch, Stage
from dispatch.reporting.figures import Advice, Figures, Segment, figures
from dispatch.store import branches

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 366
"""Longest time in one look: older rows are read from the log."""

_DAY: Final = timedelta(days=1)


def period_of(from_on: date | None, to_on: date | None, *, today: date) -> tuple[date, date]:
    """Return first and last date of what was asked for: the last month unless said, a year at most."""
    last = to_on or today
    first = from_on or last - (USUAL_DAYS - 1) * _DAY
    first, last = min(first, last), max(first, last)
    return max(first, last - (MOST_DAYS - 1) * _DAY), last


def figures_page(
    session: Session,
    *,
    me: Identity,
    branch: Branch,
    page: Page,
    asked: tuple[date | None, date | None],
    now: datetime,
) -> FiguresPage:
    """Return the page of a branch's figures."""
    today = local_date(branch.time_zone, now)
    from_on, to_on = period_of(*asked, today=today)
    found = figures(session, branch, from_on=from_on, to_on=to_on, now=now)
    t = translator(page.locale, branch.time_zone)
    return FiguresPage(
        page=page,
        branch=BranchChoice.of(branch, page.locale),
        branches=tuple(
            BranchChoice.of(one, page.locale)
            for one in branches.page(session, me.scope, limit=200)
        ),
        from_on=from_on,
        to_on=to_on,
        today_on=today,
        results=_results(found),
        treatment=_treatment(found, branch.id),
        work=_work(found),
        result_counts=(_by("promises", found.promises, _named("figures.promise", t)),),
        treatment_counts=(
            _by("felt", found.felt, _named("figures.felt", t)),
            _by("holds", found.holds, _named("care.hold", t)),
            _by("incidents", found.incidents, lambda kind: incident_word(kind, t)),
        ),
        work_counts=(
            _waiting(found, t),
            _by("contacts", found.contacts, _named("figures.channel", t)),
            _by("portfolio", found.portfolio, _named("figures.bucket", t)),
        ),
        advice=_advice(found, t),
    )


def _results(found: Figures) -> tuple[TileView, ...]:
    per_case = found.contacts_per_ended_case
    return (
        TileView("ended_well", str(found.ended_well)),
        TileView(
            "without_visit",
            str(found.ended_well_without_visit),
            Sentence("figures.of", {"count": found.ended_well}),
        ),
        TileView("contacts_per_case", "—" if per_case is None else f"{per_case:g}"),
    )


def _treatment(found: Figures, branch_id: UUID) -> tuple[TileView, ...]:
    return (
        TileView("confirmed", str(found.confirmed)),
        TileView("refusals", str(found.refusals_honoured)),
        TileView("complaints", str(found.complaints), href=f"/care?branch={branch_id}#complaints"),
        TileView("breaches", str(found.breaches), href=f"/conduct?branch={branch_id}#breaches"),
    )


def _work(found: Figures) -> tuple[TileView, ...]:
    reports = found.visits_made + found.visits_broken_off
    return (
        TileView("visits", str(found.visits_made)),
        TileView("broken_off", str(found.visits_broken_off)),
        TileView(
            "same_day",
            str(found.reported_same_day),
            Sentence("figures.of", {"count": reports}),
        ),
    )


def _waiting(found: Figures, t: Translator) -> BreakdownView:
    """Return the open cases by stage, each with how long the longest of them waits."""
    word = _named("figures.stage", t)
    return BreakdownView(
        "waiting",
        tuple(
            CountView(
                word(stage),
                count,
                Sentence("figures.longest", {"count": found.longest_wait_days[stage]}),
            )
            for stage in Stage
            if (count := found.waiting.get(stage))
        ),
    )


def _by(name: str, counts: Mapping[str, int], word: Callable[[str], str]) -> BreakdownView:
    return BreakdownView(name, tuple(CountView(word(one), n) for one, n in counts.items()))


def _named(section: str, t: Translator) -> Callable[[str], str]:
    return lambda code: t(f"{section}.{code}") if t.has(f"{section}.{code}") else code


def _advice(found: Figures, t: Translator) -> tuple[AdviceView, ...]:
    """Return the segments by what to try with them."""
    told = {
        advice: tuple(_segment(one, t) for one in found.segments if one.advice is advice)
        for advice in Advice
    }
    return tuple(AdviceView(advice, segments) for advice, segments in told.items() if segments)


def _segment(one: Segment, t: Translator) -> SegmentView:
    return SegmentView(
        bucket=t(f"figures.bucket.{one.bucket}"),
        reason=t(f"figures.reason.{one.reason_class}"),
        cases=one.cases,
        visits=one.visits,
        nobody_met=one.nobody_met,
        promises_kept=one.promises_kept,
        promises_broken=one.promises_broken,
        ended_well=one.ended_well,
    )
