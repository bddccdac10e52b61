"""Daily roots: each chain's length and last hash, kept where the database's owner can't change them.

A root is a row first, and is handed on by a duty until it is kept: a repeated line does no harm.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.evidence.verify import Anchors
from dispatch.gateways.anchor import Anchor
from dispatch.gateways.lines import read_lines
from dispatch.model import EvidenceRoot
from dispatch.model.evidence import stamp
from dispatch.store import evidence as log
from dispatch.store.outcomes import insert_once


def take_roots(session: Session, *, now: datetime) -> int:
    """Note the root of every chain at the end of the last whole day (UTC); return how many."""
    today = now.astimezone(UTC).date()
    midnight = datetime.combine(today, time.min, UTC)
    on = today - timedelta(days=1)
    taken = 0
    for branch_id in log.chains(session):
        name = log.name_of(branch_id)
        last = log.last_before(session, branch_id, midnight)
        if last is None or log.has_root(session, name, on):
            continue
        root = EvidenceRoot(
            chain=name,
            day_on=on,
            length=last.sequence or 0,
            root=last.hash or "",
            taken_at=now,
        )
        taken += insert_once(session, root)  # another scheduler may be at it
    return taken


def anchor_roots(session: Session, *, anchors: Iterable[Anchor], now: datetime) -> int:
    """Hand every root that is not kept yet to all the anchors; return how many.

    Raises
    ------
    GatewayUnavailable
        If one of them does not take it: the roots stay and are handed on again.
    """
    kept = list(anchors)
    waiting = log.roots_to_anchor(session)
    for root in waiting:
        for anchor in kept:
            anchor.keep(told(root), now=now)
        root.anchored_at = now
        session.add(root)
    return len(waiting)


def told(root: EvidenceRoot) -> dict[str, Any]:
    """Return a root as it leaves: no more than names, numbers and hashes."""
    return {
        "chain": root.chain,
        "day": root.day_on.isoformat(),
        "length": root.length,
        "root": root.root,
        "taken_at": stamp(root.taken_at),
    }


def present_roots(session: Session, *, now: datetime) -> list[dict[str, Any]]:
    """Return the root that each chain has at this moment."""
    ends = [(branch_id, log.end_of(session, branch_id)) for branch_id in log.chains(session)]
    return [
        told(
            EvidenceRoot(
                chain=end.chain,
                day_on=now.astimezone(UTC).date(),
                length=end.length,
                root=end.root,
                taken_at=now,
            )
        )
        for _, end in ends
        if end is not None and end.length
    ]


def read_anchors(file: Path) -> dict[str, Anchors]:
    """Return every root of an anchor file, by chain.

    Raises
    ------
    Invalid
        If a line is no root; its number is told.
    """
    anchors: dict[str, Anchors] = {}
    for number, root in read_lines(file):
        try:
            chain, length, last = str(root["chain"]), int(root["length"]), str(root["root"])
        except (ValueError, KeyError, TypeError) as error:
            msg = f"Line {number} of {file} is no root of evidence; `evidence anchor` writes them."
            raise Invalid(msg) from error
        before = anchors.setdefault(chain, {}).setdefault(length, last)
        if before != last:
            msg = f"Line {number} of {file} names another root for entry {length} of {chain} than a line before."
            raise Invalid(msg)
    return anchors
