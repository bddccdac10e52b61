"""Notice: can it still arrive in time; has it arrived; does it say what is planned."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from dispatch.audit.breach import Code, Profile
from dispatch.audit.crew import digest_of
from dispatch.audit.hours import is_closed_day, is_within, wall_date, zone_of
from dispatch.audit.often import closed_to_notices
from dispatch.audit.stay import Fault, Seen
from dispatch.policy.facts import NoticeFacts

_HAS_LEFT = {"sending", "sent", "unknown", "accepted", "delivered", "opened"}
_PROOFS = {"receipt", "opened_link", "personal"}
_MAY_GO_AHEAD = {None, "announced", "offered", "unanswered", "expired", "confirmed"}
_IS_OVER = {"kept", "missed_borrower", "missed_agent"}
_MINUTE = timedelta(minutes=1)


def appointment(seen: Seen) -> Iterator[Fault]:
    """Find visits that the person declined, wants at another time, or must confirm first."""
    state = seen.visit.appointment
    is_over = seen.profile is Profile.EXECUTED and state in _IS_OVER
    if not is_over and state not in _MAY_GO_AHEAD:
        yield Fault(Code.APPOINTMENT, f"the appointment is {state}", "notice.refused")
    waits = (
        {"unanswered", "expired"}
        if seen.profile is Profile.ANNOUNCE
        else (_MAY_GO_AHEAD | _IS_OVER) - {"confirmed"}
    )
    if state in waits and "no_visit" in seen.terms.each("notice.no_reply"):
        yield Fault(Code.APPOINTMENT, "the person has not agreed", "notice.no_reply")


def notice(seen: Seen) -> Iterator[Fault]:
    """Find stays that no notice covers, as the profile demands."""
    newest = seen.visit.notice
    has_left = newest is not None and newest.state in _HAS_LEFT
    if newest is None or not has_left:
        if seen.profile is Profile.ANNOUNCE:
            yield from _could_still_be_told(seen)
        else:
            yield Fault(Code.NOTICE_MISSING, "no notice is under way", "notice.must_be_delivered")
        return
    if seen.visit.is_notice_used:
        yield Fault(Code.NOTICE_USED, "an earlier try rested on the notice", "notice.no_reply")
    is_written = newest.channel in {"email", "sms", "letter", "chat"}
    if seen.terms.anyone_asks("notice.in_writing") and not is_written:
        told = f"the notice went by {newest.channel}, not in writing"
        yield Fault(Code.NOTICE_NOT_WRITTEN, told, "notice.in_writing")
    yield from _says_the_same(seen, newest)
    yield from _arrived(seen, newest)


def _could_still_be_told(seen: Seen) -> Iterator[Fault]:
    """Look for the first moment at which a notice may leave, and count from there."""
    sent_at = _first_sending_moment(seen)
    if sent_at is None:
        yield Fault(
            Code.NOTICE_LATE, "no moment is left at which to send a notice", "message.windows"
        )
        return
    arrives_at = sent_at + timedelta(seconds=seen.day.sending_delay_s)
    if seen.stay.window_from - arrives_at < _lead(seen):
        yield Fault(
            Code.NOTICE_LATE, f"a notice arrives at {arrives_at} at best", "notice.min_hours"
        )
    if seen.stay.leave_at - sent_at > _age(seen):
        yield Fault(Code.NOTICE_STALE, "a notice sent now would be too old", "notice.max_age_days")


def _says_the_same(seen: Seen, newest: NoticeFacts) -> Iterator[Fault]:
    stay, visit = seen.stay, seen.visit
    crew = digest_of([member.agent_id for member in stay.crew])
    if newest.crew_hash != crew and crew in newest.substitute_hashes:
        crew = newest.crew_hash
    pairs = {
        "date": (newest.date_on, seen.day.service_date),
        "begin of the window": (newest.window_from, stay.window_from),
        "end of the window": (newest.window_until, stay.window_until),
        "place": (newest.place_id, stay.place_id or visit.place_id),
        "crew": (newest.crew_hash, crew),
        "purpose": (newest.purpose, visit.purpose),
    }
    differing = [what for what, (told, planned) in pairs.items() if told != planned]
    lines = [
        "notice/1",
        _text(stay.window_from),
        _text(stay.window_until),
        str(stay.place_id or visit.place_id),
        crew,
        visit.purpose,
    ]
    if sha256("\n".join(lines).encode("utf-8")).hexdigest() != newest.content_hash:
        differing.append("hash")
    if differing:
        told = f"differs from the notice in: {', '.join(differing)}"
        yield Fault(Code.NOTICE_DIFFERS, told, "notice.content")


def _arrived(seen: Seen, newest: NoticeFacts) -> Iterator[Fault]:
    arrived = _proof(newest)
    if arrived is not None and arrived > seen.told_at:
        arrived = None
    if arrived is None and seen.profile is not Profile.ANNOUNCE:
        yield Fault(
            Code.NOTICE_UNDELIVERED,
            f"the notice is {newest.state}, its arrival is not proven",
            "notice.must_be_delivered",
        )
    # Unproven, it may still arrive: at the moment of the audit at the earliest.
    if newest.window_from - (arrived or seen.told_at) < _lead(seen):
        yield Fault(Code.NOTICE_LATE, "the notice does not arrive in time", "notice.min_hours")
    if arrived is not None and newest.window_until - arrived > _age(seen):
        yield Fault(Code.NOTICE_STALE, "the notice is too old", "notice.max_age_days")
    if newest.expires_at is not None and newest.expires_at < newest.window_until:
        yield Fault(Code.NOTICE_EXPIRED, "the notice expires before", "notice.max_age_days")


def _proof(newest: NoticeFacts) -> datetime | None:
    """Return when the arrival is proven; a gateway's word that it took the message is none."""
    proofs = []
    if newest.opened_at is not None:
        proofs.append(newest.opened_at)
    if newest.delivered_at is not None and newest.delivered_proof in _PROOFS:
        proofs.append(newest.delivered_at)
    return min(proofs) if proofs else None


def _first_sending_moment(seen: Seen) -> datetime | None:
    """Return the first moment before the window at which a notice may leave, by trying each."""
    names = (seen.visit.time_zone or "", *seen.visit.contact_time_zones)
    # Message hours may be this visit's own, by the class of its loan or by a relaxation.
    hours = repr(list(seen.terms.each("message.windows")))
    # And days may be full for this person.
    full = closed_to_notices(seen, _dates(seen))
    key = (hours, str(seen.visit.region), *names, *sorted(map(str, full)))
    if key not in seen.sending_moments:
        zones = [zone_of(name) for name in names]
        seen.sending_moments[key] = next(
            (
                at
                for at in _moments(seen)
                if all(
                    zone is not None
                    and wall_date(zone, at) not in full
                    and _may_send(seen, zone, at)
                    for zone in zones
                )
            ),
            None,
        )
    found = seen.sending_moments[key]
    return found if found is not None and found < seen.stay.window_from else None


def _dates(seen: Seen) -> list[date]:
    """Return every date on which a notice might leave, wherever the person is."""
    first = seen.day.generated_at.date() - timedelta(days=1)
    last = max(stay.window_from for stay in seen.day.stays).date() + timedelta(days=1)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _moments(seen: Seen) -> Iterator[datetime]:
    """Yield now and the second after each full minute, until the day's last window begins."""
    last = max(stay.window_from for stay in seen.day.stays)
    at = seen.day.generated_at
    while at < last:
        yield at
        at = at.replace(second=0, microsecond=0) + _MINUTE + timedelta(seconds=1)


def _may_send(seen: Seen, zone: ZoneInfo, at: datetime) -> bool:
    on = wall_date(zone, at)
    day_class = seen.day_class(on)
    return (
        day_class is not None
        and not is_closed_day(seen.terms, on)
        and is_within(
            seen.terms,
            parameter="message.windows",
            margin=timedelta(0),
            day_class=day_class,
            zone=zone,
            from_at=at,
            until_at=at,
        )
    )


def _lead(seen: Seen) -> timedelta:
    return timedelta(hours=seen.terms.highest("notice.min_hours"))


def _age(seen: Seen) -> timedelta:
    return timedelta(days=seen.terms.lowest("notice.max_age_days"))


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
