"""Risk flags at the manager's desk: those that stand, one to be set, one to be lifted."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.deps import HouseDep, Me, Now, Write
from api.law import law_of
from api.pages.care_views import RiskView
from api.pages.page import back_to
from api.pages.views import Sentence
from api.router import router
from dispatch.access.identity import Identity
from dispatch.care.risks import lift_flag, set_flag
from dispatch.errors import NotFound
from dispatch.model import Branch, RiskFlag, RiskKind, RiskLifted
from dispatch.store import listing, risks
from dispatch.store.rows import get

routes = router("/care/risks", is_page=True)

MOST = 100
"""Cards in the section; dealing with the first ones brings the next."""


@routes.post("")
def set_risk_at_desk(
    request: Request,
    branch: Annotated[UUID, Form()],
    reference: Annotated[str, Form(max_length=20)],
    kind: Annotated[RiskKind, Form()],
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> Response:
    """Put a flag on the place of a case, named by its reference."""
    chosen = get(session, Branch, branch, me.scope)
    found = listing.cases(
        session, me.scope, branch_id=chosen.id, reference=reference.strip().upper(), limit=1
    )
    if not found:
        msg = "There is no case with this reference at the branch; look at it once more."
        raise NotFound(msg)
    set_flag(session, case=found[0], kind=kind, law=law_of(house, chosen), actor=me.actor, now=now)
    return _back(request, chosen.id)


@routes.post("/lifting")
def lift_risk_at_desk(
    request: Request,
    flag: Annotated[UUID, Form()],
    because: Annotated[RiskLifted, Form()],
    session: Write,
    me: Me,
    now: Now,
) -> Response:
    """Lift a flag, with a reason of the list."""
    row = get(session, RiskFlag, flag, me.scope, lock=True)
    lift_flag(session, flag=row, because=because, actor=me.actor, now=now)
    return _back(request, row.branch_id)


def risk_views(
    session: Session, me: Identity, branch: Branch, *, today: date
) -> tuple[RiskView, ...]:
    """Return the flags that stand at a branch, those due for a look first."""
    found = risks.standing(session, me.scope, branch_id=branch.id, limit=MOST)
    cases = risks.cases_at(session, me.scope, {one.place_id for one in found})
    return tuple(
        RiskView(
            id=one.id,
            kind=one.kind,
            references=tuple(case.reference for case in cases.get(one.place_id, ())),
            set_at=one.set_at,
            is_reported=one.source_id is not None,
            review_on=one.review_on,
            is_due=one.review_on <= today,
        )
        for one in found
    )


def _back(request: Request, branch_id: UUID) -> Response:
    return back_to(request, "/care", Sentence("flash.care_saved"), branch=branch_id)
