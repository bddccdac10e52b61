"""Eligibility: long enough overdue, genuinely tried from afar, and not known to be unable."""

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, days_since, finding


def _overdue(visit: VisitFacts, law: Pack, _day: Day) -> Finding | None:
    least = law["eligibility.min_dpd"]
    if visit.dpd is None or visit.dpd >= least:
        return None
    return finding("not-overdue-enough", law, "eligibility.min_dpd", dpd=visit.dpd, least=least)


def _tried(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if visit.contacts is None:
        return None
    tries = [
        contact
        for contact in visit.contacts
        if contact.case_id == visit.case_id
        and contact.channel != "visit"
        and contact.is_genuine
        and not contact.by_borrower
        and contact.at <= day.now
    ]
    least = {
        "eligibility.remote_attempts": (len(tries), "tries"),
        "eligibility.remote_days": (len({days_since(visit, c.at, day.on) for c in tries}), "days"),
        "eligibility.remote_channels": (len({c.channel for c in tries}), "channels"),
    }
    for parameter, (number, what) in least.items():
        if number < law[parameter]:
            return finding(
                "remote-first", law, parameter, what=what, number=number, least=law[parameter]
            )
    return None


def _able(visit: VisitFacts, law: Pack, _day: Day) -> Finding | None:
    if visit.ability is None or visit.ability in law["eligibility.ability"]:
        return None
    return finding("not-able", law, "eligibility.ability")


OVERDUE = Rule(code="not-overdue-enough", parameters=("eligibility.min_dpd",), check=_overdue)
REMOTE_FIRST = Rule(
    code="remote-first",
    parameters=(
        "eligibility.remote_attempts",
        "eligibility.remote_days",
        "eligibility.remote_channels",
    ),
    check=_tried,
)
ABILITY = Rule(code="not-able", parameters=("eligibility.ability",), check=_able)
