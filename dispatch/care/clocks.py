"""Clocks of care: what was due and was not done becomes an alert, once."""

from datetime import datetime

from sqlmodel import Session

from dispatch.model import Branch, ComplaintState
from dispatch.store.complaints import run_late
from dispatch.store.incidents import open_alert

ACTOR = "duty:care"


def flag_late_complaints(
    session: Session, *, branch: Branch, now: datetime, limit: int = 200
) -> int:
    """Open an alert for each complaint not acknowledged or answered in time; return how many."""
    opened = 0
    for complaint in run_late(session, branch.id, now=now, limit=limit):
        kinds = []
        if complaint.state is ComplaintState.RECEIVED:
            kinds.append(("complaint-not-acknowledged", complaint.acknowledge_by_at))
        if complaint.due_at is not None and complaint.due_at <= now:
            kinds.append(("complaint-not-answered", complaint.due_at))
        for kind, due_at in kinds:
            alert = open_alert(
                session,
                branch_id=branch.id,
                case_id=complaint.case_id,
                visit_id=complaint.visit_id,
                kind=kind,
                source_id=complaint.id,
                actor=ACTOR,
                now=now,
                facts={"due_at": due_at.isoformat() if due_at else None},
            )
            opened += alert.opened_at == now
    return opened
