"""`python -m tests.dispatch.audit`: what `make audit-mutations` runs."""

from typing import Annotated

import typer

from tests.dispatch.audit import report
from tests.dispatch.audit.mutations.kinds import MUTATIONS

HEAD = """# What the auditor catches

Written by `make audit-mutations`; do not edit. Each kind of change is applied to random lawful days (seeded; any shipped pack,
zones with and without summer time), planned (*announce*, *release*) and done (*executed*). The auditor must name what is wrong,
by the right code: caught / applied. Last, bugs are seeded in the rules, one at a time: of the stays that a bug lets through, how many the
auditor rejects; and rules and auditor judge random days, lawful and not, under every pack.
"""


AGREEMENT = "Random days on which rules and auditor must agree"
BUGS = "Bugs seeded in the rules"


def main(
    days: Annotated[int, typer.Option("--days", min=1, help="Days a kind and profile.")] = 40,
) -> None:
    """Apply every kind of mutation to many days; exit 1 where one is not always caught."""
    lines, missed, applied = [HEAD], [], 0
    for group, rows in report.of_mutations(days):
        lines += [f"## {group}\n", *report.table(report.PROFILES, rows), ""]
        typer.echo("\n".join([group, *report.table(report.PROFILES, rows), ""]))
        missed += [row.name for row in rows if not row.is_whole]
        applied += sum(number for row in rows for _, number in row.caught.values())
    bugs = report.of_bugs(max(1, days // 10))
    lines += [f"## {BUGS}\n", *report.table((report.COLUMN,), bugs), ""]
    typer.echo("\n".join([BUGS, *report.table((report.COLUMN,), bugs), ""]))
    missed += [row.name for row in bugs if not row.is_whole]
    agreement = report.of_agreement(days * 5)
    columns = (report.AGREED, report.PERMITTED)
    lines += [f"## {AGREEMENT}\n", *report.table(columns, agreement), ""]
    typer.echo("\n".join([AGREEMENT, *report.table(columns, agreement), ""]))
    missed += [row.name for row in agreement if not row.is_whole]
    total = (
        f"{len(MUTATIONS)} kinds of change, {applied:,} changed days, {len(bugs)} bugs in the rules, "
        f"{days * 5 * len(agreement):,} random days; "
        f"{len(missed)} of them not always caught."
    )
    lines.append(total)
    report.PAGE.write_text("\n".join(lines) + "\n", "utf-8")
    typer.echo("\n".join([total, *(f"NOT CAUGHT: {name}" for name in missed)]))
    raise typer.Exit(1 if missed else 0)


if __name__ == "__main__":
    typer.run(main)
