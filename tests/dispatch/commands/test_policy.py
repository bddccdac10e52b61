"""`python -m dispatch policy`: packs linted, shown, compared, and changed by two persons."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.access.passwords import Passwords
from dispatch.db import Database
from dispatch.model import Account, Role
from dispatch.policy.pack import shipped_packs
from tests.dispatch.policy.test_pack import HEAD, entry
from tests.support.builders import NOW

PASSWORD = "nine calm willows bending"
PACK = HEAD.replace('"2027-01-01"', '"2099-01-01"') + entry("crew.min", "3")

type Desk = Callable[..., str]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIRVISIT_DATABASE_URL", f"sqlite:///{tmp_path / 'fairvisit.db'}")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object, status: int = 0) -> str:
        done = CliRunner().invoke(app, ["policy", *(str(word) for word in words)])
        assert done.exit_code == status, (done.exit_code, done.output, done.exception)
        assert "Traceback" not in done.output
        return done.output

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(PACK, "utf-8")
    return path


def test_what_ships_is_in_order(desk: Desk) -> None:
    assert "in order" in desk("lint", *shipped_packs())


def test_lint_names_what_is_wrong_with_a_file(desk: Desk, file: Path) -> None:
    assert "in order" in desk("lint", file)
    file.write_text(PACK + entry("notice.min_hours", "400"), "utf-8")
    (found,) = json.loads(desk("lint", file, "--json", status=1))
    assert found["pack"] == "own.yaml"
    assert "too old" in found["cause"]


def test_lint_takes_the_folder_s_packs_too(
    desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRVISIT_PACK_FOLDER", str(file.parent))
    file.write_text(PACK.replace("crew.min", "crew.max"), "utf-8")
    assert "own.yaml" in desk("lint", status=1)


def test_show_tells_value_mark_and_source(desk: Desk) -> None:
    told = json.loads(desk("show", "us", "--json"))
    values = {row["parameter"]: row for row in told["values"]}
    assert values["retention.recordings_years"]["value"] == 3
    assert values["visit.caps"]["binds"] is False
    assert "1006.100" in desk("show", "us")
    law = json.loads(desk("show", "us", "--law", "--json"))
    assert {row["pack_id"] for row in law["values"]} == {"us", "baseline"}


def test_diff_names_what_would_be_switched_on(desk: Desk, file: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.yaml"
    more = entry("notice.min_hours", "96", ', mark: K, switch: {by: Counsel, on: "2026-02-01"}')
    later.write_text(PACK + more, "utf-8")
    assert "the same" in desk("diff", file, file)
    (found,) = json.loads(desk("diff", file, later, "--json", status=1))
    assert found["parameter"] == "notice.min_hours"
    assert found["is_switched_on"] is True
    assert found["before"] is None
    assert "yes" in desk("diff", file, later, status=1)


@pytest.mark.parametrize(
    "words", [("show", "nowhere"), ("lint", "nowhere.yaml"), ("adopt", "x", "--by", "a")]
)
def test_bad_input_is_one_sentence(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk(*words, status=2).strip().count("\n") == 0


def test_two_persons_adopt_a_pack(
    desk: Desk, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRVISIT_PASSWORD", PASSWORD)
    CliRunner().invoke(app, ["migrate"])
    database = Database(f"sqlite:///{tmp_path / 'fairvisit.db'}")
    with database.writing() as session:
        hashed = Passwords().hash(PASSWORD)
        for name in ("one", "two"):
            session.add(
                Account(
                    login=f"{name}@example.org",
                    name=name,
                    role=Role.ADMIN,
                    password_hash=hashed,
                    created_at=NOW,
                )
            )
    database.dispose()
    ground = "Counsel's letter asks for three."
    told = json.loads(
        desk("propose", file, "--by", "one@example.org", "--ground", ground, "--json")
    )
    assert "takes two persons" in desk("adopt", told["id"], "--by", "one@example.org", status=2)
    wrong = ("--by", "two@example.org", "--password", "wrong")
    assert "log-in or the password" in desk("adopt", told["id"], *wrong, status=2)
    desk("adopt", told["id"], "--by", "two@example.org")
    (kept,) = json.loads(desk("changes", "--json"))
    assert (kept["state"], kept["pack"]) == ("adopted", "own")
