"""Hand a planned day to the auditor: the stays, the facts, the crews, the windows announced."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from dispatch.audit import Breach, Profile, audit
from dispatch.planning.snapshot import Snapshot
from dispatch.policy.calendar import calendars_of
from dispatch.policy.facts import DayFacts, StayFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.notice import live_notice
from dispatch.solver.day import PlannedDay, PlannedStop

type Windows = Mapping[UUID, tuple[datetime, datetime]]
"""The announced window of each visit."""


def windows_of(planned: PlannedDay, snapshot: Snapshot) -> dict[UUID, tuple[datetime, datetime]]:
    """Return each visit's window: as announced already, or as it will be announced."""
    return {stop.visit.visit_id: _window(stop, snapshot) for stop in planned.stops}


def breaches(
    planned: PlannedDay, snapshot: Snapshot, windows: Windows, *, pack: Pack, now: datetime
) -> tuple[Breach, ...]:
    """Return what the auditor finds against a plan that is to become a draft."""
    stays = tuple(
        StayFacts(
            visit=snapshot.facts[stop.visit.visit_id],
            arrive_at=stop.arrive_at,
            leave_at=stop.leave_at,
            crew=snapshot.members[snapshot.lenders[stop.visit.visit_id]][route.crew.crew_id],
            crew_hash=route.crew.members_hash,
            window_from=windows[stop.visit.visit_id][0],
            window_until=windows[stop.visit.visit_id][1],
        )
        for route in planned.routes
        for stop in route.stops
    )
    day = DayFacts(
        branch_id=snapshot.day.branch_id,
        service_date=snapshot.day.on,
        pack_id=pack.id,
        pack_version=pack.version,
        stays=stays,
        calendar=snapshot.calendar.days,
        generated_at=now,
        regions=calendars_of([one.visit.region for one in stays], snapshot.calendar),
    )
    return audit(day, pack, Profile.ANNOUNCE)


def _window(stop: PlannedStop, snapshot: Snapshot) -> tuple[datetime, datetime]:
    known = snapshot.facts[stop.visit.visit_id]
    # A notice that never left, of an appointment that is over, binds nobody.
    notice = known.notice if stop.visit.appointment_id is not None else live_notice(known)
    if notice is not None:
        return notice.window_from, notice.window_until
    return stop.window_from_at, stop.window_until_at
