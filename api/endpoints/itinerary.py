"""The agent's own day, and what is owed once the person's identity is known."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from api.deps import HouseDep, Me, Now, Read, SeenDep, VaultDep, Write
from api.etags import tagged
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.care import TimerOut, TimersOut
from api.schemas.field import ItineraryOut, StatementItemOut, StatementOut
from dispatch.care.watch import timers_of_agent
from dispatch.errors import NotFound
from dispatch.fieldwork.itinerary import cases_of, itinerary
from dispatch.fieldwork.statement import statement
from dispatch.model import Account, Agent, Branch, Visit
from dispatch.store.rows import find, get, get_any

routes = router("me", tag="field")
of_visits = router("visits", tag="field")


@routes.get("/itinerary", response_model=ItineraryOut, responses=problems(404))
def read_my_itinerary(
    request: Request,
    session: Read,
    me: Me,
    vault: VaultDep,
    seen: SeenDep,
    now: Now,
    on: Annotated[date | None, Query(alias="date", description="Today by default.")] = None,
) -> Response:
    """Return the agent's own published route of a day, with what has happened; never an amount."""
    if me.agent_id is None:
        msg = "Your account belongs to no agent, so there is no itinerary."
        raise NotFound(msg)
    shown = itinerary(session, vault=vault, agent_id=me.agent_id, on=on, now=now)
    answer = tagged(request, ItineraryOut.model_validate(shown))
    return seen.delivered(answer, *cases_of(session, shown))


@routes.get("/timers", responses=problems(404))
def read_my_timers(session: Read, me: Me, house: HouseDep) -> TimersOut:
    """Return by when the agent's crew is to be heard of; `safe` or any other check-in answers."""
    agent = find(session, Agent, me.agent_id) if me.agent_id else None
    if agent is None:
        msg = "Your account belongs to no agent, so there are no timers."
        raise NotFound(msg)
    branch = get_any(session, Branch, agent.branch_id)
    found = timers_of_agent(session, agent_id=agent.id, branch=branch, law=law_of(house, branch))
    return TimersOut(
        items=[
            TimerOut(visit_id=one.visit.id, heard_at=one.heard_at, due_at=one.due_at)
            for one in found
        ]
    )


@of_visits.get("/{visit_id}/statement", responses=problems(404, 409))
def read_statement(
    visit_id: UUID, response: Response, session: Write, me: Me, vault: VaultDep, now: Now
) -> StatementOut:
    """Return what is owed, after the person's identity was marked; each reading is on record."""
    response.headers["Cache-Control"] = "no-store"
    visit = get(session, Visit, visit_id, me.scope)
    account = get_any(session, Account, me.account_id)
    told = statement(session, vault=vault, visit=visit, account=account, now=now)
    items = [StatementItemOut(name=name, amount_minor=amount) for name, amount in told.items]
    return StatementOut(
        visit_id=visit.id, currency=told.currency, items=items, total_minor=told.total
    )
