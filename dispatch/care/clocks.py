"""Clocks of care: what was due and was not done becomes an alert, once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Branch, ComplaintState
from dispatch.policy.pack import Pack
from dispatch.store.care import calls_run_late, holds_without_end
from dispatch.store.complaints import run_late
from dispatch.store.incidents import open_alert

ACTOR = "duty:care"


type Late = tuple[str, UUID, UUID | None, UUID | None, datetime | None]
"""Kind of alert, what it is about, its case, its visit, and when it was due."""


def flag_late(
    session: Session, *, branch: Branch, law: Pack, now: datetime, limit: int = 200
) -> int:
    """Open an alert for each complaint, call and open-ended hold whose clock has run out.

    Each once; return how many.
    """
    late = [
        *_complaints(session, branch, now=now, limit=limit),
        *_calls(session, branch, now=now, limit=limit),
        *_holds(session, branch, law, now=now, limit=limit),
    ]
    opened = 0
    for kind, source_id, case_id, visit_id, due_at in late:
        alert = open_alert(
            session,
            branch_id=branch.id,
            case_id=case_id,
            visit_id=visit_id,
            kind=kind,
            source_id=source_id,
            actor=ACTOR,
            now=now,
            facts={"due_at": due_at.isoformat() if due_at else None},
        )
        opened += alert.opened_at == now
    return opened


def _complaints(session: Session, branch: Branch, *, now: datetime, limit: int) -> Iterable[Late]:
    for one in run_late(session, branch.id, now=now, limit=limit):
        about = (one.id, one.case_id, one.visit_id)
        if one.state is ComplaintState.RECEIVED:
            yield ("complaint-not-acknowledged", *about, one.acknowledge_by_at)
        if one.due_at is not None and one.due_at <= now:
            yield ("complaint-not-answered", *about, one.due_at)


def _calls(session: Session, branch: Branch, *, now: datetime, limit: int) -> Iterable[Late]:
    for one in calls_run_late(session, branch.id, now=now, limit=limit):
        yield ("care-call-late", one.id, one.case_id, None, one.due_at)


def _holds(
    session: Session, branch: Branch, law: Pack, *, now: datetime, limit: int
) -> Iterable[Late]:
    after = timedelta(days=int(law["holds.review_days"]))
    for one in holds_without_end(session, branch.id, before=now - after, limit=limit):
        yield ("hold-to-review", one.id, one.case_id, None, one.from_at + after)
