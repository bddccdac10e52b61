"""Hashes that bind a notice to its crew, time, place and purpose.

The canonical forms are told in docs/policy.md; the auditor computes them on its own.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID


def crew_hash(agent_ids: Iterable[UUID]) -> str:
    """Return the hash of a crew's members, whatever their order."""
    return _digest("crew/1", *sorted(str(agent_id) for agent_id in agent_ids))


def notice_hash(
    *, window_from: datetime, window_until: datetime, place_id: UUID, crew: str, purpose: str
) -> str:
    """Return the hash of what a notice promises; `crew` is the crew's hash."""
    return _digest(
        "notice/1", _instant(window_from), _instant(window_until), str(place_id), crew, purpose
    )


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
