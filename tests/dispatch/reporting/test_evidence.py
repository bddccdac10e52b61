"""The evidence log: sealed in order, and verified entry by entry."""

from datetime import timedelta

import pytest
from sqlmodel import text

from dispatch.db import Database
from dispatch.model import record
from dispatch.reporting.evidence import seal_pending, verify
from dispatch.vault import Vault
from tests.support import builders as make


def a_chain(database: Database, vault: Vault, length: int = 12):
    with database.writing() as session:
        branch = make.a_branch(session, vault)
        for number in range(length):
            record(
                branch,
                "branch.noted",
                actor="test",
                now=make.NOW + timedelta(seconds=number),
                number=number,
            )
    with database.writing() as session:
        seal_pending(session, now=make.NOW)
    return branch


def test_a_chain_verifies_and_grows_over_several_sealings(
    database: Database, vault: Vault
) -> None:
    branch = a_chain(database, vault)
    with database.writing() as session:
        session.add(branch)
        record(branch, "branch.noted", actor="test", now=make.NOW, number=99)
        session.flush()
        assert seal_pending(session, now=make.NOW) == 1
    with database.reading() as session:
        verdict = verify(session, branch.id)
    assert (verdict.is_sound, verdict.entries) == (True, 13)


@pytest.mark.parametrize(
    ("name", "damage", "first_bad"),
    [
        ("flip", "UPDATE evidence SET actor = 'nobody' WHERE sequence = 5", 5),
        ("delete", "DELETE FROM evidence WHERE sequence = 5", 5),
        (
            "reorder",
            "UPDATE evidence SET sequence = CASE sequence WHEN 5 THEN 1005 WHEN 6 THEN 5 ELSE sequence END",
            5,
        ),
        ("insert", "UPDATE evidence SET sequence = sequence + 1 WHERE sequence > 11", 12),
        ("rewrite hash", "UPDATE evidence SET hash = previous_hash WHERE sequence = 5", 5),
    ],
)
def test_damage_is_found_and_the_first_bad_entry_named(
    database: Database, vault: Vault, name: str, damage: str, first_bad: int
) -> None:
    branch = a_chain(database, vault)
    with database.writing() as session:
        session.exec(text(damage))
    with database.reading() as session:
        verdict = verify(session, branch.id)
    assert (verdict.is_sound, verdict.sequence) == (False, first_bad), name


def test_a_chain_cut_short_is_found_by_its_anchor(database: Database, vault: Vault) -> None:
    branch = a_chain(database, vault)
    with database.reading() as session:
        whole = verify(session, branch.id)
    with database.writing() as session:
        session.exec(text("DELETE FROM evidence WHERE sequence > 8"))
    with database.reading() as session:
        assert verify(session, branch.id).is_sound
        assert verify(session, branch.id, anchor=(whole.entries, whole.root)).sequence == 9
