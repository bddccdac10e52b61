"""Contacts: how often a person may be reached, and by what means; a visit is one means of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dispatch.clock import local_date
from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, finding
from dispatch.policy.rules.caps import most_within

_VISIT = "visit"
_PHONE = "phone"


def cap_reached(
    visit: VisitFacts, law: Pack, on: date, *, channel: str, to_come: Iterable[date] = ()
) -> Mapping[str, Any] | None:
    """Return the cap of which one more contact on a date is one too many; None if none is.

    Contacts count across loans, agencies and channels, whoever was reached, reminders and knocks
    too, save what the person began. A cap on remote contacts counts no visit, one on calls
    nothing but calls.

    Parameters
    ----------
    channel
        Of the contact to be made: phone, sms, email, letter, chat or visit.
    to_come
        Dates of visits that are not among the facts' but are to be made.
    """
    for cap in law.get("contact.caps") or ():
        if _counts(cap["of"], channel):
            dates = [*_dates(visit, cap), *(to_come if cap["of"] == "all" else ())]
            if most_within(dates, on, cap["days"]) > cap["most"]:
                return dict(cap)
    return None


def _counts(of: str, channel: str) -> bool:
    """Whether a cap of a kind counts contacts by a channel."""
    return of == "all" or (channel == _PHONE if of == "calls" else channel != _VISIT)


def _dates(visit: VisitFacts, cap: Mapping[str, Any]) -> list[date]:
    """Return the local dates of what a cap counts; visits by what was made of them."""
    remote = [
        (one.at, one.case_id)
        for one in visit.contacts or ()
        if one.channel != _VISIT and not one.by_borrower and _counts(cap["of"], one.channel)
    ]
    made = [
        (one.at, one.case_id)
        for one in visit.visits or ()
        if cap["of"] == "all" and one.visit_id != visit.visit_id
    ]
    return [
        local_date(visit.time_zone or "UTC", at)
        for at, case_id in (*remote, *made)
        if cap["scope"] == "person" or case_id == visit.case_id
    ]


def _capped(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if visit.contacts is None or visit.visits is None:
        return None
    cap = cap_reached(visit, law, day.on, channel=_VISIT)
    if cap is None:
        return None
    return finding("contacts-reached", law, "contact.caps", most=cap["most"], days=cap["days"])


CONTACTS = Rule(code="contacts-reached", parameters=("contact.caps",), check=_capped)
