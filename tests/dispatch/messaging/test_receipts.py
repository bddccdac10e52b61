"""Delivery receipts in any order, many times over, forged ones too; and the phone desk."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import WrongState
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.ids import new_id
from dispatch.messaging.desk import (
    clear_up,
    record_not_reached,
    record_told,
    to_clear_up,
    to_tell,
)
from dispatch.messaging.receipts import Delivery, record_receipt
from dispatch.model import (
    ContactAttempt,
    ContactPoint,
    ContactStatus,
    Notice,
    NoticeState,
    SendAttempt,
    Visit,
    VisitState,
)
from dispatch.model.notice import PROVEN
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.store.scope import Scope
from dispatch.vault import Vault
from tests.support.appointments import LAW, announced, caller_of, send
from tests.support.planning import World, a_world

D, F = Delivery.DELIVERED, Delivery.FAILED


def a_sent_notice(database: Database, vault: Vault, solver: Solver) -> World:
    world = a_world(database, vault, solver, visits=1)
    announced(world)
    send(world)
    return world


def tells(world: World, state: Delivery, **given) -> Notice | None:
    with world.database.writing() as session:
        named = given or {"notice_id": session.exec(select(Notice.id)).one()}
        at = named.pop("at", world.clock.now())
        return record_receipt(session, state=state, at=at, now=world.clock.now(), **named)


def only(world: World, kind):
    with world.database.reading() as session:
        return session.exec(select(kind)).one()


def test_a_receipt_by_the_providers_own_number_proves_delivery_and_the_visit_is_announced(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_sent_notice(database, vault, solver)
    attempt = only(world, SendAttempt)
    world.clock.advance(timedelta(minutes=3))
    tells(world, D, provider=attempt.provider, provider_id=attempt.provider_id)
    notice = only(world, Notice)
    assert (notice.state, notice.delivered_proof) == (NoticeState.DELIVERED, "receipt")
    assert only(world, Visit).state is VisitState.NOTICED


def test_a_receipt_too_late_for_the_notice_time_proves_but_does_not_announce(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_sent_notice(sqlite_database, vault, solver)
    world.clock.advance(timedelta(days=5))
    tells(world, D)
    assert only(world, Notice).state is NoticeState.DELIVERED
    assert only(world, Visit).state is VisitState.AUDITED


@pytest.mark.parametrize("ahead", [timedelta(days=-30), timedelta(days=30)])
def test_a_providers_clock_never_proves_delivery_before_sending_or_after_now(
    ahead: timedelta, sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_sent_notice(sqlite_database, vault, solver)
    sent_at = world.clock.now()
    world.clock.advance(timedelta(hours=1))
    notice_id = only(world, Notice).id
    tells(world, D, notice_id=notice_id, at=sent_at + ahead)
    assert sent_at <= only(world, Notice).delivered_at <= world.clock.now()


def test_receipts_for_nothing_change_nothing(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    announced(world)
    assert tells(world, D) is None  # not sent yet: forged
    assert tells(world, D, notice_id=new_id()) is None
    assert tells(world, F, provider="email", provider_id="nobody-knows") is None
    assert tells(world, D, provider="email") is None
    assert only(world, Notice).state is NoticeState.CHECKED


@pytest.mark.fault("D4", "N5")
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=st.permutations([D, D, F, F, "open"]).map(lambda one: one[:4]))
def test_status_only_moves_forward_in_every_order_and_repetition(
    template_of_sent, events: list[str]
) -> None:
    world = template_of_sent()
    caller = caller_of(world, world.visits[0])
    for event in events:
        before = only(world, Notice)
        if event == "open":
            caller.open()
        else:
            tells(world, event)
        after = only(world, Notice)
        if before.state in PROVEN:
            assert after.state in PROVEN
            assert after.delivered_at == before.delivered_at
        if before.state is NoticeState.OPENED:
            assert after.state is NoticeState.OPENED
        if before.state is NoticeState.FAILED:
            assert after.state is NoticeState.FAILED
        assert after.state is not NoticeState.SENT
    # The same receipts again, in every order: nothing moves any more.
    final = only(world, Notice)
    for order in permutations([D, F]):
        for event in order:
            tells(world, event)
    assert only(world, Notice).state is final.state


@pytest.fixture
def template_of_sent(sqlite_database: Database, vault: Vault, solver: Solver, tmp_path):
    """A maker of fresh copies of a world whose notice was just sent."""
    import shutil

    world = a_sent_notice(sqlite_database, vault, solver)
    sqlite_database.dispose()
    source = sqlite_database.url.database
    made: list[Database] = []

    def copy() -> World:
        path = tmp_path / f"copy{len(made)}.db"
        shutil.copy(source, path)
        world.database = Database(f"sqlite:///{path}")
        made.append(world.database)
        return world

    yield copy
    for database in made:
        database.dispose()


def test_a_failure_makes_the_address_doubtful_and_the_next_run_goes_elsewhere(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_sent_notice(sqlite_database, vault, solver)
    tells(world, F)
    messenger = send(world)
    assert [one.channel for one in messenger.sent] == ["sms"]
    with sqlite_database.reading() as session:
        states = {one.kind: one.status for one in session.exec(select(ContactPoint))}
    assert states == {"email": ContactStatus.DOUBTFUL, "phone": ContactStatus.VALID}


def test_the_desk_tells_in_person_and_that_is_a_proof(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=1)
    with database.writing() as session:
        for point in session.exec(select(ContactPoint)):
            point.status = ContactStatus.DOUBTFUL
    announced(world)
    assert send(world).tried == []
    scope = Scope.of([world.branch.id])
    with database.writing() as session:
        waiting = to_tell(session, scope, world.branch.id, law=LAW, now=world.clock.now())
        assert len(waiting) == 1
        assert (
            to_tell(session, Scope.of([]), world.branch.id, law=LAW, now=world.clock.now()) == []
        )
        told = {"law": LAW, "account_id": world.manager.id, "now": world.clock.now()}
        assert record_told(session, notice=waiting[0], **told)
        with pytest.raises(WrongState):
            record_told(session, notice=waiting[0], **told)
    notice = only(world, Notice)
    assert (notice.state, notice.delivered_proof) == (NoticeState.DELIVERED, "personal")
    assert only(world, Visit).state is VisitState.NOTICED
    with database.reading() as session:
        contacts = session.exec(
            select(ContactAttempt).where(ContactAttempt.number.startswith("notice:"))
        ).all()
    assert [(one.channel, one.result) for one in contacts] == [("phone", "none")]


@pytest.mark.parametrize("has_left", [True, False])
def test_a_doubt_is_cleared_up_by_a_person(
    has_left: bool, sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    announced(world)
    messenger = FakeMessenger()
    messenger.lose_reply()
    send(world, messenger)
    scope = Scope.of([world.branch.id])
    with sqlite_database.writing() as session:
        doubtful = to_clear_up(session, scope, world.branch.id)
        known = {"account_id": world.manager.id, "now": world.clock.now()}
        clear_up(session, notice=doubtful[0], has_left=has_left, **known)
        assert find(session, Notice, doubtful[0].id).state is (
            NoticeState.SENT if has_left else NoticeState.FAILED
        )
        with pytest.raises(WrongState):
            clear_up(session, notice=doubtful[0], has_left=has_left, **known)
    assert len(send(world).sent) == (0 if has_left else 1)


def test_a_call_that_nobody_took_is_a_contact_and_waits_until_one_more_is_permitted(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=1)
    with database.writing() as session:
        for point in session.exec(select(ContactPoint)):
            point.status = ContactStatus.DOUBTFUL
    announced(world)
    twice = replace(LAW.values["notice.min_hours"], raw=2)
    law = replace(LAW, values={**LAW.values, "call.attempts_per_day": twice})
    scope, given = Scope.of([world.branch.id]), {"law": law, "account_id": world.manager.id}
    world.clock.advance(timedelta(hours=2))
    calls = 0
    while calls < 9:
        now = world.clock.now()
        with database.writing() as session:
            waiting = to_tell(session, scope, world.branch.id, law=law, now=now)
            if not waiting:
                break
            record_not_reached(session, notice=waiting[0], now=now, **given)
            notice = waiting[0]
        calls += 1
    assert calls == 2
    with database.writing() as session:
        counted = session.exec(
            select(ContactAttempt).where(ContactAttempt.number.startswith(f"notice:{notice.id}:"))
        ).all()
        assert {one.result for one in counted} == {"none"}
        assert len(counted) == calls
        with pytest.raises(WrongState):
            record_not_reached(session, notice=notice, now=world.clock.now(), **given)
    world.clock.advance(timedelta(days=1))
    with database.reading() as session:
        found = to_tell(session, scope, world.branch.id, law=law, now=world.clock.now())
    assert len(found) == 1
    assert {one.state for one in found} == {NoticeState.CHECKED}
