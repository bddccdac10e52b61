"""CareCall: somebody trained for it calls a person whose distress or need came to light."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Field

from dispatch.model.columns import UUID, Row, choice, instant, maybe_to, sealed, some_instant, to
from dispatch.model.state import move


class CareReason(StrEnum):
    """What came to light; no more is written where others read."""

    DISTRESS = "distress"
    VULNERABLE = "vulnerable"


class CareState(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    REACHED = "reached"
    UNREACHABLE = "unreachable"


_S = CareState
CARE_CALLS: Final[Mapping[CareState, frozenset[CareState]]] = {
    _S.WAITING: frozenset({_S.TAKEN}),
    _S.TAKEN: frozenset({_S.WAITING, _S.REACHED, _S.UNREACHABLE}),
}

CARE_OPEN: Final = frozenset({_S.WAITING, _S.TAKEN})


class CareCall(Row, table=True):
    """A call that is owed to a person; nothing is asked in return, and no debt is spoken of."""

    __tablename__ = "care_call"

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    source_id: UUID | None = Field(default=None, index=True)
    reason: CareReason = choice(CareReason)
    state: CareState = choice(CareState, default=CareState.WAITING, index=True)
    due_at: datetime = instant(index=True)
    opened_at: datetime = instant()
    taken_by: UUID | None = maybe_to("account")
    tries: int = 0
    note_sealed: bytes | None = sealed()
    ended_at: datetime | None = some_instant()
    version: int = 1

    def move_to(
        self, state: CareState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, CARE_CALLS, state, actor=actor, now=now, why=why)
