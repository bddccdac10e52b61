"""docs/coverage.md: which journey asserts which row. `python -m tests.journeys.coverage` writes it."""

import sys
from itertools import groupby

from tests.architecture.house import ROOT
from tests.journeys.rows import OPEN, Row, all_rows
from tests.journeys.stated import statements

PAGE = ROOT / "docs" / "coverage.md"

_HEAD = """\
# Coverage of the five processes

Made by `make coverage-doc` from the journeys in `tests/journeys`; don't edit it by hand. Each row of the five collection
processes is asserted by id along a journey from intake to follow-up. *API*: it belongs to the agent's or the borrower's app
and is asserted where the app asks. *Refused*: must not be built as the source words it, and the journey asserts the refusal.
*Differently*: built, but not as the source words it. C01 to C44 are the capabilities that playbooks name
(`python -m dispatch policy playbook S1`).
"""


def page() -> str:
    """Return the page as the sources say it now."""
    parts = [_HEAD]
    for process, rows in groupby(all_rows().values(), key=lambda one: one.process):
        parts.append(
            f"\n## {process}\n\n| row | what | capabilities | where tested | at | |\n"
            "| --- | --- | --- | --- | --- | --- |\n"
        )
        parts += [_line(one) for one in rows]
    return "".join(parts)


def _line(row: Row) -> str:
    found = [one for one in statements() if one.row_id == row.id]
    where = "<br>".join(dict.fromkeys(f"`{one.file}::{one.test}`" for one in found))
    at = ", ".join(sorted({one.at for one in found}))
    if row.id in OPEN:
        where = f"open: {OPEN[row.id]}"
    return (
        f"| {row.id} | {row.what} | {' '.join(row.capabilities)} | {where} | {at} |"
        f" {row.treatment} |\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written\n")
