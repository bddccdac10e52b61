"""PlanRun and Plan: the request to plan, and the versioned day that came of it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from dispatch.model.columns import (
    UUID,
    Row,
    choice,
    instant,
    listing,
    mapping,
    maybe_to,
    sealed,
    some_instant,
    to,
)
from dispatch.model.state import move


class RunKind(StrEnum):
    """What a run plans for."""

    ANNOUNCE = "announce"
    RELEASE = "release"
    REPAIR = "repair"


class RunReason(StrEnum):
    """Why the run was asked for."""

    MANUAL = "manual"
    NIGHTLY = "nightly"
    ANSWER = "answer"
    DELAY = "delay"
    HOLD = "hold"
    ABSENCE = "absence"
    STALE = "stale"
    DEMO = "demo"


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STALE = "stale"
    FAILED = "failed"
    CANCELLED = "cancelled"


_RUN_STATES: Final[Mapping[RunState, frozenset[RunState]]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
    RunState.RUNNING: frozenset({RunState.DONE, RunState.STALE, RunState.FAILED, RunState.QUEUED}),
}


class PlanRun(Row, table=True):
    """One request to plan a branch's days; the manager, the night and a delay all make one."""

    __tablename__ = "plan_run"
    __table_args__ = (
        Index(
            "uq_plan_run_open",
            "branch_id",
            "from_on",
            "kind",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    branch_id: UUID = to("branch")
    kind: RunKind = choice(RunKind)
    reason: RunReason = choice(RunReason)
    from_on: date = Field(index=True)
    to_on: date
    state: RunState = choice(RunState, default=RunState.QUEUED, index=True)
    duty_slot: str | None = Field(default=None, max_length=120, unique=True)
    requested_by: str = Field(max_length=80)
    requested_at: datetime = instant()
    claimed_by: str | None = Field(default=None, max_length=80)
    claimed_at: datetime | None = some_instant()
    lease_until: datetime | None = some_instant()
    fence: int = 0
    stale_count: int = 0
    asked_again: RunReason | None = choice(RunReason, nullable=True, name="asked_again")
    fingerprint: str | None = Field(default=None, max_length=64)
    snapshot_sealed: bytes | None = sealed()
    seed: int = 1
    seconds: int | None = None
    versions: dict[str, Any] = mapping()
    progress: dict[str, Any] = mapping()
    finished_at: datetime | None = some_instant()
    failure: str | None = Field(default=None, max_length=1000)
    plan_id: UUID | None = Field(default=None)
    version: int = 1

    def move_to(
        self, state: RunState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, _RUN_STATES, state, actor=actor, now=now, why=why)


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RECALLED = "recalled"


_PLAN_STATES: Final[Mapping[PlanState, frozenset[PlanState]]] = {
    PlanState.DRAFT: frozenset({PlanState.PUBLISHED, PlanState.SUPERSEDED}),
    PlanState.PUBLISHED: frozenset({PlanState.SUPERSEDED, PlanState.RECALLED}),
}


class Plan(Row, table=True):
    """One branch-day, versioned; at most one version of a day is published."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("branch_id", "service_date", "number"),
        Index(
            "uq_plan_published",
            "branch_id",
            "service_date",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    branch_id: UUID = to("branch")
    plan_run_id: UUID = to("plan_run")
    service_date: date = Field(index=True)
    number: int
    state: PlanState = choice(PlanState, default=PlanState.DRAFT, index=True)
    kind: RunKind = choice(RunKind)
    pack_id: str = Field(max_length=40)
    pack_version: str = Field(max_length=40)
    origin_at: datetime = instant()
    engine: str = Field(max_length=40)
    objective: int = 0
    travel_s: int = 0
    distance_m: int = 0
    value_served: int = 0
    is_incomplete: bool = False
    is_estimated: bool = False
    flags: list[str] = listing()
    roads: str = Field(default="estimate", max_length=120)
    planned_at: datetime = instant()
    announced_at: datetime | None = some_instant()
    published_at: datetime | None = some_instant()
    published_by: str | None = Field(default=None, max_length=80)
    version: int = 1

    def move_to(
        self, state: PlanState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, _PLAN_STATES, state, actor=actor, now=now, why=why, number=self.number)


class Route(Row, table=True):
    """One crew's ordered stops in one version of a plan."""

    __tablename__ = "route"
    __table_args__ = (UniqueConstraint("plan_id", "crew_id"),)

    plan_id: UUID = to("plan")
    crew_id: UUID = to("crew")
    crew_version_id: UUID = to("crew_version")
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    travel_s: int = 0
    distance_m: int = 0
    breaks: list[dict[str, Any]] = listing()
    geometry_sealed: bytes | None = sealed()


class Stop(Row, table=True):
    """One visit on a route of one version of a plan."""

    __tablename__ = "stop"
    __table_args__ = (
        UniqueConstraint("plan_id", "visit_id"),
        UniqueConstraint("route_id", "position"),
    )

    plan_id: UUID = to("plan")
    route_id: UUID = to("route")
    visit_id: UUID = to("visit")
    appointment_id: UUID | None = maybe_to("appointment")
    position: int
    arrive_at: datetime = instant()
    leave_at: datetime = instant()
    window_from_at: datetime = instant()
    window_until_at: datetime = instant()
    travel_s: int = 0
    distance_m: int = 0
    wait_s: int = 0
    on_time: float | None = None
    """Part of drawn days on which the crew rings in time for the window."""
    is_required: bool = False
    is_estimated: bool = False


class Unserved(Row, table=True):
    """A visit that a version of a plan leaves out, with the reasons."""

    __tablename__ = "unserved"
    __table_args__ = (UniqueConstraint("plan_id", "visit_id"),)

    plan_id: UUID = to("plan")
    visit_id: UUID = to("visit")
    is_required: bool = False
    reasons: list[dict[str, Any]] = listing()
