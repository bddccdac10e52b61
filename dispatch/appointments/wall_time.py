"""Wall time: what was promised is the hour on the clock, also if the rules of its zone change.

Instants are right for everything but this: a country that gives up summer time moves each hour that
was told to people. Appointments therefore keep the wall time of their window beside the instants,
and once the machine knows the new rules, all that hangs on them follows the clock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.clock import local_instant, local_time
from dispatch.model import Appointment, Branch, RunReason, Visit, record
from dispatch.store import appointments, days, holds, notices, plans
from dispatch.store.incidents import open_alert
from dispatch.store.rows import get_many

ACTOR: Final = "duty:wall-time"
CLASH: Final = "wall-time-clash"


def note_wall_time(appointment: Appointment, time_zone: str) -> None:
    """Take down what a clock shows when the window begins, by the rules of today."""
    appointment.wall_from = _wall(appointment.window_from_at, time_zone)
    appointment.wall_zone = time_zone


def drift(appointment: Appointment) -> timedelta:
    """Return by how much an appointment has to move to keep its wall time; mostly not at all."""
    told, zone = appointment.wall_from, appointment.wall_zone
    if told is None or zone is None or told == _wall(appointment.window_from_at, zone):
        return timedelta()
    wall = datetime.fromisoformat(told)
    return local_instant(zone, wall.date(), wall.time()) - appointment.window_from_at


def keep_wall_times(session: Session, *, branch: Branch, now: datetime) -> int:
    """Let what is still to be kept follow the clocks of its zone; return how much moved.

    The person is told nothing: for them nothing changes. Crews are bound anew, plans that hold the
    visit move with it and are made again, and a crew that has something else at that time is brought
    before a person.
    """
    coming = _coming(session, branch, now)
    for one in coming:
        if one.wall_from is None:
            note_wall_time(one, notices.time_zone_of(session, one, branch))
            session.add(one)
    drifted = [one for one in coming if drift(one)]
    if not drifted:
        return 0
    holds.lock_people(session, appointments.people_of(session, drifted))
    # Asked again, now that nobody can answer, move or withdraw.
    coming = _coming(session, branch, now)
    moving = [(one, by) for one in coming if (by := drift(one))]
    for one, by in moving:  # all are freed first: neighbours move into each other's place
        appointments.unbind(session, one)
        _move(one, by)
        session.add(one)
    session.flush()
    _follow(session, moving, now=now)
    for on in sorted({one.service_date for one, _ in moving}):
        appointments.queue_refill(
            session, branch.id, on, reason=RunReason.STALE, actor=ACTOR, now=now
        )
    return len(moving)


def _coming(session: Session, branch: Branch, now: datetime) -> list[Appointment]:
    """Return what is still to be kept and has not begun; a crew at a door is left alone."""
    standing = appointments.standing_after(session, branch.id, now)
    return [one for one in standing if one.window_from_at > now]


def _follow(
    session: Session, moving: Sequence[tuple[Appointment, timedelta]], *, now: datetime
) -> None:
    """Let all that hangs on appointments move as they did: agents, caps, notices, plans."""
    visits = get_many(session, Visit, {one.visit_id for one, _ in moving})
    members = days.members_of(session, {one.crew_version_id for one, _ in moving})
    for one, by in moving:
        crew = [agent.id for agent in members.get(one.crew_version_id, ())]
        if not appointments.bind(session, one, crew):
            _alert(session, one, now)
        appointments.reserve_visit(session, visits[one.visit_id], one.stay_from_at)
        for notice in notices.of_appointment(session, one.id):
            if notice.sent_at is None:
                notice.expires_at += by
                session.add(notice)
        record(
            one,
            "appointment.wall_time_kept",
            actor=ACTOR,
            now=now,
            wall=one.wall_from,
            zone=one.wall_zone,
            moved_s=int(by.total_seconds()),
        )
    plans.move_stops(session, {one.id: by for one, by in moving})


def _wall(at: datetime, time_zone: str) -> str:
    return local_time(time_zone, at).replace(tzinfo=None).isoformat(timespec="seconds")


def _move(appointment: Appointment, by: timedelta) -> None:
    appointment.window_from_at += by
    appointment.window_until_at += by
    appointment.stay_from_at += by
    appointment.stay_until_at += by
    appointment.version += 1


def _alert(session: Session, appointment: Appointment, now: datetime) -> None:
    open_alert(
        session,
        branch_id=appointment.branch_id,
        case_id=appointment.case_id,
        visit_id=appointment.visit_id,
        kind=CLASH,
        source_id=appointment.id,
        actor=ACTOR,
        now=now,
        facts={"wall": appointment.wall_from, "zone": appointment.wall_zone},
    )
