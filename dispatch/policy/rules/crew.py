"""Crew: enough agents, all different, all certified, trained and authorised, mixed on request."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from dispatch.policy.facts import MemberFacts, VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, finding

_UNTIL: Final[Mapping[str, Callable[[MemberFacts], date | None]]] = {
    "certificate": lambda member: member.certificate_until,
    "training": lambda member: member.training_until,
    "authorisation": lambda member: member.authorised_until,
}


def lacking(member: MemberFacts, law: Pack, on: date) -> tuple[str, ...]:
    """Return what an agent lacks on a date: `certificate`, `training`, `authorisation`, `active`."""
    until = {paper: _UNTIL[paper](member) for paper in law["crew.papers"]}
    missing = [paper for paper, last in until.items() if last is None or last < on]
    return (*missing, *(() if member.is_active else ("active",)))


def _enough(_visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if day.crew is None:
        return None
    ids = {member.agent_id for member in day.crew}
    if len(ids) == len(day.crew) >= law["crew.min"]:
        return None
    return finding("crew-too-small", law, "crew.min", number=len(ids), least=law["crew.min"])


def _papers(_visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    missing = sorted({what for m in day.crew or () for what in lacking(m, law, day.on)})
    return finding("crew-papers", law, "crew.papers", papers=tuple(missing)) if missing else None


def _mixed(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if day.crew is None or not (visit.wants_mixed_crew and law["crew.mixed_gender_on_request"]):
        return None
    genders = {member.gender for member in day.crew if member.gender}
    if len(genders) > 1:
        return None
    return finding("crew-not-mixed", law, "crew.mixed_gender_on_request")


CREW_SIZE = Rule(code="crew-too-small", parameters=("crew.min",), check=_enough)
CREW_PAPERS = Rule(code="crew-papers", parameters=("crew.papers",), check=_papers)
CREW_MIX = Rule(code="crew-not-mixed", parameters=("crew.mixed_gender_on_request",), check=_mixed)
