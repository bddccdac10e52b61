"""How often: the auditor's own count of visits and contacts, across loans and agencies."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.audit.breach import Code, Profile
from dispatch.audit.hours import wall_date
from dispatch.audit.stay import Fault, Seen
from dispatch.policy.facts import ContactFacts


def caps(seen: Seen) -> Iterator[Fault]:
    """Find visits beyond a cap, in whatever span of days that holds this one."""
    if seen.zone is None or seen.visit.visits is None:
        return
    on = wall_date(seen.zone, seen.stay.arrive_at)
    for said in seen.terms.each("visit.caps"):
        for cap in said:
            dates = _others(seen, seen.zone, cap)
            number = 1 + _fullest(dates, on, cap["days"])
            if number > cap["visits"]:
                span = f"in {cap['days']} days" if cap["days"] else "in all"
                told = f"{number} visits {span} per {cap['scope']}, {cap['visits']} permitted"
                yield Fault(Code.CAP, told, "visit.caps")


def _others(seen: Seen, zone: ZoneInfo, cap: dict[str, Any]) -> list[date]:
    """Return the dates of the other visits that the cap counts, those of this day included."""
    own = seen.visit
    dates: list[date] = []
    counted = {own.visit_id}
    for made in own.visits or ():
        if made.visit_id in counted:
            continue
        if cap["scope"] == "person" or made.case_id == own.case_id:
            dates.append(wall_date(zone, made.at))
            if made.visit_id is not None:
                counted.add(made.visit_id)
    for stay in seen.day.stays:
        other = stay.visit
        if other.person_id != own.person_id or other.visit_id in counted:
            continue
        if cap["scope"] == "person" or other.case_id == own.case_id:
            dates.append(wall_date(zone, stay.arrive_at))
            counted.add(other.visit_id)
    return dates


def _fullest(dates: list[date], on: date, days: int | None) -> int:
    """Return the most of the dates in any span of so many days that holds `on`, day by day."""
    if days is None:
        return len(dates)
    reach = timedelta(days=days)
    dates = [d for d in dates if on - reach < d < on + reach]
    if not dates:
        return 0
    most = 0
    for back in range(days):
        first = on - timedelta(days=back)
        last = first + timedelta(days=days - 1)
        most = max(most, sum(1 for d in dates if first <= d <= last))
    return most


def contact_caps(seen: Seen) -> Iterator[Fault]:
    """Find visits that are one contact too many, where the cap counts visits and all else alike."""
    own = seen.visit
    if seen.zone is None or own.contacts is None or own.visits is None:
        return
    on = wall_date(seen.zone, seen.stay.arrive_at)
    for cap in _contact_caps(seen):
        if cap["of"] in {"remote", "calls"}:
            continue
        dates = [*_others(seen, seen.zone, cap), *_contacts(seen, seen.zone, cap)]
        number = 1 + _fullest(dates, on, cap["days"])
        if number > cap["most"]:
            told = f"{number} contacts in {cap['days']} days, {cap['most']} permitted"
            yield Fault(Code.CONTACT_CAP, told, "contact.caps")


def notice_cap(seen: Seen) -> Iterator[Fault]:
    """Find executed visits whose own notice was one contact too many when it left."""
    newest = seen.visit.notice
    if seen.profile is not Profile.EXECUTED or seen.zone is None:
        return
    if newest is None or newest.sent_at is None:
        return
    sent_on = wall_date(seen.zone, newest.sent_at)
    is_call = newest.channel == "phone_desk"
    for cap in _contact_caps(seen):
        if cap["of"] == "calls" and not is_call:
            continue
        # What came after the notice is not the notice's fault.
        dates = [*_before_notice(seen, seen.zone, cap, newest.sent_at), sent_on]
        number = sum(sent_on - d < timedelta(days=cap["days"]) for d in dates)
        if number > cap["most"]:
            told = (
                f"the notice was contact {number} in {cap['days']} days, {cap['most']} permitted"
            )
            yield Fault(Code.CONTACT_CAP, told, "contact.caps")


def _before_notice(
    seen: Seen, zone: ZoneInfo, cap: dict[str, Any], sent_at: datetime
) -> list[date]:
    """Return the dates of what a cap counts and what was before the notice, without the notice."""
    dates = _contacts(seen, zone, cap, until_at=sent_at)
    if cap["of"] == "all":
        dates += [
            wall_date(zone, made.at)
            for made in seen.visit.visits or ()
            if made.at <= sent_at and cap["scope"] in {"person", _whose(seen, made.case_id)}
        ]
    return dates


def _whose(seen: Seen, case_id: UUID | None) -> str:
    return "case" if case_id == seen.visit.case_id else "another case"


def closed_to_notices(seen: Seen, dates: list[date]) -> frozenset[date]:
    """Return the dates on which a notice of this visit would be one contact too many."""
    if seen.zone is None:
        return frozenset()
    visit_on = wall_date(seen.zone, seen.stay.arrive_at)
    closed = set()
    for cap in _contact_caps(seen):
        if cap["of"] == "calls":
            continue
        counted = _contacts(seen, seen.zone, cap)
        if cap["of"] == "all":
            counted += [*_others(seen, seen.zone, cap), visit_on]
        closed |= {on for on in dates if 1 + _fullest(counted, on, cap["days"]) > cap["most"]}
    return frozenset(closed)


def _contact_caps(seen: Seen) -> Iterator[dict[str, Any]]:
    for said in seen.terms.each("contact.caps"):
        yield from said


def _contacts(
    seen: Seen, zone: ZoneInfo, cap: dict[str, Any], *, until_at: datetime | None = None
) -> list[date]:
    """Return the dates of the contacts that a cap counts, other than visits."""
    dates = []
    for contact in seen.visit.contacts or ():
        if contact.channel == "visit" or contact.by_borrower:
            continue
        if cap["of"] == "calls" and contact.channel != "phone":
            continue
        if cap["scope"] not in {"person", _whose(seen, contact.case_id)}:
            continue
        # The notice is on record as a contact at the instant at which it was sent.
        if until_at is None or contact.at < until_at:
            dates.append(wall_date(zone, contact.at))
    return dates


def contacts(seen: Seen) -> Iterator[Fault]:
    """Find talks too short a while ago, and other contacts on the same day."""
    if seen.zone is None or seen.visit.contacts is None:
        return
    on = wall_date(seen.zone, seen.stay.arrive_at)
    cooling = seen.terms.highest("visit.cooling_days_after_talk")
    same_day = 0
    for contact in seen.visit.contacts:
        if contact.by_borrower or _is_the_stay(seen, contact):
            continue
        days = (on - wall_date(seen.zone, contact.at)).days
        if days == 0:
            same_day += 1
        is_talk = contact.result == "right_party" and contact.channel in {"phone", "chat", "visit"}
        is_before = seen.profile is not Profile.EXECUTED or contact.at < seen.stay.arrive_at
        if is_talk and is_before and cooling > 0 and 0 <= days <= cooling:
            yield Fault(
                Code.COOLING_OFF, f"a talk {days} days ago", "visit.cooling_days_after_talk"
            )
    if same_day > seen.terms.lowest("visit.other_contacts_same_day"):
        yield Fault(
            Code.SAME_DAY_CONTACT,
            f"{same_day} other contacts on the day",
            "visit.other_contacts_same_day",
        )


def _is_the_stay(seen: Seen, contact: ContactFacts) -> bool:
    """Whether a contact is the executed stay itself, as the crew recorded it."""
    return (
        seen.profile is Profile.EXECUTED
        and contact.channel == "visit"
        and seen.stay.arrive_at <= contact.at <= seen.stay.leave_at
    )
