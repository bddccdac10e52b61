"""The decision record: why a visit is made, as it was decided, taken from the evidence log.

It is written into the log in the transaction of the decision, so that it can't be told otherwise
later; whoever reads it sees the same: manager, agent, borrower, regulator.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Account, Approval, Branch, Evidence, Visit
from dispatch.model.evidence import chained
from dispatch.policy.pack import Pack
from dispatch.policy.why import RuleCited, Tried, Why, tried, why
from dispatch.store import evidence as log
from dispatch.store.facts import visit_facts
from dispatch.store.rows import find, get_any

KIND: Final = "visit.approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Why a visit is made, and what the log proves of it."""

    why: Why
    approver_name: str | None
    chain: str
    sequence: int | None
    """The entry's place in the chain; None while it waits to be sealed."""
    hash: str | None
    is_intact: bool
    """Whether the entry still is what was sealed (or waits to be)."""
    agrees: bool
    """Whether the rows still tell the same of what was tried before the decision."""


def as_facts(told: Why) -> dict[str, Any]:
    """Return a decision as the log keeps it: the written ground stays in its approval."""
    return {
        "purpose": told.purpose,
        "facts": [list(one) for one in told.facts],  # pairs: they keep their order
        "rules": [asdict(one) for one in told.rules],
        "tried": [asdict(one) for one in told.tried],
        "pack": {"id": told.pack_id, "version": told.pack_version},
    }


def decided(session: Session, visit: Visit, branch: Branch, law: Pack, *, now: datetime) -> Why:
    """Return why a visit is made, from the facts of this moment."""
    on = local_date(branch.time_zone, now)
    return why(visit_facts(session, [visit], branch, on=on)[visit.id], law)


def decision_of(session: Session, visit: Visit) -> Decision | None:
    """Return the decision on a visit as the log holds it; None where none was recorded."""
    entry = log.last_of_kind(session, visit.id, KIND)
    if entry is None or "decision" not in entry.facts:
        return None
    approval = find(session, Approval, UUID(entry.facts["approval"]))
    told = _told(visit, entry, approval)
    approver = find(session, Account, told.approved_by) if told.approved_by else None
    sealed = log.entry_of(session, entry.id)
    return Decision(
        why=told,
        approver_name=approver.name if approver else None,
        chain=log.name_of(entry.branch_id),
        sequence=entry.sequence,
        hash=entry.hash,
        is_intact=entry.hash is None
        or chained(entry.previous_hash or "", sealed.content()) == entry.hash,
        agrees=_tried_before(session, visit, entry.at) == told.tried,
    )


def _told(visit: Visit, entry: Evidence, approval: Approval | None) -> Why:
    held: Mapping[str, Any] = entry.facts["decision"]
    return Why(
        reference=visit.reference,
        purpose=held["purpose"],
        ground=approval.ground if approval else None,
        facts=tuple((name, value) for name, value in held["facts"]),
        rules=tuple(RuleCited(**one) for one in held["rules"]),
        tried=tuple(Tried(**one) for one in held["tried"]),
        approved_by=approval.approver_id if approval else None,
        approved_at=entry.at,
        pack_id=held["pack"]["id"],
        pack_version=held["pack"]["version"],
    )


def _tried_before(session: Session, visit: Visit, at: datetime) -> tuple[Tried, ...]:
    branch = get_any(session, Branch, visit.branch_id)
    known = visit_facts(session, [visit], branch, on=local_date(branch.time_zone, at))[visit.id]
    contacts = tuple(one for one in known.contacts or () if one.at <= at)
    return tried(replace(known, contacts=contacts))
