"""Addresses that were once looked up."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import GeocodeEntry
from dispatch.store.bulk import pieces
from dispatch.store.scope import Scope, scoped


def geocode_entries(
    session: Session, scope: Scope, branch_id: UUID, provider: str, indexes: Collection[str]
) -> dict[str, GeocodeEntry]:
    """Return the branch's look-ups at a provider, by the address's keyed hash."""
    return {
        row.address_index: row
        for piece in pieces(list(indexes))
        for row in session.exec(
            scoped(
                select(GeocodeEntry).where(
                    col(GeocodeEntry.branch_id) == branch_id,
                    col(GeocodeEntry.provider) == provider,
                    col(GeocodeEntry.address_index).in_(piece),
                ),
                GeocodeEntry.branch_id,
                scope,
            )
        )
    }
