"""Agent: who visits, what they are certified and authorised for, and when they are away."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import (
    UUID,
    Row,
    choice,
    instant,
    listing,
    maybe_to,
    sealed,
    some_instant,
    to,
)
from dispatch.model.state import move


class AgentState(StrEnum):
    """Where an agent stands with us."""

    APPLIED = "applied"
    CHECKED = "checked"
    TRAINED = "trained"
    CERTIFIED = "certified"
    AUTHORISED = "authorised"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"


_STATES: Final[Mapping[AgentState, frozenset[AgentState]]] = {
    AgentState.APPLIED: frozenset({AgentState.CHECKED, AgentState.REVOKED}),
    AgentState.CHECKED: frozenset({AgentState.TRAINED, AgentState.REVOKED}),
    AgentState.TRAINED: frozenset({AgentState.CERTIFIED, AgentState.REVOKED}),
    AgentState.CERTIFIED: frozenset(
        {AgentState.AUTHORISED, AgentState.EXPIRED, AgentState.REVOKED}
    ),
    AgentState.AUTHORISED: frozenset({AgentState.ACTIVE, AgentState.EXPIRED, AgentState.REVOKED}),
    AgentState.ACTIVE: frozenset({AgentState.SUSPENDED, AgentState.EXPIRED, AgentState.REVOKED}),
    AgentState.SUSPENDED: frozenset({AgentState.ACTIVE, AgentState.REVOKED}),
    AgentState.EXPIRED: frozenset({AgentState.CERTIFIED, AgentState.REVOKED}),
}


class Agent(Row, table=True):
    """A person of the field team. The name is told in notices; home is sealed by the branch's key."""

    __tablename__ = "agent"
    __table_args__ = (UniqueConstraint("branch_id", "number"),)

    branch_id: UUID = to("branch")
    number: str = Field(max_length=64)
    name: str = Field(max_length=200)
    email: str | None = Field(default=None, max_length=200)
    phone_sealed: bytes | None = sealed()
    home_sealed: bytes | None = sealed()
    gender: str | None = Field(default=None, max_length=20)
    languages: list[str] = listing()
    skills: list[str] = listing()
    photo_code: str | None = Field(default=None, max_length=20)
    state: AgentState = choice(AgentState, default=AgentState.APPLIED, index=True)
    version: int = 1

    def advance(
        self,
        state: AgentState,
        *,
        actor: str,
        now: datetime,
        why: str | None = None,
        incident: UUID | None = None,
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, _STATES, state, actor=actor, now=now, why=why, incident=incident)


class QualificationKind(StrEnum):
    """What an agent must hold before being sent."""

    CERTIFICATE = "certificate"
    TRAINING = "training"
    AUTHORISATION = "authorisation"


class Topic(StrEnum):
    """What a training is about; who visits is trained in all of them."""

    LAW = "law"
    COMMUNICATION = "communication"
    DE_ESCALATION = "de_escalation"
    SUPPORT = "support"
    """To notice distress, to listen, and to hand over to somebody trained to help."""
    DATA_PROTECTION = "data_protection"


class Qualification(Row, table=True):
    """A certificate, a training or a lender's authorisation, each with its expiry."""

    __tablename__ = "qualification"
    __table_args__ = (UniqueConstraint("agent_id", "kind", "lender_id", "number"),)

    agent_id: UUID = to("agent")
    kind: QualificationKind = choice(QualificationKind)
    lender_id: UUID | None = maybe_to("lender")
    number: str = Field(default="", max_length=64)
    topics: list[str] = listing()
    """Of a training; none named is the full course."""
    valid_from: date
    valid_until: date
    revoked_at: datetime | None = some_instant()


class Shift(Row, table=True):
    """One working period of one agent."""

    __tablename__ = "shift"
    __table_args__ = (UniqueConstraint("agent_id", "starts_at"),)

    branch_id: UUID = to("branch")
    agent_id: UUID = to("agent")
    service_date: date = Field(index=True)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    break_from_at: datetime | None = some_instant()
    break_until_at: datetime | None = some_instant()
    break_minutes: int = 0
    max_visits: int = 8


class AbsenceReason(StrEnum):
    """Why an agent is away; no more is asked."""

    SICK = "sick"
    LEAVE = "leave"
    TRAINING = "training"
    OTHER = "other"


class Absence(Row, table=True):
    """A time in which an agent can't be sent."""

    __tablename__ = "absence"

    branch_id: UUID = to("branch")
    agent_id: UUID = to("agent")
    from_at: datetime = instant()
    until_at: datetime = instant()
    reason: AbsenceReason = choice(AbsenceReason)
    recorded_by: str = Field(max_length=80)
