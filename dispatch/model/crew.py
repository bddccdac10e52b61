"""Crew: who goes out together on one service date; its membership changes only by new versions."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import UUID, Row, instant, to


class Crew(Row, table=True):
    """One or more agents for one shift: what a vehicle is to the solver."""

    __tablename__ = "crew"
    __table_args__ = (UniqueConstraint("branch_id", "service_date", "name"),)

    branch_id: UUID = to("branch")
    service_date: date = Field(index=True)
    name: str = Field(max_length=40)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    is_dissolved: bool = False


class CrewVersion(Row, table=True):
    """An immutable membership of a crew; a notice names its hash."""

    __tablename__ = "crew_version"
    __table_args__ = (UniqueConstraint("crew_id", "number"),)

    crew_id: UUID = to("crew")
    number: int
    members_hash: str = Field(max_length=64, index=True)
    formed_at: datetime = instant()


class CrewMember(Row, table=True):
    """One agent in one version of a crew."""

    __tablename__ = "crew_member"
    __table_args__ = (UniqueConstraint("crew_version_id", "agent_id"),)

    crew_version_id: UUID = to("crew_version")
    agent_id: UUID = to("agent")
    is_lead: bool = False


def members_hash(agent_ids: Iterable[UUID]) -> str:
    """Return the hash of a crew's members: the same people, the same hash, in any order.

    The canonical form is the policy's (docs/policy.md): `crew/1`, then the sorted ids, by line.
    """
    lines = ["crew/1", *sorted(str(one) for one in agent_ids)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
