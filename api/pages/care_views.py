"""What the page of care takes: alerts, complaints with their clocks, calls owed, holds in force."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from api.pages.views import BranchChoice, Page


@dataclass(frozen=True, slots=True)
class AlertView:
    """Something for a person to look at: `kind` is worded by ``care.alert.*``."""

    id: UUID
    kind: str
    is_urgent: bool
    opened_at: datetime
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """An open complaint, its clocks, and the steps that may come next (``care.step.*``)."""

    id: UUID
    reference: str
    state: str
    received_at: datetime
    #: None once the person knows that it has arrived.
    acknowledge_by_at: datetime | None
    due_at: datetime | None
    is_late: bool
    words: str
    handler_name: str | None
    steps: tuple[str, ...]
    needs: frozenset[str]
    #: The next step is somebody else's.
    is_others: bool = False


@dataclass(frozen=True, slots=True)
class CallView:
    """A call that is owed to a person."""

    id: UUID
    reference: str
    reason: str
    state: str
    due_at: datetime
    is_late: bool
    tries: int
    taken_by: str | None
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold in force, and on whose word it ends (``care.releaser.*``)."""

    id: UUID
    reference: str
    kind: str
    from_at: datetime
    until_at: datetime | None
    releaser: str
    may_release: bool


@dataclass(frozen=True, slots=True)
class RiskView:
    """A risk flag that stands (``risk.kind.*``), and the cases that it concerns."""

    id: UUID
    kind: str
    references: tuple[str, ...]
    set_at: datetime
    #: A crew's report told of it; else a colleague at the desk did.
    is_reported: bool
    review_on: date
    #: Somebody is to look at it again.
    is_due: bool


@dataclass(frozen=True, slots=True)
class CarePage:
    """A branch's care, as a manager sees it."""

    page: Page
    branch: BranchChoice
    branches: tuple[BranchChoice, ...]
    alerts: tuple[AlertView, ...]
    complaints: tuple[ComplaintView, ...]
    calls: tuple[CallView, ...]
    holds: tuple[HoldView, ...]
    risks: tuple[RiskView, ...]
    #: Who may look into a complaint: nobody who goes out to visits.
    handlers: tuple[BranchChoice, ...]
    is_trained: bool


@dataclass(frozen=True, slots=True)
class AlertsPart:
    """The urgent alerts alone: what open pages ask for every few seconds."""

    page: Page
    branch_id: UUID
    alerts: tuple[AlertView, ...]
