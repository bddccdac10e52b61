"""The report of `make audit-mutations`: each kind on many random lawful days, and how many are caught."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from hypothesis import given, settings

from dispatch.audit import Profile, audit
from tests.dispatch.audit.bugged import trial
from tests.dispatch.audit.mutations.kinds import GROUPS, MUTATIONS, Mutation
from tests.dispatch.audit.random_days import lawful_day, pack_of
from tests.dispatch.audit.seeded_bugs import BUGS
from tests.dispatch.audit.situations import CHANGES, Change, Situation, named, situations

PAGE: Final = Path(__file__).parents[3] / "docs" / "audit-mutations.md"
HEADS: Final = {"kind", "---"}


@dataclass
class Row:
    """One kind, and of its applications those that were caught."""

    name: str
    caught: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By column: caught, applied."""

    @property
    def is_whole(self) -> bool:
        """Whether it was applied, and always caught."""
        asked = [told for column, told in self.caught.items() if column != PERMITTED]
        return all(caught == applied > 0 for caught, applied in asked)

    def cells(self, columns: tuple[str, ...]) -> list[str]:
        """Return the row's cells as text."""
        told = (self.caught.get(column) for column in columns)
        return [self.name, *("" if one is None else f"{one[0]}/{one[1]}" for one in told)]


AGREED: Final = "agreed / days"
PERMITTED: Final = "permitted / days"
COLUMN: Final = "rejected / let through"
PROFILES: Final = tuple(str(profile) for profile in Profile)


def names() -> set[str]:
    """Return the name of every kind of change, of every bug, and of what random days are made of."""
    return {one.name for one in (*MUTATIONS, *BUGS)} | {named(change) for change in CHANGES}


def of_bugs(number: int) -> list[Row]:
    """Return a row for each bug: the stays that it lets through, and those that are caught."""
    rows = []
    for bug in BUGS:
        through, rejected = trial(bug, number)
        rows.append(Row(bug.name, {COLUMN: (rejected, through)}))
    return rows


def of_mutations(number: int) -> Iterator[tuple[str, list[Row]]]:
    """Yield each group with its rows: every kind applied to so many days in each of its profiles."""
    for group, mutations in GROUPS.items():
        yield group, [_row(mutation, number) for mutation in mutations]


def _row(mutation: Mutation, number: int) -> Row:
    row = Row(mutation.name)
    for profile in mutation.profiles:
        caught = sum(_is_caught(mutation, profile, day) for day in range(number))
        row.caught[str(profile)] = (caught, number)
    return row


def _is_caught(mutation: Mutation, profile: Profile, number: int) -> bool:
    day = lawful_day(profile, number, mutation.zones, mutation.on, mutation.pack)
    changed = mutation.change(day, Random(f"{mutation.name}/{number}"))
    return mutation.is_caught(audit(changed, pack_of(day), profile))


def of_agreement(number: int) -> list[Row]:
    """Return a row for each sort of change: on how many random days rules and auditor agree."""
    return [_agreement(change, number) for change in CHANGES]


def _agreement(change: Change, number: int) -> Row:
    both = Counter[tuple[bool, bool]]()

    @settings(max_examples=number, deadline=None, database=None, derandomize=True)
    @given(situations(change=change))
    def judge(one: Situation) -> None:
        both[one.is_permitted(), one.breaches() == ()] += 1

    judge()
    agreed = both[True, True] + both[False, False]
    row = Row(named(change), {AGREED: (agreed, both.total())})
    # A sort of change that is always refused, or never, shows little.
    row.caught[PERMITTED] = (both[True, True], both.total())
    return row


def table(columns: tuple[str, ...], rows: list[Row]) -> list[str]:
    """Return the rows as a table of Markdown."""
    lines = [_line(["kind", *columns]), _line(["---"] * (len(columns) + 1))]
    return [*lines, *(_line(row.cells(columns)) for row in rows)]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
