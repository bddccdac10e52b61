"""Caps and cooling-off: how often a person may be visited, across loans, agencies and channels."""

from collections.abc import Sequence
from datetime import date

from dispatch.clock import local_date
from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, days_since, finding

_TALKS = frozenset({"phone", "chat", "visit"})


def _capped(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if visit.visits is None:
        return None
    for cap in law["visit.caps"]:
        dates = [
            local_date(visit.time_zone or "UTC", made.at)
            for made in visit.visits
            if made.visit_id != visit.visit_id
            and (cap["scope"] == "person" or made.case_id == visit.case_id)
        ]
        if most_within(dates, day.on, cap["days"]) > cap["visits"]:
            code = "cap-reached" if cap["days"] else "case-cap-reached"
            return finding(
                code, law, "visit.caps", visits=cap["visits"], days=cap["days"], scope=cap["scope"]
            )
    return None


def most_within(dates: Sequence[date], on: date, days: int | None) -> int:
    """Return the most visits, this one included, in any span of `days` dates that holds `on`."""
    if days is None:
        return len(dates) + 1
    near = sorted([*(d for d in dates if abs((d - on).days) < days), on])
    # A fullest span begins on a visit; those that begin after `on` do not hold it.
    starts = [d for d in near if d <= on]
    return max(sum(0 <= (d - start).days < days for d in near) for start in starts)


def _cooling(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    days = law["visit.cooling_days_after_talk"]
    since = [
        days_since(visit, contact.at, day.on)
        for contact in visit.contacts or ()
        if contact.channel in _TALKS
        and contact.result == "right_party"
        and not contact.by_borrower
    ]
    recent = [number for number in since if 0 <= number <= days]
    if days == 0 or not recent:
        return None
    return finding(
        "cooling-off", law, "visit.cooling_days_after_talk", days=days, since=min(recent)
    )


def _same_day(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    most = law["visit.other_contacts_same_day"]
    number = sum(
        days_since(visit, contact.at, day.on) == 0 and not contact.by_borrower
        for contact in visit.contacts or ()
    )
    if number <= most:
        return None
    return finding(
        "contacted-same-day", law, "visit.other_contacts_same_day", number=number, most=most
    )


CAPS = Rule(code="cap-reached", parameters=("visit.caps",), check=_capped)
COOLING = Rule(code="cooling-off", parameters=("visit.cooling_days_after_talk",), check=_cooling)
SAME_DAY = Rule(
    code="contacted-same-day", parameters=("visit.other_contacts_same_day",), check=_same_day
)
