"""What the page of law takes: the packs that bind, their rules in words, and changes before two persons."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from api.pages.views import BranchChoice, Page


@dataclass(frozen=True, slots=True)
class PackView:
    """A pack that binds the branch; concerns are worded by ``law.concern.*``."""

    id: str
    version: str
    title: str
    jurisdiction: str
    valid_from: date
    valid_until: date | None
    review_on: date
    signed_by: str | None
    signed_on: date | None
    is_own: bool
    #: Binds beside the branch's own pack.
    is_beside: bool
    concerns: tuple[str, ...]
    #: Those of the concerns by which nothing is planned.
    stops: frozenset[str]
    rules: int
    unbinding: int
    overdue: int


@dataclass(frozen=True, slots=True)
class LawRule:
    """One rule that binds the branch, in words."""

    rule: str
    value: str
    pack_id: str
    instrument: str
    article: str
    #: ``decision.force.*``
    force: str
    #: ``law.mark.*``
    mark: str
    #: ``permission.giver.*``; None: nobody.
    relaxable_by: str | None
    review_on: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class LawGroup:
    """Rules about one thing: ``law.group.*``."""

    name: str
    rules: tuple[LawRule, ...]


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """One thing that is said otherwise: ``law.part.*``, before and after, in words."""

    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """Where a proposed pack says something else than the one before it."""

    rule: str
    #: The class of products that it binds alone; None: all of them.
    product: str | None
    parts: tuple[ChangedPart, ...]
    #: Something that was only known binds from now on.
    is_switched_on: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of a pack before two persons; `state` is ``law.state.*``."""

    id: UUID
    pack_id: str
    version: str
    state: str
    ground: str
    proposed_by: str | None
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    differences: tuple[DifferenceView, ...]
    #: Whether the reader proposed it, so that somebody else has to adopt it.
    is_own: bool
    #: Adopted, and what the branch's pack says at this moment.
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class RunView:
    """Dates in a row that are alike: ``law.day.*``, `unknown` where nobody vouches for them."""

    first_on: date
    last_on: date
    word: str


@dataclass(frozen=True, slots=True)
class HolidayView:
    """A line of the branch's own calendar; `kind` is ``law.kind.*``, `reason` ``law.why.*``."""

    id: UUID
    day_on: date
    name: str
    kind: str
    set_by: str | None
    set_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class RemovedView:
    """A line that was taken out."""

    day_on: date
    removed_by: str | None
    removed_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The branch's calendar from today on, and the choices of its forms."""

    country: str | None
    ahead_days: int
    runs: tuple[RunView, ...]
    lines: tuple[HolidayView, ...]
    removed: tuple[RemovedView, ...]
    kinds: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LawPage:
    """The law of a branch, as its manager sees it."""

    page: Page
    branch: BranchChoice
    branches: tuple[BranchChoice, ...]
    today_on: date
    #: The branch's own pack first; none where it can't be read, see `fault`.
    packs: tuple[PackView, ...]
    groups: tuple[LawGroup, ...]
    open_changes: tuple[ChangeView, ...]
    past_changes: tuple[ChangeView, ...]
    calendar: CalendarView
    may_change: bool
    #: What the form holds: the pack's text, or what was sent and refused.
    text: str = ""
    ground: str = ""
    #: What is wrong with what was sent, or with the pack itself.
    faults: tuple[str, ...] = ()
