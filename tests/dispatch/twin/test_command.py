"""`python -m dispatch simulate`: a report as JSON and as a page, and plain words for a wrong policy."""

import json
from pathlib import Path

from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.twin.ledger import MEASURES


def test_a_short_simulation_is_told_as_json_and_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    asked = [
        "simulate",
        "--days",
        "2",
        "--crews",
        "1",
        "--cases",
        "3",
        "--json",
        "--html",
        str(page),
    ]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["world"]["cases_a_day"] == 3
    assert told["figures"]["ours"].keys() == MEASURES.keys()
    assert len(told["days"]["ours"]) == 2
    assert "2 simulated days of 1 crew<" in page.read_text("utf-8")


def test_a_policy_that_there_is_not_is_refused() -> None:
    done = CliRunner().invoke(app, ["simulate", "--policy", "pressure"])
    assert done.exit_code == 2
    assert "choose ours, nearest, norefill, ignore" in done.stderr
