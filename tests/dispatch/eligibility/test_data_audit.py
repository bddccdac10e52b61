"""No visit is thought of while a case's data is not sound, and what is wrong has a name."""

from datetime import timedelta

import pytest

from dispatch.eligibility.data_audit import HOLDS_FOR, DataIssue, data_issues, is_due
from dispatch.eligibility.sweep import sweep_cases
from dispatch.model import LocationState, Place, Stage
from dispatch.policy.pack import effective, load_pack
from dispatch.store.rows import get_any
from tests.support import builders as make

BROKEN = {
    DataIssue.PLACE_MISSING: {"place_id": None},
    DataIssue.DUE_DATE_MISSING: {"oldest_unpaid_due_on": None},
    DataIssue.AMOUNTS_MISSING: {"amounts_sealed": None},
}


@pytest.fixture
def desk(database, vault):
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        case = make.a_case(
            session, vault, branch, lender, stage=Stage.INTAKE, data_audited_until=None
        )
        yield session, branch, case


def swept(session, branch, case, now=make.NOW):
    sweep_cases(session, branch=branch, law=effective(load_pack("cn")), actor="test", now=now)
    session.flush()
    return case.stage


def issues(session, case):
    place = get_any(session, Place, case.place_id) if case.place_id else None
    return data_issues(case, place, reachable={case.person_id})


@pytest.mark.parametrize("issue", BROKEN)
def test_unsound_data_keeps_a_case_in_intake(desk, issue):
    session, branch, case = desk
    for name, value in BROKEN[issue].items():
        setattr(case, name, value)
    assert issues(session, case) == (issue,)
    assert swept(session, branch, case) is Stage.INTAKE


def test_a_place_on_no_map_and_nobody_to_reach_are_named(desk):
    session, _, case = desk
    place = get_any(session, Place, case.place_id)
    place.location = LocationState.DOUBTFUL
    assert data_issues(case, place, reachable=set()) == (
        DataIssue.PLACE_NOT_LOCATED,
        DataIssue.CONTACT_MISSING,
    )


def test_sound_data_pass_and_the_check_runs_out(desk):
    session, branch, case = desk
    assert issues(session, case) == ()
    assert swept(session, branch, case) is not Stage.INTAKE
    assert not is_due(case, make.NOW)
    assert is_due(case, make.NOW + HOLDS_FOR + timedelta(seconds=1))
