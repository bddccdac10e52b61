"""`python -m dispatch policy explain`: every rule's word on one case, with cause, remedy, source."""

import json
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.db import Database
from dispatch.model import Ability, Case
from dispatch.vault import Vault
from tests.support import builders as make


@pytest.fixture
def ask(sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch):
    """Ask about a case of somebody who can pay a part only, on a Sunday of the past."""
    monkeypatch.setenv("FAIRVISIT_DATABASE_URL", str(sqlite_database.url))
    with sqlite_database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        case = make.a_case(session, vault, branch, lender, ability=Ability.PARTIAL)
        name, reference = branch.name, case.reference

    def run(*words: str, case: str = reference) -> Any:
        return CliRunner().invoke(
            app,
            [
                "policy",
                "explain",
                "--branch",
                name,
                "--case",
                case,
                "--date",
                "2026-03-08",
                *words,
            ],
        )

    return run


def test_every_finding_names_its_cause_remedy_and_source(ask) -> None:
    done = ask("--json")
    told = json.loads(done.output)
    findings = {row["code"]: row for row in told["findings"]}

    assert done.exit_code == 1
    assert told["windows"] == []
    assert {"approval-missing", "not-able", "no-window"} <= set(findings)
    assert all(row["cause"] and row["remedy"] for row in findings.values())
    assert findings["not-able"]["source"] == "Fairvisit strict baseline, visit.eligibility"
    assert findings["not-able"]["parameter"] == "eligibility.ability"


def test_it_is_told_to_people_in_their_language(ask) -> None:
    english, chinese = ask().output, ask("--language", "zh-CN").output

    assert "on 2026-03-08, under baseline" in english
    assert "Fairvisit strict baseline, visit.eligibility [eligibility.ability]" in english
    assert english.splitlines()[1] != chinese.splitlines()[1]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_a_case_that_is_not_there_is_one_sentence(ask) -> None:
    done = ask(case="XXXXXXXX")

    assert done.exit_code == 2
    assert "no case 'XXXXXXXX'" in done.output
    assert "Traceback" not in done.output


def test_nothing_about_the_person_is_told(ask, sqlite_database: Database) -> None:
    output = ask("--json").output
    with sqlite_database.reading() as session:
        case = session.exec(select(Case)).one()
    assert case.number not in output
    assert str(case.person_id) not in output
