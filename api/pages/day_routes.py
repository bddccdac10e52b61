"""Fills the routes of the manager's day: crews, their ways, and where each visit stands."""

import re
from datetime import datetime
from string import ascii_uppercase
from typing import Final

from sqlmodel import Session

from api.geo import way_of
from api.pages.views import BreakView, RouteView, StopView
from dispatch.audit import Breach
from dispatch.audit.breach import Code
from dispatch.fieldwork.neighbourhood import neighbourhood_of
from dispatch.model import Appointment, AppointmentState, Route, Stop, Visit, VisitState
from dispatch.reporting.day import DaySeen, Whereabouts, whereabouts
from dispatch.vault import Vault

_A, _V = AppointmentState, VisitState
_WORDS: Final = {
    _A.OFFERED: "announced",
    _A.CONFIRMED: "confirmed",
    _A.COUNTERED: "moved",
    _A.DECLINED: "refused",
    _A.EXPIRED: "no_answer",
    _A.WITHDRAWN: "cancelled",
    _A.KEPT: "done",
    _A.MISSED_BORROWER: "done",
    _A.MISSED_AGENT: "cancelled",
}
_DONE: Final = frozenset({_V.LEFT, _V.REPORTED, _V.REVIEWED, _V.CLOSED})
_LOCKS: Final = {"confirmed": "promise", "announced": "crew", "no_answer": "crew"}
_CITY: Final = re.compile(r"^[\u4e00-\u9fff]{1,7}市(?=.)")
_NOWHERE: Final = Whereabouts(None, None)


def routes_of(
    session: Session,
    vault: Vault,
    seen: DaySeen | None,
    faults: tuple[Breach, ...],
) -> tuple[RouteView, ...]:
    """Return the plan's routes; none where nothing is planned."""
    if seen is None:
        return ()
    served = [seen.visits[stop.visit_id] for stop in seen.parts.stops]
    places = whereabouts(session, vault, served)
    held = {one.visit_id for one in faults if one.code is Code.HOLD}
    routes = sorted(seen.parts.routes, key=lambda route: _order(seen.crew_name(route)))
    return tuple(
        RouteView(
            id=route.id,
            label=crew_label(seen.crew_name(route)),
            members=tuple(agent.name for agent in seen.members_of(route)),
            from_at=route.starts_at,
            until_at=route.ends_at,
            travel_s=route.travel_s,
            stops=tuple(
                _stop(
                    stop,
                    seen.visits[stop.visit_id],
                    seen.appointments.get(stop.visit_id),
                    places.get(stop.visit_id, _NOWHERE),
                    is_held=stop.visit_id in held,
                )
                for stop in seen.stops_of(route)
            ),
            breaks=_breaks(route),
            line=way_of(vault, seen.branch, route),
        )
        for route in routes
    )


def crew_label(name: str) -> str:
    """Return the letter by which a crew is known beside its colour: Crew 3 is C.

    A letter, because pins on the map join it to the number of the stop.
    """
    number = re.search(r"\d+$", name)
    if number and 0 < int(number[0]) <= len(ascii_uppercase):
        return ascii_uppercase[int(number[0]) - 1]
    return name.strip()[-2:] or "?"


def area_of(place: Whereabouts) -> str:
    """Return district and street of a place; the city goes without saying in its branch."""
    return without_city(neighbourhood_of(place.address))


def without_city(neighbourhood: str) -> str:
    """Return a neighbourhood without its city, where more is told."""
    return _CITY.sub("", neighbourhood)


def standing_of(
    visit: VisitState, appointment: AppointmentState | None, *, is_held: bool = False
) -> str:
    """Return where a visit stands with the person, as `appointment.*` words it."""
    if visit in _DONE:
        return "done"
    if visit in {_V.CANCELLED, _V.ABORTED}:
        return "cancelled"
    if is_held:
        return "held"
    return _WORDS[appointment] if appointment else "unannounced"


def _stop(
    stop: Stop,
    visit: Visit,
    appointment: Appointment | None,
    place: Whereabouts,
    *,
    is_held: bool,
) -> StopView:
    state = standing_of(visit.state, appointment.state if appointment else None, is_held=is_held)
    lat, lon = place.point or (0.0, 0.0)
    return StopView(
        visit_id=visit.id,
        reference=visit.reference,
        position=stop.position,
        neighbourhood=area_of(place),
        start_at=stop.arrive_at,
        leave_at=stop.leave_at,
        window_from_at=stop.window_from_at,
        window_until_at=stop.window_until_at,
        state=state,
        lat=lat,
        lon=lon,
        travel_s=stop.travel_s,
        lock=_LOCKS.get(state, "none"),
        is_required=stop.is_required,
        on_time=None if stop.on_time is None else round(100 * stop.on_time),
    )


def _breaks(route: Route) -> tuple[BreakView, ...]:
    return tuple(
        BreakView(datetime.fromisoformat(one["from_at"]), datetime.fromisoformat(one["until_at"]))
        for one in route.breaks
    )


def _order(name: str) -> tuple[str, int, str]:
    number = re.search(r"\d+", name)
    return (name[: number.start()] if number else name, int(number[0]) if number else 0, name)
