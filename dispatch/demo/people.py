"""The demo's tables, as the exports of a lender and of a personnel office: for the real importer.

All persons are invented. Telephone numbers are valid in form and belong to nobody; e-mail
addresses are at example.org, which is reserved for examples.
"""

import csv
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from dispatch.demo.borrowers import Row, case_rows
from dispatch.demo.city import City
from dispatch.demo.contacts import attempt_rows, payment_rows, with_paid
from dispatch.demo.workforce import agent_rows, holiday_rows, shift_rows


@dataclass(frozen=True, slots=True)
class DemoTables:
    """The rows of the six files, header names as keys, every value as text."""

    cases: tuple[Row, ...]
    attempts: tuple[Row, ...]
    payments: tuple[Row, ...]
    agents: tuple[Row, ...]
    shifts: tuple[Row, ...]
    holidays: tuple[Row, ...]


def demo_tables(city: City, *, seed: int, today: date, shift_weeks: int = 6) -> DemoTables:
    """Return 120 cases with their history up to `today`, and the team's coming weeks.

    Parameters
    ----------
    city
        Where everybody lives.
    today
        The local date on which the files are exported; nothing in them that has happened is
        later, shifts begin on it.
    shift_weeks
        For how many weeks shifts are made.
    """
    holidays = holiday_rows(today)
    closed = frozenset(
        date.fromisoformat(row["date"]) for row in holidays if row["class"] == "public_holiday"
    )
    cases = case_rows(city, seed=seed, today=today)
    payments = payment_rows(cases, seed=seed, today=today)
    attempts = attempt_rows(cases, seed=seed, today=today, closed=closed, time_zone=city.time_zone)
    agents = agent_rows(city, seed=seed, today=today)
    return DemoTables(
        cases=tuple(with_paid(case, payments) for _, case in cases),
        attempts=tuple(attempts),
        payments=tuple(payments),
        agents=tuple(agents),
        shifts=tuple(shift_rows(agents, today=today, weeks=shift_weeks, closed=closed)),
        holidays=tuple(holidays),
    )


def write_tables(tables: DemoTables, folder: Path) -> dict[str, Path]:
    """Write `<kind>.csv` (UTF-8) for each table into the folder; return the path of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for table in fields(tables):
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows: tuple[Row, ...] = getattr(tables, table.name)
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        paths[table.name] = path
    return paths
