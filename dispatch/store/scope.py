"""Scope: the branches that somebody may see; every query on branch-owned rows goes through it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import false


@dataclass(frozen=True, slots=True)
class Scope:
    """The branches in sight; `everything` is for the service's own duties, never for a request."""

    branch_ids: frozenset[UUID]
    is_everything: bool = False

    @classmethod
    def of(cls, branch_ids: Iterable[UUID]) -> "Scope":
        """Return the scope of these branches."""
        return cls(frozenset(branch_ids))

    @classmethod
    def everything(cls) -> "Scope":
        """Return the scope of the service itself."""
        return cls(frozenset(), is_everything=True)

    def holds(self, branch_id: UUID | None) -> bool:
        """Whether the branch is in sight."""
        return self.is_everything or branch_id in self.branch_ids


def scoped[S](statement: S, column: Any, scope: Scope) -> S:
    """Return the statement limited to the scope's branches; `column` is the branch's id."""
    if scope.is_everything:
        return statement
    if not scope.branch_ids:
        return statement.where(false())  # type: ignore[attr-defined, no-any-return]
    return statement.where(column.in_(scope.branch_ids))  # type: ignore[attr-defined, no-any-return]
