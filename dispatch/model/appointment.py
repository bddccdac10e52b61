"""Appointment: the window told to the person, versioned under its visit; and who is bound by it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from dispatch.db import UTCDateTime
from dispatch.model.columns import UUID, Row, choice, instant, maybe_to, some_instant, to
from dispatch.model.state import move

GRID: Final = timedelta(minutes=15)
"""The grid on which agents are bound: two stays of one agent never share a cell."""


class AppointmentState(StrEnum):
    """Where an appointment stands."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    COUNTERED = "countered"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    KEPT = "kept"
    MISSED_BORROWER = "missed_borrower"
    MISSED_AGENT = "missed_agent"


_A = AppointmentState
_STATES: Final[Mapping[AppointmentState, frozenset[AppointmentState]]] = {
    _A.OFFERED: frozenset(
        {
            _A.CONFIRMED,
            _A.COUNTERED,
            _A.DECLINED,
            _A.EXPIRED,
            _A.WITHDRAWN,
            _A.KEPT,
            _A.MISSED_BORROWER,
            _A.MISSED_AGENT,
        }
    ),
    # Changing one's mind is free until the visit begins.
    _A.CONFIRMED: frozenset(
        {
            _A.COUNTERED,
            _A.DECLINED,
            _A.WITHDRAWN,
            _A.KEPT,
            _A.MISSED_BORROWER,
            _A.MISSED_AGENT,
        }
    ),
    _A.EXPIRED: frozenset(
        {
            _A.KEPT,
            _A.MISSED_BORROWER,
            _A.MISSED_AGENT,
            _A.WITHDRAWN,
            _A.DECLINED,
            _A.CONFIRMED,
            _A.COUNTERED,
        }
    ),
}

STANDING: Final = frozenset({_A.OFFERED, _A.CONFIRMED, _A.EXPIRED})
"""Still to be kept: confirmed, or announced and not refused (expired = no answer in time)."""


class Appointment(Row, table=True):
    """One version of the window in which the crew may come; a later version replaces it."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("visit_id", "number"),)

    branch_id: UUID = to("branch")
    visit_id: UUID = to("visit")
    case_id: UUID = to("loan_case")
    number: int
    state: AppointmentState = choice(
        AppointmentState, default=AppointmentState.OFFERED, index=True
    )
    service_date: date = Field(index=True)
    window_from_at: datetime = instant()
    window_until_at: datetime = instant()
    stay_from_at: datetime = instant()
    stay_until_at: datetime = instant()
    wall_from: str | None = Field(default=None, max_length=19)
    """When the window was told to begin, as a clock on the wall of `wall_zone` shows it: the rules of a
    zone may change between the telling and the visit."""
    wall_zone: str | None = Field(default=None, max_length=60)
    place_id: UUID = to("place")
    crew_id: UUID = to("crew")
    crew_version_id: UUID = to("crew_version")
    substitute_id: UUID | None = maybe_to("agent")
    """Who comes, as the notice says, should a member of the crew fall ill."""
    offered_at: datetime = instant()
    answered_at: datetime | None = some_instant()
    answered_by: str | None = Field(default=None, max_length=40)
    version: int = 1

    def move_to(
        self, state: AppointmentState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, _STATES, state, actor=actor, now=now, why=why, appointment=self.number)


class Commitment(Row, table=True):
    """An agent bound for a stay; the database lets no two of one agent overlap.

    PostgreSQL refuses an overlap by an exclusion constraint, SQLite by `commitment_cell`.
    """

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("appointment_id", "agent_id"),)

    branch_id: UUID = to("branch")
    appointment_id: UUID = to("appointment")
    agent_id: UUID = to("agent")
    from_at: datetime = instant()
    until_at: datetime = instant()


class CommitmentCell(SQLModel, table=True):
    """One 15-minute cell of an agent's time that a commitment takes."""

    __tablename__ = "commitment_cell"

    agent_id: UUID = Field(foreign_key="agent.id", primary_key=True)
    from_at: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    commitment_id: UUID = Field(foreign_key="commitment.id", index=True, ondelete="CASCADE")


def on_grid(from_at: datetime, until_at: datetime) -> tuple[datetime, datetime]:
    """Return the stay on the 15-minute grid: both ends rounded down, at least one cell.

    Two stays with any travel between them, the first of 15 minutes or more, never share a cell.
    """
    begin = _floor(from_at)
    return begin, max(_floor(until_at), begin + GRID)


def cells(from_at: datetime, until_at: datetime) -> list[datetime]:
    """Return the beginnings of the cells between two instants on the grid."""
    count = int((until_at - from_at) / GRID)
    return [from_at + GRID * step for step in range(count)]


def _floor(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
