"""Seal the evidence log: one hash chain a branch, one sealer at a time.

Entries are written unsealed in their business transactions, so that no writer waits for another;
the sealer gives them their places in the order in which they were written.
"""

from datetime import datetime

from sqlmodel import Session

from dispatch.model.evidence import chained, stamp
from dispatch.store import evidence as log


def seal_pending(session: Session, *, now: datetime, limit: int = 5000) -> int:
    """Give unsealed entries their places in their branches' chains; return how many."""
    session.flush()
    sealed = 0
    for branch_id in log.branches_with_unsealed(session):
        end = log.hold_chain(session, branch_id)
        waiting = log.unsealed(session, branch_id, limit=limit)
        places = []
        for entry in waiting:
            place = end.length + 1
            own = chained(end.root, entry.placed(place, stamp(now)))
            places.append(
                {
                    "of": entry.number,
                    "place": place,
                    "previous": end.root,
                    "own": own,
                    "at_which": now,
                }
            )
            end.length, end.root = place, own
        if places:
            log.seal(session, places)
            session.add(end)
            session.flush()
        sealed += len(places)
    return sealed
