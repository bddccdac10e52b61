"""Contacts: how often a person may be reached by any means, a visit being one of them."""

from dispatch.clock import local_date
from dispatch.policy.facts import ContactFacts, VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, finding
from dispatch.policy.rules.caps import most_within


def _capped(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if visit.contacts is None or visit.visits is None:
        return None
    remote = [(one.at, one.case_id) for one in visit.contacts if _counts(one)]
    made = [(one.at, one.case_id) for one in visit.visits if one.visit_id != visit.visit_id]
    for cap in law.get("contact.caps") or ():
        # Caps on calls or on remote contacts count no visit, so they can't forbid one.
        if cap["of"] != "all":
            continue
        dates = [
            local_date(visit.time_zone or "UTC", at)
            for at, case_id in (*remote, *made)
            if cap["scope"] == "person" or case_id == visit.case_id
        ]
        if most_within(dates, day.on, cap["days"]) > cap["most"]:
            return finding(
                "contacts-reached", law, "contact.caps", most=cap["most"], days=cap["days"]
            )
    return None


def _counts(contact: ContactFacts) -> bool:
    """Whether a contact is counted here: visits are, by what was made of them."""
    return contact.channel != "visit" and not contact.by_borrower


CONTACTS = Rule(code="contacts-reached", parameters=("contact.caps",), check=_capped)
