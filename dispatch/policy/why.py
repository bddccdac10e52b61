"""Why this visit: the facts, the rules by id, what was tried before, and who decided."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCited:
    """A rule that the visit was held against, and whose words it carries out."""

    code: str
    parameter: str
    value: object
    pack_id: str
    instrument: str
    article: str
    url: str | None
    mark: str
    force: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A milder way that was tried before."""

    channel: str
    tries: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The decision record of a visit, for borrower, agent, manager and regulator alike."""

    reference: str
    purpose: str
    ground: str | None
    facts: tuple[tuple[str, str], ...]
    rules: tuple[RuleCited, ...]
    tried: tuple[Tried, ...]
    approved_by: UUID | None
    approved_at: datetime | None
    pack_id: str
    pack_version: str


def why(visit: VisitFacts, law: Pack) -> Why:
    """Return why a visit is made.

    Parameters
    ----------
    visit
        The facts as of the decision.
    law
        The effective pack.
    """
    return Why(
        reference=visit.reference,
        purpose=visit.purpose,
        ground=visit.ground,
        facts=_facts(visit),
        rules=_rules(law),
        tried=tried(visit),
        approved_by=visit.approved_by,
        approved_at=visit.approved_at,
        pack_id=law.id,
        pack_version=law.version,
    )


def _facts(visit: VisitFacts) -> tuple[tuple[str, str], ...]:
    """Return what the rules looked at; a dash is what nobody knows."""
    facts = {
        "dpd": visit.dpd,
        "ability": visit.ability,
        "willingness": visit.willingness,
        "place_kind": visit.place_kind,
        "earlier_visits": None if visit.visits is None else len(visit.visits),
        "holds": None if visit.holds is None else len(visit.holds),
        "data_audit_until": visit.data_audit_until and visit.data_audit_until.isoformat(),
        "appointment": visit.appointment,
        "notice": visit.notice and visit.notice.state,
    }
    return tuple((name, "—" if fact is None else str(fact)) for name, fact in facts.items())


def _rules(law: Pack) -> tuple[RuleCited, ...]:
    cited: dict[tuple[str, str], RuleCited] = {}
    for rule in RULES:
        for parameter in rule.parameters:
            source = law.source(parameter)
            if source is not None:
                cited[rule.code, parameter] = RuleCited(
                    code=rule.code,
                    parameter=parameter,
                    value=law[parameter],
                    pack_id=source.pack_id,
                    instrument=source.instrument,
                    article=source.article,
                    url=source.url,
                    mark=source.mark,
                    force=source.force,
                )
    return tuple(cited.values())


def tried(visit: VisitFacts) -> tuple[Tried, ...]:
    """Return the milder ways that were tried, by channel."""
    remote = [
        contact
        for contact in visit.contacts or ()
        if contact.channel != "visit" and contact.is_genuine and not contact.by_borrower
    ]
    tries = Counter(contact.channel for contact in remote)
    reached = Counter(c.channel for c in remote if c.result == "right_party")
    return tuple(
        Tried(channel=channel, tries=number, reached=reached[channel])
        for channel, number in sorted(tries.items())
    )
