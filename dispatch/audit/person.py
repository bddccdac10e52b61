"""The person's side of a stay: known facts, age, place, holds, eligibility, approval."""

from collections.abc import Iterator
from datetime import datetime

from dispatch.audit.breach import Code, Profile
from dispatch.audit.hours import wall_date, zone_of
from dispatch.audit.stay import Fault, Seen
from dispatch.policy.facts import ContactFacts, HoldFacts

_REMOTE = {"phone", "sms", "email", "letter", "chat"}


def unknown_facts(seen: Seen) -> Iterator[Fault]:
    """Find what nobody knows, and who is no adult."""
    visit = seen.visit
    known = {
        "time_zone": seen.zone is not None
        and all(zone_of(name) is not None for name in visit.contact_time_zones),
        "place": visit.place_kind is not None and visit.is_place_located is True,
        "is_adult": visit.is_adult is not None,
        "language": visit.language is not None and visit.language.strip() != "",
        "dpd": visit.dpd is not None,
        "ability": visit.ability is not None,
        "contacts": visit.contacts is not None,
        "visits": visit.visits is not None,
        "holds": visit.holds is not None,
        "data_audit": visit.data_audit_until is not None,
    }
    for name in sorted(seen.terms.all_names("facts.required")):
        if not known.get(name, False):
            yield Fault(Code.FACT_UNKNOWN, f"{name} is not known", "facts.required")
    if visit.is_adult is False:
        yield Fault(Code.NOT_AN_ADULT, "the person is not of age", "facts.required")
    if visit.data_audit_until is not None and visit.data_audit_until < seen.stay.leave_at:
        until = f"the data were checked until {visit.data_audit_until:%Y-%m-%d %H:%M} only"
        yield Fault(Code.DATA_AUDIT, until, "facts.required")


def place(seen: Seen) -> Iterator[Fault]:
    """Find places that are no one's choice, and stays elsewhere than at the visit's place."""
    visit, stay = seen.visit, seen.stay
    if stay.place_id is not None and stay.place_id != visit.place_id:
        yield Fault(Code.PLACE_DIFFERS, "the crew is sent to another place", "visit.places")
    words = {
        said.get(visit.place_kind)
        for said in seen.terms.each("visit.places")
        if visit.place_kind in said
    }
    if not words or "never" in words:
        yield Fault(Code.PLACE, f"no visit at a place of kind {visit.place_kind}", "visit.places")
    elif "only_if_chosen" in words and not _has_agreed(seen):
        yield Fault(Code.CONSENT, "the person did not choose this place", "visit.places")


def _has_agreed(seen: Seen) -> bool:
    if seen.visit.is_place_chosen is not True:
        return False
    for consent in seen.visit.consents:
        if consent.scope != "place" or consent.place_id != seen.visit.place_id:
            continue
        if consent.given_at > seen.told_at:
            continue
        revoked = consent.revoked_at
        # What was revoked after the crew had left was in force while it was there.
        if revoked is None or (seen.profile is Profile.EXECUTED and revoked > seen.stay.leave_at):
            return True
    return False


def holds(seen: Seen) -> Iterator[Fault]:
    """Find every hold that meets the stay."""
    for hold in seen.visit.holds or ():
        if _concerns(hold, seen) and _meets(hold, seen.stay.arrive_at, seen.stay.leave_at):
            yield Fault(Code.HOLD, f"a hold ({hold.kind}) is in force", "holds.kinds")


def _concerns(hold: HoldFacts, seen: Seen) -> bool:
    if hold.case_id is not None and hold.case_id == seen.visit.case_id:
        return True
    if hold.place_id is not None and hold.place_id == seen.visit.place_id:
        return True
    return hold.case_id is None and hold.place_id is None


def _meets(hold: HoldFacts, arrive_at: datetime, leave_at: datetime) -> bool:
    has_begun = hold.from_at <= leave_at
    has_ended = hold.until_at is not None and hold.until_at <= arrive_at
    return has_begun and not has_ended


def eligibility(seen: Seen) -> Iterator[Fault]:
    """Find cases that are not far enough for a visit."""
    visit, terms = seen.visit, seen.terms
    if visit.dpd is not None and visit.dpd < terms.highest("eligibility.min_dpd"):
        yield Fault(Code.OVERDUE, f"{visit.dpd} days past due", "eligibility.min_dpd")
    if visit.ability is not None and visit.ability not in terms.shared_names(
        "eligibility.ability"
    ):
        yield Fault(Code.ABILITY, "the assessed ability permits no visit", "eligibility.ability")
    if visit.contacts is None or seen.zone is None:
        return
    tries = [contact for contact in visit.contacts if _is_remote_try(contact, seen)]
    counts = {
        "eligibility.remote_attempts": len(tries),
        "eligibility.remote_days": len({wall_date(seen.zone, c.at) for c in tries}),
        "eligibility.remote_channels": len({c.channel for c in tries}),
    }
    for name, count in counts.items():
        if count < terms.highest(name):
            yield Fault(Code.REMOTE_FIRST, f"{name} is {count}", name)


def _is_remote_try(contact: ContactFacts, seen: Seen) -> bool:
    return (
        contact.channel in _REMOTE
        and contact.case_id == seen.visit.case_id
        and contact.is_genuine
        and not contact.by_borrower
        and contact.at <= seen.told_at
    )


def demand(seen: Seen) -> Iterator[Fault]:
    """Find visits before the days that a written demand leaves the person are over."""
    name = "eligibility.days_after_demand"
    visit = seen.visit
    if visit.contacts is None or seen.zone is None or not any(True for _ in seen.terms.each(name)):
        return
    on = seen.day.service_date
    waited = [
        (on - wall_date(seen.zone, contact.at)).days
        for contact in visit.contacts
        if contact.channel == "letter" and _is_remote_try(contact, seen)
    ]
    if not waited or max(waited) <= seen.terms.highest(name):
        told = f"the first demand is {max(waited)} days old" if waited else "no demand was written"
        yield Fault(Code.DEMAND, told, name)


def approval(seen: Seen) -> Iterator[Fault]:
    """Find visits that no human decided on, or without a ground in writing."""
    visit = seen.visit
    decided = visit.approved_at is not None and visit.approved_at <= seen.told_at
    if seen.terms.anyone_asks("approval.by_human") and not (
        decided and visit.approved_by is not None and visit.is_approver_human is True
    ):
        yield Fault(Code.APPROVAL, "no human approved the visit", "approval.by_human")
    if seen.terms.anyone_asks("approval.ground_in_writing") and not (visit.ground or "").strip():
        yield Fault(Code.GROUND, "no ground is written down", "approval.ground_in_writing")
