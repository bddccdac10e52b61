"""Risks that crews report become flags; the next crew is told on the way, nobody at the door."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.fieldwork.itinerary import itinerary
from dispatch.model import CheckInKind, OutcomeCode, Person, ReportRole, RiskFlag, RiskKind
from dispatch.privacy.export import export_person
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import ON, Field, at

K = CheckInKind
DOG, DARK = RiskKind.LOOSE_DOG, RiskKind.NO_LIGHT


@pytest.fixture
def field(database: Database, vault: Vault) -> Field:
    return in_field.a_field(database, vault, visits=2)


def flags(field: Field) -> list[RiskFlag]:
    with field.database.reading() as session:
        return list(session.exec(select(RiskFlag).order_by(RiskFlag.kind)))


def risks(field: Field, *, visit: int = 0, now=None, on=ON) -> tuple[str, ...]:
    with field.database.reading() as session:
        shown = itinerary(
            session, vault=field.vault, agent_id=field.agents[1].id, on=on, now=now or at(9)
        )
    return shown.stops[visit].risks


def put(field: Field, *, visit: int = 0) -> None:
    """Put a flag on a place as a visit of another day would have."""
    with field.database.writing() as session:
        session.add(
            RiskFlag(
                branch_id=field.branch.id,
                place_id=field.visits[visit].place_id,
                kind=DOG,
                set_at=at(8) - timedelta(days=40),
                set_by="test",
                review_on=ON,
            )
        )


def test_a_report_flags_its_place_from_when_it_was_met(field: Field) -> None:
    outcome, _ = field.report(OutcomeCode.NO_ANSWER, risks=(DARK, DOG))

    assert [(one.kind, one.place_id) for one in flags(field)] == [
        (DOG, field.visits[0].place_id),
        (DARK, field.visits[0].place_id),
    ]
    one = flags(field)[0]
    assert (one.set_at, one.source_id) == (at(10, 20), outcome.id)
    assert one.set_by == f"account:{field.accounts[0].id}"
    assert one.review_on == ON + timedelta(days=90)


def test_a_phone_whose_clock_is_ahead_flags_it_now(field: Field) -> None:
    field.report(OutcomeCode.ABORT_SAFETY, risks=(DOG,), occurred_at=at(18), now=at(10, 30))

    assert flags(field)[0].set_at == at(10, 30)


def test_a_second_report_a_statement_and_a_correction_add_and_take_nothing_away(
    field: Field,
) -> None:
    outcome, _ = field.report(OutcomeCode.NO_ANSWER, risks=(DOG,))
    field.report(OutcomeCode.NO_ANSWER, by=1, role=ReportRole.WITNESS, risks=(DARK,))
    field.report(OutcomeCode.NO_ACCESS, amends_id=outcome.id, risks=(RiskKind.LONELY_WAY,))
    field.report(OutcomeCode.NO_ACCESS, by=1, risks=(RiskKind.UNSAFE_BUILDING,))

    assert {one.kind for one in flags(field)} == set(RiskKind) - {RiskKind.EARLIER_THREAT}
    assert all(one.is_standing for one in flags(field))


def test_the_same_report_again_is_one_flag(field: Field) -> None:
    outcome_id, raw = uuid4(), b"{}"
    for _ in range(2):
        field.report(OutcomeCode.NO_ANSWER, risks=(DOG,), outcome_id=outcome_id, raw=raw)
    (one,) = flags(field)

    assert one.review_on == ON + timedelta(days=90)


def test_a_report_that_tells_of_none_flags_nothing(field: Field) -> None:
    field.report(OutcomeCode.ABORT_SAFETY)

    assert flags(field) == []


def test_the_crew_is_told_on_the_way_and_not_at_the_door(field: Field) -> None:
    put(field)
    assert risks(field) == ("loose_dog",)
    assert risks(field, visit=1) == ()

    field.check_in(K.EN_ROUTE, occurred_at=at(9, 50))
    assert risks(field) == ("loose_dog",)
    field.check_in(K.ARRIVED)
    assert risks(field) == ()
    field.report(OutcomeCode.NO_ANSWER, risks=(DARK,))
    assert risks(field) == ()


def test_the_day_after_nothing_is_told_any_more(field: Field) -> None:
    put(field, visit=1)

    assert risks(field, visit=1, now=at(9) + timedelta(days=1)) == ()


def test_the_person_s_file_holds_nothing_of_it(field: Field) -> None:
    field.report(OutcomeCode.NO_ANSWER, risks=(RiskKind.EARLIER_THREAT,))
    with field.database.writing() as session:
        told = export_person(
            session,
            vault=field.vault,
            person=get_any(session, Person, field.visits[0].person_id),
            actor="test",
            now=at(12),
        )

    assert "outcome" in told["records"]
    assert "risk" not in repr(told)
    assert "threat" not in repr(told)
