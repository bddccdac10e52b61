"""Verify the evidence log: recompute every hash and name the first entry that does not fit.

An entry flipped, deleted, inserted or moved breaks the chain there. A chain cut short no longer
reaches the end that its sealer noted; where that note was changed too, an anchored root tells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from dispatch.model.evidence import GENESIS, chained
from dispatch.store import evidence as log

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


class Link(Protocol):
    """An entry as a chain holds it, read from a database or from an exported file."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def sequence(self) -> int | None: ...  # noqa: D102
    @property
    def previous_hash(self) -> str | None: ...  # noqa: D102
    @property
    def hash(self) -> str | None: ...  # noqa: D102
    def content(self) -> str: ...  # noqa: D102


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
        log.sealed(session, branch_id), must_pass=[*(anchors or {}).items(), *expected.items()]
    )


def verify_links(links: Iterable[Link], *, must_pass: Iterable[tuple[int, str]]) -> Verdict:
    """Recompute a chain from its first link on; it must pass through the given hashes."""
    wanted: dict[int, set[str]] = {}
    for place, root in must_pass:
        wanted.setdefault(place, set()).add(root)
    previous, count = GENESIS, 0
    for link in links:
        fault = _fault(link, count + 1, previous)
        if fault is None and count + 1 in wanted and wanted.pop(count + 1) != {link.hash}:
            fault = f"entry {count + 1} is not the one that was anchored"
        if fault is not None:
            return Verdict(
                entries=count, root=previous, fault=fault, sequence=count + 1, entry=link.id
            )
        count += 1
        previous = link.hash or ""
    if wanted:
        fault = f"the chain ends at {count}, but {max(wanted)} was reached: its end is missing"
        return Verdict(entries=count, root=previous, fault=fault, sequence=count + 1)
    return Verdict(entries=count, root=previous)


def _fault(link: Link, place: int, previous: str) -> str | None:
    if link.sequence != place:
        return f"entry {place} is missing: {link.sequence} comes after {place - 1}"
    if link.previous_hash != previous:
        return f"entry {place} does not follow the one before it"
    if chained(previous, link.content()) != link.hash:
        return f"entry {place} was altered after it was sealed"
    return None


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
