"""Rows of the five processes, and how a journey says which of them it asserts.

    with row("S1-09"):
        assert ...

    with row("S2-10", at=API):
        assert ...

A row counts only where its block ran to the end inside a test that passed: `tests/journeys/conftest.py`
fails a test that states a row which it never reached. The id is written out, so that `coverage.py` can
read from the sources alone what is tested where.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from tests.architecture.house import ROOT

USE_CASE: Final = "use case"
API: Final = "API"
"""The row belongs to an app of the agent's or the borrower's, and is asserted where the app asks."""

REFUSED: Final = "refused"
DIFFERENTLY: Final = "differently"

OPEN: Final[dict[str, str]] = {}
"""Rows that no journey asserts yet, each with what it waits for; this list shrinks to nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a process: what is asked for, and by which capabilities it is met."""

    id: str
    what: str
    capabilities: tuple[str, ...]
    treatment: str
    """built, differently (not as the source words it), or refused."""

    @property
    def process(self) -> str:
        """The process it belongs to, S1 to S5."""
        return self.id.partition("-")[0]


@cache
def all_rows() -> dict[str, Row]:
    """Return every row by its id, in the order of the processes."""
    path = ROOT / "fixtures" / "journeys" / "rows.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            one["id"]: Row(
                one["id"], one["what"], tuple(one["capabilities"].split()), one["treatment"]
            )
            for one in csv.DictReader(file)
        }


_reached: set[str] = set()


@contextmanager
def row(row_id: str, *, at: Literal["use case", "API"] = USE_CASE) -> Iterator[None]:
    """Assert a row in the block; it counts once the block has run to its end."""
    assert row_id in all_rows(), f"No process has a row {row_id}."
    assert at in {USE_CASE, API}
    yield
    _reached.add(row_id)


@contextmanager
def watched() -> Iterator[set[str]]:
    """Collect the rows that are reached meanwhile."""
    _reached.clear()
    yield _reached
