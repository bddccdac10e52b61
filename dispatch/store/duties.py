"""The ledger of duties: one row for each duty, branch and business date; leases by the database's clock."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Dialect, and_, func, insert, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from dispatch.ids import new_id
from dispatch.model import Branch, DutyRun, DutyState, Heartbeat, Switch, record

LEASE = timedelta(seconds=30)
"""How long a claimed run stays claimed without a sign of life."""

SEND_NOTHING = "send_nothing"


def database_now(session: Session) -> datetime:
    """Return the present instant by the database's clock: two processes agree on it."""
    if session.get_bind().dialect.name == "sqlite":
        told = session.connection().exec_driver_sql("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return datetime.fromisoformat(told.scalar_one()).replace(tzinfo=UTC)
    told_at: datetime = session.connection().execute(select(func.clock_timestamp())).scalar_one()
    return told_at.astimezone(UTC)


def ensure(session: Session, *, duty: str, branch_id: UUID, on: date, due_at: datetime) -> bool:
    """Enter a due run in the ledger; False when it is there already, whoever entered it."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    entered = session.execute(
        dialect.insert(DutyRun)
        .values(
            id=new_id(),
            duty=duty,
            branch_id=branch_id,
            business_date=on,
            state=DutyState.DUE,
            due_at=due_at,
            fence=0,
            tries=0,
            summary={},
        )
        .on_conflict_do_nothing(index_elements=["duty", "branch_id", "business_date"])
    )
    return bool(entered.rowcount == 1)  # type: ignore[attr-defined]


def claimable(session: Session, duty: str, *, limit: int = 50) -> list[DutyRun]:
    """Return the runs of a duty that wait, or whose worker went silent, the oldest first."""
    now = database_now(session)
    return list(
        session.exec(
            select(DutyRun)
            .where(
                DutyRun.duty == duty,
                _is_free(now),
            )
            .order_by(col(DutyRun.due_at))
            .limit(limit)
        )
    )


def _is_free(present: datetime) -> ColumnElement[bool]:
    """Return the condition: waiting, or claimed by a worker whose lease has run out."""
    return or_(
        col(DutyRun.state) == DutyState.DUE,
        and_(col(DutyRun.state) == DutyState.RUNNING, col(DutyRun.lease_until) < present),
    )


def claim(session: Session, run: DutyRun, *, worker: str, now: datetime) -> bool:
    """Claim a run by compare-and-set; of two workers one gets it. Each claim raises the fence."""
    present = database_now(session)
    taken = session.execute(
        update(DutyRun)
        .where(col(DutyRun.id) == run.id, col(DutyRun.fence) == run.fence, _is_free(present))
        .values(
            state=DutyState.RUNNING,
            fence=run.fence + 1,
            tries=run.tries + 1,
            claimed_by=worker,
            lease_until=present + LEASE,
            started_at=now,
        )
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return False
    session.refresh(run)
    record(run, "duty_run.running", actor=worker, now=now, duty=run.duty, fence=run.fence)
    return True


def extend(session: Session, run_id: UUID, fence: int) -> bool:
    """Keep a run claimed; False when somebody else has taken it over."""
    kept = session.execute(
        update(DutyRun)
        .where(
            col(DutyRun.id) == run_id,
            col(DutyRun.fence) == fence,
            col(DutyRun.state) == DutyState.RUNNING,
        )
        .values(lease_until=database_now(session) + LEASE)
    )
    return bool(kept.rowcount == 1)  # type: ignore[attr-defined]


def still_ours(session: Session, run_id: UUID, fence: int) -> DutyRun | None:
    """Return the run, locked, if no newer fence was granted; else None: what was done is dropped."""
    run = session.get(DutyRun, run_id, with_for_update=True, populate_existing=True)
    return (
        run if run is not None and run.fence == fence and run.state is DutyState.RUNNING else None
    )


def run_of(session: Session, duty: str, branch_id: UUID, on: date) -> DutyRun | None:
    """Return the run of a duty for a branch and business date."""
    return session.exec(
        select(DutyRun).where(
            DutyRun.duty == duty, DutyRun.branch_id == branch_id, DutyRun.business_date == on
        )
    ).first()


def last_entered(session: Session, duty: str, branch_id: UUID) -> date | None:
    """Return the newest business date in the ledger of a duty and branch."""
    return session.exec(
        select(func.max(col(DutyRun.business_date))).where(
            DutyRun.duty == duty, DutyRun.branch_id == branch_id
        )
    ).one()


def runs_since(session: Session, branch_ids: Collection[UUID] | None, on: date) -> list[DutyRun]:
    """Return the runs of business dates from `on` on, newest first."""
    chosen = select(DutyRun).where(DutyRun.business_date >= on)
    if branch_ids is not None:
        chosen = chosen.where(col(DutyRun.branch_id).in_(list(branch_ids)))
    return list(session.exec(chosen.order_by(col(DutyRun.due_at).desc())))


def branches(session: Session) -> list[Branch]:
    """Return every branch."""
    return list(session.exec(select(Branch).order_by(col(Branch.name))))


def is_switched(session: Session, name: str, branch_id: UUID | None = None) -> bool:
    """Whether a switch is on, everywhere or for the branch."""
    found = session.exec(
        select(Switch).where(
            Switch.name == name,
            col(Switch.is_on).is_(True),
            col(Switch.branch_id).is_(None) | (col(Switch.branch_id) == branch_id),
        )
    )
    return found.first() is not None


def reasons(session: Session, name: str) -> list[str]:
    """Return why a switch is on everywhere; empty where it is off."""
    return list(
        session.exec(
            select(Switch.reason).where(
                Switch.name == name, col(Switch.is_on).is_(True), col(Switch.branch_id).is_(None)
            )
        )
    )


def written_switch(name: str, *, reason: str, actor: str, now: datetime, dialect: Dialect) -> str:
    """Return, written out, the statement that switches something on everywhere.

    For a copy that is put in a database's place: it must hold the switch before anybody opens it.
    """
    row = Switch(name=name, reason=reason, switched_by=actor, switched_at=now)
    given = {
        field: getattr(row, field)
        for field in ("id", "name", "is_on", "reason", "switched_by", "switched_at")
    }
    table: Any = Switch.__table__  # type: ignore[attr-defined]
    written = insert(table).values(given)
    return str(written.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def switch(
    session: Session,
    name: str,
    *,
    branch_id: UUID | None,
    is_on: bool,
    reason: str,
    actor: str,
    now: datetime,
) -> None:
    """Switch something on or off, everywhere (no branch) or for one branch; doubled is harmless."""
    for standing in session.exec(
        select(Switch).where(
            Switch.name == name,
            col(Switch.is_on).is_(True),
            col(Switch.branch_id).is_(None)
            if branch_id is None
            else col(Switch.branch_id) == branch_id,
        )
    ):
        standing.is_on, standing.ended_at = False, now
        record(standing, "switch.off", actor=actor, now=now, name=name)
    if is_on:
        row = Switch(
            name=name, branch_id=branch_id, reason=reason, switched_by=actor, switched_at=now
        )
        session.add(row)
        session.flush()
        record(row, "switch.on", actor=actor, now=now, name=name, reason=reason)
    session.flush()


def beat(session: Session, *, worker: str, now: datetime, detail: dict[str, Any]) -> None:
    """Note a scheduler's sign of life."""
    row = session.exec(select(Heartbeat).where(Heartbeat.worker == worker)).first()
    if row is None:
        session.execute(
            insert(Heartbeat).values(
                id=new_id(), worker=worker, started_at=now, seen_at=now, detail=detail
            )
        )
    else:
        row.seen_at, row.detail = now, detail


def last_beat(session: Session) -> Heartbeat | None:
    """Return the newest sign of life of any scheduler."""
    return session.exec(select(Heartbeat).order_by(col(Heartbeat.seen_at).desc())).first()
