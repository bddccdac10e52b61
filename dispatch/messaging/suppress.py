"""Suppression: whether a notice may leave at this very moment, asked in the transaction that sends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.messaging.caps import open_days
from dispatch.messaging.ground import Ground
from dispatch.model import (
    Appointment,
    ContactPoint,
    ContactStatus,
    HoldKind,
    Notice,
    NoticeKind,
    NoticeState,
    Person,
    Visit,
)
from dispatch.model.appointment import STANDING
from dispatch.model.visit import OPEN, UNDECIDED
from dispatch.policy.law import law_for
from dispatch.policy.pack import Pack
from dispatch.policy.windows import is_sendable, next_sendable
from dispatch.store import notices
from dispatch.store.holds import against
from dispatch.store.rows import find, get_any

INVITES: Final = frozenset(
    {NoticeKind.ANNOUNCEMENT, NoticeKind.CORRECTION, NoticeKind.RECEIPT, NoticeKind.REMINDER}
)
"""Notices about a visit that is to take place; the others say that none will."""

_SILENCE: Final = frozenset({HoldKind.STOP_CONTACT, HoldKind.DECEASED})


@dataclass(frozen=True, slots=True)
class Ban:
    """Why a notice doesn't leave now: it ends in a state, or waits until an instant."""

    why: str
    state: NoticeState | None = None
    until_at: datetime | None = None


def ban(session: Session, notice: Notice, ground: Ground) -> Ban | None:
    """Return what stands against sending a notice now; None if nothing does."""
    now = ground.now
    if ground.is_stopped:
        return Ban("sending is switched off", until_at=notice.send_after_at)
    visit = get_any(session, Visit, notice.visit_id)
    appointment = (
        find(session, Appointment, notice.appointment_id) if notice.appointment_id else None
    )
    if appointment is None or get_any(session, Person, notice.person_id).data_key is None:
        return Ban("nobody is left to tell", NoticeState.SUPPRESSED)
    if why := _is_void(notice, visit, appointment, ground):
        return Ban(why, NoticeState.SUPPRESSED)
    return _too_late(notice, appointment, ground.law, now) or _quiet(
        session, notice, appointment, ground
    )


def contact_point(session: Session, notice: Notice) -> ContactPoint | None:
    """Return where the notice goes, if that is still held to be right."""
    point = (
        find(session, ContactPoint, notice.contact_point_id) if notice.contact_point_id else None
    )
    return point if point is not None and point.status is ContactStatus.VALID else None


def _is_void(notice: Notice, visit: Visit, appointment: Appointment, ground: Ground) -> str | None:
    held = ground.held.get(notice.person_id, ())
    standing = against(held, visit, now=ground.now, until_at=appointment.stay_until_at)
    if notice.kind not in INVITES:
        kinds = {hold.kind for hold in standing} & _SILENCE
        return f"hold: {min(kinds)}" if kinds else None
    if standing:
        return f"hold: {standing[0].kind}"
    if visit.state not in (UNDECIDED if notice.kind is NoticeKind.REMINDER else OPEN):
        return f"the visit is {visit.state}"
    if appointment.state not in STANDING:
        return f"the appointment is {appointment.state}"
    return None


def _too_late(notice: Notice, appointment: Appointment, law: Pack, now: datetime) -> Ban | None:
    lead = timedelta(hours=int(law["notice.min_hours"]))
    if notice.kind is NoticeKind.ANNOUNCEMENT and now + lead > appointment.window_from_at:
        return Ban("too late for the notice time", NoticeState.EXPIRED)
    if now >= notice.expires_at:
        return Ban("expired", NoticeState.EXPIRED)
    return None


def _quiet(
    session: Session, notice: Notice, appointment: Appointment, ground: Ground
) -> Ban | None:
    zone = notices.time_zone_of(session, appointment, ground.branch)
    region = notices.region_of_place(session, appointment, ground.branch)
    calendar = ground.calendar.at(region)
    is_open = _open_days(notice, ground)
    is_free = is_open(local_date(zone, ground.now))
    at = ground.now
    if is_free and is_sendable(ground.law, time_zones=(zone,), at=at, calendar=calendar):
        return None
    later = next_sendable(
        ground.law,
        time_zones=(zone,),
        from_at=at,
        until_at=appointment.window_from_at,
        calendar=calendar,
        is_open=is_open,
    )
    if later is None:
        return Ban("no moment is left at which it may be sent", NoticeState.EXPIRED)
    return Ban("quiet hours" if is_free else "contact cap", until_at=later)


def _open_days(notice: Notice, ground: Ground) -> Callable[[date], bool]:
    """Return on which dates one more message may go: whoever waits in vain is told on any."""
    if notice.kind not in INVITES:
        return lambda _on: True
    known = ground.facts[notice.visit_id]
    return open_days(notice, known, law_for(ground.law, known, on=ground.today, now=ground.now))
