"""The twin's ledger: what happened on each day, as one who sees everything would count it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

type Counts = Counter[str]
"""Counts of a day, or of several: kept, late, called_off, confirmed, width_s, calls, met, value,
travel_s, messages, settled, avoided, complaints."""


@dataclass(slots=True)
class Ledger:
    """Counts by day, promises that stand, and with whom it is clear how it goes on."""

    days: dict[date, Counts] = field(default_factory=dict)
    standing: dict[UUID, date] = field(default_factory=dict)
    """Confirmed appointments that are still to be kept, and their dates."""
    settled: set[str] = field(default_factory=set)

    def on(self, day: date) -> Counts:
        """Return the counts of a day, to be added to."""
        return self.days.setdefault(day, Counter())

    def promise(self, appointment_id: UUID, day: date, *, width_s: float) -> None:
        """Note that somebody has confirmed a time on a day."""
        self.standing[appointment_id] = day
        self.on(day)["confirmed"] += 1
        self.on(day)["width_s"] += round(width_s)

    def close(self, appointment_id: UUID, how: str) -> None:
        """Note how a confirmed appointment ended: kept, late, called_off, or given_back."""
        day = self.standing.pop(appointment_id)
        self.on(day)[how] += 1

    def settle(self, person: str, day: date, *, by_visit: bool) -> None:
        """Note that it is clear with a person how it goes on; the first time counts."""
        if person not in self.settled:
            self.settled.add(person)
            self.on(day)["settled"] += 1
            self.on(day)["avoided"] += not by_visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure of a run: a count, or the ratio of two.

    Parameters
    ----------
    does
        In plain words.
    above, below
        The counts that are added up and divided; without `below` the sum itself.
    scale
        What the ratio is multiplied by.
    is_less_better
        Whether less of it is better.
    """

    does: str
    above: tuple[str, ...]
    below: tuple[str, ...] = ()
    scale: float = 1.0
    is_less_better: bool = False

    def of(self, counts: Mapping[str, float]) -> float:
        """Return the figure; 0 where there is nothing to divide by."""
        above = self.scale * sum(counts.get(name, 0) for name in self.above)
        if not self.below:
            return above
        below = sum(counts.get(name, 0) for name in self.below)
        return above / below if below else 0.0


MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "kept": Measure(
            does="confirmed windows kept, of those not called off, %",
            above=("kept",),
            below=("kept", "late"),
            scale=100,
        ),
        "called_off": Measure(
            does="confirmed visits called off because an agent fell ill, %",
            above=("called_off",),
            below=("kept", "late", "called_off"),
            scale=100,
            is_less_better=True,
        ),
        "width": Measure(
            does="width of confirmed windows, minutes",
            above=("width_s",),
            below=("confirmed",),
            scale=1 / 60,
            is_less_better=True,
        ),
        "value": Measure(does="value of the visits at which people were met", above=("value",)),
        "met": Measure(does="people met", above=("met",)),
        "calls": Measure(does="calls at doors", above=("calls",), is_less_better=True),
        "at_home": Measure(
            does="calls at which somebody was met, %", above=("met",), below=("calls",), scale=100
        ),
        "travel": Measure(
            does="travel for each call, minutes",
            above=("travel_s",),
            below=("calls",),
            scale=1 / 60,
            is_less_better=True,
        ),
        "contacts": Measure(
            does="messages and calls for each case settled",
            above=("messages", "calls"),
            below=("settled",),
            is_less_better=True,
        ),
        "settled": Measure(does="cases settled", above=("settled",)),
        "avoided": Measure(does="cases settled without a visit", above=("avoided",)),
        "complaints": Measure(does="complaints", above=("complaints",), is_less_better=True),
    }
)
"""What a run is measured by. A case is settled once a plan, a promise, a payment or a call for help
has made clear how it goes on."""


def total(days: Iterable[Mapping[str, float]]) -> Counts:
    """Return the counts of several days together."""
    found: Counts = Counter()
    for one in days:
        found.update(one)
    return found


def figures(days: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return each measure over some days."""
    counts = total(days)
    return {name: measure.of(counts) for name, measure in MEASURES.items()}
