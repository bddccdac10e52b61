"""A backup taken and put back: whole or refused, erasures repeated, nothing sent."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.evidence.verify import verdicts
from dispatch.model import ContactPoint, Heartbeat, Person
from dispatch.store import duties
from dispatch.vault import Vault


@pytest.mark.fault("K6", "S6", "C9")
def test_a_restored_backup_does_not_bring_the_erased_back(
    database: Database, vault: Vault, desk, people, tmp_path
) -> None:
    backup = tmp_path / "backups" / "monday"
    desk("backup", backup)
    desk("erase", "--person", people[0], "--ground", "Asked for in writing.", "--yes")
    assert "erased before" in desk(
        "erase", "--person", people[0], "--ground", "Asked for in writing.", "--yes"
    )
    assert "holds branches" in desk("restore", backup, status=2)
    database.dispose()
    told = json.loads(desk("restore", backup, "--replace", "--json"))
    assert (told["erased_again"], told["evidence"]) == (1, "verifies")
    with database.reading() as session:
        gone, there = (session.get(Person, one) for one in people)
        assert (gone.data_key, gone.name_sealed) == (None, None)
        assert str(vault.read(there, there, "name")).startswith("Person")
        kept = session.exec(select(ContactPoint).where(ContactPoint.person_id == gone.id)).all()
        assert {one.value_sealed for one in kept} == {None}
        assert duties.is_switched(session, duties.SEND_NOTHING)
        assert all(verdict.is_sound for _, verdict in verdicts(session))


@pytest.mark.fault("C10")
@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("cut short", lambda file: file.write_bytes(file.read_bytes()[:-100])),
        ("changed", lambda file: file.write_bytes(file.read_bytes()[:-1] + b"?")),
        ("without manifest", lambda file: file.with_name(f"{file.name}.json").unlink()),
        ("of another kind", lambda file: _other_kind(file.with_name(f"{file.name}.json"))),
    ],
)
def test_a_backup_that_is_not_whole_is_refused_and_nothing_changes(
    database: Database, desk, people, tmp_path, name: str, spoil
) -> None:
    backup = tmp_path / "monday"
    desk("backup", backup)
    spoil(backup)
    desk("restore", backup, "--replace", status=2)
    with database.reading() as session:
        assert session.get(Person, people[0]).data_key is not None, name


def _other_kind(file: Path) -> None:
    file.write_text(file.read_text().replace("sqlite", "x").replace("postgresql", "y"))


def test_no_backup_is_overwritten_and_none_put_over_a_scheduler_at_work(
    database: Database, desk, people, tmp_path
) -> None:
    backup = tmp_path / "monday"
    desk("backup", backup)
    assert "there already" in desk("backup", backup, status=2)
    from dispatch.clock import SystemClock

    now = SystemClock().now()
    with database.writing() as session:
        session.add(Heartbeat(worker="w", started_at=now, seen_at=now, detail={}))
    assert "at work" in desk("restore", backup, "--replace", status=2)


def test_the_rights_of_a_person_at_the_desk(database: Database, desk, people, tmp_path) -> None:
    file = tmp_path / "person.json"
    assert "records" in desk("export", file, "--person", people[0])
    assert json.loads(file.read_text())["person"]["id"] == str(people[0])
    assert file.stat().st_mode & 0o077 == 0
    desk("correct", "name", "Li Right", "--person", people[0], "--ground", "Identity card")
    assert "Nobody" in desk("export", file, "--person", "nobody", status=2)
    assert "0 data keys" in desk("rotate-keys")
