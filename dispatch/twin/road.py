"""The road: crews drive the published day as it comes, ring, talk, and report like any phone."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.fieldwork.check_in import record_check_in
from dispatch.fieldwork.outcome import record_outcome
from dispatch.fieldwork.payloads import CheckInPayload, OutcomePayload, PromisePayload
from dispatch.fieldwork.punctuality import off_time
from dispatch.gateways.travel import Point
from dispatch.ids import new_id
from dispatch.model import (
    AppointmentState,
    Case,
    CheckInKind,
    OutcomeCode,
    Person,
    Place,
    PlanState,
    Route,
    Stop,
    Visit,
    VisitState,
)
from dispatch.store import appointments, days, plans
from dispatch.store.rows import get_any
from dispatch.twin import people
from dispatch.twin.ledger import Ledger
from dispatch.twin.life import person_of
from dispatch.twin.stage import Stage
from dispatch.twin.world import SETTLED, World

_SHORTEST_TALK: Final = timedelta(minutes=10)
_AT_THE_DOOR: Final = timedelta(minutes=3)
"""What ringing in vain takes."""

_PROMISED_DAYS: Final = 9
_PROMISED: Final = 60_000


@dataclass(slots=True)
class _Crew:
    """A crew on its way: where it is, when it is free there, and what it has done."""

    id: UUID
    number: int
    agent_id: UUID
    at: Point
    free_at: datetime
    done: set[UUID] = field(default_factory=set)
    has_rested: bool = False


@dataclass(slots=True)
class Road:
    """The streets of a world, and the crews on them."""

    stage: Stage
    world: World
    ledger: Ledger
    met: Counter[str] = field(default_factory=Counter)
    promised: list[tuple[str, datetime]] = field(default_factory=list)
    """Cases of which a payment was promised, and when it is due."""
    _crews: dict[date, list[_Crew]] = field(default_factory=dict)

    def drive(self, on: date, until_at: datetime) -> None:
        """Let the crews of a date drive on, door by door in order of time, up to an instant."""
        crews = self._crews.setdefault(on, self._out(on))
        queue = [(crew.free_at, crew.number, crew) for crew in crews]
        heapq.heapify(queue)
        while queue and queue[0][0] < until_at:
            _, _, crew = heapq.heappop(queue)
            self.stage.clock.at = max(self.stage.clock.at, crew.free_at)
            if self._next(crew, on):
                heapq.heappush(queue, (crew.free_at, crew.number, crew))

    def home(self, on: date) -> None:
        """Let the crews of a date go home."""
        for crew in self._crews.pop(on, []):
            if crew.done:
                depot = Point(*people.DEPOT)
                way_s = self._way_s(crew.at, depot, str(crew.number), on)
                self.ledger.on(on)["travel_s"] += round(way_s)

    def _out(self, on: date) -> list[_Crew]:
        with self.stage.database.reading() as session:
            plan = plans.newest(session, self.stage.branch.id, on, [PlanState.PUBLISHED])
            if plan is None:
                return []
            routes = plans.parts_of(session, plan).routes
            members = days.members_of(session, {one.crew_version_id for one in routes})
            return [
                _Crew(
                    id=one.crew_id,
                    number=number,
                    agent_id=members[one.crew_version_id][0].id,
                    at=Point(*people.DEPOT),
                    free_at=one.starts_at,
                )
                for number, one in enumerate(routes)
            ]

    def _next(self, crew: _Crew, on: date) -> bool:
        """Drive to the crew's next door and do what is to be done there; False where it has none."""
        with self.stage.database.reading() as session:
            ahead = self._ahead(session, crew, on)
        if ahead is None:
            return False
        stop, route, goal, case, visit = ahead
        way_s = self._way_s(crew.at, goal, person_of(case.number), on)
        rest = self._rest(crew, route, stop)
        arrive_at = max(crew.free_at + timedelta(seconds=way_s) + rest, stop.window_from_at)
        crew.done.add(visit.id)
        crew.at = goal
        self.ledger.on(on)["travel_s"] += round(way_s)
        crew.free_at = self._ring(crew, visit, case, arrive_at, on)
        return True

    def _ahead(
        self, session: Session, crew: _Crew, on: date
    ) -> tuple[Stop, Route, Point, Case, Visit] | None:
        plan = plans.newest(session, self.stage.branch.id, on, [PlanState.PUBLISHED])
        if plan is None:
            return None
        parts = plans.parts_of(session, plan)
        routes = {one.id: one for one in parts.routes if one.crew_id == crew.id}
        stops = sorted(
            (one for one in parts.stops if one.route_id in routes), key=lambda one: one.position
        )
        for stop in stops:
            visit = get_any(session, Visit, stop.visit_id)
            if visit.id in crew.done or visit.state is not VisitState.RELEASED:
                continue
            place = get_any(session, Place, visit.place_id)
            point = self.stage.vault.read(
                get_any(session, Person, visit.person_id), place, "point"
            )
            case = get_any(session, Case, visit.case_id)
            return stop, routes[stop.route_id], Point(point[0], point[1]), case, visit
        return None

    def _ring(
        self, crew: _Crew, visit: Visit, case: Case, arrive_at: datetime, on: date
    ) -> datetime:
        world, who = self.world, person_of(case.number)
        with self.stage.database.reading() as session:
            told = appointments.standing_of(session, visit.id)
        is_confirmed = told is not None and told.state is AppointmentState.CONFIRMED
        missed = off_time(told, arrive_at)
        # A crew leaves by the end of the window, and of the longest stay that the law knows.
        longest = timedelta(minutes=int(self.stage.law["visit.max_stay_minutes"]))
        until_at = min(told.window_until_at if told else arrive_at, arrive_at + longest)
        is_late = missed is not None or until_at - arrive_at < _SHORTEST_TALK
        if told is not None and told.id in self.ledger.standing:
            self.ledger.close(told.id, "late" if is_late else "kept")
        self._check_in(crew, visit, CheckInKind.EN_ROUTE, crew.free_at)
        if is_late:
            self._report(crew, visit, OutcomeCode.ABORT_LATE, arrive_at)
            return arrive_at
        self._check_in(crew, visit, CheckInKind.ARRIVED, arrive_at)
        is_met = world.is_there(who, arrive_at, people.ZONE, said_yes=is_confirmed)
        if not is_met:
            leave_at = min(arrive_at + _AT_THE_DOOR, until_at)
            self._check_in(crew, visit, CheckInKind.NO_ONE, leave_at)
            code = OutcomeCode.NO_ANSWER
        else:
            service_s = visit.service_s * world.chance.factor(
                world.service_cv, who, "stays", str(on)
            )
            leave_at = min(arrive_at + timedelta(seconds=round(service_s)), until_at)
            for kind in (CheckInKind.IDENTITY, CheckInKind.TALK):
                self._check_in(crew, visit, kind, arrive_at + timedelta(minutes=1))
            code = OutcomeCode(world.outcome(who, self.met[who]))
            self.met[who] += 1
        self._check_in(crew, visit, CheckInKind.LEFT, leave_at)
        self._report(crew, visit, code, leave_at)
        self._note(who, case, code, on, leave_at)
        counts = self.ledger.on(on)
        counts["calls"] += 1
        counts["met"] += is_met
        counts["value"] += visit.value * is_met
        counts["complaints"] += code is OutcomeCode.COMPLAINT
        return leave_at

    def _note(self, who: str, case: Case, code: OutcomeCode, on: date, at: datetime) -> None:
        if str(code) in SETTLED:
            self.ledger.settle(who, on, by_visit=True)
        if code is OutcomeCode.PTP:
            self.promised.append((case.number, at + timedelta(days=_PROMISED_DAYS)))

    def _check_in(self, crew: _Crew, visit: Visit, kind: CheckInKind, at: datetime) -> None:
        payload = CheckInPayload(visit_id=visit.id, kind=kind, occurred_at=at)
        self._put(record_check_in, crew, at, payload, "check_in_id", {})

    def _report(self, crew: _Crew, visit: Visit, code: OutcomeCode, at: datetime) -> None:
        promise = None
        if code is OutcomeCode.PTP:
            due_on = (at + timedelta(days=_PROMISED_DAYS)).date()
            promise = PromisePayload(amount=_PROMISED, currency="CNY", due_on=due_on)
        payload = OutcomePayload(visit_id=visit.id, code=code, occurred_at=at, promise=promise)
        given = {"base_url": self.stage.settings.base_url}
        self._put(record_outcome, crew, at, payload, "outcome_id", given)

    def _put(
        self,
        use_case: Any,
        crew: _Crew,
        at: datetime,
        payload: Any,
        id_name: str,
        given: dict[str, Any],
    ) -> None:
        with self.stage.database.writing("twin.report") as session:
            use_case(
                session,
                vault=self.stage.vault,
                raw=repr(payload).encode(),
                payload=payload,
                account=self.stage.accounts[crew.agent_id],
                now=max(at, self.stage.now),
                **{id_name: new_id()},
                **given,
            )

    def _way_s(self, here: Point, there: Point, what: str, on: date) -> float:
        seconds = self.stage.planner.roads.matrix([here, there]).durations_s[0][1]
        return float(seconds) * self.world.chance.factor(
            self.world.travel_cv, what, "way", str(on)
        )

    def _rest(self, crew: _Crew, route: Route, stop: Stop) -> timedelta:
        """Take the day's rest on the leg on which it is planned."""
        if crew.has_rested:
            return timedelta()
        for one in route.breaks:
            begin, end = (datetime.fromisoformat(one[key]) for key in ("from_at", "until_at"))
            if begin < stop.arrive_at:
                crew.has_rested = True
                return end - begin
        return timedelta()
