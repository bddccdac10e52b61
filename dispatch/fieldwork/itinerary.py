"""Itinerary: an agent's published route of a day, with what has happened on it so far.

Never an amount: that is told by `statement`, once the person's identity is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.fieldwork.door_words import door_words
from dispatch.fieldwork.neighbourhood import neighbourhood_of
from dispatch.model import (
    Agent,
    Appointment,
    AppointmentState,
    Branch,
    Case,
    CheckIn,
    CheckInKind,
    Crew,
    Lender,
    Outcome,
    OutcomeCode,
    Person,
    Place,
    PlaceKind,
    ReportRole,
    Stop,
    Visit,
    VisitState,
)
from dispatch.model.visit import UNDER_WAY
from dispatch.model.visit_code import visit_code
from dispatch.store import days, facts
from dispatch.store.itineraries import OwnRoute, routes_of_agent
from dispatch.store.outcomes import check_ins_of, outcomes_of
from dispatch.store.risks import risks_of
from dispatch.store.rows import find, get_any, get_many
from dispatch.vault import Vault
from dispatch.wording.door import DoorScript

_OVER: Final = frozenset(
    {VisitState.REPORTED, VisitState.REVIEWED, VisitState.CLOSED, VisitState.ABORTED}
)


_ON: Final = frozenset({VisitState.RELEASED}) | UNDER_WAY | _OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Another member of the crew."""

    name: str
    photo_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewOfDay:
    """The crew that the agent goes with, and when."""

    name: str
    partners: tuple[Partner, ...]
    starts_at: datetime
    ends_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A step at the door that was marked."""

    kind: CheckInKind
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An outcome on record."""

    id: UUID
    code: OutcomeCode
    role: ReportRole
    occurred_at: datetime
    amends_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItineraryStop:
    """One visit as its crew sees it.

    Name and place are told on the day and before, not after, and not of a visit that fell away.
    """

    visit_id: UUID
    case_id: UUID
    reference: str
    position: int
    state: VisitState
    appointment: AppointmentState | None
    is_off: bool
    """Whether nobody is to go there by this stop: cancelled, or told for another time by now."""
    window_from_at: datetime
    window_until_at: datetime
    arrive_at: datetime
    leave_at: datetime
    travel_s: int
    neighbourhood: str
    address: str | None
    lat: float | None
    lon: float | None
    person_name: str | None
    language: str | None
    purpose: str
    options: tuple[str, ...]
    """What may be offered."""
    visit_code: str
    risks: tuple[str, ...]
    """Flags on the place, told on the way and not at the door, where somebody may see the screen."""
    script: DoorScript | None
    """What is said at the door, step by step; None where nobody is to go there any more."""
    allowed_codes: tuple[OutcomeCode, ...]
    check_ins: tuple[Marked, ...]
    outcomes: tuple[Reported, ...]

    @property
    def progress(self) -> str:
        """How far the visit has come: waiting, arrived, identified, reported or cancelled."""
        if self.is_off:
            return "cancelled"
        if any(one.role is ReportRole.REPORT for one in self.outcomes) or self.state in _OVER:
            return "reported"
        kinds = {one.kind for one in self.check_ins}
        if CheckInKind.IDENTITY in kinds:
            return "identified"
        is_there = self.state in UNDER_WAY and self.state is not VisitState.EN_ROUTE
        return "arrived" if is_there else "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """An agent's day."""

    agent_id: UUID
    service_date: date
    time_zone: str
    plan_number: int | None
    crew: CrewOfDay | None
    stops: tuple[ItineraryStop, ...]


def itinerary(
    session: Session, *, vault: Vault, agent_id: UUID, on: date | None = None, now: datetime
) -> Itinerary:
    """Return the agent's own itinerary of a day, today's by default; empty where none is published."""
    agent = get_any(session, Agent, agent_id)
    branch = get_any(session, Branch, agent.branch_id)
    today = local_date(branch.time_zone, now)
    on = on or today
    routes = routes_of_agent(session, agent_id, on)
    seen = _Seen(session, vault, routes, branch=branch, is_past=on < today)
    return Itinerary(
        agent_id=agent_id,
        service_date=on,
        time_zone=branch.time_zone,
        plan_number=routes[0].plan.number if routes else None,
        crew=_crew(session, routes[0], agent_id) if routes else None,
        stops=tuple(seen.stop(stop) for own in routes for stop in own.stops),
    )


def _crew(session: Session, own: OwnRoute, agent_id: UUID) -> CrewOfDay:
    route = own.route
    members = days.members_of(session, {route.crew_version_id})[route.crew_version_id]
    crew = get_any(session, Crew, route.crew_id)
    return CrewOfDay(
        name=crew.name,
        partners=tuple(
            Partner(name=one.name, photo_code=one.photo_code)
            for one in members
            if one.id != agent_id
        ),
        starts_at=route.starts_at,
        ends_at=route.ends_at,
        breaks=tuple(
            (datetime.fromisoformat(one["from_at"]), datetime.fromisoformat(one["until_at"]))
            for one in route.breaks
        ),
    )


class _Seen:
    """All that the stops of a day need, read in bulk."""

    def __init__(
        self,
        session: Session,
        vault: Vault,
        routes: Sequence[OwnRoute],
        *,
        branch: Branch,
        is_past: bool,
    ) -> None:
        self.vault, self.branch, self.is_past = vault, branch, is_past
        self.visits = get_many(
            session, Visit, {stop.visit_id for own in routes for stop in own.stops}
        )
        self.people = get_many(session, Person, {one.person_id for one in self.visits.values()})
        self.places = get_many(session, Place, {one.place_id for one in self.visits.values()})
        cases = get_many(session, Case, {one.case_id for one in self.visits.values()})
        lenders = get_many(session, Lender, {one.lender_id for one in cases.values()})
        self.lenders = {
            visit.id: lenders[cases[visit.case_id].lender_id] for visit in self.visits.values()
        }
        crews = days.members_of(session, {own.route.crew_version_id for own in routes})
        self.crews = {own.route.id: crews[own.route.crew_version_id] for own in routes}
        self.appointments = facts.newest_appointments(session, set(self.visits))
        self.risks = risks_of(session, set(self.places))
        self.check_ins = check_ins_of(session, set(self.visits))
        self.outcomes = outcomes_of(session, set(self.visits))

    def stop(self, stop: Stop) -> ItineraryStop:
        """Return a stop as its crew sees it."""
        visit = self.visits[stop.visit_id]
        place = self.places[visit.place_id]
        appointment = self.appointments.get(visit.id)
        outcomes = tuple(_reported(one) for one in self.outcomes.get(visit.id, []))
        is_off = _is_off(stop, visit, appointment, outcomes)
        whom = self._whom(visit, place, is_told=not (self.is_past or is_off))
        code = visit_code(visit, visit.service_date or stop.window_from_at.date())
        return ItineraryStop(
            visit_id=visit.id,
            case_id=visit.case_id,
            reference=visit.reference,
            position=stop.position,
            state=visit.state,
            appointment=appointment.state if appointment else None,
            is_off=is_off,
            window_from_at=stop.window_from_at,
            window_until_at=stop.window_until_at,
            arrive_at=stop.arrive_at,
            leave_at=stop.leave_at,
            travel_s=stop.travel_s,
            purpose=visit.purpose,
            options=tuple(visit.options),
            visit_code="" if is_off else code,
            risks=self._risks(visit, is_told=not (self.is_past or is_off)),
            script=door_words(
                person=whom["person_name"],
                language=whom["language"],
                otherwise=self.branch.language,
                crew=[member.name for member in self.crews[stop.route_id]],
                code=code,
                lender=self.lenders[visit.id],
                purpose=visit.purpose,
            ),
            allowed_codes=allowed_codes(visit, place, appointment),
            # A silent alarm shows on no phone: somebody may be looking at the screen.
            check_ins=tuple(
                _marked(one)
                for one in self.check_ins.get(visit.id, [])
                if one.kind is not CheckInKind.DURESS
            ),
            outcomes=outcomes,
            **whom,
        )

    def _risks(self, visit: Visit, *, is_told: bool) -> tuple[str, ...]:
        is_on_the_way = visit.state in {VisitState.RELEASED, VisitState.EN_ROUTE}
        return self.risks.get(visit.place_id, ()) if is_told and is_on_the_way else ()

    def _whom(self, visit: Visit, place: Place, *, is_told: bool) -> dict[str, Any]:
        """Name and place of the person; of who was erased nothing is told."""
        person = self.people[visit.person_id]
        address = self.vault.read(person, place, "address") if is_told else None
        point = self.vault.read(person, place, "point") if is_told else None
        return {
            "neighbourhood": neighbourhood_of(address),
            "address": address,
            "lat": point[0] if point else None,
            "lon": point[1] if point else None,
            "person_name": self.vault.read(person, person, "name") if is_told else None,
            "language": person.language,
        }


def _is_off(
    stop: Stop,
    visit: Visit,
    appointment: Appointment | None,
    outcomes: Sequence[Reported],
) -> bool:
    is_replaced = appointment is not None and stop.appointment_id not in {None, appointment.id}
    if is_replaced:
        return True
    is_reported = any(one.role is ReportRole.REPORT for one in outcomes)
    return not is_reported and visit.state not in _ON


def allowed_codes(
    visit: Visit, place: Place, appointment: Appointment | None
) -> tuple[OutcomeCode, ...]:
    """Return the codes that make sense to offer; any other is stored all the same."""
    if visit.state in {VisitState.CANCELLED, VisitState.CLOSED}:
        return (OutcomeCode.PAID_EN_ROUTE, OutcomeCode.HOLD_EN_ROUTE, OutcomeCode.CANCELLED_L)
    left_out = set()
    if place.kind is not PlaceKind.WORKPLACE:
        left_out.add(OutcomeCode.WORK_BARRED)
    if appointment is None or appointment.state is not AppointmentState.CONFIRMED:
        left_out.add(OutcomeCode.APPT_MISSED_B)
    return tuple(code for code in OutcomeCode if code not in left_out)


def cases_of(session: Session, shown: Itinerary) -> list[Case]:
    """Return the cases whose person an itinerary tells of, for the record of reading."""
    found = get_many(
        session, Case, {stop.case_id for stop in shown.stops if stop.person_name is not None}
    )
    return list(found.values())


def own_visit(
    session: Session, *, vault: Vault, agent_id: UUID, visit_id: UUID, now: datetime
) -> tuple[Itinerary, ItineraryStop] | None:
    """Return one visit of the agent's own published day; None where it is on none."""
    visit = find(session, Visit, visit_id)
    if visit is None or visit.service_date is None:
        return None
    shown = itinerary(session, vault=vault, agent_id=agent_id, on=visit.service_date, now=now)
    for stop in shown.stops:
        if stop.visit_id == visit_id:
            return shown, stop
    return None


def _marked(row: CheckIn) -> Marked:
    return Marked(kind=row.kind, occurred_at=row.occurred_at)


def _reported(row: Outcome) -> Reported:
    return Reported(
        id=row.id,
        code=row.code,
        role=row.role,
        occurred_at=row.occurred_at,
        amends_id=row.amends_id,
    )
