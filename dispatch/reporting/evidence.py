"""Seal and verify the evidence log: one hash chain a branch.

Entries are written unsealed in their business transactions; one sealer gives them their places in
the chain, in the order in which they were written. Verification recomputes every hash and names
the first entry that does not fit. An entry cut off the end is found by an anchored root.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.model.evidence import GENESIS, chained
from dispatch.store import evidence as log


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verification found: how many entries hold, and the first that does not."""

    entries: int
    root: str
    fault: str | None = None
    sequence: int | None = None

    @property
    def is_sound(self) -> bool:
        """Whether every entry verified."""
        return self.fault is None


def seal_pending(session: Session, *, now: datetime, limit: int = 2000) -> int:
    """Give unsealed entries their places in their branches' chains; return how many."""
    sealed = 0
    for branch_id in log.branches_with_unsealed(session):
        last = log.last_sealed(session, branch_id)
        sequence, previous = (last.sequence or 0, last.hash or GENESIS) if last else (0, GENESIS)
        for entry in log.unsealed(session, branch_id, limit=limit):
            sequence += 1
            previous = entry.seal(sequence=sequence, previous_hash=previous, now=now)
            sealed += 1
        session.flush()
    return sealed


def verify(
    session: Session, branch_id: UUID | None, *, anchor: tuple[int, str] | None = None
) -> Verdict:
    """Recompute a branch's chain.

    Parameters
    ----------
    anchor
        A sequence number and its hash, kept outside the database: the chain must pass through it.
    """
    previous, count = GENESIS, 0
    for entry in log.sealed(session, branch_id):
        count += 1
        fault = None
        if entry.sequence != count:
            fault = f"entry {count} is missing: {entry.sequence} comes after {count - 1}"
        elif entry.previous_hash != previous:
            fault = f"entry {count} does not follow the one before it"
        elif chained(previous, entry.canonical()) != entry.hash:
            fault = f"entry {count} was altered after it was sealed"
        elif anchor is not None and anchor[0] == count and anchor[1] != entry.hash:
            fault = f"entry {count} is not the one that was anchored"
        if fault is not None:
            return Verdict(entries=count - 1, root=previous, fault=fault, sequence=count)
        previous = entry.hash or ""
    if anchor is not None and anchor[0] > count:
        fault = f"the chain ends at {count}, but {anchor[0]} was anchored: its end is missing"
        return Verdict(entries=count, root=previous, fault=fault, sequence=count + 1)
    return Verdict(entries=count, root=previous)
