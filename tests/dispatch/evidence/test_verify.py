"""The evidence log: sealed in order, verified entry by entry, in a database and in a file."""

import json
import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import select, text

from dispatch.canonical import canonical
from dispatch.db import Database
from dispatch.errors import Invalid
from dispatch.evidence.export import lines, verify_export
from dispatch.evidence.seal import seal_pending
from dispatch.evidence.verify import verdicts, verify
from dispatch.model import Evidence, record
from dispatch.model.evidence import stamp
from dispatch.store import evidence as log
from dispatch.vault import Vault
from tests.support import builders as make

LENGTH = 12


def a_chain(database: Database, vault: Vault, length: int = LENGTH):
    with database.writing() as session:
        branch = make.a_branch(session, vault)
        for number in range(length):
            record(
                branch,
                "branch.noted",
                actor="test",
                now=make.NOW + timedelta(seconds=number, microseconds=number),
                number=number,
                who='Ünïcode 中文 "quoted" \u2028',
                share=0.1 * number,
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


DAMAGE = [
    *(
        (f"flip {column}", f"UPDATE evidence SET {column} = {value} WHERE sequence = 5", 5)
        for column, value in {
            "actor": "'nobody'",
            "kind": "'branch.other'",
            "subject": "'person'",
            "facts": "replace(facts, '4', '5')",
            "hash": "previous_hash",
            "previous_hash": "hash",
            "at": "(SELECT max(at) FROM evidence)",
            "sealed_at": "(SELECT max(at) FROM evidence)",
            "id": "subject_id",
            "subject_id": "id",
            "person_id": "id",
            "case_id": "id",
        }.items()
    ),
    ("delete the first", "DELETE FROM evidence WHERE sequence = 1", 1),
    ("delete", "DELETE FROM evidence WHERE sequence = 5", 5),
    (
        "reorder",
        "UPDATE evidence SET sequence = CASE sequence WHEN 5 THEN 1005 WHEN 6 THEN 5 ELSE sequence END",
        5,
    ),
    ("make room", "UPDATE evidence SET sequence = sequence + 1 WHERE sequence > 11", 12),
    ("truncate", "DELETE FROM evidence WHERE sequence > 8", 9),
    ("unseal the end", "UPDATE evidence SET sequence = NULL WHERE sequence = 12", 12),
    ("delete all", "DELETE FROM evidence", 1),
]


class Undo(Exception):
    """Takes the damage back."""


@pytest.mark.fault("K4", "S3")
def test_damage_is_found_and_the_first_bad_entry_named(database: Database, vault: Vault) -> None:
    branch = a_chain(database, vault)
    found = {}
    for name, damage, _ in DAMAGE:
        with suppress(Undo), database.writing() as session:
            session.exec(text(damage))
            found[name] = verify(session, branch.id).sequence
            raise Undo
    assert found == {name: first_bad for name, _, first_bad in DAMAGE}


@pytest.mark.fault("K4")
def test_an_inserted_entry_is_found(database: Database, vault: Vault) -> None:
    branch = a_chain(database, vault)
    with database.writing() as session:
        session.exec(text("UPDATE evidence SET sequence = -sequence WHERE sequence > 5"))
        session.exec(text("UPDATE evidence SET sequence = 1 - sequence WHERE sequence < 0"))
        session.add(
            Evidence(
                branch_id=branch.id,
                kind="branch.noted",
                subject="branch",
                subject_id=branch.id,
                actor="test",
                at=make.NOW,
                sequence=6,
                previous_hash="0" * 64,
                hash="0" * 64,
                sealed_at=make.NOW,
            )
        )
    with database.reading() as session:
        verdict = verify(session, branch.id)
    assert (verdict.entries, verdict.sequence) == (5, 6)
    assert verdict.entry is not None


def test_an_entry_put_in_twice_at_one_place_is_found_at_the_edge_of_a_page(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service's own chain has no branch, so that no unique key stands against it."""
    monkeypatch.setattr(log, "_PAGE", 4)
    a_chain(database, vault)
    with database.writing() as session:
        session.exec(text("DELETE FROM evidence_chain"))
        session.exec(text("UPDATE evidence SET branch_id = NULL, sequence = NULL"))
        seal_pending(session, now=make.NOW)
        fourth = session.exec(select(Evidence).where(Evidence.sequence == 4)).one()
        session.add(Evidence(**fourth.model_dump(exclude={"id", "number"})))
    with database.reading() as session:
        assert verify(session, None).sequence == 5


@pytest.mark.fault("K4")
def test_a_chain_cut_short_together_with_its_end_is_found_by_an_anchor(
    database: Database, vault: Vault
) -> None:
    branch = a_chain(database, vault)
    with database.reading() as session:
        whole = verify(session, branch.id)
    with database.writing() as session:
        session.exec(text("DELETE FROM evidence WHERE sequence > 8"))
        session.exec(text("DELETE FROM evidence_chain"))
    with database.reading() as session:
        assert verify(session, branch.id).is_sound
        assert verify(session, branch.id, anchors={whole.entries: whole.root}).sequence == 9


def test_a_chain_written_anew_from_the_middle_is_found_by_an_anchor(
    database: Database, vault: Vault
) -> None:
    branch = a_chain(database, vault)
    with database.reading() as session:
        roots = {one.sequence: one.hash for one in log.sealed(session, branch.id)}
    with database.writing() as session:
        session.exec(text("UPDATE evidence SET actor = 'nobody' WHERE sequence = 6"))
        session.exec(text("UPDATE evidence SET sequence = NULL"))
        session.exec(text("DELETE FROM evidence_chain"))
        seal_pending(session, now=make.NOW)
    with database.reading() as session:
        assert verify(session, branch.id).is_sound
        assert verify(session, branch.id, anchors={5: roots[5]}).is_sound
        assert verify(session, branch.id, anchors={5: roots[5], 8: roots[8]}).sequence == 8


def test_a_lost_chain_is_found_by_its_anchor(database: Database) -> None:
    with database.reading() as session:
        found = dict(verdicts(session, {"a" * 32: {3: "b" * 64}}))
    assert found["a" * 32].sequence == 1


def together(*works) -> list[Exception]:
    """Do all at once, each in a thread; return what failed."""
    start, failures = threading.Barrier(len(works)), []

    def go(work) -> None:
        start.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.fault("K5")
def test_fifty_parallel_appenders_and_two_sealers_make_one_chain(
    database: Database, vault: Vault
) -> None:
    with database.writing() as session:
        branch = make.a_branch(session, vault)
    appenders, each = 50, 4

    def append(worker: int) -> None:
        for number in range(each):
            with database.writing() as session:
                mine = session.merge(branch, load=False)
                record(mine, "branch.noted", actor=f"w{worker}", now=make.NOW, number=number)

    def seal() -> None:
        for _ in range(10):
            with database.writing() as session:
                seal_pending(session, now=make.NOW, limit=30)

    works = [partial(append, worker) for worker in range(appenders)]
    assert together(*works, seal, seal) == []
    with database.writing() as session:
        seal_pending(session, now=make.NOW)
    with database.reading() as session:
        verdict = verify(session, branch.id)
        acts = [json.loads(one.content()) for one in log.sealed(session, branch.id)]
    assert (verdict.fault, verdict.entries) == (None, appenders * each)
    for worker in range(appenders):
        mine = [one["facts"]["number"] for one in acts if one["actor"] == f"w{worker}"]
        assert mine == list(range(each))


ODD = ["", "ü中\U0001f600\u2028\x7f", "\x01\x1f\b\f\n\r\t", "\"\\/'%", "{}"]


def test_what_is_hashed_is_the_canonical_json_of_the_entry(
    database: Database, vault: Vault
) -> None:
    at = make.NOW + timedelta(microseconds=70)
    with database.writing() as session:
        branch = make.a_branch(session, vault)
        case = make.a_case(session, vault, branch, make.a_lender(session))
        for text_ in ODD:
            record(
                case, f"k{text_}", actor=text_, now=at, n=1.5, **{f"ü{text_}": [text_, 7, None]}
            )
        seal_pending(session, now=at)
    with database.reading() as session:
        found = list(log.sealed(session, branch.id))
        rows = {one.sequence: one for one in session.exec(select(Evidence))}
    for entry in found:
        row = rows[entry.sequence]
        assert entry.content() == canonical(
            {
                "id": row.id.hex,
                "branch": branch.id.hex,
                "kind": row.kind,
                "subject": row.subject,
                "subject_id": row.subject_id.hex,
                "case": row.case_id and row.case_id.hex,
                "person": row.person_id and row.person_id.hex,
                "actor": row.actor,
                "at": stamp(row.at),
                "facts": row.facts,
                "sequence": row.sequence,
                "sealed_at": stamp(at),
            }
        )
    assert {one.actor for one in rows.values()} >= set(ODD)


def exported(database: Database, branch) -> list[str]:
    with database.reading() as session:
        return list(lines(log.sealed(session, branch.id)))


def test_an_exported_file_verifies_without_the_database(
    database: Database, vault: Vault, tmp_path
) -> None:
    branch = a_chain(database, vault)
    file = tmp_path / "evidence.jsonl"
    file.write_text("".join(exported(database, branch)), "utf-8")
    with file.open(encoding="utf-8") as opened:
        found = verify_export(opened)
    with database.reading() as session:
        assert found == {branch.id.hex: verify(session, branch.id)}


@pytest.mark.parametrize(
    ("name", "change", "first_bad"),
    [
        ("flip", lambda rows: [*rows[:4], rows[4].replace("branch.noted", "x"), *rows[5:]], 5),
        ("delete", lambda rows: rows[:4] + rows[5:], 5),
        ("insert", lambda rows: [*rows[:4], rows[3], *rows[4:]], 5),
        ("reorder", lambda rows: [*rows[:4], rows[5], rows[4], *rows[6:]], 5),
        ("truncate", lambda rows: rows[:8], 9),
    ],
)
def test_damage_to_an_exported_file_is_found(
    sqlite_database: Database, vault: Vault, tmp_path, name: str, change, first_bad: int
) -> None:
    branch = a_chain(sqlite_database, vault)
    rows = exported(sqlite_database, branch)
    anchors = {branch.id.hex: {LENGTH: json.loads(rows[-1])["hash"]}}
    file = tmp_path / "evidence.jsonl"
    file.write_text("".join(change(rows)), "utf-8")
    with file.open(encoding="utf-8") as opened:
        assert verify_export(opened, anchors)[branch.id.hex].sequence == first_bad, name


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"entry": 3}', "{" * 50_000, "\x00"])
def test_a_file_that_is_no_export_is_refused_with_its_line(tmp_path, line: str) -> None:
    file = tmp_path / "evidence.jsonl"
    file.write_text(f"{line}\n", "utf-8")
    with file.open(encoding="utf-8") as opened, pytest.raises(Invalid, match="Line 1"):
        verify_export(opened)
