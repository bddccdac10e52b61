"""What the page of a decision takes: why a visit is made, without the name of anybody visited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.pages.views import Page, Sentence


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule that the visit was held against; `rule` is ``decision.rule.*`` where there is a word."""

    rule: str
    value: str
    instrument: str
    article: str
    url: str | None
    #: ``decision.force.*``
    force: str
    mark: str


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One decision as the evidence log holds it."""

    page: Page
    visit_id: UUID
    case_id: UUID
    reference: str
    branch_id: UUID
    service_on: str | None
    ground: str | None
    approver_name: str | None
    decided_at: datetime | None
    #: ``decision.fact.*`` and what was known.
    facts: tuple[tuple[str, str], ...]
    tried: tuple[Sentence, ...]
    rules: tuple[RuleView, ...]
    pack: str
    #: ``risk.kind.*``: what crews are told of the way, as it is today.
    risks: tuple[str, ...]
    chain: str
    sequence: int | None
    hash: str | None
    is_intact: bool
    agrees: bool


@dataclass(frozen=True, slots=True)
class DecisionMissing:
    """A visit whose decision was never recorded in full: the page says so."""

    page: Page
    reference: str
    branch_id: UUID
    service_on: str | None
