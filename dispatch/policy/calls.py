"""Calls: whether a person may be called now, by hours, numbers a day and rest after a talk."""

from datetime import datetime

from dispatch.clock import local_date
from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import ContactFacts, VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.contacts import cap_reached
from dispatch.policy.windows import is_known_zone, is_sendable


def call_permitted(visit: VisitFacts, law: Pack, *, now: datetime, calendar: Calendar) -> bool:
    """Whether the person of a visit may be called at this moment; what isn't known permits none.

    Hours are those of every zone in which the person may be; calls by any agency about any loan
    count, and a talk begins a rest of which its own day is the first.
    """
    zones = (visit.time_zone or "", *visit.contact_time_zones)
    if visit.contacts is None or not all(is_known_zone(name) for name in zones):
        return False
    if not is_sendable(law, time_zones=zones, at=now, calendar=calendar, activity="call"):
        return False
    today = local_date(zones[0], now)
    calls = [one for one in visit.contacts if one.channel == "phone" and not one.by_borrower]
    ages = [(one, (today - local_date(zones[0], one.at)).days) for one in calls]
    rest = law.get("call.cooling_days_after_talk") or 0
    return not (
        any(_is_talk(one) and 0 <= age < rest for one, age in ages)
        or _is_full(law.get("call.attempts_per_day"), [age == 0 for _, age in ages])
        or _is_full(
            law.get("call.answered_per_day"), [age == 0 and _is_talk(one) for one, age in ages]
        )
        or cap_reached(visit, law, today, channel="phone")
    )


def _is_talk(call: ContactFacts) -> bool:
    return call.result == "right_party"


def _is_full(most: int | None, counted: list[bool]) -> bool:
    return most is not None and sum(counted) >= most
