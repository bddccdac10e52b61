"""What the figures count: the rows of a branch between two instants."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from dispatch.model import (
    Appointment,
    Assessment,
    Case,
    Complaint,
    ContactAttempt,
    Evidence,
    Feedback,
    Hold,
    Incident,
    Outcome,
    Promise,
    ReportRole,
    Stage,
)


class Counted:
    """The rows of one branch between two instants (`from_at` included, `until_at` excluded)."""

    def __init__(
        self, session: Session, branch_id: UUID, from_at: datetime, until_at: datetime
    ) -> None:
        def within[R: SQLModel](kind: type[R], at: Any, *conditions: Any) -> list[R]:
            owner: Any = kind.branch_id  # type: ignore[attr-defined]
            chosen = select(kind).where(
                owner == branch_id, col(at) >= from_at, col(at) < until_at, *conditions
            )
            return list(session.exec(chosen))

        self.reports = within(
            Outcome,
            Outcome.occurred_at,
            col(Outcome.role) == ReportRole.REPORT,
            col(Outcome.amends_id).is_(None),
        )
        self.answers = within(Appointment, Appointment.answered_at)
        self.contacts = within(ContactAttempt, ContactAttempt.occurred_at)
        self.holds = within(Hold, Hold.from_at)
        self.incidents = within(Incident, Incident.opened_at)
        self.complaints = within(Complaint, Complaint.received_at)
        self.promises = within(Promise, Promise.recorded_at)
        self.feedback = within(Feedback, Feedback.given_at)
        ends = [f"loan_case.{stage}" for stage in (Stage.CURED, Stage.SETTLED, Stage.PLAN)]
        self.ended = {
            one.subject_id for one in within(Evidence, Evidence.at, col(Evidence.kind).in_(ends))
        }
        """Cases that came to a good end: paid, settled, or under a plan."""
        self.cases = list(session.exec(select(Case).where(Case.branch_id == branch_id)))
        learnt = session.exec(
            select(Assessment)
            .where(Assessment.branch_id == branch_id)
            .order_by(col(Assessment.assessed_at), col(Assessment.id))
        )
        self.reasons = {one.case_id: one.reason for one in learnt}
        """The newest known reason of each case."""
