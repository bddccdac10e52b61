"""What phones recorded: their own numbers and hashes are walked, in a database and in a file."""

import io
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import text

from dispatch.db import Database
from dispatch.evidence.devices import device_verdicts
from dispatch.evidence.export import lines, verify_export
from dispatch.evidence.seal import seal_pending
from dispatch.evidence.verify import Verdict
from dispatch.fieldwork.check_in import record_check_in
from dispatch.fieldwork.device import seen_device
from dispatch.fieldwork.outcome import record_outcome
from dispatch.fieldwork.payloads import CheckInPayload, OutcomePayload
from dispatch.model import Account, CheckInKind, OutcomeCode
from dispatch.store import evidence as log
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import Field, at

STEPS = (CheckInKind.ARRIVED, CheckInKind.IDENTITY, CheckInKind.LEFT)


class Phone:
    """A phone that numbers its facts and names the hash of the bytes before."""

    def __init__(self, field: Field) -> None:
        self.field, self.id = field, uuid4()
        self.sequence, self.hash = 0, None

    def check_in(self, kind: CheckInKind, *, skip: int = 0, previous: str | None = None) -> None:
        self.sequence += 1 + skip
        payload = CheckInPayload(
            visit_id=self.field.visits[0].id,
            kind=kind,
            occurred_at=at(10, self.sequence),
            sequence=self.sequence,
            previous_hash=previous or self.hash,
        )
        self._send(record_check_in, "check_in_id", payload)

    def report(self) -> None:
        self.sequence += 1
        payload = OutcomePayload(
            visit_id=self.field.visits[0].id,
            code=OutcomeCode.REFUSED_PAY,
            occurred_at=at(10, 30),
            sequence=self.sequence,
            previous_hash=self.hash,
        )
        self._send(record_outcome, "outcome_id", payload)

    def _send(self, use_case, name, payload) -> None:
        with self.field.database.writing() as session:
            account = get_any(session, Account, self.field.accounts[0].id)
            now = payload.occurred_at + timedelta(minutes=1)
            row, _ = use_case(
                session,
                vault=self.field.vault,
                raw=f"{self.sequence}".encode(),
                payload=payload,
                account=account,
                device=seen_device(session, device_id=self.id, account=account, now=now),
                now=now,
                **{name: uuid4()},
            )
            self.hash = row.raw_hash

    def verdict(self) -> Verdict:
        with self.field.database.reading() as session:
            return dict(device_verdicts(session))[f"device {self.id}"]


@pytest.fixture
def phone(database: Database, vault: Vault) -> Phone:
    return Phone(in_field.a_field(database, vault, visits=1))


def test_a_whole_afternoon_verifies(phone: Phone) -> None:
    for kind in STEPS:
        phone.check_in(kind)
    phone.report()
    verdict = phone.verdict()
    assert (verdict.fault, verdict.entries, verdict.root) == (None, 4, phone.hash)


def test_facts_that_come_in_another_order_verify_all_the_same(phone: Phone) -> None:
    other = Phone(phone.field)
    other.id, other.sequence = phone.id, 1
    other.check_in(CheckInKind.LEFT)
    assert phone.verdict().sequence == 1
    phone.check_in(CheckInKind.ARRIVED)
    assert phone.verdict().is_sound


def test_a_gap_is_named(phone: Phone) -> None:
    phone.check_in(CheckInKind.ARRIVED)
    phone.check_in(CheckInKind.LEFT, skip=2)
    verdict = phone.verdict()
    assert (verdict.entries, verdict.sequence) == (1, 2)
    assert "2 is missing: 4 comes after 1" in verdict.fault


def test_another_hash_before_is_named(phone: Phone) -> None:
    phone.check_in(CheckInKind.ARRIVED)
    phone.check_in(CheckInKind.LEFT, previous="0" * 64)
    verdict = phone.verdict()
    assert (verdict.sequence, verdict.entry is not None) == (2, True)
    assert "does not follow" in verdict.fault


def test_a_number_used_twice_is_named(phone: Phone) -> None:
    phone.check_in(CheckInKind.ARRIVED)
    phone.sequence = 0
    phone.check_in(CheckInKind.LEFT)
    assert "stands on two facts" in phone.verdict().fault


def test_an_end_cut_off_is_named(phone: Phone) -> None:
    for kind in STEPS:
        phone.check_in(kind)
    with phone.field.database.writing() as session:
        session.exec(text("DELETE FROM evidence WHERE kind = 'check_in.left'"))
    assert "end at 2, but 3 was reached" in phone.verdict().fault


def test_facts_that_no_phone_numbered_are_no_chain(phone: Phone) -> None:
    phone.field.check_in(CheckInKind.ARRIVED)
    with phone.field.database.reading() as session:
        assert dict(device_verdicts(session)) == {}


def test_an_exported_file_is_walked_too(phone: Phone) -> None:
    phone.check_in(CheckInKind.ARRIVED)
    phone.check_in(CheckInKind.LEFT, skip=1)
    with phone.field.database.writing() as session:
        seal_pending(session, now=at(12))
    with phone.field.database.reading() as session:
        told = "".join(lines(log.sealed(session, phone.field.branch.id)))
    found = verify_export(io.StringIO(told))
    assert found.pop(phone.field.branch.id.hex).is_sound
    assert found[f"device {phone.id}"] == replace(
        phone.verdict(), root=found[f"device {phone.id}"].root
    )
    assert found[f"device {phone.id}"].sequence == 2
