"""Plan runs: the queue that every wish to plan goes through."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from dispatch.errors import Conflict
from dispatch.model import Branch, PlanRun, RunKind, RunReason, RunState, record
from dispatch.store.duties import LEASE, database_now
from dispatch.store.outcomes import insert_once
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope, scoped


def queue_run(
    session: Session,
    branch: Branch,
    on: date,
    *,
    kind: RunKind,
    reason: RunReason,
    requested_by: str,
    now: datetime,
    seconds: int | None = None,
    seed: int = 1,
    duty_slot: str | None = None,
    stale_count: int = 0,
) -> PlanRun:
    """Return the queued run of this branch, day and kind: a new one, or the one already waiting.

    A run that is already at work may have read the old state, so it is no answer to a new wish;
    the wish is then noted on the running row (`asked_again`) and queued when that ends.
    """
    open_run = _open_run(session, branch, on, kind)
    if open_run is not None:
        return _wished_again(session, open_run, reason)
    run = PlanRun(
        branch_id=branch.id,
        kind=kind,
        reason=reason,
        from_on=on,
        to_on=on,
        requested_by=requested_by,
        requested_at=now,
        seconds=seconds,
        seed=seed,
        duty_slot=duty_slot,
        stale_count=stale_count,
    )
    if not insert_once(session, run):  # somebody else queued the same run at this moment
        open_run = _open_run(session, branch, on, kind)
        if open_run is None:
            msg = f"A run of {on} has just ended; ask again."
            raise Conflict(msg)
        return _wished_again(session, open_run, reason)
    run = get_any(session, PlanRun, run.id)
    record(run, "plan_run.queued", actor=requested_by, now=now, run=kind, reason=reason, on=on)
    return run


def _open_run(session: Session, branch: Branch, on: date, kind: RunKind) -> PlanRun | None:
    return session.exec(
        select(PlanRun).where(
            PlanRun.branch_id == branch.id,
            PlanRun.from_on == on,
            PlanRun.kind == kind,
            col(PlanRun.state).in_([RunState.QUEUED, RunState.RUNNING]),
        )
    ).first()


def _wished_again(session: Session, run: PlanRun, reason: RunReason) -> PlanRun:
    if run.state is RunState.RUNNING and reason is not RunReason.NIGHTLY:
        run.asked_again = reason
        session.add(run)
    return run


def claim(session: Session, *, worker: str, now: datetime) -> PlanRun | None:
    """Claim the oldest queued run (of one night's, the nearest date's), or one whose worker went silent; None when there is nothing.

    Compare-and-set: of two workers one gets the row. Each claim raises the fence, so that a
    worker that was thought dead can't record its result any more. Leases go by the database's
    clock, whatever the workers' clocks say.
    """
    present = database_now(session)
    is_free = (col(PlanRun.state) == RunState.QUEUED) | (
        (col(PlanRun.state) == RunState.RUNNING) & (col(PlanRun.lease_until) < present)
    )
    waiting = session.exec(
        select(PlanRun)
        .where(is_free)
        .order_by(col(PlanRun.requested_at), col(PlanRun.from_on))
        .limit(5)
    ).all()
    for run in waiting:
        taken = session.execute(
            update(PlanRun)
            .where(
                col(PlanRun.id) == run.id,
                col(PlanRun.fence) == run.fence,
                is_free,
            )
            .values(
                state=RunState.RUNNING,
                fence=run.fence + 1,
                claimed_by=worker,
                claimed_at=now,
                lease_until=present + LEASE,
                version=run.version + 1,
            )
        )
        if taken.rowcount == 1:  # type: ignore[attr-defined]
            session.refresh(run)
            record(run, "plan_run.running", actor=worker, now=now, fence=run.fence)
            return run
    return None


def open_dates(session: Session, run: PlanRun) -> list[date]:
    """Return the dates for which whoever asked for a run waits for one of its kind, its own among them."""
    waiting = session.exec(
        select(col(PlanRun.from_on)).where(
            PlanRun.branch_id == run.branch_id,
            PlanRun.kind == run.kind,
            PlanRun.requested_by == run.requested_by,
            col(PlanRun.state).in_([RunState.QUEUED, RunState.RUNNING]),
        )
    )
    return sorted({run.from_on, *waiting})


def extend_lease(session: Session, run_id: UUID, *, fence: int) -> bool:
    """Keep a run claimed; False when somebody else has taken it over."""
    kept = session.execute(
        update(PlanRun)
        .where(
            col(PlanRun.id) == run_id,
            col(PlanRun.fence) == fence,
            col(PlanRun.state) == RunState.RUNNING,
        )
        .values(lease_until=database_now(session) + LEASE)
    )
    return bool(kept.rowcount == 1)  # type: ignore[attr-defined]


def note_progress(
    session: Session, run_id: UUID, *, fence: int, progress: dict[str, object]
) -> None:
    """Note how far a run has come, for those who watch."""
    session.execute(
        update(PlanRun)
        .where(col(PlanRun.id) == run_id, col(PlanRun.fence) == fence)
        .values(progress=progress)
    )


def states_since(
    session: Session, branch_id: UUID, *, requested_by: str, since: datetime
) -> set[RunState]:
    """Return the states of the runs that somebody has asked for since an instant."""
    found = session.exec(
        select(col(PlanRun.state)).where(
            PlanRun.branch_id == branch_id,
            PlanRun.requested_by == requested_by,
            col(PlanRun.requested_at) >= since,
        )
    )
    return set(found)


def runs_of(
    session: Session, scope: Scope, branch_id: UUID, on: date, *, limit: int = 20
) -> list[PlanRun]:
    """Return the runs of a branch's day, newest first."""
    chosen = scoped(select(PlanRun), PlanRun.branch_id, scope).where(
        PlanRun.branch_id == branch_id, PlanRun.from_on == on
    )
    return list(session.exec(chosen.order_by(col(PlanRun.requested_at).desc()).limit(limit)))
