"""Crew: size, members, papers, mix, and whether it is the crew that its hash says."""

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from uuid import UUID

from dispatch.audit.breach import Code
from dispatch.audit.hours import wall_date
from dispatch.audit.stay import Fault, Seen
from dispatch.policy.facts import MemberFacts


def crew(seen: Seen) -> Iterator[Fault]:
    """Find crews that may not make this visit."""
    members, terms = seen.stay.crew, seen.terms
    ids = [member.agent_id for member in members]
    if len(set(ids)) < terms.highest("crew.min"):
        yield Fault(Code.CREW_SIZE, f"a crew of {len(set(ids))}", "crew.min")
    if len(set(ids)) != len(ids):
        yield Fault(Code.CREW_REPEATED, "an agent is named twice", "crew.min")
    if digest_of(ids) != seen.stay.crew_hash:
        yield Fault(Code.CREW_HASH, "the members are not those of the hash", "crew.min")
    on = seen.day.service_date
    if seen.zone is not None:
        on = max(on, wall_date(seen.zone, seen.stay.leave_at))
    papers = terms.all_names("crew.papers")
    lacks = sorted({what for member in members for what in _lacks(member, papers, on)})
    if lacks:
        yield Fault(Code.CREW_PAPERS, f"not valid: {', '.join(lacks)}", "crew.papers")
    genders = {member.gender for member in members if member.gender}
    wish = "crew.mixed_gender_on_request"
    if seen.visit.wants_mixed_crew and terms.anyone_asks(wish) and len(genders) <= 1:
        yield Fault(Code.CREW_MIX, "a mixed crew was asked for", wish)


def digest_of(agent_ids: Sequence[UUID]) -> str:
    """Return the crew's hash, from the canonical form in docs/policy.md."""
    lines = ["crew/1"]
    lines.extend(sorted(map(str, agent_ids)))
    return sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _lacks(member: MemberFacts, papers: set[str], on: date) -> Iterator[str]:
    held = {
        "certificate": member.certificate_until,
        "training": member.training_until,
        "authorisation": member.authorised_until,
    }
    for paper in papers:
        last = held.get(paper)
        if last is None or on > last:
            yield paper
    if member.is_active is not True:
        yield "active"
