"""How a row moves from one state to the next: by a written table, or not at all."""

from collections.abc import Mapping, Set
from datetime import datetime
from enum import StrEnum
from typing import Any

from dispatch.errors import WrongState
from dispatch.model.evidence import record

type Transitions[S: StrEnum] = Mapping[S, Set[S]]


def move(
    row: Any,
    transitions: Mapping[Any, Set[Any]],
    target: StrEnum,
    *,
    actor: str,
    now: datetime,
    **facts: Any,
) -> None:
    """Move `row.state` to `target` and write the evidence of it.

    Raises
    ------
    WrongState
        If the table does not permit the step; nothing is changed.
    """
    before = row.state
    if target not in transitions.get(before, frozenset()):
        name = type(row).__name__.lower()
        label = getattr(row, "reference", None) or str(row.id)[:8]
        msg = f"The {name} {label} is {before}; from there it can't become {target}."
        raise WrongState(msg, state=str(before), target=str(target))
    row.state = target
    if hasattr(row, "version"):
        row.version += 1
    record(
        row,
        f"{row.__tablename__}.{target}",
        actor=actor,
        now=now,
        state_before=str(before),
        **facts,
    )
