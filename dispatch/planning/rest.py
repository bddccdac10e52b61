"""What is left of a published day: crews where they are, what is over, what may still be made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import WrongState
from dispatch.gateways.travel import Point
from dispatch.model import (
    Branch,
    CheckIn,
    Crew,
    CrewVersion,
    Person,
    Plan,
    PlanState,
    Visit,
)
from dispatch.planning.crews import Roster
from dispatch.planning.whereabouts import AHEAD, Underway, underway
from dispatch.solver.repair import CrewOut
from dispatch.store import days, plans
from dispatch.store.days import FormedCrew
from dispatch.store.outcomes import check_ins_of
from dispatch.store.rows import get_many
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A published day, as far as it has come.

    `asked` are the visits of its stops that are still ahead, `past` those that are over or have
    fallen away: nobody plans them again. `until` is when a crew can't go on, as a member is away.
    """

    plan_id: UUID
    crews: Mapping[UUID, Underway]
    past: frozenset[UUID]
    places: Mapping[UUID, Point]
    until: Mapping[UUID, datetime]

    def out(self) -> dict[UUID, CrewOut]:
        """Return where each crew is, for the solver."""
        return {crew_id: self._out(crew_id, one) for crew_id, one in self.crews.items()}

    def _out(self, crew_id: UUID, one: Underway) -> CrewOut:
        been = [
            self.places[past.stop.visit_id]
            for past in one.over
            if past.stop.visit_id in self.places
        ]
        return CrewOut(
            been=tuple(been),
            made=len(one.over),
            order=tuple(stop.visit_id for stop in one.ahead),
            planned={stop.visit_id: stop.arrive_at for stop in one.ahead},
            next_leg_s=one.ahead[0].travel_s if one.ahead else 0,
            free_at=one.free_at,
            until_at=self.until.get(crew_id),
            has_left=one.has_left,
            has_rested=bool(one.rests),
        )


def published_plan(session: Session, branch: Branch, on: date) -> Plan:
    """Return the plan that the crews of a day go by.

    Raises
    ------
    WrongState
        If none is published: there is nothing to repair.
    """
    plan = plans.newest(session, branch.id, on, [PlanState.PUBLISHED])
    if plan is None:
        msg = (
            f"No plan of {on} is published, so there is none to repair; plan and publish the day."
        )
        raise WrongState(msg, state="unpublished")
    return plan


def crews_out(session: Session, branch: Branch, on: date, now: datetime) -> Roster:
    """Return the crews that the published plan of a day sends, save those that are away by now."""
    parts = plans.parts_of(session, published_plan(session, branch, on))
    versions = {route.crew_version_id for route in parts.routes}
    members = {
        key: tuple(agent.id for agent in group)
        for key, group in days.members_of(session, versions).items()
    }
    crews = get_many(session, Crew, {route.crew_id for route in parts.routes})
    formed = get_many(session, CrewVersion, versions)
    until = _until(
        session, {route.crew_id: members[route.crew_version_id] for route in parts.routes}, now
    )
    return Roster(
        standing=tuple(
            FormedCrew(
                crews[route.crew_id], formed[route.crew_version_id], members[route.crew_version_id]
            )
            for route in sorted(
                parts.routes, key=lambda one: (crews[one.crew_id].name, str(one.id))
            )
            if until.get(route.crew_id, now) >= now
        ),
        free=(),
    )


def read_rest(session: Session, *, vault: Vault, branch: Branch, on: date, now: datetime) -> Rest:
    """Return what is left of the published plan of a day.

    Raises
    ------
    WrongState
        If none is published.
    """
    plan = published_plan(session, branch, on)
    parts = plans.parts_of(session, plan)
    visits = get_many(session, Visit, {stop.visit_id for stop in parts.stops})
    told = {
        visit_id: timedelta(minutes=late[-1] or 0)
        for visit_id, rows in check_ins_of(session, set(visits)).items()
        if (late := [one.late_minutes for one in rows if _is_news(one, plan)])
    }
    crews = {
        route.crew_id: underway(route, parts.stops_of(route.id), visits, now=now, told=told)
        for route in parts.routes
    }
    over = {past.stop.visit_id for one in crews.values() for past in one.over}
    fallen = {one.id for one in visits.values() if one.state not in AHEAD}
    members = days.members_of(session, {route.crew_version_id for route in parts.routes})
    return Rest(
        plan_id=plan.id,
        crews=crews,
        past=frozenset(over | fallen),
        places=_places(session, vault, [visits[one] for one in over]),
        until=_until(
            session,
            {
                route.crew_id: tuple(agent.id for agent in members[route.crew_version_id])
                for route in parts.routes
            },
            now,
        ),
    )


def _is_news(told: CheckIn, plan: Plan) -> bool:
    """Whether a crew told of being late after a plan was made: what came before is in its times."""
    return told.late_minutes is not None and told.received_at > plan.planned_at


def _places(session: Session, vault: Vault, visits: list[Visit]) -> dict[UUID, Point]:
    places = days.places_of(session, visits)
    people = get_many(session, Person, {one.person_id for one in visits})
    points = {
        one.id: vault.read(people[one.person_id], places[one.place_id], "point") for one in visits
    }
    return {key: Point(point[0], point[1]) for key, point in points.items() if point}


def _until(
    session: Session, members: Mapping[UUID, tuple[UUID, ...]], now: datetime
) -> dict[UUID, datetime]:
    """Return when each crew can't go on: a moment ago, where a member is away already."""
    away = days.absences_of(session, {one for group in members.values() for one in group})
    found: dict[UUID, datetime] = {}
    for crew_id, group in members.items():
        begins = [
            absence.from_at for one in group for absence in away[one] if absence.until_at > now
        ]
        if begins:
            found[crew_id] = min(begins)
    return found
