"""Measure the import of cases: `python -m tests.benchmarks.import_cases [ROWS]`.

A file of invented rows goes through the real command, cold start included, into a fresh SQLite
database; wall time, processor time and peak memory are the operating system's own accounting.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BRANCH = (
    "branch", "North", "--lender", "Lantern Bank", "--time-zone", "Asia/Shanghai",
    "--country", "CN", "--lat", "30.6", "--lon", "119.9",
)  # fmt: skip


def row(number: int) -> dict[str, object]:
    """Return one invented case."""
    return {
        "case_number": f"LN-{number:06d}",
        "lender": "Lantern Bank",
        "person_number": f"P-{number:06d}",
        "name": f"Person {number}",
        "language": "zh-CN" if number % 2 else "en",
        "phone": f"+86572010{number % 10_000:04d}",
        "email": f"p{number}@example.org",
        "address": f"No. {number} Willow Lane",
        "place_kind": "residence",
        "lat": round(30.6 + (number % 997) * 1e-4, 6),
        "lon": round(119.9 + (number % 991) * 1e-4, 6),
        "currency": "CNY",
        "principal": "12000.00",
        "interest": "340.50",
        "fees": "50.00",
        "paid": "200.00",
        "oldest_unpaid_due_on": "2026-01-05",
        "ability": "unknown",
        "willingness": "not_discussed",
        "arrears_reason": "job_loss",
        "assessed_on": "2026-02-01",
        "birth_year": 1980,
    }


def main(rows: int) -> None:
    """Write the file, import it, print what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "cases.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(row(0)))
            writer.writeheader()
            writer.writerows(row(number) for number in range(rows))
        environment = {**os.environ, "FAIRVISIT_DATABASE_URL": f"sqlite:///{folder / 'f.db'}"}

        def run(*words: str) -> None:
            subprocess.run([sys.executable, "-m", "dispatch", *words], env=environment, check=True)

        run("migrate")
        run(*BRANCH)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        run("import", "cases", str(file), "--branch", "North")
        wall = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        # The largest of the three commands, in kilobytes on Linux: the import's.
        print(
            f"{rows} rows: {wall:.1f} s wall, {cpu:.1f} s processor, {after.ru_maxrss // 1024} MB"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
