"""What is kept too long: people whose cases have been over for years, positions of past visits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, and_, col, exists, func, select, update

from dispatch.model import Case, CheckIn, Complaint, Evidence, Person
from dispatch.model.case import ENDED
from dispatch.model.complaint import COMPLAINT_OPEN


def people_over(
    session: Session, branch_id: UUID, *, before_at: datetime, limit: int
) -> dict[UUID, datetime]:
    """Return people of a branch of whom nothing is under way anywhere, and their last act on record.

    Nothing under way means: every case is over, in whatever branch, and no complaint is open. Readings are
    no acts. Only those with no act since `before_at`, the longest quiet first.
    """
    last = func.max(col(Evidence.at))
    is_open = exists().where(
        and_(col(Case.person_id) == col(Person.id), col(Case.stage).not_in(list(ENDED)))
    )
    complains = exists().where(
        and_(
            col(Complaint.person_id) == col(Person.id),
            col(Complaint.state).in_(list(COMPLAINT_OPEN)),
        )
    )
    here = select(Case.person_id).where(Case.branch_id == branch_id)
    rows = session.exec(
        select(Person.id, last)
        .join(Evidence, col(Evidence.person_id) == col(Person.id))
        .where(
            col(Person.id).in_(here),
            col(Person.erased_at).is_(None),
            col(Evidence.kind).not_like("read.%"),
            ~is_open,
            ~complains,
        )
        .group_by(col(Person.id))
        .having(last < before_at)
        .order_by(last, col(Person.id))
        .limit(limit)
    )
    return dict(rows.all())


def branches_of(session: Session, person_id: UUID) -> set[UUID]:
    """Return the branches that have a case of a person."""
    return set(session.exec(select(Case.branch_id).where(Case.person_id == person_id)))


def count_positions(session: Session, branch_id: UUID, *, before_at: datetime) -> int:
    """Return how many check-ins of before an instant still hold what the phone told, place included."""
    chosen = select(func.count()).select_from(CheckIn).where(*_exact(branch_id, before_at))
    return session.exec(chosen).one()


def drop_positions(session: Session, branch_id: UUID, *, before_at: datetime) -> int:
    """Empty what the phone told with check-ins of before an instant; step, time and nearness stay."""
    done = session.connection().execute(
        update(CheckIn).where(*_exact(branch_id, before_at)).values(raw_sealed=None)
    )
    return int(done.rowcount)


def _exact(branch_id: UUID, before_at: datetime) -> tuple[Any, ...]:
    return (
        CheckIn.branch_id == branch_id,
        col(CheckIn.occurred_at) < before_at,
        col(CheckIn.raw_sealed).is_not(None),
    )
