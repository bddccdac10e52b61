"""Figures: what came of the work, and how people were treated."""

from datetime import date
from uuid import UUID

from api.deps import Me, Now, Read
from api.problems import problems
from api.router import router
from api.schemas.figures import FiguresOut
from dispatch.errors import Invalid
from dispatch.model import Branch
from dispatch.reporting.figures import figures
from dispatch.store.rows import get

routes = router("branches", tag="figures")


@routes.get("/{branch_id}/figures", responses=problems(404))
def read_figures(
    branch_id: UUID, from_on: date, to_on: date, session: Read, me: Me, now: Now
) -> FiguresOut:
    """Return a branch's figures between two local dates, both included; none per agent."""
    branch = get(session, Branch, branch_id, me.scope)
    if from_on > to_on:
        msg = "The first date is after the last; swap them."
        raise Invalid(msg, [{"pointer": "/query/from_on", "message": msg}])
    return FiguresOut.model_validate(
        figures(session, branch, from_on=from_on, to_on=to_on, now=now)
    )
