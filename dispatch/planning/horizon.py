"""The horizon of a night: its open dates with their room, and what may be made on which of them.

Each date is planned by a run of its own. A run spreads the visits over its own date and those whose
runs are still to come, and takes what is given to its date; a date that has its plan is no longer
open, so what it left out goes to the others, and never to it again that night.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from sqlmodel import Session

from dispatch.aside import sifted
from dispatch.clock import local_date
from dispatch.model import Branch, Case, PlanRun, RunKind, Visit
from dispatch.planning import night
from dispatch.planning.homes import read_homes
from dispatch.policy.calendar import Calendar
from dispatch.policy.eligibility import Verdict, visit_permitted
from dispatch.policy.pack import Pack
from dispatch.policy.windows import Interval
from dispatch.solver.horizon import PER_VALUE, TRAVEL_S, Horizon, OpenDate, OpenVisit
from dispatch.store import days, facts, plan_runs
from dispatch.store.rows import get_many

type Windows = tuple[Interval, ...]
"""When a visit may be made on a date."""


def spreads(run: PlanRun) -> bool:
    """Whether a run takes only the visits that the night's horizon gives to its date."""
    return night.is_of_night(run) and run.kind is RunKind.ANNOUNCE


def read_horizon(
    session: Session, *, branch: Branch, run: PlanRun, law: Pack, now: datetime
) -> Horizon:
    """Return the dates still to be planned this night, and every visit that one of them may have."""
    waiting = plan_runs.open_dates(session, run)
    size = int(law["crew.min"])
    open_dates = tuple(_date(session, branch, on, size) for on in waiting)
    possible, visits = _possible(session, branch, waiting, law, now)
    homes = read_homes(session, branch, visits, run.kind, now)
    places = days.places_of(session, visits)
    cases = get_many(session, Case, {one.case_id for one in visits})
    return Horizon(
        dates=open_dates,
        visits=tuple(
            _visit(
                one,
                {
                    on: homes.best(on, one, places[one.place_id], cases[one.case_id], windows)
                    for on, windows in possible[one.id].items()
                },
            )
            for one in visits
        ),
        apart_days=apart_days(law),
    )


def apart_days(law: Pack) -> int:
    """Return how many days two visits of one person must lie apart by the pack's caps."""
    spans = [
        int(cap["days"])
        for cap in law["visit.caps"]
        if cap["scope"] == "person" and cap["visits"] == 1 and cap["days"]
    ]
    return max(1, *spans, int(law["visit.cooling_days_after_talk"]) + 1)


def _date(session: Session, branch: Branch, on: date, size: int) -> OpenDate:
    """Room as crews of `size` have it: seconds on shift and visits, less what was promised."""
    shifts = [one.shift for one in days.on_shift(session, branch.id, on)]
    worked_s = sum(
        int((one.ends_at - one.starts_at).total_seconds()) - one.break_minutes * 60
        for one in shifts
    )
    promised = get_many(session, Visit, set(days.standing_appointments(session, branch.id, on)))
    taken_s = sum(one.service_s + TRAVEL_S for one in promised.values())
    return OpenDate(
        on=on,
        work_s=max(0, worked_s // size - taken_s),
        visits=max(0, sum(one.max_visits for one in shifts) // size - len(promised)),
    )


def _possible(
    session: Session, branch: Branch, dates: Sequence[date], law: Pack, now: datetime
) -> tuple[Mapping[UUID, Mapping[date, Windows]], list[Visit]]:
    """Return when each visit may be made on which dates, whoever would go; and those that have one."""
    today = local_date(branch.time_zone, now)
    found: dict[UUID, dict[date, Windows]] = {}
    visits: dict[UUID, Visit] = {}
    if not dates:
        return found, []
    calendar = days.calendar_of(
        session, branch, from_on=today - timedelta(days=1), to_on=max(dates)
    )
    for on in dates:
        free = days.visits_for(session, branch.id, on, today=today)
        verdicts, _ = sifted(free, partial(_judged, session, branch, law, on, now, calendar))
        for visit in free:  # one that can't be read is set aside by the run, which tells of it
            asked = verdicts.get(visit.id)
            if asked is not None and asked.is_permitted:
                visits[visit.id] = visit
                found.setdefault(visit.id, {})[on] = asked.windows
    return found, sorted(visits.values(), key=lambda one: (one.created_at, str(one.id)))


def _judged(
    session: Session,
    branch: Branch,
    law: Pack,
    on: date,
    now: datetime,
    calendar: Calendar,
    some: Sequence[Visit],
) -> dict[UUID, Verdict]:
    known = facts.visit_facts(session, some, branch, on=on)
    return {
        one.id: visit_permitted(known[one.id], law, on=on, now=now, calendar=calendar)
        for one in some
    }


def _visit(visit: Visit, chances: Mapping[date, float]) -> OpenVisit:
    best = max(chances.values())
    return OpenVisit(
        visit_id=visit.id,
        person_id=visit.person_id,
        dates={on: round(PER_VALUE * visit.value * one / best) for on, one in chances.items()},
        service_s=visit.service_s,
        latest_on=visit.latest_on,
    )
