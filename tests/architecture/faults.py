"""docs/reliability.md: which fault is tested where. `python -m tests.architecture.faults` writes it."""

import ast
import csv
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tests.architecture.house import ROOT

PAGE: Final = ROOT / "docs" / "reliability.md"
ROWS: Final = ROOT / "fixtures" / "faults" / "rows.csv"

OPEN: Final[dict[str, str]] = {}
"""Rows that must be tested and are not yet, each with what is missing."""

PARTLY: Final = {
    "C7": "the web tells who asked to try again, duties try at their next turn; nothing is tried again at once",
    "C11": "at the first changes of each migration and ever fewer after that; at all of them by `python -m tests.crash.migrating URL --all`",
    "C3": "a lock held for 60 seconds is not waited for; other processes than the web's",
    "C5": "PostgreSQL, the backup, the senders, an alert: the web's writes on SQLite are tried",
    "C1": "the senders of notices; the web is tried with the database away, not with a load",
    "C2": "the senders of notices, a transaction in ten",
    "A6": "what is sent in the morning is another test (D9)",
    "A7": "planning; notices that expire are another test (N3)",
    "D10": "caps by agent and by hour: no message is asked for by an agent",
    "E6": "a wrong clock is flagged, the skew is not corrected",
    "K1": "a whole journey with every field, answer, log line, message, export and file; not what other tests write",
    "K3": "the map is not asked apart",
    "K9": "hashes are; no list of known faults is asked",
    "V7": "travel between two promises is the plan's check",
    "S7": "what Python code opens, in every process; a library in C that opened a connection by itself is not heard",
    "S8": "pages; there is no export for spreadsheets",
}
"""What the tests of a row leave out."""

_GROUPS: Final = {
    "A": "Crash of the nightly run",
    "B": "Two schedulers",
    "C": "The database down, locked or full",
    "D": "Gateways",
    "E": "Clocks",
    "K": "Privacy, evidence, operations",
    "V": "Visits and plans: invariants",
    "N": "Notices: invariants",
    "R": "Runs, leases, time: invariants",
    "S": "Security and privacy: invariants",
}
_HEAD: Final = """\
# Reliability

Made by `make reliability-doc` from the tests that are marked `fault(…)`; don't edit it by hand. Each row is a fault that the
program must survive, or what must hold whatever happens. P0 rows must be tested, or be listed as open with what is missing.
"""


@cache
def rows() -> dict[str, dict[str, str]]:
    """Return every row of the catalogue by its id."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@cache
def marked() -> tuple[tuple[str, str], ...]:
    """Return each row id that a test names, and the test."""
    return tuple(sorted(one for path in (ROOT / "tests").rglob("test_*.py") for one in _of(path)))


def _of(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text("utf-8")
    if "mark.fault(" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        for call in getattr(node, "decorator_list", ()):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.fault":
                for given in call.args:
                    name = f"{path.relative_to(ROOT / 'tests').as_posix()}::{node.name}"
                    yield str(ast.literal_eval(given)), name


def page() -> str:
    """Return the page as the tests say it now."""
    parts = [_HEAD]
    for group, title in _GROUPS.items():
        parts.append(
            f"\n## {title}\n\n| row | | given | expected | where tested |\n"
            "| --- | --- | --- | --- | --- |\n"
        )
        parts += [_line(row) for row in rows().values() if row["id"].startswith(group)]
    return "".join(parts)


def _line(row: dict[str, str]) -> str:
    where = [f"`{test}`" for row_id, test in marked() if row_id == row["id"]]
    if row["id"] in PARTLY:
        where.append(f"not: {PARTLY[row['id']]}")
    if not where:
        where = [f"open: {OPEN.get(row['id'], 'not tested yet')}"]
    return (
        f"| {row['id']} | {row['priority']} | {row['given']} | {row['expected']} |"
        f" {'<br>'.join(where)} |\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written\n")
