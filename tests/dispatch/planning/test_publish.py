"""Publishing: only what is lawful at that very moment goes out, and what falls away goes back."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from dispatch.db import Database
from dispatch.errors import DispatchError, PlanNotLawful
from dispatch.model import (
    Absence,
    AbsenceReason,
    CrewMember,
    Evidence,
    Hold,
    HoldKind,
    Plan,
    PlanRun,
    PlanState,
    Route,
    RunKind,
    Shift,
    Stop,
    TakenBack,
    Visit,
    VisitState,
)
from dispatch.planning import publish as publishing
from dispatch.planning.publish import recall
from dispatch.solver.run import Solver
from dispatch.store.holds import apply_hold
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault
from tests.support.planning import World
from tests.support.told import a_told_day, published


def states(world: World) -> set[VisitState]:
    with world.database.reading() as session:
        return set(session.exec(select(Visit.state)))


def hold_for(session: Session, world: World, visit: Visit) -> None:
    apply_hold(
        session,
        Hold(
            branch_id=world.branch.id,
            person_id=visit.person_id,
            kind=HoldKind.HARDSHIP,
            from_at=world.clock.now(),
            requested_by="borrower",
        ),
        actor="borrower",
        now=world.clock.now(),
    )


def a_member(world: World, run: PlanRun, session: Session):
    """Return an agent of the crew that makes the first stop."""
    return session.exec(
        select(CrewMember.agent_id)
        .join(Route, Route.crew_version_id == CrewMember.crew_version_id)
        .join(Stop, Stop.route_id == Route.id)
        .where(Stop.plan_id == run.plan_id)
    ).first()


@pytest.mark.fault("V8")
def test_a_confirmed_day_goes_out_and_its_visits_are_released(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver)
    assert published(world, run).state is PlanState.PUBLISHED
    assert states(world) == {VisitState.RELEASED}
    with database.reading() as session:
        kinds = list(session.exec(select(Evidence.kind)))
    assert (kinds.count("plan.published"), kinds.count("visit.released")) == (1, 3)


@pytest.mark.fault("V6", "V8")
def test_a_member_who_is_away_since_the_notice_stops_the_plan(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver)
    with database.writing() as session:
        stop = session.exec(select(Stop).where(Stop.plan_id == run.plan_id)).first()
        agent_id = a_member(world, run, session)
        session.add(
            Absence(
                branch_id=world.branch.id,
                agent_id=agent_id,
                from_at=stop.arrive_at - timedelta(hours=12),
                until_at=stop.arrive_at + timedelta(hours=12),
                reason=AbsenceReason.SICK,
                recorded_by="test",
            )
        )
    with pytest.raises(PlanNotLawful):
        published(world, run)
    assert states(world) == {VisitState.CONFIRMED}


def test_a_member_taken_off_the_roster_since_the_notice_stops_the_plan(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver)
    with sqlite_database.writing() as session:
        agent_id = a_member(world, run, session)
        session.delete(session.exec(select(Shift).where(Shift.agent_id == agent_id)).one())
    with pytest.raises(PlanNotLawful):
        published(world, run)


@pytest.mark.fault("V8")
def test_what_a_new_plan_leaves_out_is_released_no_longer(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver)
    published(world, run)
    again = world.plan(kind=RunKind.RELEASE)
    with sqlite_database.writing() as session:
        left_out = session.exec(select(Stop).where(Stop.plan_id == again.plan_id)).first()
        session.delete(left_out)
    published(world, again, explanation="One crew is short of time, we call the person.")
    with sqlite_database.reading() as session:
        told = {one.id: one.state for one in session.exec(select(Visit))}
        plans = {one.id: one.state for one in session.exec(select(Plan))}
    assert told.pop(left_out.visit_id) is VisitState.CONFIRMED
    assert set(told.values()) == {VisitState.RELEASED}
    assert plans[run.plan_id] is PlanState.SUPERSEDED


def test_recalled_visits_wait_as_they_were(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(sqlite_database, vault, solver)
    published(world, run)
    with sqlite_database.writing() as session:
        hold_for(session, world, world.visits[0])
    with sqlite_database.writing() as session:
        plan = get_any(session, Plan, run.plan_id, lock=True)
        recall(
            session,
            plan=plan,
            version=plan.version,
            reason=TakenBack.MISTAKE,
            actor="test",
            now=world.clock.now(),
        )
    with sqlite_database.reading() as session:
        told = {one.id: one.state for one in session.exec(select(Visit))}
    assert told.pop(world.visits[0].id) is VisitState.CANCELLED
    assert set(told.values()) == {VisitState.CONFIRMED}


def test_a_hold_that_comes_while_the_plan_is_audited_is_never_overwritten(
    database: Database, vault: Vault, solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, run = a_told_day(database, vault, solver)
    held = world.visits[0]
    heard = publishing.release_breaches
    with ThreadPoolExecutor(1) as pool:
        calls = []

        def help_is_asked() -> None:
            with database.writing() as session:
                hold_for(session, world, held)

        def audited(*args, **given):
            found = heard(*args, **given)
            calls.append(pool.submit(help_is_asked))
            with pytest.raises(TimeoutError):  # it waits until we are through
                calls[0].result(timeout=0.5)
            return found

        monkeypatch.setattr(publishing, "release_breaches", audited)
        published(world, run)
        calls[0].result()
    with database.reading() as session:
        assert find(session, Visit, held.id).state is VisitState.CANCELLED


@pytest.mark.fault("V3")
def test_holds_and_publications_at_once_leave_no_released_visit_under_a_hold(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world, run = a_told_day(database, vault, solver, visits=4)
    won = []

    def goes_out() -> None:
        with suppress(DispatchError):
            won.append(published(world, run))

    def asks(number: int) -> None:
        with database.writing() as session:
            hold_for(session, world, world.visits[number])

    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(goes_out) for _ in range(3)]
        waiting += [pool.submit(asks, number) for number in range(3)]
        for one in waiting:
            one.result()
    assert len(won) <= 1
    with database.reading() as session:
        told = {one.id: one.state for one in session.exec(select(Visit))}
    assert {told[one.id] for one in world.visits[:3]} == {VisitState.CANCELLED}
