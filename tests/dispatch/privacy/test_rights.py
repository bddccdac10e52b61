"""A person's rights: to see what is held, to have it put right, to be forgotten for good."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import SQLModel, select, text

from dispatch.db import Database
from dispatch.errors import GatewayUnavailable, Invalid
from dispatch.evidence.seal import seal_pending
from dispatch.evidence.verify import verify
from dispatch.model import (
    Amendment,
    ContactPoint,
    Evidence,
    Hold,
    HoldKind,
    LocationState,
    Person,
    Place,
    Plan,
    PlanRun,
    Route,
    RunKind,
    RunReason,
    Stop,
    Visit,
    VisitState,
)
from dispatch.privacy.correct import correct
from dispatch.privacy.erase import erase_person, forget_again
from dispatch.privacy.export import export_person
from dispatch.privacy.rotate import rotate_keys
from dispatch.privacy.tombstones import Tombstones
from dispatch.store import subject
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.databases import KEY

NAME, PHONE, STREET = "Zhang Canary", "+8613900009999", "No. 7 Canary Lane"
WORDS = "Canary words about somebody's family"
GROUND = "Asked for by the person in writing."


@pytest.fixture
def story(database: Database, vault: Vault, tmp_path):
    """A person with a visit on a stored plan, canaries in every field, and a neighbour."""
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        manager = make.an_account(session, branch)
        case = make.a_case(session, vault, branch, lender, preferred_times=WORDS)
        other = make.a_case(session, vault, branch, lender)
        person = session.get(Person, case.person_id)
        place = session.get(Place, case.place_id)
        phone = session.exec(
            select(ContactPoint).where(
                ContactPoint.person_id == person.id, ContactPoint.kind == "phone"
            )
        ).one()
        vault.write(person, person, "name", NAME)
        vault.write(person, phone, "value", PHONE)
        vault.write(person, place, "address", STREET)
        visit = make.a_visit(session, case, manager, ground=WORDS)
        crew, version = make.a_crew(
            session, [make.an_agent(session, vault, branch, lender) for _ in range(2)]
        )
        a_stored_plan(session, branch, visit, crew, version)
        seal_pending(session, now=make.NOW)
    return {
        "person": person.id,
        "other": other.person_id,
        "branch": branch.id,
        "visit": visit.id,
        "stones": Tombstones(tmp_path / "apart" / "tombstones.jsonl"),
    }


def a_stored_plan(session, branch, visit, crew, version) -> None:
    run = make.add(
        session,
        PlanRun(
            branch_id=branch.id,
            kind=RunKind.ANNOUNCE,
            reason=RunReason.MANUAL,
            from_on=make.SERVICE_DATE,
            to_on=make.SERVICE_DATE,
            requested_by="test",
            requested_at=make.NOW,
            snapshot_sealed=b"snapshot",
        ),
    )
    plan = make.add(
        session,
        Plan(
            branch_id=branch.id,
            plan_run_id=run.id,
            service_date=make.SERVICE_DATE,
            number=1,
            kind=RunKind.ANNOUNCE,
            pack_id="baseline",
            pack_version="1",
            origin_at=make.NOW,
            engine="search",
            planned_at=make.NOW,
        ),
    )
    route = make.add(
        session,
        Route(
            plan_id=plan.id,
            crew_id=crew.id,
            crew_version_id=version.id,
            starts_at=make.NOW,
            ends_at=make.NOW,
            geometry_sealed=b"geometry",
        ),
    )
    moments = dict.fromkeys(
        ("arrive_at", "leave_at", "window_from_at", "window_until_at"), make.NOW
    )
    make.add(
        session,
        Stop(plan_id=plan.id, route_id=route.id, visit_id=visit.id, position=1, **moments),
    )


def erase(database: Database, story, *, ground: str = GROUND) -> int:
    with database.writing() as session:
        return erase_person(
            session,
            person=session.get(Person, story["person"]),
            ground=ground,
            tombstones=story["stones"],
            actor="test",
            now=make.NOW,
        )


def files_of(database: Database) -> bytes:
    database.scrub()
    return Path(database.url.database).read_bytes()


@pytest.mark.fault("K6", "S6")
def test_an_erased_person_is_unreadable_and_the_chain_still_verifies(
    database: Database, vault: Vault, story
) -> None:
    assert erase(database, story) > 5
    assert erase(database, story) == 0
    with database.writing() as session:
        seal_pending(session, now=make.NOW)
    with database.reading() as session:
        person = session.get(Person, story["person"])
        assert person.data_key is None
        assert person.erased_at == make.NOW
        for table, rows in subject.tables_about(session, person.id):
            told = {name for row in rows for name, value in row.items() if value is not None}
            assert not {name for name in told if name.endswith("_sealed")}, table.name
            assert WORDS not in str(rows), table.name
        assert session.get(Visit, story["visit"]).state is VisitState.CANCELLED
        kinds = {one.kind for one in session.exec(select(Hold))}
        assert kinds == {HoldKind.STOP_CONTACT}
        assert session.exec(select(PlanRun.snapshot_sealed)).first() is None
        assert session.exec(select(Route.geometry_sealed)).first() is None
        assert verify(session, story["branch"]).is_sound
        neighbour = session.get(Person, story["other"])
        assert str(vault.read(neighbour, neighbour, "name")).startswith("Person")
    assert list(story["stones"].people()) == [story["person"]]
    assert NAME not in story["stones"].file.read_text()


@pytest.mark.fault("K6", "S6")
def test_no_byte_of_an_erased_person_is_left_in_the_file(
    sqlite_database: Database, vault: Vault, tmp_path
) -> None:
    story_ = story.__wrapped__(sqlite_database, vault, tmp_path)
    with sqlite_database.reading() as session:
        key = session.get(Person, story_["person"]).data_key
        hashes = [one.value_index for one in subject.contacts_of_person(session, story_["person"])]
    before = files_of(sqlite_database)
    canaries = [key, WORDS.encode(), *(one.encode() for one in hashes)]
    assert all(canary in before for canary in canaries)
    erase(sqlite_database, story_)
    after = files_of(sqlite_database)
    assert [canary for canary in canaries if canary in after] == []


def test_nobody_is_erased_without_a_ground_or_a_tombstone(database: Database, story, tmp_path):
    with pytest.raises(Invalid):
        erase(database, story, ground="because")
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(GatewayUnavailable):
        erase(database, {**story, "stones": Tombstones(blocked / "tombstones.jsonl")})
    with database.reading() as session:
        assert session.get(Person, story["person"]).erased_at is None


def test_a_tombstone_erases_whoever_is_there_all_the_same(database: Database, story) -> None:
    story["stones"].add(story["person"], now=make.NOW)
    story["stones"].add(story["branch"], now=make.NOW)  # nobody's: a person of another database
    for erased in (1, 0):
        with database.writing() as session:
            again = forget_again(session, tombstones=story["stones"], actor="t", now=make.NOW)
        assert again == erased


def test_a_broken_tombstone_is_told_with_its_line(tmp_path) -> None:
    file = tmp_path / "tombstones.jsonl"
    file.write_text('{"person": "x", "erased_at": "y"}\n')
    with pytest.raises(Invalid, match="Line 1"):
        Tombstones(file).people()


def test_an_export_opens_everything_and_nothing_of_anybody_else(
    database: Database, vault: Vault, story
) -> None:
    with database.writing() as session:
        told = export_person(
            session,
            vault=vault,
            person=session.get(Person, story["person"]),
            actor="test",
            now=make.NOW,
        )
    written = json.dumps(told, ensure_ascii=False, default=str)
    assert all(canary in written for canary in (NAME, PHONE, STREET, WORDS))
    assert str(story["other"]) not in written
    assert not {"data_key", "value_index", "code_seed", "token_hash"} & set(_names(told))
    assert {"loan_case", "place", "contact_point", "visit", "approval"} <= set(told["records"])
    assert "loan_case.visit_approved" in {act["kind"] for act in told["acts"]}
    with database.reading() as session:
        assert session.exec(select(Evidence).where(Evidence.kind == "person.exported")).one()


def _names(value):
    if isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from _names(part)
    elif isinstance(value, list):
        for part in value:
            yield from _names(part)


def test_every_table_is_reached_or_said_to_hold_nothing_about_people() -> None:
    """A new table must say which: by one of the columns, or in this list."""
    reached = {table.name for table, _ in subject._reach(uuid4())}
    nobody = subject._APART | subject._NOT_ABOUT_THEM | {
        "account", "account_branch", "absence", "agency", "agent", "branch", "commitment_cell",
        "crew", "crew_member", "crew_version", "device", "disaster", "duty_run", "evidence_chain",
        "evidence_root", "geocode_entry", "heartbeat", "holiday", "import_batch", "invitation",
        "lender", "pack_change", "plan", "plan_run", "qualification", "refresh_token", "route", "send_attempt",
        "shift", "support_referral", "switch",
    }  # fmt: skip
    known = {name for name in SQLModel.metadata.tables if not name.startswith("alembic")}
    assert known - reached - nobody == set()


@pytest.mark.parametrize(
    ("field", "value", "was"),
    [
        ("name", "Zhang Corrected", None),
        ("birth_year", "1971", None),
        ("phone", "+8613900001111", PHONE),
        ("address", "No. 8 Right Lane", STREET),
    ],
)
def test_a_correction_is_an_amendment_that_keeps_what_was(
    database: Database, vault: Vault, story, field: str, value: str, was: str | None
) -> None:
    with database.writing() as session:
        correct(
            session,
            vault=vault,
            person=session.get(Person, story["person"]),
            field=field,
            value=value,
            was=was,
            ground="Shown by the identity card.",
            asked_by="borrower",
            actor="test",
            now=make.NOW,
        )
    with database.reading() as session:
        amendment = session.exec(select(Amendment)).one()
        person = session.get(Person, story["person"])
        before, after = (vault.read(person, amendment, one) for one in ("before", "after"))
        assert str(after) == value
        assert before in {NAME, 1980, PHONE, STREET}
        entry = session.exec(select(Evidence).where(Evidence.kind == "person.corrected")).one()
        assert value not in json.dumps(entry.facts)
        if field == "address":
            place = session.get(Place, amendment.subject_id)
            assert (place.location, place.point_sealed) == (LocationState.NEEDS_LOCATING, None)


@pytest.mark.parametrize(
    ("field", "value", "was"),
    [("amount", "1", None), ("name", " ", None), ("birth_year", "71", None), ("phone", "1", "x")],
)
def test_a_correction_that_can_not_be_is_refused(
    sqlite_database: Database, vault: Vault, field: str, value: str, was: str | None
) -> None:
    with sqlite_database.writing() as session:
        person = make.a_person(session, vault)
        with pytest.raises(Invalid):
            correct(
                session,
                vault=vault,
                person=person,
                field=field,
                value=value,
                was=was,
                ground="so",
                asked_by="borrower",
                actor="test",
                now=make.NOW,
            )


@pytest.mark.fault("K10")
def test_keys_are_turned_and_the_old_master_key_may_go(
    database: Database, vault: Vault, story
) -> None:
    new = "another-key-another-key-another-1"
    both, alone = Vault([new, KEY], KEY), Vault([new], KEY)
    for expected in ([2, 1, 0], [0, 0, 0]):
        turned, last = [], None
        while not turned or last is not None:
            with database.writing() as session:
                done = rotate_keys(session, vault=both, after=last, limit=1)
            turned.append(done.number)
            last = done.last
        assert turned == expected
    with database.reading() as session:
        person = session.get(Person, story["person"])
        assert alone.read(person, person, "name") == NAME
        with pytest.raises(ValueError, match="No master key"):
            vault.read(person, person, "name")
    with pytest.raises(ValueError, match="No master key"), database.writing() as session:
        rotate_keys(session, vault=Vault(["a third key, never used before 1"], KEY))


def test_a_later_hold_does_not_keep_a_key(database: Database, story) -> None:
    """Erasing stands above a hold: what is on hold is erased as well."""
    with database.writing() as session:
        session.add(
            Hold(
                branch_id=story["branch"],
                person_id=story["person"],
                kind=HoldKind.DISPUTE,
                from_at=make.NOW - timedelta(days=1),
                requested_by="borrower",
            )
        )
    assert erase(database, story) > 0
    with database.reading() as session:
        found = session.exec(text("SELECT count(*) FROM person WHERE data_key IS NULL"))
        assert found.one()[0] == 1
