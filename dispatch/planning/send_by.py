"""The last legal send minute: by when a plan's notices must leave, or a visit loses its day.

A notice has to arrive some hours before the visit, and messages leave only at the hours that the
pack permits. So each visit of which nobody has been told has a last minute at which its notice may
leave. The earliest of them bounds how long the solver may search.
"""

from datetime import datetime, timedelta
from typing import Final

from dispatch.planning.snapshot import Snapshot
from dispatch.policy.facts import SENDING_DELAY_S
from dispatch.policy.pack import Pack
from dispatch.policy.rules.notice import live_notice
from dispatch.policy.windows import is_known_zone, last_sendable
from dispatch.solver.day import VisitDay

NOTICE_S: Final = 0.006
"""Seconds that handing over a notice takes: ten thousand in a minute, `make bench-sending`."""

ROUND_S: Final = 60.0
"""Seconds from a stored plan to its notices: two turns of the duties that announce and send."""


def send_by(snapshot: Snapshot, law: Pack, now: datetime) -> datetime | None:
    """Return the last instant at which all notices of a plan may still leave for its day.

    None where nobody is to be told, or nothing can be sent in time any more: then no hurry helps.
    """
    if not snapshot.day.crews:
        return None
    home_at = max(crew.ends_at for crew in snapshot.day.crews)
    known: dict[tuple[tuple[str, ...], datetime], datetime | None] = {}
    found = []
    for visit in snapshot.day.visits:
        facts = snapshot.facts[visit.visit_id]
        if visit.appointment_id is not None or live_notice(facts) is not None:
            continue
        zones = (facts.time_zone or "", *facts.contact_time_zones)
        asked = (zones, _arrives_by(visit, law, home_at))
        if asked not in known:
            known[asked] = _last(snapshot, law, *asked, now)
        found.append(known[asked])
    return min((one for one in found if one is not None), default=None)


def seconds_until(by: datetime, notices: int, now: datetime) -> float:
    """Return how long a plan may take so that so many notices can leave by an instant; 0 if none."""
    return max(0.0, (by - now).total_seconds() - ROUND_S - NOTICE_S * notices)


def _arrives_by(visit: VisitDay, law: Pack, home_at: datetime) -> datetime:
    """When the notice has to be there, for the latest stay that the law and the crews' hours permit."""
    until_at = min(home_at, max(until_at for _, until_at in visit.windows))
    latest = until_at - timedelta(seconds=visit.service_s)
    return latest - timedelta(hours=law["notice.min_hours"])


def _last(
    snapshot: Snapshot, law: Pack, zones: tuple[str, ...], arrives_by: datetime, now: datetime
) -> datetime | None:
    if not all(is_known_zone(name) for name in zones):
        return None
    return last_sendable(
        law,
        time_zones=zones,
        from_at=now,
        until_at=arrives_by - timedelta(seconds=SENDING_DELAY_S),
        calendar=snapshot.calendar,
    )
