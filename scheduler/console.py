"""What an operator asks of the scheduler: one ring, a dry run, pause, skip, run again, last night."""

import os
import signal
import threading
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from dispatch.clock import SystemClock, local_date
from dispatch.console import require_current
from dispatch.db import Database
from dispatch.errors import Invalid, NotFound
from dispatch.model import Branch, DutyRun, DutyState
from dispatch.reporting.night import night_of
from dispatch.settings import Settings
from dispatch.store import duties as ledger
from scheduler import clockwork, guard
from scheduler.context import Context
from scheduler.duties import DUTIES, Duty

ACTOR = "operator"


def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()


def serve(given: Settings) -> None:
    """Ring the duties until the process is told to end (SIGTERM, Ctrl-C), within half a minute then."""
    database = Database(given.database_url)
    try:
        require_current(database)
    finally:
        database.dispose()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if not clockwork.serve(given, stop=stop):
        # Threads that do not end would hold the process up; all they do is safe to be cut off.
        os._exit(0)


def ring_once(given: Settings, name: str) -> dict[str, Any]:
    """Ring one duty and return what it did."""
    duty = _duty(name)
    context = Context.of(given)
    try:
        return {"duty": name, **duty.ring(context)}
    finally:
        context.close()


def would_run(given: Settings, name: str | None) -> list[dict[str, Any]]:
    """Return what is due now, without doing it."""
    chosen = [_duty(name)] if name else list(DUTIES)
    context = Context.of(given)
    try:
        with context.database.reading() as session:
            branches = ledger.branches(session)
            return [row for duty in chosen for row in _due(context, session, duty, branches)]
    finally:
        context.close()


def status(given: Settings, branch: str | None) -> list[dict[str, Any]]:
    """Return the runs of the last two business dates, newest first."""
    context = Context.of(given)
    try:
        with context.database.reading() as session:
            known = {one.id: one for one in ledger.branches(session)}
            chosen = {_branch(session, branch).id} if branch else None
            since = SystemClock().now().date() - timedelta(days=2)
            return [_row(known, run) for run in ledger.runs_since(session, chosen, since)]
    finally:
        context.close()


def pause(given: Settings, name: str, branch: str | None, *, on: bool) -> dict[str, Any]:
    """Pause a dated duty, or resume it."""
    duty = _dated(name)
    context = Context.of(given)
    try:

        def change(session: Session) -> dict[str, Any]:
            ledger.switch(
                session,
                f"pause:{duty.name}",
                branch_id=_branch(session, branch).id if branch else None,
                is_on=on,
                reason="operator",
                actor=ACTOR,
                now=context.clock.now(),
            )
            return {"duty": duty.name, "paused": on, "branch": branch or "all"}

        return guard.whole(context, change)
    finally:
        context.close()


def skip(given: Settings, name: str, branch: str, on: date) -> dict[str, Any]:
    """Leave out one run of a dated duty; entered if it was not yet, so that it stays left out."""
    return _change(given, name, branch, on, DutyState.SKIPPED)


def rerun(given: Settings, name: str, branch: str, on: date) -> dict[str, Any]:
    """Let a dated duty run again for a branch and date at the next turn."""
    return _change(given, name, branch, on, DutyState.DUE)


def _change(given: Settings, name: str, branch: str, on: date, state: DutyState) -> dict[str, Any]:
    duty = _dated(name)
    context = Context.of(given)
    try:

        def change(session: Session) -> dict[str, Any]:
            owner = _branch(session, branch)
            ledger.ensure(
                session,
                duty=duty.name,
                branch_id=owner.id,
                on=on,
                due_at=owner.planning_instant(on),
            )
            run = ledger.run_of(session, duty.name, owner.id, on)
            if run is not None and run.state is not state:
                run.move_to(state, actor=ACTOR, now=context.clock.now())
            return {"duty": duty.name, "branch": branch, "date": str(on), "state": str(state)}

        return guard.whole(context, change)
    finally:
        context.close()


def _due(
    context: Context, session: Session, duty: Duty, branches: list[Branch]
) -> list[dict[str, Any]]:
    if not duty.by_date:
        return [{"duty": duty.name, "would": duty.does}]
    now = context.clock.now()
    rows = []
    for branch in branches:
        for on in _dates(session, duty, branch, now):
            run = ledger.run_of(session, duty.name, branch.id, on)
            is_due = branch.planning_instant(on) <= now and (
                run is None or run.state is DutyState.DUE
            )
            if is_due and not ledger.is_switched(session, f"pause:{duty.name}", branch.id):
                rows.append(
                    {"duty": duty.name, "branch": branch.name, "date": str(on), "would": duty.does}
                )
    return rows


def _dates(session: Session, duty: Duty, branch: Branch, now: datetime) -> list[date]:
    last = ledger.last_entered(session, duty.name, branch.id)
    return guard.business_dates(local_date(branch.time_zone, now), last)


def _row(known: dict[Any, Branch], run: DutyRun) -> dict[str, Any]:
    return {
        "duty": run.duty,
        "branch": known[run.branch_id].name,
        "date": str(run.business_date),
        "state": str(run.state),
        "tries": run.tries,
        "finished_at": run.finished_at,
        "summary": run.summary,
        "failure": run.failure,
    }


def night(given: Settings, branch: str, on: date | None) -> list[dict[str, Any]]:
    """Return the stages of a branch's night, and when its plans will be made."""
    clock = SystemClock()
    database = Database(given.database_url)
    try:
        require_current(database)
        with database.reading() as session:
            mine = _branch(session, branch)
            found = night_of(
                session,
                branch=mine,
                on=on or local_date(mine.time_zone, clock.now()),
                plan_seconds=given.plan_night_seconds,
                now=clock.now(),
            )
    finally:
        database.dispose()
    ready = found.ready_at.isoformat() if found.ready_at else "-"
    return [
        {
            "stage": one.name,
            "standing": str(one.standing),
            "done": f"{one.done} of {one.total}",
            "errors": one.errors,
            **({"ready_at": ready} if one.name == "plan" else {}),
        }
        for one in found.stages
    ]


def _duty(name: str) -> Duty:
    found = next((one for one in DUTIES if one.name == name), None)
    if found is None:
        msg = f"There is no duty {name!r}; `python -m scheduler duties` lists them."
        raise Invalid(msg)
    return found


def _dated(name: str) -> Duty:
    duty = _duty(name)
    if not duty.by_date:
        msg = f"{name} has no business dates, so there is nothing to pause, skip or run again."
        raise Invalid(msg)
    return duty


def _branch(session: Session, name: str) -> Branch:
    found = next((one for one in ledger.branches(session) if one.name == name), None)
    if found is None:
        msg = f"There is no branch {name!r}."
        raise NotFound(msg)
    return found
