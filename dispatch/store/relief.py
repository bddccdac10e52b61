"""Relief for a case: what may be offered to its person, from what is open and what they can afford."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from dispatch.model import Case, Person
from dispatch.policy.relief import Budget, ReliefOption, relief_options
from dispatch.store.assessments import assessments_of
from dispatch.store.rows import get_any
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRelief:
    """What is open, what the newest budget leaves, and what may be offered, in minor units."""

    total: int
    budget: Budget | None
    options: tuple[ReliefOption, ...]


def relief_of(session: Session, *, vault: Vault, case: Case) -> CaseRelief:
    """Return what may be offered to the person of a case; nothing to one who was erased."""
    person = get_any(session, Person, case.person_id)
    amounts = vault.read(person, case, "amounts") or {}
    total = open_of(amounts)
    notes = (vault.read(person, one, "note") for one in assessments_of(session, case.id))
    budget = next((Budget.of(note["budget"]) for note in notes if note and note["budget"]), None)
    return CaseRelief(total=total, budget=budget, options=relief_options(total, budget))


def open_of(amounts: Mapping[str, int]) -> int:
    """Return what is open of a case's amounts, in minor units: all items less what was paid."""
    total = sum(-int(one) if name == "paid" else int(one) for name, one in amounts.items())
    return max(0, total)
