"""What the page of conduct takes: visits to review, what people said, and the register of breaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from api.pages.views import BranchChoice, Page


@dataclass(frozen=True, slots=True)
class SaidView:
    """What a person said of a visit; `kind` is ``conduct.said.*``, `felt` ``figures.felt.*``."""

    visit_id: UUID
    reference: str
    kind: str
    felt: str | None
    #: For who may see people; None else.
    words: str | None
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A visit to review; `noted` is worded already, none where it was drawn by lot."""

    visit_id: UUID
    reference: str
    service_on: date | None
    noted: tuple[str, ...]
    said: tuple[SaidView, ...]
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class BreachView:
    """One line of the register."""

    id: UUID
    word: str
    visit_id: UUID | None
    reference: str | None
    lender_name: str | None
    responsible_name: str | None
    opened_at: datetime
    closed_at: datetime | None
    remedy: str | None
    person_told_at: datetime | None
    #: Who was sent, of whom one may answer for it; while it is open.
    sent: tuple[BranchChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class ConductPage:
    """A branch's conduct, as its manager sees it."""

    page: Page
    branch: BranchChoice
    branches: tuple[BranchChoice, ...]
    days: int
    reviews: tuple[ReviewView, ...]
    breaches: tuple[BreachView, ...]
    said: tuple[SaidView, ...]
    #: How often people felt how, of what they said in that time.
    felt: Mapping[str, int]
    findings: tuple[str, ...]
    may_change: bool
    #: Wall-clock time of the branch, as a form's control writes it.
    now_local: str

    @property
    def open_breaches(self) -> int:
        """How many nobody has put right yet."""
        return sum(one.closed_at is None for one in self.breaches)

    @property
    def told(self) -> int:
        """Of how many the person was told."""
        return sum(one.person_told_at is not None for one in self.breaches)
