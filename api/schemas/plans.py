"""Plan runs and plans as they come in and go out."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Schema, Words
from dispatch.appointments.announce import Announced
from dispatch.audit import Breach
from dispatch.model import Plan, PlanRun, PlanState, Route, RunKind, RunReason, RunState, Stop
from dispatch.reporting.day import DaySeen


class PlanRunIn(Schema):
    """A wish to plan a branch's day; without a kind the usual one for that day is meant."""

    branch_id: UUID
    service_date: date
    kind: RunKind | None = None


class ProgressOut(Schema):
    """How far a run has come; null while nobody knows."""

    percent: Annotated[int, Field(ge=0, le=100)] | None
    phase: str | None
    assigned: int | None


class PlanRunOut(Schema):
    """A plan run; once it is done, `plan_id` names what came of it."""

    id: UUID
    branch_id: UUID
    service_date: date
    kind: RunKind
    reason: RunReason
    state: RunState
    progress: ProgressOut
    requested_at: Instant
    finished_at: Instant | None
    failure: str | None
    plan_id: UUID | None

    @classmethod
    def of(cls, run: PlanRun) -> "PlanRunOut":
        """Return the run as it goes out."""
        return cls(
            id=run.id,
            branch_id=run.branch_id,
            service_date=run.from_on,
            kind=run.kind,
            reason=run.reason,
            state=run.state,
            progress=ProgressOut(
                percent=percent_of(run),
                phase=run.progress.get("phase"),
                assigned=run.progress.get("assigned"),
            ),
            requested_at=run.requested_at,
            finished_at=run.finished_at,
            failure=run.failure,
            plan_id=run.plan_id,
        )


def percent_of(run: PlanRun) -> int | None:
    """Return how much of its time a run has used, in percent; None while it has not begun."""
    if run.state is RunState.DONE:
        return 100
    fraction = run.progress.get("fraction")
    return min(100, max(0, round(100 * fraction))) if isinstance(fraction, int | float) else None


class PlanOut(Schema):
    """One version of a branch's day."""

    id: UUID
    branch_id: UUID
    plan_run_id: UUID
    service_date: date
    number: int
    state: PlanState
    kind: RunKind
    pack_id: str
    pack_version: str
    engine: str
    objective: int
    travel_s: int
    distance_m: int
    value_served: int
    is_incomplete: bool
    is_estimated: bool
    flags: list[str]
    roads: str
    planned_at: Instant
    announced_at: Instant | None
    published_at: Instant | None
    version: int

    @classmethod
    def of(cls, plan: Plan) -> "PlanOut":
        """Return the plan as it goes out."""
        return cls.model_validate(plan)


class StopOut(Schema):
    """One visit on a route; who it is to is told by the case, to those who may see people."""

    visit_id: UUID
    reference: str
    position: int
    arrive_at: Instant
    leave_at: Instant
    window_from_at: Instant
    window_until_at: Instant
    travel_s: int
    distance_m: int
    wait_s: int
    on_time: float | None
    is_required: bool
    is_estimated: bool

    @classmethod
    def at(cls, stop: Stop, reference: str) -> "StopOut":
        """Return the stop with its visit's reference."""
        names = cls.model_fields.keys() - {"reference"}
        return cls(reference=reference, **{name: getattr(stop, name) for name in names})


class RouteOut(Schema):
    """One crew's day."""

    id: UUID
    crew_id: UUID
    crew: str
    members: list[str]
    starts_at: Instant
    ends_at: Instant
    travel_s: int
    distance_m: int
    breaks: list[dict[str, Any]]
    stops: list[StopOut]

    @classmethod
    def of(cls, route: Route, seen: DaySeen) -> "RouteOut":
        """Return the route with its crew and its stops."""
        return cls(
            id=route.id,
            crew_id=route.crew_id,
            crew=seen.crew_name(route),
            members=[agent.name for agent in seen.members_of(route)],
            starts_at=route.starts_at,
            ends_at=route.ends_at,
            travel_s=route.travel_s,
            distance_m=route.distance_m,
            breaks=route.breaks,
            stops=[
                StopOut.at(stop, seen.visits[stop.visit_id].reference)
                for stop in seen.stops_of(route)
            ],
        )


class UnservedOut(Schema):
    """A visit that the plan leaves out; each reason has a code, what it names, and its source."""

    visit_id: UUID
    reference: str
    is_required: bool
    reasons: list[dict[str, Any]]


class PlanDetailOut(PlanOut):
    """A plan with its routes, their stops, and what it leaves out."""

    routes: list[RouteOut]
    unserved: list[UnservedOut]

    @classmethod
    def with_parts(cls, seen: DaySeen) -> "PlanDetailOut":
        """Return the plan with all that belongs to it."""
        return cls(
            **PlanOut.of(seen.parts.plan).model_dump(),
            routes=[RouteOut.of(route, seen) for route in seen.parts.routes],
            unserved=[
                UnservedOut(
                    visit_id=one.visit_id,
                    reference=seen.visits[one.visit_id].reference,
                    is_required=one.is_required,
                    reasons=one.reasons,
                )
                for one in seen.parts.unserved
            ],
        )


class PublicationIn(Schema):
    """The decision to publish; a plan that leaves out a promised visit needs an explanation."""

    explanation: Words | None = None


class SkippedOut(Schema):
    """A visit that was not announced, and why."""

    visit_id: UUID
    reference: str
    code: str


class AnnouncedOut(Schema):
    """What announcing did: notices by channel, and the visits that were left out."""

    plan: PlanOut
    by_channel: dict[str, int]
    skipped: list[SkippedOut]

    @classmethod
    def of(cls, plan: Plan, done: Announced) -> "AnnouncedOut":
        """Return what was announced as it goes out."""
        return cls(
            plan=PlanOut.of(plan),
            by_channel=dict(done.by_channel),
            skipped=[SkippedOut.model_validate(one) for one in done.skipped],
        )


class FindingOut(Schema):
    """Something that stands against releasing the plan."""

    code: str
    visit_id: UUID | None
    reference: str
    detail: str
    source: str

    @classmethod
    def of(cls, breach: Breach) -> "FindingOut":
        """Return the breach as it goes out."""
        return cls.model_validate(breach)


class AuditOut(Schema):
    """What the auditor says of releasing a plan at this moment."""

    plan_id: UUID
    version: int
    is_lawful: bool
    findings: list[FindingOut]
