"""What a snapshot knows of earlier days: who called last time, whom the published plan sends."""

from datetime import timedelta

import pytest

from dispatch.db import Database
from dispatch.model import Attitude, Outcome, OutcomeCode, ReportRole
from dispatch.store import outcomes, plans
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support import field as in_field
from tests.support.field import Field, at


def an_outcome(field: Field, *, by: int = 0, visit: int = 0, days: int = 0, **given) -> Outcome:
    return Outcome(
        **{
            "branch_id": field.branch.id,
            "case_id": field.cases[0].id,
            "person_id": field.cases[0].person_id,
            "visit_id": field.visits[visit].id,
            "agent_id": field.agents[by].id,
            "account_id": field.accounts[by].id,
            "code": OutcomeCode.PTP,
            "raw_hash": "0" * 64,
            "occurred_at": at(10) + timedelta(days=days),
            "received_at": at(10) + timedelta(days=days),
            **given,
        }
    )


def callers(field: Field, *told: Outcome):
    with field.database.writing() as session:
        for one in told:
            make.add(session, one)
        return outcomes.last_callers(session, {one.id for one in field.cases})


def test_reporter_and_witness_of_the_last_visit_are_known(
    database: Database, vault: Vault
) -> None:
    field = in_field.a_field(database, vault)
    known = callers(field, an_outcome(field), an_outcome(field, by=1, role=ReportRole.WITNESS))
    assert known == {field.cases[0].id: tuple(sorted((one.id for one in field.agents), key=str))}


def test_only_the_last_visit_counts(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault)
    known = callers(field, an_outcome(field, visit=1, days=1, by=1), an_outcome(field))
    assert known == {field.cases[0].id: (field.agents[1].id,)}


@pytest.mark.parametrize(
    "badly",
    [
        {"code": OutcomeCode.COMPLAINT},
        {"code": OutcomeCode.DISTRESS},
        {"attitude": Attitude.HOSTILE},
    ],
    ids=["complaint", "distress", "hostile"],
)
def test_after_a_visit_that_went_badly_nobody_is_wished_for(
    sqlite_database: Database, vault: Vault, badly
) -> None:
    field = in_field.a_field(sqlite_database, vault)
    assert callers(field, an_outcome(field, **badly)) == {}


def test_the_published_plan_names_each_visit_s_crew(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault)
    with database.reading() as session:
        day = plans.published_crews(session, field.branch.id, in_field.ON)
        other = plans.published_crews(session, field.branch.id, in_field.ON + timedelta(days=1))
    assert day == {visit.id: field.crew.id for visit in field.visits}
    assert other == {}
