"""Disaster: what befalls an area for a time; nobody with a place in it is visited meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Field

from dispatch.model.columns import UUID, Row, choice, instant, mapping, some_instant, to
from dispatch.model.state import move


class DisasterState(StrEnum):
    """How far its holds are: being put, in force, being lifted, over."""

    SPREADING = "spreading"
    IN_FORCE = "in_force"
    LIFTING = "lifting"
    OVER = "over"


_S = DisasterState
DISASTERS: Final[Mapping[DisasterState, frozenset[DisasterState]]] = {
    _S.SPREADING: frozenset({_S.IN_FORCE, _S.LIFTING, _S.OVER}),
    _S.IN_FORCE: frozenset({_S.SPREADING, _S.LIFTING, _S.OVER}),
    _S.LIFTING: frozenset({_S.OVER}),
}
"""In force it spreads anew now and then: somebody may have come to live in the area since."""


class Disaster(Row, table=True):
    """One event: its area and period, how far the work on it is, and how many people it holds.

    `cursor` is the last person looked at, so that work that was cut off goes on from there.
    """

    __tablename__ = "disaster"

    branch_id: UUID = to("branch")
    area: dict[str, Any] = mapping()
    area_hash: str = Field(max_length=64, index=True)
    from_at: datetime = instant()
    until_at: datetime = instant()
    state: DisasterState = choice(DisasterState, default=DisasterState.SPREADING, index=True)
    declared_by: str = Field(max_length=80)
    declared_at: datetime = instant()
    cursor: UUID | None = Field(default=None)
    held: int = 0
    swept_at: datetime | None = some_instant()
    lifted_by: str | None = Field(default=None, max_length=80)
    version: int = 1

    def move_to(self, state: DisasterState, *, actor: str, now: datetime, **facts: Any) -> None:
        """Move to another state, as the table permits."""
        move(self, DISASTERS, state, actor=actor, now=now, **facts)
        self.cursor = None
