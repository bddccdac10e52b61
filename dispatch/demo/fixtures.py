"""The demo's tables, read from `fixtures/demo`."""

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "demo"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one table of `fixtures/demo`, header names as keys."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed() -> int:
    """Return the seed of the city that is shown on first start."""
    return int((FOLDER / "seed.txt").read_text(encoding="utf-8"))
