"""`python -m dispatch`: the operator's work, and one plain sentence on bad input."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import text
from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.clock import SystemClock, local_date
from dispatch.db import Database
from dispatch.demo.city import build_city
from dispatch.demo.people import demo_tables, write_tables
from tests.support.builders import NOW

BRANCH = [
    "branch",
    "North",
    "--lender",
    "Lanting Demo Finance",
    "--time-zone",
    "Asia/Shanghai",
    "--country",
    "cn",
    "--lat",
    "30.60",
    "--lon",
    "119.90",
]


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """A lender's files."""
    folder = tmp_path_factory.mktemp("files")
    city = build_city(folder / "city.osm.pbf", seed=3)
    return write_tables(demo_tables(city, seed=3, today=NOW.date()), folder)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Run a command against a database of its own and return its result."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIRVISIT_DATABASE_URL", f"sqlite:///{tmp_path / 'fairvisit.db'}")

    def run(*words: object, status: int = 0) -> str:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == status, (done.exit_code, done.output, done.exception)
        assert "Traceback" not in done.output
        return done.output

    return run


@pytest.fixture
def north(desk):
    desk("migrate")
    desk(*BRANCH)
    return desk


def test_from_an_empty_folder_to_a_planned_day(north, files) -> None:
    for kind in ("holidays", "agents", "shifts", "cases", "attempts", "payments"):
        told = json.loads(north("import", kind, files[kind], "--branch", "North", "--json"))
        assert told["created"] == told["rows"] > 0
    on = local_date("Asia/Shanghai", SystemClock().now()) + timedelta(days=6)
    told = json.loads(north("plan", "--branch", "North", "--date", on, "--seconds", "0", "--json"))
    assert (told["state"], told["date"]) == ("done", str(on))
    assert "Nothing stands against" in north("audit", "--branch", "North", "--date", on)


def test_a_day_too_far_ahead_is_told(north) -> None:
    assert "60 days" in north("plan", "--branch", "North", "--date", "2999-01-01", status=2)


def test_a_second_admin_is_invited_not_made(desk, monkeypatch) -> None:
    monkeypatch.setenv("FAIRVISIT_ADMIN_PASSWORD", "nine calm willows bending")
    desk("migrate")
    desk("admin", "one@example.org")
    assert "invitation" in desk("admin", "two@example.org", status=2)


def test_a_dry_run_stores_nothing(north, files) -> None:
    for kind in ("holidays", "agents"):
        told = json.loads(
            north("import", kind, files[kind], "--branch", "North", "--dry-run", "--json")
        )
        again = json.loads(
            north("import", kind, files[kind], "--branch", "North", "--dry-run", "--json")
        )
        assert told["created"] == again["created"] > 0


def test_a_bad_row_refuses_the_file_and_is_told_with_cause_and_remedy(
    north, files, tmp_path
) -> None:
    lines = files["holidays"].read_text("utf-8").splitlines()
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "\n".join([lines[0], "2026-02-30,Nowhere,public_holiday", *lines[1:3]]), "utf-8"
    )
    issue = json.loads(north("import", "holidays", bad, "--branch", "North", "--json", status=2))[
        "issues"
    ][0]
    assert issue["row"] == 2
    assert issue["cause"]
    assert issue["remedy"]
    told = json.loads(
        north("import", "holidays", bad, "--branch", "North", "--skip-bad", "--json")
    )
    assert (told["created"], told["refused"]) == (2, 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["plan", "--branch", "Nowhere", "--date", "2026-03-09"], "no branch 'Nowhere'"),
        (["plan", "--branch", "North", "--date", "yesterday"], "is no date"),
        (["plan", "--branch", "North", "--date", "2026-03-09", "--kind", "wild"], "announce"),
        (["audit", "--branch", "North", "--date", "2026-03-09"], "no plan"),
        (["send-nothing", "perhaps"], "on, off"),
        (["import", "dreams", "{file}", "--branch", "North"], "cases"),
        (["import", "cases", "{file}", "--branch", "North", "--datum", "mars"], "datum"),
        (["branch", "North", *BRANCH[2:]], "choose another name"),
        (["branch", "South", *BRANCH[2:4], "--time-zone", "Mars/Olympus", *BRANCH[6:]], "IANA"),
        (["evidence", "verify", "--anchor", "missing.json"], "missing.json"),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, list) else value,
)
def test_bad_input_ends_with_one_sentence(north, tmp_path, words: list[str], told: str) -> None:
    file = tmp_path / "some.csv"
    file.write_text("case_number\n1\n")
    output = north(*[word.format(file=file) for word in words], status=2)
    assert told in output


def test_without_a_migrated_database_the_remedy_is_told(desk) -> None:
    assert "python -m dispatch migrate" in desk("evidence", "verify", status=2)


def test_a_setting_that_can_not_be_right_is_named(desk, monkeypatch) -> None:
    monkeypatch.setenv("FAIRVISIT_PORT", "a lot")
    assert "FAIRVISIT_PORT" in desk("doctor", status=2)


def test_damage_to_the_evidence_is_found_and_named(north, tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'fairvisit.db'}")
    from dispatch.evidence.seal import seal_pending

    roots, whole = tmp_path / "roots.jsonl", tmp_path / "evidence.jsonl"
    with database.writing() as session:
        seal_pending(session, now=NOW)
    north("evidence", "verify")
    north("evidence", "anchor", roots)
    north("evidence", "verify", "--anchor", roots)
    assert "entries written" in north("evidence", "export", whole, "--branch", "North")
    north("evidence", "verify", whole)
    with database.writing() as session:
        session.exec(text("UPDATE evidence SET actor = 'nobody' WHERE sequence = 1"))
    assert "entry 1 " in north("evidence", "verify", status=1)
    with database.writing() as session:
        session.exec(text("DELETE FROM evidence_chain"))
        session.exec(text("DELETE FROM evidence"))
    database.dispose()
    north("evidence", "verify")
    lost = json.loads(north("evidence", "verify", "--anchor", roots, "--json", status=1))
    assert all("its end is missing" in row["fault"] for row in lost)
    whole.write_text(whole.read_text().replace("branch.opened", "branch.closed"))
    assert "altered" in north("evidence", "verify", whole, status=1)


def test_daily_roots_go_where_the_settings_say(north, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("FAIRVISIT_EVIDENCE_ANCHOR_FILE", str(tmp_path / "elsewhere.jsonl"))
    assert "0 daily root(s)" in north("evidence", "anchor")


def test_the_doctor_says_what_is_not_well(north) -> None:
    lines = {one["what"]: one for one in json.loads(north("doctor", "--json", status=1))}
    assert lines["database"]["well"]
    assert not lines["scheduler"]["well"]
    north("send-nothing", "on", "--branch", "North")
    north("send-nothing", "off", "--branch", "North")
    north("send-nothing", "on")
    assert not {one["what"]: one for one in json.loads(north("doctor", "--json", status=1))}[
        "sending"
    ]["well"]


@pytest.mark.parametrize("package", ["dispatch", "scheduler", "api", "routing"])
def test_help_loads_nothing_heavy(package: str) -> None:
    code = (
        f"import sys, {package}.__main__; "
        "heavy = {'sqlalchemy', 'ortools', 'fastapi', 'apprise', 'pandas'} & set(sys.modules); "
        "sys.exit(f'loads {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
