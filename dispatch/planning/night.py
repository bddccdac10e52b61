"""The night: which days of a branch to plan, and which plans may go out by themselves."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.errors import Refused
from dispatch.model import (
    Branch,
    DutyRun,
    DutyState,
    Plan,
    PlanRun,
    PlanState,
    RunKind,
    RunReason,
    RunState,
)
from dispatch.planning.publish import publish
from dispatch.store import days, plan_runs, plans
from dispatch.store.rows import get_any

ACTOR = "duty:night"


def is_of_night(run: PlanRun) -> bool:
    """Whether the night asked for a run, or it is queued again in place of one that it asked for."""
    return run.requested_by == ACTOR


def planning_is_due(branch: Branch, on: date, now: datetime) -> bool:
    """Whether the branch's planning hour of a local date has come."""
    return now >= branch.planning_instant(on)


def next_service_date(session: Session, branch: Branch, after: date) -> date | None:
    """Return the branch's next date with anyone on shift, within its horizon; None if none."""
    return next(iter(days.dates_with_shifts(session, branch.id, after, branch.horizon_days)), None)


class Standing(StrEnum):
    """How far a branch's night has come."""

    WAITS = "waits"
    BEGUN = "begun"
    DONE = "done"
    FAILED = "failed"


def standing_of(session: Session, run: DutyRun) -> Standing:
    """Return how the night stands that a row of the ledger has begun: with all the plans it asked for."""
    match run.state:
        case DutyState.DUE:
            return Standing.BEGUN if run.tries else Standing.WAITS
        case DutyState.RUNNING:
            return Standing.BEGUN
        case DutyState.FAILED:
            return Standing.FAILED
        case DutyState.SKIPPED:
            return Standing.DONE
        case DutyState.DONE | DutyState.DONE_WITH_ERRORS:
            return _of_plans(session, run)


def _of_plans(session: Session, run: DutyRun) -> Standing:
    since = run.started_at or run.due_at
    states = plan_runs.states_since(session, run.branch_id, requested_by=ACTOR, since=since)
    if states & {RunState.QUEUED, RunState.RUNNING}:
        return Standing.BEGUN
    return Standing.FAILED if RunState.FAILED in states else Standing.DONE


def queue_night(
    session: Session,
    *,
    branch: Branch,
    on: date,
    now: datetime,
    attempt: int = 1,
) -> dict[str, object]:
    """Queue the night's runs: the next service date for release, the days beyond for announcing.

    Parameters
    ----------
    on
        The business date: the local date whose planning hour has come.
    """
    dates = days.dates_with_shifts(session, branch.id, on, branch.horizon_days)
    kinds = {day: RunKind.RELEASE if day == dates[0] else RunKind.ANNOUNCE for day in dates}
    for day, kind in kinds.items():
        plan_runs.queue_run(
            session,
            branch,
            day,
            kind=kind,
            reason=RunReason.NIGHTLY,
            requested_by=ACTOR,
            now=now,
            duty_slot=f"night/{branch.id}/{on}/{day}/{attempt}",
        )
    return {"queued": [str(day) for day in dates]}


def ready_to_announce(session: Session, branch: Branch, now: datetime) -> list[Plan]:
    """Return the drafts of the coming days whose visits nobody has been told of yet."""
    today = local_date(branch.time_zone, now)
    found = []
    for day in plans.days_with_plans(
        session, branch.id, today, today + timedelta(days=branch.horizon_days)
    ):
        plan = plans.newest(session, branch.id, day, [PlanState.DRAFT])
        if plan is not None and plan.kind is RunKind.ANNOUNCE and plan.announced_at is None:
            found.append(plan)
    return found


def publish_if_ready(
    session: Session, *, branch: Branch, on: date, now: datetime, pack_folder: Path | None
) -> dict[str, object]:
    """Publish the draft of a service date where the branch allows it and nothing stands against it."""
    plan = plans.newest(session, branch.id, on, [PlanState.DRAFT])
    if not branch.auto_publish or plan is None:
        return {"published": False, "why": "a manager publishes" if plan else "no draft"}
    plan = get_any(session, Plan, plan.id, lock=True)
    try:
        publish(
            session, plan=plan, version=plan.version, actor=ACTOR, now=now, pack_folder=pack_folder
        )
    except Refused as error:
        return {"published": False, "why": error.detail}
    return {"published": True, "plan": plan.number}
