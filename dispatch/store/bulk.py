"""Many rows at once: inserted without an object each, for files of tens of thousands of rows."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

CHUNK = 500
"""Values asked for in one IN list."""


def insert_rows(session: Session, kind: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given as column values; what is left out takes the model's default."""
    if not rows:
        return
    fixed, made = _defaults(kind)
    complete = [
        {**fixed, **{name: make() for name, make in made.items() if name not in row}, **row}
        for row in rows
    ]
    # The table, not the class: the unit of work would look at each row once more.
    session.execute(insert(kind.__table__), complete)  # type: ignore[attr-defined]


def pieces[V](values: Sequence[V]) -> list[Sequence[V]]:
    """Return the values in pieces that fit an IN list."""
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]


@cache
def _defaults(kind: type[SQLModel]) -> tuple[dict[str, Any], dict[str, Any]]:
    fixed: dict[str, Any] = {}
    made: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        if field.default_factory is not None:
            made[name] = field.default_factory
        elif not field.is_required() and not (name == "number" and field.default is None):
            fixed[name] = field.default  # `number` is counted by the database
    return fixed, made
