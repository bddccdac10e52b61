"""Statement: what is owed, told to the crew once the person's identity is known, and on record."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from dispatch.errors import NotFound, Refused
from dispatch.model import Account, Case, CheckInKind, Person, Visit, record
from dispatch.store.itineraries import reporters_of
from dispatch.store.outcomes import has_check_in
from dispatch.store.rows import get_any
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The items of what is owed, in minor units; paid is what came in already."""

    visit: Visit
    currency: str
    items: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """What is left to pay, in minor units."""
        return sum(-amount if name == "paid" else amount for name, amount in self.items)


def statement(
    session: Session, *, vault: Vault, visit: Visit, account: Account, now: datetime
) -> Statement:
    """Return what is owed, for a member of the crew that stands before the person.

    Raises
    ------
    NotFound
        If the visit is on no itinerary of the account's agent now.
    Refused
        If nobody has marked that the person's identity is known.
    """
    if account.agent_id is None or account.agent_id not in reporters_of(session, visit.id).now:
        msg = "There is no such visit on your itineraries."
        raise NotFound(msg)
    if not has_check_in(session, visit.id, CheckInKind.IDENTITY):
        msg = (
            "Amounts are shown once the person's identity is known; check that and mark it first."
        )
        raise Refused(msg)
    case = get_any(session, Case, visit.case_id)
    person = get_any(session, Person, case.person_id)
    amounts = vault.read(person, case, "amounts") or {}
    record(visit, "read.statement", actor=f"account:{account.id}", now=now)
    return Statement(
        visit=visit,
        currency=case.currency,
        items=tuple((str(name), int(amount)) for name, amount in amounts.items()),
    )
