"""What the figures count: the rows of a branch between two instants."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from dispatch.model import (
    AppointmentState,
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


def _promises(within: Callable[..., list[Any]]) -> Sequence[Promise]:
    return within(Promise, Promise.recorded_at)


class Counted:
    """The rows of one branch between two instants (`from_at` included, `until_at` excluded).

    What was promised is read apart from what crews reported: no query brings money and agents
    together.
    """

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
        self.contacts = within(ContactAttempt, ContactAttempt.occurred_at)
        self.holds = within(Hold, Hold.from_at)
        self.incidents = within(Incident, Incident.opened_at)
        self.complaints = within(Complaint, Complaint.received_at)
        self.promises = _promises(within)
        self.feedback = within(Feedback, Feedback.given_at)

        def on_record(kinds: list[str]) -> set[UUID]:
            entries = within(Evidence, Evidence.at, col(Evidence.kind).in_(kinds))
            return {one.subject_id for one in entries}

        self.confirmed = on_record([f"appointment.{AppointmentState.CONFIRMED}"])
        self.declined = on_record([f"appointment.{AppointmentState.DECLINED}"])
        """Appointments by the answer on record, whatever has become of them since."""
        self.ended = on_record(
            [f"loan_case.{stage}" for stage in (Stage.CURED, Stage.SETTLED, Stage.PLAN)]
        )
        """Cases that came to a good end: paid, settled, or under a plan."""
        self.cases = list(session.exec(select(Case).where(Case.branch_id == branch_id)))
        learnt = session.exec(
            select(Assessment)
            .where(Assessment.branch_id == branch_id)
            .order_by(col(Assessment.assessed_at), col(Assessment.id))
        )
        self.reasons = {one.case_id: one.reason for one in learnt}
        """The newest known reason of each case."""
