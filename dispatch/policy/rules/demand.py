"""Demand: a letter asked for the money first, and its days to answer are over."""

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, days_since, finding


def _demanded(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    least = law.get("eligibility.days_after_demand")
    if least is None or visit.contacts is None:
        return None
    since = [
        days_since(visit, contact.at, day.on)
        for contact in visit.contacts
        if contact.channel == "letter"
        and contact.case_id == visit.case_id
        and contact.is_genuine
        and not contact.by_borrower
        and contact.at <= day.now
    ]
    if any(days > least for days in since):
        return None
    return finding("demand-first", law, "eligibility.days_after_demand", days=least)


DEMAND = Rule(code="demand-first", parameters=("eligibility.days_after_demand",), check=_demanded)
