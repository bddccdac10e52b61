"""Ask for a plan: every wish to plan becomes a row that the scheduler's process picks up."""

from datetime import date, datetime

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.errors import Invalid
from dispatch.model import Branch, PlanRun, RunKind, RunReason
from dispatch.planning.rest import published_plan
from dispatch.store import plan_runs

FARTHEST_DAYS = 60
"""Days ahead that may be planned."""


def request_plan(
    session: Session,
    *,
    branch: Branch,
    on: date,
    kind: RunKind,
    reason: RunReason,
    requested_by: str,
    now: datetime,
    seconds: int | None = None,
    seed: int = 1,
) -> PlanRun:
    """Queue a plan run for a branch's day, or return the one that is waiting already.

    `seconds` for the solver; None leaves them to the settings.

    Raises
    ------
    Invalid
        If the day is past, or farther ahead than anything is known.
    WrongState
        If a repair is asked for, and nothing is published that could be repaired.
    """
    today = local_date(branch.time_zone, now)
    if on < today:
        msg = f"{on} is past; choose {today} or a later day."
        raise Invalid(msg)
    if (on - today).days > FARTHEST_DAYS:
        msg = f"{on} is more than {FARTHEST_DAYS} days ahead; choose an earlier day."
        raise Invalid(msg)
    if kind is RunKind.REPAIR:
        published_plan(session, branch, on)
    return plan_runs.queue_run(
        session,
        branch,
        on,
        kind=kind,
        reason=reason,
        requested_by=requested_by,
        now=now,
        seconds=seconds,
        seed=seed,
    )
