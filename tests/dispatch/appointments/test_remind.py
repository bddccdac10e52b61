"""Reminders: who has not answered is reminded, seldom, and never against an answer, a hold or a cap."""

from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import select

from dispatch.appointments.allowed import Answer
from dispatch.appointments.answer import confirm
from dispatch.appointments.ask_for_help import ask_for_help
from dispatch.appointments.remind import remind
from dispatch.db import Database
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.model import (
    Appointment,
    Branch,
    ContactAttempt,
    Notice,
    NoticeKind,
    NoticeState,
    Visit,
    VisitState,
)
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support.appointments import BASE, LAW, announce, caller_of, send
from tests.support.planning import World, a_world

ON = date(2026, 3, 13)
"""A Friday: the days before it are working days."""


def a_told_day(database: Database, vault: Vault, solver: Solver, *, ahead_days: int = 9) -> World:
    """Three visits announced so many days ahead; two of the people have opened the link."""
    world = a_world(database, vault, solver, visits=3, on=ON)
    world.clock.advance(timedelta(days=11 - ahead_days, hours=6))
    assert announce(world, world.plan(ON)).count == 3
    send(world)
    for visit in world.visits[:2]:
        caller_of(world, visit).open()
    return world


def before(world: World, hours: float) -> None:
    """Go to so many hours before the first window."""
    with world.database.reading() as session:
        windows = [one.window_from_at for one in session.exec(select(Appointment))]
    world.clock.advance(min(windows) - timedelta(hours=hours) - world.clock.now())


def reminds(world: World, law=LAW) -> int:
    with world.database.writing() as session:
        return remind(
            session,
            vault=world.vault,
            branch=find(session, Branch, world.branch.id),
            law=law,
            base_url=BASE,
            now=world.clock.now(),
        )


def reminders(world: World) -> list[Notice]:
    with world.database.reading() as session:
        chosen = select(Notice).where(Notice.kind == NoticeKind.REMINDER)
        return list(session.exec(chosen.order_by(Notice.drafted_at, Notice.dedup_key)))


def with_hours(*hours: int):
    value = replace(LAW.values["notice.reminder_hours"], raw=list(hours))
    return replace(LAW, values={**LAW.values, "notice.reminder_hours": value})


def test_who_has_not_answered_is_reminded_once_at_each_rung_and_who_has_is_not(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_day(database, vault, solver)
    before(world, 73)
    assert reminds(world) == 0
    before(world, 66)  # all windows are within 72 hours of now
    assert reminds(world) == 2  # the third was never proven to have been told
    assert reminds(world) == 0
    told = send(world).sent
    assert len(told) == 2
    assert all("Reminder" in one.subject or "提醒" in one.subject for one in told)
    caller = caller_of(world, world.visits[0])
    caller.open()  # by the link of the reminder
    caller.does(confirm)
    before(world, 18)
    assert reminds(world) == 1
    assert reminds(world) == 0
    assert {one.visit_id for one in reminders(world)[2:]} == {world.visits[1].id}
    with world.database.reading() as session:
        numbers = {one.number for one in session.exec(select(ContactAttempt))}
    assert {f"notice:{one.id}" for one in reminders(world)[:2]} <= numbers


def test_an_answer_or_a_hold_stops_a_reminder_that_is_already_written(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_day(sqlite_database, vault, solver)
    callers = [caller_of(world, one) for one in world.visits[:2]]
    before(world, 66)
    assert reminds(world) == 2
    for caller in callers:
        caller.open()
    callers[0].does(confirm)
    callers[1].does(ask_for_help, vault=vault, kind=Answer.HARDSHIP, words="", law=LAW)
    assert send(world).tried == []
    assert {one.state for one in reminders(world)} <= {
        NoticeState.SUPPRESSED,
        NoticeState.SUPERSEDED,
    }


def test_what_was_announced_late_is_not_reminded_of(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_day(sqlite_database, vault, solver, ahead_days=4)
    before(world, 18)
    assert reminds(world) == 0


def test_a_pack_without_rungs_reminds_nobody_and_missed_rungs_are_not_made_up_for(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_day(sqlite_database, vault, solver)
    before(world, 18)
    assert reminds(world, with_hours()) == 0
    assert reminds(world, with_hours(96, 72, 48, 24)) == 2
    assert reminds(world, with_hours(96, 72, 48, 24)) == 0


def test_a_reminder_that_fails_or_comes_too_late_is_let_go(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_day(sqlite_database, vault, solver)
    before(world, 66)
    assert reminds(world) == 2
    messenger = FakeMessenger()
    messenger.reject(is_permanent=True)
    send(world, messenger)
    send(world)
    failed, sent = sorted(reminders(world), key=lambda one: one.state)
    assert (failed.state, sent.state) == (NoticeState.REPLACED, NoticeState.SENT)
    assert len(reminders(world)) == 2  # nobody calls or writes instead
    before(world, 18)
    assert reminds(world) == 2  # the next contact point is held to be right
    before(world, 10)
    assert send(world).tried == []
    assert {one.state for one in reminders(world)} >= {NoticeState.EXPIRED}
    with world.database.reading() as session:
        states = {one.state for one in session.exec(select(Visit))}
    assert VisitState.NOTICED in states  # the visits stand as they did
