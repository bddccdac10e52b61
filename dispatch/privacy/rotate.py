"""Rotate keys: wrap every data key by the current master key, so that the old one may go."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from dispatch.store.keys import branches_with_keys, people_with_keys
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True)
class Turned:
    """A batch that was looked at: how many keys were wrapped anew, and the last person of it."""

    number: int
    last: UUID | None
    """None once everybody was looked at."""


def rotate_keys(
    session: Session, *, vault: Vault, after: UUID | None = None, limit: int = 1000
) -> Turned:
    """Wrap the data keys of the next people anew; with the first batch, those of the branches.

    Raises
    ------
    ValueError
        If no master key opens one of them: restore the key it was wrapped with first.
    """
    people = people_with_keys(session, after=after, limit=limit)
    number = 0
    for holder in [*(branches_with_keys(session) if after is None else ()), *people]:
        if holder.data_key is not None and not vault.is_current(holder.data_key):
            holder.data_key = vault.rewrap(holder.data_key)
            session.add(holder)
            number += 1
    session.flush()
    return Turned(number, people[-1].id if len(people) == limit else None)
