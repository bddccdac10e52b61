"""Retention: years after the last act a person is erased, not a day before, and never while anything is open."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.evidence.seal import seal_pending
from dispatch.evidence.verify import verify
from dispatch.model import (
    Branch,
    Case,
    CheckIn,
    CheckInKind,
    Complaint,
    ComplaintState,
    Person,
    Stage,
    record,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.privacy.retain import Due, coarsen, due_of, forget_one
from dispatch.privacy.tombstones import Tombstones
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support import field as in_field

LAW = effective(load_pack("baseline"))
LAST = make.NOW.replace(year=2026, month=2, day=28, hour=12)


def law_of(_branch: Branch):
    return LAW


@pytest.fixture
def quiet(database: Database, vault: Vault):
    """A case that ended at noon of 28 February 2026, and one of a neighbour that did not."""
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        case = make.a_case(session, vault, branch, lender)
        make.a_case(session, vault, branch, lender)
        case.stage = Stage.FOLLOW_UP
        case.advance(Stage.CURED, actor="test", now=LAST)
        return database, branch.id, case.id, case.person_id


def due(quiet, now: datetime, law=law_of) -> Due:
    database, branch_id, *_ = quiet
    with database.reading() as session:
        return due_of(session, branch=session.get(Branch, branch_id), law_of=law, now=now)


def change(quiet, work) -> None:
    database, _, case_id, _ = quiet
    with database.writing() as session:
        work(session, session.get(Case, case_id))


IN_TIME = LAST.replace(year=2029, month=3, day=1, hour=0)
"""Three years are over in Asia/Shanghai, where it is 1 March 2029 already."""


@pytest.mark.fault("K7", "E7")
def test_people_are_due_the_day_after_the_years_are_over(quiet) -> None:
    person_id = quiet[3]
    assert due(quiet, LAST).people == ()
    assert due(quiet, IN_TIME - timedelta(days=1)).people == ()
    assert due(quiet, IN_TIME).people == (person_id,)
    # From 29 February the years go back to the 28th: a day more is kept, none less.
    assert due(quiet, LAST.replace(year=2028, day=29)).people == ()


@pytest.mark.fault("K7")
def test_whatever_is_open_or_has_moved_keeps_a_person(quiet) -> None:
    def complains(session, case) -> None:
        make.add(
            session,
            Complaint(
                branch_id=case.branch_id,
                case_id=case.id,
                person_id=case.person_id,
                state=ComplaintState.TOLD,
                source="person",
                received_at=LAST,
            ),
        )

    change(quiet, lambda _, case: record(case, "read.case", actor="t", now=IN_TIME))
    assert len(due(quiet, IN_TIME).people) == 1  # looking at it is no act
    change(quiet, lambda _, case: setattr(case, "stage", Stage.ON_HOLD))
    assert due(quiet, IN_TIME).people == ()
    change(quiet, lambda _, case: setattr(case, "stage", Stage.CURED))
    change(quiet, complains)
    assert due(quiet, IN_TIME).people == ()


@pytest.mark.fault("K7")
def test_the_longest_term_of_all_branches_counts(quiet, vault: Vault) -> None:
    database, branch_id, _, person_id = quiet
    with database.writing() as session:
        elsewhere = make.a_branch(session, vault)
        case = make.a_case(session, vault, elsewhere, make.a_lender(session))
        case.person_id, case.stage = person_id, Stage.CLOSED
    years = LAW.values["retention.evidence_years_after_activity"]
    long = replace(LAW, values={**LAW.values, years_name(): replace(years, raw=5)})
    assert due(quiet, IN_TIME, lambda one: LAW if one.id == branch_id else long).people == ()
    assert due(quiet, IN_TIME).people == (person_id,)


def years_name() -> str:
    return "retention.evidence_years_after_activity"


@pytest.mark.fault("K7")
def test_who_is_due_is_erased_once_and_the_log_still_verifies(quiet, tmp_path) -> None:
    database, branch_id, _, person_id = quiet
    stones = Tombstones(tmp_path / "tombstones.jsonl")
    with database.writing() as session:
        assert forget_one(session, person_id, tombstones=stones, now=IN_TIME) > 1
        while seal_pending(session, now=IN_TIME):
            continue
    assert due(quiet, IN_TIME).people == ()
    with database.reading() as session:
        assert session.get(Person, person_id).data_key is None
        assert len([one for one in session.exec(select(Person)) if one.data_key]) == 1
        assert verify(session, branch_id).is_sound
    assert list(stones.people()) == [person_id]


@pytest.mark.fault("K7")
def test_where_a_crew_was_becomes_coarse_and_nothing_else_goes(
    database: Database, vault: Vault
) -> None:
    field = in_field.a_field(database, vault, visits=1)
    field.check_in(CheckInKind.ARRIVED)
    with database.reading() as session:
        (before,) = session.exec(select(CheckIn)).all()
    at = before.occurred_at + timedelta(days=30)
    for now, number in ((at, 0), (at + timedelta(seconds=1), 1), (at + timedelta(days=9), 0)):
        with database.writing() as session:
            branch = session.get(Branch, field.branch.id)
            assert coarsen(session, branch=branch, law=LAW, now=now) == number
    with database.reading() as session:
        (after,) = session.exec(select(CheckIn)).all()
    assert after.raw_sealed is None
    assert after.model_dump(exclude={"raw_sealed"}) == before.model_dump(exclude={"raw_sealed"})
