"""Figures of a branch as a page: what came of the work, and how people were treated."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from api.deps import Me, Now, Read
from api.pages.day_builder import chosen_branch
from api.pages.figure_builder import figures_page
from api.pages.page import page_of, shown
from api.router import router
from api.schemas.schema import Day

routes = router("/figures", is_page=True)


@routes.get("")
def show_figures(
    request: Request,
    session: Read,
    me: Me,
    now: Now,
    branch: UUID | None = None,
    from_on: Day | None = None,
    to_on: Day | None = None,
) -> Response:
    """Return a branch's figures between two local dates, both included; none of one agent."""
    chosen = chosen_branch(session, me, branch)
    page = page_of(request, me, time_zone=chosen.time_zone)
    asked = (from_on, to_on)
    view = figures_page(session, me=me, branch=chosen, page=page, asked=asked, now=now)
    return shown("figures.html", view)
