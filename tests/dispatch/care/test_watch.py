"""A crew that is not heard of in time is somebody's concern, and a silent alarm at once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.care.watch import flag_silent_crews, timers_of_agent
from dispatch.db import Database
from dispatch.model import CheckInKind, Incident, OutcomeCode
from dispatch.policy.pack import effective, load_pack
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import at

LAW = effective(load_pack("baseline"))
K = CheckInKind


@pytest.fixture
def field(database: Database, vault: Vault):
    return in_field.a_field(database, vault, visits=2)


def flag(field, now) -> int:
    with field.database.writing() as session:
        return flag_silent_crews(session, branch=field.branch, law=LAW, now=now)


def alerts(field) -> list[Incident]:
    with field.database.reading() as session:
        return list(session.exec(select(Incident).order_by(Incident.opened_at)))


def test_silence_at_a_door_raises_one_urgent_alert(field) -> None:
    field.check_in(K.ARRIVED, occurred_at=at(10))
    assert [flag(field, at(10, minute)) for minute in (44, 45, 50)] == [0, 1, 0]
    (alert,) = alerts(field)
    assert (alert.kind, alert.facts["is_urgent"]) == ("check-in-overdue", True)


def test_any_sign_of_life_starts_the_time_anew_and_silence_after_it_counts_again(field) -> None:
    field.check_in(K.ARRIVED, occurred_at=at(10))
    field.check_in(K.SAFE, by=1, occurred_at=at(10, 40))
    assert [flag(field, at(11, minute)) for minute in (24, 25)] == [0, 1]
    field.check_in(K.SAFE, occurred_at=at(11, 30))
    assert [flag(field, at(12, minute)) for minute in (14, 15)] == [0, 1]


def test_a_silent_alarm_is_no_sign_that_all_is_well(field) -> None:
    field.check_in(K.ARRIVED, occurred_at=at(10))
    field.check_in(K.DURESS, occurred_at=at(10, 40))
    assert flag(field, at(10, 45)) == 1
    assert {one.kind for one in alerts(field)} == {"duress", "check-in-overdue"}


@pytest.mark.parametrize("ends", [K.LEFT, OutcomeCode.NO_ANSWER])
def test_whoever_has_left_or_reported_is_no_longer_waited_for(field, ends) -> None:
    field.check_in(K.ARRIVED, occurred_at=at(10))
    if isinstance(ends, CheckInKind):
        field.check_in(ends, occurred_at=at(10, 20))
    else:
        field.report(ends, occurred_at=at(10, 20))
    assert flag(field, at(18)) == 0


def test_a_crew_on_its_way_is_given_longer(field) -> None:
    field.check_in(K.EN_ROUTE, occurred_at=at(9))
    assert [flag(field, at(10, minute)) for minute in (29, 31)] == [0, 1]


def test_the_agent_sees_by_when_to_be_heard_of_and_nothing_of_an_alarm(field) -> None:
    field.check_in(K.ARRIVED, occurred_at=at(10))
    field.check_in(K.DURESS, occurred_at=at(10, 5))
    with field.database.reading() as session:
        timers = timers_of_agent(
            session, agent_id=field.agents[1].id, branch=field.branch, law=LAW
        )
    assert [(one.visit.id, one.due_at - at(10)) for one in timers] == [
        (field.visits[0].id, timedelta(minutes=45))
    ]
