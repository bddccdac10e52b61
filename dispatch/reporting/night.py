"""A branch's night at a glance: its stages from the lender's files to the published day, and how far each is.

Nothing is noted for it: each stage is read from the rows that it leaves. So what it says is what
happened, after a crash as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from dispatch.clock import local_day
from dispatch.model import (
    Branch,
    DutyRun,
    DutyState,
    NoticeState,
    PlanRun,
    PlanState,
    RunReason,
    RunState,
)
from dispatch.store import case_stages, days, duties, nights, plans
from dispatch.store.scope import Scope

NIGHT = "duty:night"
"""Who asks for the night's plan runs."""

_OPEN = frozenset({RunState.QUEUED, RunState.RUNNING})
_LEFT = frozenset({NoticeState.SENT, NoticeState.DELIVERED})
_TO_LEAVE = frozenset({NoticeState.DRAFTED, NoticeState.CHECKED, NoticeState.SENDING})


class Standing(StrEnum):
    """How far a stage has come."""

    WAITS = "waits"
    GOES_ON = "goes_on"
    DONE = "done"
    WITH_ERRORS = "done_with_errors"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NightStage:
    """A stage: how far it is, of how much, and how much of it went wrong."""

    name: str
    standing: Standing
    done: int
    total: int
    errors: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A branch's night of a business date; `ready_at` is when its plans will be made, as reckoned now."""

    on: date
    began_at: datetime
    ready_at: datetime | None
    stages: tuple[NightStage, ...]


def night_of(
    session: Session, *, branch: Branch, on: date, plan_seconds: int, now: datetime
) -> Night:
    """Return the night of a business date, from the day's files to the next day's publication.

    Parameters
    ----------
    plan_seconds
        What a plan of the night may take: for the reckoned end.
    """
    begins = branch.planning_instant(on)
    ends = branch.planning_instant(on + timedelta(days=1))
    runs = nights.runs_between(session, branch.id, begins, ends, requested_by=NIGHT)
    refills = nights.runs_between(session, branch.id, begins, ends, reason=RunReason.ANSWER)
    made = nights.plans_of(session, {one.id for one in runs})
    flagged = sum(bool(one.flags) for one in made)
    told = [one for one in made if one.kind != "release"]
    located, places = nights.places_of_open_cases(session, branch.id)
    notices = nights.notices_between(session, branch.id, begins, ends)
    left, waiting = (sum(notices.get(str(one), 0) for one in of) for of in (_LEFT, _TO_LEAVE))
    wrong = sum(notices.values()) - left - waiting
    answered, offered = nights.appointments_between(session, branch.id, begins, ends)
    eligible = case_stages.waiting_for_approval(session, Scope.everything(), branch.id)
    files = nights.files_between(session, branch.id, local_day(branch.time_zone, on)[0], begins)
    has_begun = now >= begins
    return Night(
        on=on,
        began_at=begins,
        ready_at=_ready_at(runs, plan_seconds, now),
        stages=(
            _stage("import", files, files, is_open=not has_begun),
            _stage("eligibility", len(eligible), len(eligible), is_open=False),
            _stage("locate", located, places, is_open=False),
            _of_runs("plan", runs, has_begun=has_begun),
            _stage("verify", len(made), len(runs), errors=flagged, is_open=not has_begun),
            _stage(
                "announce",
                sum(one.announced_at is not None for one in told),
                len(told),
                is_open=not has_begun,
            ),
            _stage("send", left, left + waiting + wrong, errors=wrong, is_open=not has_begun),
            _stage("collect", answered, offered, is_open=now < ends),
            _of_runs("refill", refills, has_begun=True),
            _published(session, branch, on),
        ),
    )


def _stage(name: str, done: int, total: int, *, errors: int = 0, is_open: bool) -> NightStage:
    standing = Standing.WITH_ERRORS if errors else Standing.DONE
    if done + errors < total:
        standing = Standing.GOES_ON
    elif is_open:
        standing = Standing.WAITS
    return NightStage(name=name, standing=standing, done=done, total=total, errors=errors)


def _of_runs(name: str, runs: Sequence[PlanRun], *, has_begun: bool) -> NightStage:
    """Runs that were superseded as stale are not counted: others were queued in their place."""
    counted = [one for one in runs if one.state is not RunState.STALE]
    open_ones = sum(one.state in _OPEN for one in counted)
    failed = sum(one.state is RunState.FAILED for one in counted)
    standing = Standing.WITH_ERRORS if failed else Standing.DONE
    if open_ones:
        standing = Standing.GOES_ON
    elif not counted and not has_begun:
        standing = Standing.WAITS
    elif failed and failed == len(counted):
        standing = Standing.FAILED
    done = len(counted) - open_ones - failed
    return NightStage(name=name, standing=standing, done=done, total=len(counted), errors=failed)


def _published(session: Session, branch: Branch, on: date) -> NightStage:
    """The next service date is out, or waits: for its hour, or for a manager."""
    ahead = next(iter(days.dates_with_shifts(session, branch.id, on, branch.horizon_days)), None)
    duty = duties.run_of(session, "publish_ready", branch.id, on)
    if ahead is None:
        return NightStage(name="publish", standing=Standing.DONE, done=0, total=0)
    is_out = plans.newest(session, branch.id, ahead, [PlanState.PUBLISHED]) is not None
    standing = Standing.DONE if is_out else _waits(duty)
    return NightStage(name="publish", standing=standing, done=int(is_out), total=1)


def _waits(duty: DutyRun | None) -> Standing:
    return Standing.FAILED if duty and duty.state is DutyState.FAILED else Standing.WAITS


def _ready_at(runs: Sequence[PlanRun], plan_seconds: int, now: datetime) -> datetime | None:
    """When the last plan is made, if each takes its time; None where none is to be made."""
    left = 0.0
    for one in runs:
        seconds = float(plan_seconds if one.seconds is None else one.seconds)
        if one.state is RunState.QUEUED:
            left += seconds
        elif one.state is RunState.RUNNING:
            left += seconds * (1 - float(one.progress.get("fraction", 0.0)))
    is_open = any(one.state in _OPEN for one in runs)
    return now + timedelta(seconds=left) if is_open else None
