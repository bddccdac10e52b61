"""Sample views of the page of figures, with every word that it may say."""

from dataclasses import replace
from datetime import date
from typing import Any

from api.pages import figure_builder, figure_views, views
from api.pages.views import Sentence
from api.wording import translator
from dispatch.model import ReasonClass
from dispatch.reporting.figures import Advice, Figures, Segment

ON = date(2026, 11, 24)


def a_figures() -> Figures:
    return Figures(
        from_on=ON,
        to_on=ON,
        ended_well=5,
        ended_well_without_visit=3,
        contacts_per_ended_case=1.5,
        promises={"kept": 2, "broken": 1},
        visits_made=7,
        visits_broken_off=1,
        reported_same_day=8,
        waiting={"eligible": 3, "remote": 1},
        longest_wait_days={"eligible": 9, "remote": 1},
        portfolio={"M2": 3, "M7": 1},
        contacts={"phone": 4},
        confirmed=6,
        refusals_honoured=2,
        holds={"hardship": 1},
        complaints=1,
        incidents={"breach-pressure": 1},
        breaches=1,
        felt={"respected": 3},
        segments=tuple(
            Segment(
                bucket="M2",
                reason_class=reason,
                cases=2,
                visits=at,
                nobody_met=0,
                promises_kept=at,
                promises_broken=0,
                ended_well=at,
                advice=advice,
            )
            for at, (reason, advice) in enumerate(zip(ReasonClass, Advice, strict=True))
        ),
    )


def a_figures_page(page: views.Page, branch: views.BranchChoice) -> figure_views.FiguresPage:
    t = translator(page.locale, page.time_zone)
    parts = {
        name: figure_views.BreakdownView(
            name, (figure_views.CountView("1", 3, Sentence("figures.longest", {"count": 1})),)
        )
        for name in ("promises", "felt", "holds", "incidents", "waiting", "contacts", "portfolio")
    }
    return figure_views.FiguresPage(
        page=page,
        branch=branch,
        branches=(branch,),
        from_on=ON,
        to_on=ON,
        today_on=ON,
        results=figure_builder._results(a_figures()),
        treatment=figure_builder._treatment(a_figures(), branch.id),
        work=figure_builder._work(a_figures()),
        result_counts=(parts["promises"],),
        treatment_counts=(parts["felt"], parts["holds"], parts["incidents"]),
        work_counts=(parts["waiting"], parts["contacts"], parts["portfolio"]),
        advice=figure_builder._advice(a_figures(), t),
    )


def samples(page: views.Page, branch: views.BranchChoice) -> dict[str, tuple[str, Any]]:
    """Every state of the page, by a name for the test's report."""
    full = a_figures_page(page, branch)
    empty = figure_views.BreakdownView("holds", ())
    return {
        "figures": ("figures.html", full),
        "figures-empty": (
            "figures.html",
            replace(full, treatment_counts=(empty,), result_counts=(), advice=()),
        ),
    }
