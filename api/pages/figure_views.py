"""What the page of figures takes: numbers of a branch between two dates, never of one agent."""

from dataclasses import dataclass
from datetime import date

from api.pages.views import BranchChoice, Page, Sentence


@dataclass(frozen=True, slots=True)
class TileView:
    """One number: ``figures.tile.*``, with what it is part of, and where to look closer."""

    name: str
    value: str
    note: Sentence | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class CountView:
    """One row of a breakdown, worded already."""

    word: str
    count: int
    note: Sentence | None = None


@dataclass(frozen=True, slots=True)
class BreakdownView:
    """Numbers by kind: ``figures.by.*``."""

    name: str
    rows: tuple[CountView, ...]

    @property
    def total(self) -> int:
        """What the rows come to."""
        return sum(one.count for one in self.rows)


@dataclass(frozen=True, slots=True)
class SegmentView:
    """Cases of one age and one kind of reason, and what came of visits to them."""

    bucket: str
    reason: str
    cases: int
    visits: int
    nobody_met: int
    promises_kept: int
    promises_broken: int
    ended_well: int

    @property
    def has_outcomes(self) -> bool:
        """Whether there is anything to tell beside the number of cases."""
        return bool(self.visits + self.promises_kept + self.promises_broken + self.ended_well)


@dataclass(frozen=True, slots=True)
class AdviceView:
    """What the outcomes of some segments suggest: ``figures.advice.*``, the mildest first."""

    advice: str
    segments: tuple[SegmentView, ...]


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """A branch between two local dates, both included."""

    page: Page
    branch: BranchChoice
    branches: tuple[BranchChoice, ...]
    from_on: date
    to_on: date
    today_on: date
    results: tuple[TileView, ...]
    treatment: tuple[TileView, ...]
    work: tuple[TileView, ...]
    result_counts: tuple[BreakdownView, ...]
    treatment_counts: tuple[BreakdownView, ...]
    work_counts: tuple[BreakdownView, ...]
    advice: tuple[AdviceView, ...]
