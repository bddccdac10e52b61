"""Slots: other times for a visit, lawful, feasible beside what is promised, spread over days and hours."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.appointments import slot_id
from dispatch.appointments.link import LinkKeys
from dispatch.appointments.slot_day import (
    Wanted,
    able_crews,
    calendar_for,
    lawful_windows,
    promised_day,
    wanted_of,
)
from dispatch.appointments.slot_id import SlotTerms
from dispatch.clock import local_date, local_time
from dispatch.gateways.travel import Roads
from dispatch.model import Appointment, Branch, Visit
from dispatch.policy.calendar import Calendar
from dispatch.policy.pack import Pack
from dispatch.policy.windows import Interval
from dispatch.solver.day import VisitDay
from dispatch.solver.quote import Gap, gaps
from dispatch.solver.windows import window_around
from dispatch.store import appointments, days
from dispatch.vault import Vault

STEP: Final = timedelta(minutes=90)
"""Between the beginnings of two times that are offered out of one gap."""

_QUARTER_S: Final = 15 * 60
_NOON: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSlot:
    """Another time on offer."""

    id: str
    service_date: date
    from_at: datetime
    until_at: datetime
    crew_name: str
    added_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What every date is looked at by."""

    session: Session
    vault: Vault
    branch: Branch
    law: Pack
    roads: Roads
    calendar: Calendar
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A slot that could be offered."""

    terms: SlotTerms
    crew_name: str
    added_s: int


def offer_slots(
    session: Session,
    *,
    vault: Vault,
    visit: Visit,
    branch: Branch,
    law: Pack,
    roads: Roads,
    keys: LinkKeys,
    now: datetime,
    limit: int = 6,
) -> tuple[OfferedSlot, ...]:
    """Return other times for a visit on days with crews: cheap ones, on various days and day halves.

    Each is lawful with a notice from now on, and fits beside everything that is promised already.
    What is planned but not announced may give way to it. Reads only; roads are asked, so no
    writing transaction should be open.
    """
    wanted = wanted_of(session, vault=vault, visit=visit, branch=branch, now=now)
    if wanted is None:
        return ()
    today = local_date(branch.time_zone, now)
    last_on = today + timedelta(days=branch.horizon_days)
    last_on = min(last_on, visit.latest_on) if visit.latest_on else last_on
    frame = _Frame(
        session=session,
        vault=vault,
        branch=branch,
        law=law,
        roads=roads,
        calendar=calendar_for(session, branch, last_on, now=now),
        # Still lawful when the person has taken as long as they may to choose.
        now=now + slot_id.OFFER_LASTS,
    )
    current = appointments.standing_of(session, visit.id)
    found = [
        one
        for on in appointments.dates_with_crews(session, branch.id, today, last_on)
        for one in _on(frame, wanted, on)
        if current is None or one.terms.window_from_at != current.window_from_at
    ]
    return tuple(
        OfferedSlot(
            id=slot_id.write(one.terms, keys, now=now),
            service_date=local_date(branch.time_zone, one.terms.window_from_at),
            from_at=one.terms.window_from_at,
            until_at=one.terms.window_until_at,
            crew_name=one.crew_name,
            added_s=one.added_s,
        )
        for one in _spread(found, branch.time_zone, limit)
    )


def _on(frame: _Frame, wanted: Wanted, on: date) -> Iterator[_Found]:
    session, visit = frame.session, wanted.visit
    law, calendar, now = frame.law, frame.calendar, frame.now
    windows = lawful_windows(session, wanted, None, on, law=law, calendar=calendar, now=now)
    if not windows:
        return
    able, working = able_crews(session, visit, frame.branch, on)
    crews = {
        key: one
        for key, one in able.items()
        if lawful_windows(session, wanted, one, on, law=law, calendar=calendar, now=now)
    }
    standing = [
        one
        for one in days.standing_appointments(session, frame.branch.id, on).values()
        if one.visit_id != visit.id
    ]
    day = promised_day(session, frame.vault, frame.branch, on, crews, working, standing)
    may_be_last = lawful_windows(
        session, wanted, None, on, law=law, calendar=calendar, now=now, is_last=True
    )
    asked = _asked(wanted, windows, not_last=not may_be_last)
    for gap in gaps(day, _order(standing), asked, roads=frame.roads):
        formed = crews[gap.crew_id]
        for arrive_at in _arrivals(gap, windows, visit.service_s):
            leave_at = arrive_at + timedelta(seconds=visit.service_s)
            window_from_at, window_until_at = window_around(
                arrive_at,
                leave_at,
                asked.windows,
                timedelta(minutes=int(law["notice.max_window_minutes"])),
            )
            yield _Found(
                terms=SlotTerms(
                    visit_id=visit.id,
                    number=wanted.number,
                    crew_id=formed.crew.id,
                    crew_version_id=formed.version.id,
                    stay_from_at=arrive_at,
                    stay_until_at=leave_at,
                    window_from_at=window_from_at,
                    window_until_at=window_until_at,
                    ground=slot_id.ground_of(
                        appointments.standing_with(session, formed.crew.id), visit.id
                    ),
                ),
                crew_name=formed.crew.name,
                added_s=gap.added_s,
            )


def _order(standing: Sequence[Appointment]) -> dict[UUID, list[UUID]]:
    order: dict[UUID, list[UUID]] = {}
    for one in sorted(standing, key=lambda each: each.stay_from_at):
        order.setdefault(one.crew_id, []).append(one.visit_id)
    return order


def _asked(wanted: Wanted, windows: tuple[Interval, ...], *, not_last: bool) -> VisitDay:
    return VisitDay(
        visit_id=wanted.visit.id,
        reference=wanted.visit.reference,
        place=wanted.point,
        service_s=wanted.visit.service_s,
        value=wanted.visit.value,
        windows=tuple((one.from_at, one.until_at) for one in windows),
        crews=None,
        is_required=True,
        not_last=not_last,
    )


def _arrivals(gap: Gap, windows: tuple[Interval, ...], service_s: int) -> Iterator[datetime]:
    """Yield times in a gap at which the crew could ring: on the quarter hour, a while apart."""
    arrive_at = _quarter_after(gap.earliest_at)
    if arrive_at > gap.latest_at:
        arrive_at = gap.earliest_at
    while arrive_at <= gap.latest_at:
        if any(one.holds(arrive_at, arrive_at + timedelta(seconds=service_s)) for one in windows):
            yield arrive_at
        arrive_at += STEP


def _quarter_after(at: datetime) -> datetime:
    over = at.timestamp() % _QUARTER_S
    return at if over == 0 else at + timedelta(seconds=_QUARTER_S - over)


def _spread(found: Sequence[_Found], time_zone: str, limit: int) -> list[_Found]:
    """Return the cheapest, one for each window, no day half twice before every one had its turn."""
    left = sorted(found, key=lambda one: (one.added_s, one.terms.window_from_at, one.crew_name))
    turns: Counter[tuple[date, bool]] = Counter()
    seen: set[datetime] = set()
    ranked: list[tuple[int, int, int, _Found]] = []
    for one in left:
        begin = one.terms.window_from_at
        if begin in seen:
            continue
        seen.add(begin)
        wall = local_time(time_zone, begin)
        half = (wall.date(), wall.hour < _NOON)
        ranked.append((turns[half], one.added_s, len(ranked), one))
        turns[half] += 1
    chosen = [one for *_, one in sorted(ranked, key=lambda row: row[:3])[:limit]]
    return sorted(chosen, key=lambda one: one.terms.window_from_at)
