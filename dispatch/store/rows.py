"""Single rows by their identity."""

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel, select

from dispatch.errors import NotFound
from dispatch.store.scope import Scope

CHUNK = 500
"""Identifiers asked for in one query."""


def find[R: SQLModel](
    session: Session, kind: type[R], row_id: UUID, *, lock: bool = False
) -> R | None:
    """Return the row, or None. `lock` keeps others from changing it until the transaction ends.

    Rows that name a locked one may still be written: an import that keeps its branch for a minute
    stops no other act of the branch.
    """
    strength = {"key_share": True} if lock else None
    return session.get(kind, row_id, with_for_update=strength, populate_existing=lock)


def get[R: SQLModel](
    session: Session, kind: type[R], row_id: UUID, scope: Scope, *, lock: bool = False
) -> R:
    """Return a branch-owned row in sight.

    Raises
    ------
    NotFound
        If there is none, or it belongs to a branch out of sight: the two look the same.
    """
    row: Any = find(session, kind, row_id, lock=lock)
    owner: UUID | None = None
    if row is not None:
        owner = row.id if kind.__name__ == "Branch" else getattr(row, "branch_id", None)
    if row is None or not scope.holds(owner):
        msg = f"There is no such {kind.__name__.lower()} that you may see."
        raise NotFound(msg)
    return row  # type: ignore[no-any-return]


def get_any[R: SQLModel](
    session: Session, kind: type[R], row_id: UUID, *, lock: bool = False
) -> R:
    """Return a row that belongs to no branch, or whose branch was checked already.

    Raises
    ------
    NotFound
        If there is none.
    """
    row = find(session, kind, row_id, lock=lock)
    if row is None:
        msg = f"There is no such {kind.__name__.lower()}."
        raise NotFound(msg)
    return row


def get_many[R: SQLModel](session: Session, kind: type[R], ids: set[UUID]) -> dict[UUID, R]:
    """Return rows by id; those that are missing are missing. What was read before is not asked again."""
    found: dict[UUID, R] = {}
    for row_id in ids:
        row = session.identity_map.get(identity_key(kind, row_id))
        if row is not None and not instance_state(row).expired:
            found[row_id] = row
    wanted = [row_id for row_id in ids if row_id not in found]
    for start in range(0, len(wanted), CHUNK):
        for row in session.exec(
            _one_of(kind, "id"), params={"keys": wanted[start : start + CHUNK]}
        ):
            found[row.id] = row
    return found


def locked_many[R: SQLModel](session: Session, kind: type[R], ids: set[UUID]) -> dict[UUID, R]:
    """Return rows as they stand, by id, and keep others from changing them; always in one order."""
    column: Any = kind.id  # type: ignore[attr-defined]
    rows = session.exec(
        select(kind)
        .where(column.in_(list(ids)))
        .order_by(column)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}  # type: ignore[attr-defined]


def grouped[R: SQLModel](
    session: Session, kind: type[R], column: Any, keys: Collection[Any], *conditions: Any
) -> dict[Any, list[R]]:
    """Return the rows whose `column` is one of `keys`, by that column; conditions narrow them."""
    found: dict[Any, list[R]] = defaultdict(list)
    wanted = list(keys)
    for start in range(0, len(wanted), CHUNK):
        chosen = _one_of(kind, column.key)
        if conditions:
            chosen = chosen.where(*conditions)
        for row in session.exec(chosen, params={"keys": wanted[start : start + CHUNK]}):
            found[getattr(row, column.key)].append(row)
    return found


@cache
def _one_of(kind: type[SQLModel], column: str) -> Any:
    """Choose the rows whose column is one of `keys`; made once, since to make it takes longer than to ask."""
    return select(kind).where(getattr(kind, column).in_(bindparam("keys", expanding=True)))
