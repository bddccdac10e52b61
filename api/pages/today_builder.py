"""Fills the agent's pages from the itinerary: crew, stops, how far each has come."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from fastapi import Request
from sqlmodel import Session

from api.pages.agent_views import CrewView, HelpLines, ItineraryStop, TodayPage, VisitPage
from api.pages.day_routes import crew_label, standing_of, without_city
from api.pages.decision import decided_in_short
from api.pages.page import page_of
from api.pages.views import Page, Sentence
from api.wording import Translator
from dispatch.access.identity import Identity
from dispatch.clock import local_date
from dispatch.errors import NotFound
from dispatch.fieldwork import itinerary as field
from dispatch.fieldwork.itinerary import CrewOfDay, Itinerary
from dispatch.fieldwork.statement import Statement
from dispatch.ids import new_id
from dispatch.model import Agent, Branch, Case, Visit
from dispatch.store.itineraries import next_date_of_agent
from dispatch.store.rows import get_any
from dispatch.vault import Vault

_EMERGENCY: Final = {"CN": "110", "AU": "000", "GB": "999", "US": "911"}
_ANYWHERE: Final = "112"
"""The emergency number that mobile networks know everywhere."""


def own_day(
    session: Session, *, vault: Vault, me: Identity, on: date | None, now: datetime
) -> Itinerary:
    """Return the agent's day: the one asked for, else today, else the next with visits.

    Raises
    ------
    NotFound
        If the account belongs to no agent.
    """
    if me.agent_id is None:
        msg = "Your account belongs to no agent, so there is no itinerary."
        raise NotFound(msg)
    day = field.itinerary(session, vault=vault, agent_id=me.agent_id, on=on, now=now)
    if on is not None or day.stops:
        return day
    ahead = next_date_of_agent(session, me.agent_id, after=day.service_date)
    if ahead is None:
        return day
    return field.itinerary(session, vault=vault, agent_id=me.agent_id, on=ahead, now=now)


def today_page(
    session: Session, me: Identity, day: Itinerary, page: Page, *, now: datetime
) -> TodayPage:
    """Return the list of a day's visits."""
    return TodayPage(
        page=page,
        service_on=day.service_date,
        crew=_crew(day.crew) if day.crew else None,
        stops=tuple(_stop(stop) for stop in day.stops),
        help_lines=_help_lines(session, me),
        is_today=day.service_date == local_date(day.time_zone, now),
    )


def visit_page(
    session: Session,
    *,
    request: Request,
    vault: Vault,
    me: Identity,
    visit_id: UUID,
    now: datetime,
) -> tuple[VisitPage, Case]:
    """Return one visit, and the case that it tells of.

    Raises
    ------
    NotFound
        If it is on no itinerary of the agent.
    """
    found = (
        field.own_visit(session, vault=vault, agent_id=me.agent_id, visit_id=visit_id, now=now)
        if me.agent_id
        else None
    )
    if found is None or found[0].crew is None:
        msg = "There is no such visit on your itineraries."
        raise NotFound(msg)
    day, stop = found
    assert day.crew is not None  # noqa: S101  seen above
    page = page_of(request, me, time_zone=day.time_zone)
    case = get_any(session, Case, stop.case_id)
    why = decided_in_short(session, get_any(session, Visit, visit_id))
    view = VisitPage(
        page=page,
        stop=_stop(stop, why),
        crew=_crew(day.crew),
        outcome_id=new_id(),
        currency=case.currency,
        service_on=day.service_date,
        help_lines=_help_lines(session, me),
    )
    return view, case


def amounts_of(told: Statement, t: Translator) -> list[dict[str, str]]:
    """Return what is owed as lines for the page: what it is, and how much."""
    lines = [*told.items, ("total", told.total)]
    return [
        {
            "label": t(f"amounts.{name}") if t.has(f"amounts.{name}") else name,
            "text": t.money(amount, told.currency),
        }
        for name, amount in lines
    ]


def _crew(crew: CrewOfDay) -> CrewView:
    return CrewView(
        label=crew_label(crew.name),
        partners=tuple(one.name for one in crew.partners),
        from_at=crew.starts_at,
        until_at=crew.ends_at,
    )


def _stop(stop: field.ItineraryStop, why: tuple[Sentence, ...] = ()) -> ItineraryStop:
    return ItineraryStop(
        visit_id=stop.visit_id,
        reference=stop.reference,
        position=stop.position,
        neighbourhood=without_city(stop.neighbourhood),
        address=stop.address or "",
        lat=stop.lat,
        lon=stop.lon,
        window_from_at=stop.window_from_at,
        window_until_at=stop.window_until_at,
        state=standing_of(stop.state, stop.appointment),
        progress=stop.progress,
        door_code=stop.visit_code,
        person_name=stop.person_name or "—",
        # The whole stay lies inside the announced window: the auditor says so of every day made.
        latest_end_at=stop.window_until_at,
        language=stop.language or "zh-CN",
        why=why,
        risks=stop.risks,
        script=stop.script,
    )


def _help_lines(session: Session, me: Identity) -> HelpLines:
    agent = get_any(session, Agent, me.agent_id) if me.agent_id else None
    branch = get_any(session, Branch, agent.branch_id) if agent else None
    number = _EMERGENCY.get(branch.country, _ANYWHERE) if branch else _ANYWHERE
    return HelpLines(emergency_phone=number)
