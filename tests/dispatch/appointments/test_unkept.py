"""Announced visits that can't be kept: the person is told in time, and nobody waits in vain."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from dispatch.appointments.answer import confirm
from dispatch.appointments.unkept import withdraw_unmanned, withdraw_unpublished
from dispatch.db import Database
from dispatch.model import (
    Absence,
    AbsenceReason,
    Agent,
    AgentState,
    Appointment,
    AppointmentState,
    Branch,
    Case,
    Commitment,
    Notice,
    NoticeKind,
    Person,
    Plan,
    PlanRun,
    Shift,
    Visit,
    VisitState,
)
from dispatch.planning.publish import publish
from dispatch.planning.recheck import recheck_published
from dispatch.solver.run import Solver
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault
from tests.support.appointments import BASE, LAW, announce, caller_of, send
from tests.support.planning import World, a_world


def a_told_day(database: Database, vault: Vault, solver: Solver) -> tuple[World, PlanRun]:
    world = a_world(database, vault, solver, visits=6)
    with database.writing() as session:
        for shift in session.exec(select(Shift)):
            shift.max_visits = 3  # both crews are needed
    run = world.plan()
    announce(world, run)
    send(world)
    for visit in world.visits:
        caller = caller_of(world, visit)
        caller.open()
        caller.does(confirm)
    return world, run


def goes_out(world: World, run: PlanRun) -> None:
    with world.database.writing() as session:
        plan = get_any(session, Plan, run.plan_id, lock=True)
        publish(session, plan=plan, version=plan.version, actor="test", now=world.clock.now())


def sweep(world: World, what) -> int:
    with world.database.writing() as session:
        return what(
            session,
            vault=world.vault,
            branch=find(session, Branch, world.branch.id),
            law=LAW,
            base_url=BASE,
            now=world.clock.now(),
        )


def rows(world: World, kind):
    with world.database.reading() as session:
        return session.exec(select(kind)).all()


def bound_agent(world: World):
    """Return an agent who is bound, and the appointments that bind them, in order of time."""
    bound = rows(world, Commitment)
    agent_id = bound[0].agent_id
    theirs = {one.appointment_id for one in bound if one.agent_id == agent_id}
    mine = [one for one in rows(world, Appointment) if one.id in theirs]
    return agent_id, sorted(mine, key=lambda one: one.window_from_at)


def is_away(world: World, agent_id, from_at: datetime, until_at: datetime) -> None:
    with world.database.writing() as session:
        session.add(
            Absence(
                branch_id=world.branch.id,
                agent_id=agent_id,
                from_at=from_at,
                until_at=until_at,
                reason=AbsenceReason.SICK,
                recorded_by="test",
            )
        )


def test_an_absence_after_the_notice_withdraws_what_the_crew_was_to_make_and_nothing_else(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, _ = a_told_day(database, vault, solver)
    assert sweep(world, withdraw_unmanned) == 0
    agent_id, theirs = bound_agent(world)
    begin = theirs[0].window_from_at
    is_away(world, agent_id, begin - timedelta(hours=12), begin + timedelta(hours=12))
    assert sweep(world, withdraw_unmanned) == len(theirs) == 3
    assert sweep(world, withdraw_unmanned) == 0
    for one in rows(world, Appointment):
        is_theirs = one.id in {mine.id for mine in theirs}
        expected = AppointmentState.WITHDRAWN if is_theirs else AppointmentState.CONFIRMED
        assert one.state is expected
    told = [one for one in rows(world, Notice) if one.kind is NoticeKind.APOLOGY]
    assert {one.visit_id for one in told} == {mine.visit_id for mine in theirs}


def test_nothing_is_announced_for_a_crew_that_can_not_come(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2, agents=2)
    run = world.plan()
    is_away(world, world.agents[0].id, world.clock.now(), world.clock.now() + timedelta(days=30))
    told = announce(world, run)
    assert (told.count, {one.code for one in told.skipped}) == (0, {"crew-unavailable"})


def test_an_absence_after_publishing_takes_back_only_the_stays_that_it_meets(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver)
    goes_out(world, run)
    agent_id, theirs = bound_agent(world)
    from_at = theirs[0].window_until_at
    is_away(world, agent_id, from_at, from_at + timedelta(hours=12))
    after = {one.visit_id for one in theirs if one.window_until_at > from_at}
    assert sweep(world, withdraw_unmanned) == len(after) > 0
    states = {one.id: one.state for one in rows(world, Visit)}
    assert {key for key, state in states.items() if state is VisitState.DRAFT} == after
    assert states[theirs[0].visit_id] is VisitState.RELEASED


def test_a_suspended_member_leaves_no_partner_to_go_alone(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver)
    goes_out(world, run)
    agent_id, theirs = bound_agent(world)
    with sqlite_database.writing() as session:
        find(session, Agent, agent_id).state = AgentState.SUSPENDED
    assert sweep(world, withdraw_unmanned) == len(theirs)


def test_nobody_waits_for_a_crew_that_no_published_plan_sends(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, _ = a_told_day(database, vault, solver)
    first = min(one.window_from_at for one in rows(world, Appointment))
    world.clock.at = first - timedelta(minutes=1)
    assert sweep(world, withdraw_unpublished) == 0
    world.clock.at = first + timedelta(hours=12)
    assert sweep(world, withdraw_unpublished) == 6
    assert sweep(world, withdraw_unpublished) == 0
    assert {one.state for one in rows(world, Visit)} == {VisitState.DRAFT}
    assert rows(world, Commitment) == []
    told = [one for one in rows(world, Notice) if one.kind is NoticeKind.APOLOGY]
    assert len(told) == 6


@pytest.mark.fault("V6")
def test_a_published_visit_is_its_crews(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver)
    goes_out(world, run)
    world.clock.at = max(one.window_until_at for one in rows(world, Appointment))
    assert sweep(world, withdraw_unpublished) == 0
    assert {one.state for one in rows(world, Visit)} == {VisitState.RELEASED}


@pytest.mark.fault("V3")
def test_what_may_not_be_made_any_more_is_taken_back_and_the_person_told_at_once(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver)
    goes_out(world, run)

    def recheck() -> int:
        with database.writing() as session:
            branch = find(session, Branch, world.branch.id)
            return recheck_published(session, branch=branch, now=world.clock.now())

    assert recheck() == 0
    minor, paid = world.visits[:2]
    with database.writing() as session:
        find(session, Person, minor.person_id).is_adult = False
        find(session, Case, paid.case_id).oldest_unpaid_due_on = world.clock.now().date()
    assert recheck() == 2
    assert recheck() == 0
    assert sweep(world, withdraw_unpublished) == 2
    states = {one.id: one.state for one in rows(world, Visit)}
    assert {states.pop(one.id) for one in (minor, paid)} == {VisitState.DRAFT}
    assert set(states.values()) == {VisitState.RELEASED}
    told = [one for one in rows(world, Notice) if one.kind is NoticeKind.CANCELLATION]
    assert {one.visit_id for one in told} == {minor.id, paid.id}
