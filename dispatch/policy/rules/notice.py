"""Notice: told in time, not too long ago, by a notice that names this date, place and crew."""

from datetime import datetime, timedelta
from typing import Final

from dispatch.policy.facts import NoticeFacts, VisitFacts
from dispatch.policy.hashes import crew_hash
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, Windows, finding
from dispatch.policy.rules.contacts import cap_reached
from dispatch.policy.windows import is_known_zone, next_sendable

LIVE: Final = frozenset({"sending", "sent", "unknown", "accepted", "delivered", "opened"})
"""States of a notice that has left: the visit is locked to what it says until it is superseded."""

_SILENT: Final = frozenset({"unanswered", "expired"})
_OPEN: Final = frozenset({None, "announced", "offered", "confirmed"}) | _SILENT
_WRITTEN: Final = frozenset({"email", "sms", "letter", "chat"})
_PROOFS: Final = frozenset({"receipt", "opened_link", "personal"})


def live_notice(visit: VisitFacts) -> NoticeFacts | None:
    """Return the notice that has left and binds the visit; None where a new one is needed."""
    notice = visit.notice
    return notice if notice is not None and notice.state in LIVE else None


def delivered_at(notice: NoticeFacts, now: datetime) -> datetime | None:
    """Return when a notice is proven to have arrived: by receipt, in person, or by opening."""
    proven = [notice.opened_at]
    if notice.delivered_proof in _PROOFS:
        proven.append(notice.delivered_at)
    return min((at for at in proven if at is not None and at <= now), default=None)


def _answered(visit: VisitFacts, law: Pack, _day: Day) -> Finding | None:
    if visit.appointment == "declined":
        return finding("declined", law, "notice.refused")
    if visit.appointment not in _OPEN:
        return finding("appointment-not-open", law, "notice.refused", state=visit.appointment)
    if visit.appointment in _SILENT and law["notice.no_reply"] == "no_visit":
        return finding("no-reply", law, "notice.no_reply")
    return None


def _as_announced(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    notice = live_notice(visit)
    if notice is None:
        return None
    if visit.is_notice_used:
        return finding("notice-used", law, "notice.no_reply")
    if law.get("notice.in_writing") and notice.channel not in _WRITTEN:
        return finding("notice-not-written", law, "notice.in_writing")
    same = (notice.date_on, notice.place_id, notice.purpose)
    crew = None if day.crew is None else crew_hash(m.agent_id for m in day.crew)
    is_same_crew = crew is None or crew == notice.crew_hash or crew in notice.substitute_hashes
    if same != (day.on, visit.place_id, visit.purpose) or not is_same_crew:
        return finding("notice-differs", law, "notice.content")
    return None


def _in_time(visit: VisitFacts, law: Pack, day: Day, windows: Windows) -> Windows:
    """Return the windows that an announced window may still begin in, or the announced one."""
    lead = timedelta(hours=law["notice.min_hours"])
    age = timedelta(days=law["notice.max_age_days"])
    notice = live_notice(visit)
    if notice is not None:
        return _of(notice, windows, lead=lead, age=age, now=day.now)
    zones = (visit.time_zone or "", *visit.contact_time_zones)
    if not windows or not all(is_known_zone(name) for name in zones):
        return ()
    sent_at = next_sendable(
        law,
        time_zones=zones,
        from_at=day.now,
        until_at=windows[-1].until_at,
        calendar=day.calendar,
        # The notice is a contact itself, and so is the visit that it tells of.
        is_open=lambda on: cap_reached(visit, law, on, channel="sms", to_come=(day.on,)) is None,
    )
    if sent_at is None:
        return ()
    arrives_at = sent_at + timedelta(seconds=day.sending_delay_s)
    return tuple(part for w in windows for part in w.cut(arrives_at + lead, sent_at + age))


def _of(
    notice: NoticeFacts, windows: Windows, *, lead: timedelta, age: timedelta, now: datetime
) -> Windows:
    # Without proof the notice may still arrive, or its proof, but not later than now is early.
    proven = delivered_at(notice, now)
    if (proven or now) + lead > notice.window_from:
        return ()
    if proven is not None and notice.window_until > proven + age:
        return ()
    if notice.expires_at is not None and notice.expires_at < notice.window_until:
        return ()
    return tuple(part for w in windows for part in w.cut(notice.window_from, notice.window_until))


ANSWER = Rule(code="declined", parameters=("notice.refused", "notice.no_reply"), check=_answered)
NOTICE = Rule(
    code="notice-not-in-time",
    parameters=("notice.min_hours", "notice.max_age_days", "message.windows", "contact.caps"),
    check=_as_announced,
    narrow=_in_time,
)
