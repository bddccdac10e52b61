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
    Plan,
    PlanRun,
    PlanState,
    RunKind,
    RunReason,
    RunState,
)
from dispatch.store import days, duties, nights, plans

NIGHT = "duty:night"
"""Who asks for the night's plan runs."""

_OPEN = frozenset({RunState.QUEUED, RunState.RUNNING})
_BEFORE = frozenset({None, "", "start"})
_OVER = frozenset({DutyState.DONE, DutyState.DONE_WITH_ERRORS, DutyState.SKIPPED})
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
    told = [one for one in made if one.kind is not RunKind.RELEASE]
    located, places = nights.places_of_open_cases(session, branch.id)
    notices = nights.notices_between(session, branch.id, begins, ends)
    left, waiting = (sum(notices.get(str(one), 0) for one in of) for of in (_LEFT, _TO_LEAVE))
    wrong = sum(notices.values()) - left - waiting
    answered, offered = nights.appointments_between(session, branch.id, begins, ends)
    looked_at, cases = nights.open_cases(session, branch.id)
    files = nights.files_between(session, branch.id, local_day(branch.time_zone, on)[0], begins)
    has_begun = now >= begins
    none = None if runs else _of_none(duties.run_of(session, "plan_tonight", branch.id, on))
    return Night(
        on=on,
        began_at=begins,
        ready_at=_ready_at(runs, plan_seconds, now),
        stages=(
            _stage("import", files, files, is_open=not has_begun),
            _stage("eligibility", looked_at, cases, is_open=False),
            _stage("locate", located, places, is_open=False),
            _matrix(runs, none=none),
            _of_runs("plan", runs, none=none),
            _verified("verify", runs, made, is_release=False, none=none),
            _stage(
                "announce", sum(one.announced_at is not None for one in told), len(told), none=none
            ),
            _stage("send", left, left + waiting + wrong, errors=wrong, none=none),
            _stage("collect", answered, offered, is_open=now < ends),
            _of_runs("refill", refills),
            _verified("verify_release", runs, made, is_release=True, none=none),
            *_published(session, branch, on, now),
        ),
    )


def _of_none(duty: DutyRun | None) -> Standing | None:
    """What stands for a night of which no plan was asked: it waits, went wrong, or had none to make."""
    if duty is not None and duty.state in _OVER:
        return None
    return _waits(duty)


def _stage(
    name: str,
    done: int,
    total: int,
    *,
    errors: int = 0,
    is_open: bool = False,
    none: Standing | None = None,
) -> NightStage:
    """Return a stage; `none` is its standing while there is nothing of it yet."""
    standing = Standing.WITH_ERRORS if errors else Standing.DONE
    if done + errors < total:
        standing = Standing.GOES_ON
    elif not total and none is not None:
        standing = none
    elif is_open:
        standing = Standing.WAITS
    return NightStage(name=name, standing=standing, done=done, total=total, errors=errors)


def _of_runs(name: str, runs: Sequence[PlanRun], *, none: Standing | None = None) -> NightStage:
    """Runs that were superseded as stale are not counted: others were queued in their place."""
    counted = [one for one in runs if one.state is not RunState.STALE]
    open_ones = sum(one.state in _OPEN for one in counted)
    failed = sum(one.state is RunState.FAILED for one in counted)
    done = len(counted) - open_ones - failed
    if failed and failed == len(counted):
        return NightStage(name=name, standing=Standing.FAILED, done=0, total=failed, errors=failed)
    return _stage(name, done, len(counted), errors=failed, none=none)


def _matrix(runs: Sequence[PlanRun], *, none: Standing | None) -> NightStage:
    """A run has its travel times once its search has begun; one that failed before never got them."""
    counted = [one for one in runs if one.state is not RunState.STALE]
    has_begun = [
        one.state is RunState.DONE or one.progress.get("phase") not in _BEFORE for one in counted
    ]
    failed = sum(
        one.state is RunState.FAILED and not begun
        for one, begun in zip(counted, has_begun, strict=True)
    )
    return _stage("matrix", sum(has_begun), len(counted), errors=failed, none=none)


def _verified(
    name: str,
    runs: Sequence[PlanRun],
    made: Sequence[Plan],
    *,
    is_release: bool,
    none: Standing | None,
) -> NightStage:
    """Plans of the night that have passed check and audit, without a flag, of those it asked for."""
    asked = sum((one.kind is RunKind.RELEASE) is is_release for one in runs)
    mine = [one for one in made if (one.kind is RunKind.RELEASE) is is_release]
    flagged = sum(bool(one.flags) for one in mine)
    return _stage(name, len(mine) - flagged, asked, errors=flagged, none=none)


def _published(
    session: Session, branch: Branch, on: date, now: datetime
) -> tuple[NightStage, NightStage]:
    """The next service date is out, or waits: for its hour, or for a manager; then its crews set out.

    From then on its plan is frozen: what happens repairs the rest of the day.
    """
    ahead = next(iter(days.dates_with_shifts(session, branch.id, on, branch.horizon_days)), None)
    duty = duties.run_of(session, "publish_ready", branch.id, on)
    if ahead is None:
        return _one("publish"), _one("freeze")
    plan = plans.newest(session, branch.id, ahead, [PlanState.PUBLISHED])
    if plan is None:
        return _one("publish", False, waits=_waits(duty)), _one("freeze", False)
    sets_out = [one.starts_at for one in plans.parts_of(session, plan).routes]
    return _one("publish", True), _one("freeze", min(sets_out, default=now) <= now)


def _one(
    name: str, is_done: bool | None = None, *, waits: Standing = Standing.WAITS
) -> NightStage:
    """A stage of one thing; None where there is nothing to do."""
    standing = waits if is_done is False else Standing.DONE
    return NightStage(
        name=name, standing=standing, done=int(bool(is_done)), total=int(is_done is not None)
    )


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
