"""A case of which nothing is open is over; half paid, on its way to a visit, or unknown it is not."""

from itertools import count

import pytest

from dispatch.db import Database
from dispatch.followup.ends import end_cases
from dispatch.model import (
    Agreement,
    AgreementState,
    Case,
    OutcomeCode,
    Payment,
    Person,
    Stage,
    Visit,
)
from dispatch.model.evidence import record
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import at

_numbers = count(1)


@pytest.fixture
def field(database: Database, vault: Vault):
    """A case in follow-up after a visit, of which 900.00 are open."""
    field = in_field.a_field(database, vault, visits=1)
    field.report(OutcomeCode.PTP)
    says(field, principal=100_000, paid=10_000)
    return field


def says(field, **amounts: int) -> None:
    with field.database.writing() as session:
        case = get_any(session, Case, field.cases[0].id)
        field.vault.write(get_any(session, Person, case.person_id), case, "amounts", amounts)
        record(case, "loan_case.updated", actor="test", now=at(9))


def pays(field, amount: int, *, hour: int = 10, currency: str = "CNY") -> None:
    with field.database.writing() as session:
        case = get_any(session, Case, field.cases[0].id)
        payment = Payment(
            branch_id=case.branch_id,
            lender_id=case.lender_id,
            case_id=case.id,
            person_id=case.person_id,
            number=f"IN-{next(_numbers)}",
            currency=currency,
            paid_on=at(hour).date(),
            recorded_at=at(hour),
        )
        field.vault.write(get_any(session, Person, case.person_id), payment, "amount", amount)
        session.add(payment)


def ends(field) -> Stage:
    with field.database.writing() as session:
        end_cases(session, vault=field.vault, branch=field.branch, now=at(20))
    with field.database.reading() as session:
        return get_any(session, Case, field.cases[0].id).stage


def test_a_case_ends_once_what_came_in_covers_what_is_open(field) -> None:
    before = ends(field)
    assert before not in {Stage.CURED, Stage.SETTLED}
    pays(field, 89_999)
    assert ends(field) is before
    pays(field, 500, currency="USD")
    assert ends(field) is before
    pays(field, 1)
    assert ends(field) is Stage.CURED
    assert ends(field) is Stage.CURED


def test_what_the_lender_has_counted_already_is_not_counted_twice(field) -> None:
    pays(field, 60_000, hour=8)  # before the file that says 900.00 are open
    pays(field, 40_000)
    assert ends(field) not in {Stage.CURED, Stage.SETTLED}


def test_a_file_that_says_nothing_is_open_ends_it_as_settled_after_a_kept_agreement(field) -> None:
    with field.database.writing() as session:
        case = get_any(session, Case, field.cases[0].id)
        session.add(
            Agreement(
                branch_id=case.branch_id,
                case_id=case.id,
                person_id=case.person_id,
                option="instalments",
                currency="CNY",
                state=AgreementState.COMPLETED,
                drafted_at=at(8),
            )
        )
    says(field, principal=100_000, paid=100_000)
    assert ends(field) is Stage.SETTLED


def test_nothing_ends_that_nobody_knows_or_that_a_visit_is_still_to_come_of(field) -> None:
    says(field)
    assert ends(field) is not Stage.CURED
    says(field, principal=0)
    with field.database.writing() as session:
        visit = get_any(session, Visit, field.visits[0].id)
        stood, visit.state = visit.state, "confirmed"
    assert ends(field) is not Stage.CURED
    with field.database.writing() as session:
        get_any(session, Visit, field.visits[0].id).state = stood
    assert ends(field) is Stage.CURED
