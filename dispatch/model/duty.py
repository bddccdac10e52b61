"""DutyRun and Switch: the ledger of what must run, and what the operator has switched."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import UUID, Row, choice, instant, mapping, maybe_to, some_instant, to
from dispatch.model.state import move


class DutyState(StrEnum):
    """Where one due run of a duty stands."""

    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    DONE_WITH_ERRORS = "done_with_errors"
    FAILED = "failed"
    SKIPPED = "skipped"


_D = DutyState
_STATES: Final[Mapping[DutyState, frozenset[DutyState]]] = {
    _D.DUE: frozenset({_D.RUNNING, _D.SKIPPED}),
    _D.RUNNING: frozenset({_D.DONE, _D.DONE_WITH_ERRORS, _D.FAILED, _D.DUE}),
    _D.FAILED: frozenset({_D.DUE, _D.SKIPPED}),
    _D.DONE: frozenset({_D.DUE}),
    _D.DONE_WITH_ERRORS: frozenset({_D.DUE}),
    _D.SKIPPED: frozenset({_D.DUE}),
}


class DutyRun(Row, table=True):
    """One run of a duty for one branch and business date; there is never a second row."""

    __tablename__ = "duty_run"
    __table_args__ = (UniqueConstraint("duty", "branch_id", "business_date"),)

    duty: str = Field(max_length=60, index=True)
    branch_id: UUID = to("branch")
    business_date: date = Field(index=True)
    state: DutyState = choice(DutyState, default=DutyState.DUE, index=True)
    due_at: datetime = instant()
    claimed_by: str | None = Field(default=None, max_length=80)
    lease_until: datetime | None = some_instant()
    fence: int = 0
    tries: int = 0
    started_at: datetime | None = some_instant()
    finished_at: datetime | None = some_instant()
    summary: dict[str, Any] = mapping()
    failure: str | None = Field(default=None, max_length=1000)

    def move_to(
        self, state: DutyState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, _STATES, state, actor=actor, now=now, why=why, duty=self.duty)


class Switch(Row, table=True):
    """Something the operator switched on: send nothing, or pause a duty, everywhere or here."""

    __tablename__ = "switch"

    name: str = Field(max_length=60, index=True)
    branch_id: UUID | None = maybe_to("branch")
    is_on: bool = True
    reason: str = Field(default="", max_length=500)
    switched_by: str = Field(max_length=80)
    switched_at: datetime = instant()
    ended_at: datetime | None = some_instant()


class Heartbeat(Row, table=True):
    """The last sign of life of a scheduler process."""

    __tablename__ = "heartbeat"

    worker: str = Field(max_length=80, unique=True)
    started_at: datetime = instant()
    seen_at: datetime = instant()
    detail: dict[str, Any] = mapping()
