"""Agents, absences and shifts as they come in and go out."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Schema
from dispatch.model import (
    Absence,
    AbsenceReason,
    Agent,
    AgentState,
    Qualification,
    QualificationKind,
    Shift,
    Topic,
)
from dispatch.roster.conduct import Sanction


class AgentOut(Schema):
    """An agent; home and phone are not shown."""

    id: UUID
    branch_id: UUID
    number: str
    name: str
    languages: list[str]
    skills: list[str]
    state: AgentState
    version: int

    @classmethod
    def of(cls, agent: Agent) -> "AgentOut":
        """Return the agent as it goes out."""
        return cls.model_validate(agent)


class StandingIn(Schema):
    """Whether an agent may visit, and why not."""

    to: Literal[AgentState.SUSPENDED, AgentState.REVOKED, AgentState.ACTIVE]
    reason: Sanction | None = Field(default=None, description="For `suspended` and `revoked`.")
    incident_id: UUID | None = Field(
        default=None, description="For a breach: the line of the register they answer for."
    )


class QualificationOut(Schema):
    """A certificate, a training or a lender's authorisation."""

    kind: QualificationKind
    lender_id: UUID | None
    number: str
    topics: list[Topic]
    valid_from: date
    valid_until: date
    revoked_at: Instant | None


class TrainingIn(Schema):
    """A training: its topics, and between which dates it is valid."""

    topics: list[Topic] = Field(min_length=1, max_length=len(Topic))
    valid_from: date
    valid_until: date


class AgentDetailOut(AgentOut):
    """An agent with what they hold."""

    qualifications: list[QualificationOut]

    @classmethod
    def with_papers(cls, agent: Agent, papers: Sequence[Qualification]) -> "AgentDetailOut":
        """Return the agent and the papers as they go out."""
        held = [QualificationOut.model_validate(one) for one in papers]
        return cls(**AgentOut.of(agent).model_dump(), qualifications=held)


class AbsenceIn(Schema):
    """A time in which an agent can't be sent."""

    from_at: Instant
    until_at: Instant
    reason: AbsenceReason


class AbsenceOut(Schema):
    """A time in which an agent can't be sent."""

    id: UUID
    branch_id: UUID
    agent_id: UUID
    from_at: Instant
    until_at: Instant
    reason: AbsenceReason

    @classmethod
    def of(cls, absence: Absence) -> "AbsenceOut":
        """Return the absence as it goes out."""
        return cls.model_validate(absence)


class ShiftIn(Schema):
    """A working period of one agent."""

    agent_id: UUID
    starts_at: Instant
    ends_at: Instant
    break_from_at: Instant | None = None
    break_until_at: Instant | None = None
    break_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    max_visits: Annotated[int, Field(ge=0, le=40)] = 8


class ShiftOut(Schema):
    """A working period of one agent."""

    id: UUID
    branch_id: UUID
    agent_id: UUID
    service_date: date
    starts_at: Instant
    ends_at: Instant
    break_from_at: Instant | None
    break_until_at: Instant | None
    break_minutes: int
    max_visits: int

    @classmethod
    def of(cls, shift: Shift) -> "ShiftOut":
        """Return the shift as it goes out."""
        return cls.model_validate(shift)
