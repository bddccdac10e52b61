"""Verify the evidence log: recompute every hash and name the first entry that does not fit.

An entry flipped, deleted, inserted or moved breaks the chain there. A chain cut short no longer
reaches the end that its sealer noted; where that note was changed too, an anchored root tells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlmodel import Session

from dispatch.model.evidence import GENESIS, chained
from dispatch.store import evidence as log
from dispatch.store.evidence import Link

type Anchors = dict[int, str]
"""Hashes kept outside the database, by sequence number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verification found: how many entries hold, and the first that does not."""

    entries: int
    root: str
    fault: str | None = None
    sequence: int | None = None
    entry: str | None = None
    """The identifier of the entry that stands at the fault; None where none stands there."""

    @property
    def is_sound(self) -> bool:
        """Whether every entry verified."""
        return self.fault is None


def verify(session: Session, branch_id: UUID | None, *, anchors: Anchors | None = None) -> Verdict:
    """Recompute a branch's chain, up to the end that its sealer noted.

    Parameters
    ----------
    anchors
        Hashes kept outside the database: the chain must pass through each of them.
    """
    end = log.end_of(session, branch_id)
    expected = {**({end.length: end.root} if end and end.length else {})}
    return verify_links(
        log.links(session, branch_id), must_pass=[*(anchors or {}).items(), *expected.items()]
    )


def verify_links(links: Iterable[Link], *, must_pass: Iterable[tuple[int, str]]) -> Verdict:
    """Recompute a chain from its first link on; it must pass through the given hashes."""
    wanted: dict[int, set[str]] = {}
    for place, root in must_pass:
        wanted.setdefault(place, set()).add(root)
    previous, count = GENESIS, 0
    # Millions pass through here: what is looked at is unpacked once, and hashed in place.
    for sequence, previous_hash, own, entry_id, told, _ in links:
        count += 1
        if (
            sequence != count
            or previous_hash != previous
            or sha256(f"{previous}\n{told}".encode()).hexdigest() != own
            or (count in wanted and wanted.pop(count) != {own})
        ):
            fault = _fault(sequence, previous_hash, own, told, count=count, previous=previous)
            return Verdict(
                entries=count - 1, root=previous, fault=fault, sequence=count, entry=entry_id
            )
        previous = own
    if wanted:
        fault = f"the chain ends at {count}, but {max(wanted)} was reached: its end is missing"
        return Verdict(entries=count, root=previous, fault=fault, sequence=count + 1)
    return Verdict(entries=count, root=previous)


def _fault(
    sequence: int | None,
    previous_hash: str | None,
    own: str | None,
    told: str,
    *,
    count: int,
    previous: str,
) -> str:
    """Say in words what is wrong with the entry that stands at a place."""
    if sequence != count:
        return f"entry {count} is missing: {sequence} comes after {count - 1}"
    if previous_hash != previous:
        return f"entry {count} does not follow the one before it"
    if chained(previous, told) != own:
        return f"entry {count} was altered after it was sealed"
    return f"entry {count} is not the one that was anchored"


def verdicts(
    session: Session, anchors: dict[str, Anchors] | None = None
) -> Iterator[tuple[str, Verdict]]:
    """Verify every chain, and those that were anchored though nothing is left of them."""
    kept = dict(anchors or {})
    for branch_id in log.chains(session):
        name = log.name_of(branch_id)
        yield name, verify(session, branch_id, anchors=kept.pop(name, None))
    for name, lost in kept.items():
        yield name, verify_links((), must_pass=lost.items())
