"""Crews are formed by the solver's process with no transaction open; what changes meanwhile is seen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import SolverFailed
from dispatch.model import Absence, AbsenceReason, Crew, PlanRun, RunState, Visit
from dispatch.planning.runner import run_next
from dispatch.store.days import crews_of
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.planning import InProcessSolver, World, a_world


class Meanwhile(InProcessSolver):
    """Does something each time while agents are paired up."""

    def __init__(self, deed: Callable[[], None]) -> None:
        super().__init__()
        self.deed, self.times = deed, 0

    def run(self, work, **given):
        self.times += 1
        self.deed()
        return super().run(work, **given)


def fall_ill(world: World, number: int) -> None:
    with world.database.writing() as session:
        session.add(
            Absence(
                branch_id=world.branch.id,
                agent_id=world.agents[number].id,
                from_at=make.NOW,
                until_at=make.NOW + timedelta(days=20),
                reason=AbsenceReason.SICK,
                recorded_by="test",
            )
        )


def crews(world: World) -> list[frozenset]:
    with world.database.reading() as session:
        formed = crews_of(session, world.branch.id, make.SERVICE_DATE)
        return [frozenset(one.members) for one in formed]


def test_others_can_write_while_agents_are_paired_up(database: Database, vault: Vault) -> None:
    def write() -> None:
        with database.writing() as session:
            visit = find(session, Visit, world.visits[0].id, lock=True)
            visit.service_s += 60
            session.add(visit)
            find(session, PlanRun, session.exec(select(PlanRun.id)).one(), lock=True)

    with ThreadPoolExecutor(1) as pool:
        solver = Meanwhile(lambda: pool.submit(write).result(timeout=20))
        world = a_world(database, vault, solver)
        assert world.plan().state is RunState.DONE
    assert solver.times == 1
    assert len(crews(world)) == 2


def test_nobody_is_paired_up_who_has_a_crew_already(
    sqlite_database: Database, vault: Vault
) -> None:
    solver = Meanwhile(lambda: None)
    world = a_world(sqlite_database, vault, solver)
    world.plan()
    before = crews(world)
    assert world.plan().state is RunState.DONE
    assert (solver.times, crews(world)) == (1, before)


def test_who_falls_ill_meanwhile_is_in_no_crew_and_the_others_are_paired_anew(
    sqlite_database: Database, vault: Vault
) -> None:
    def once() -> None:
        if solver.times == 1:
            fall_ill(world, 0)

    solver = Meanwhile(once)
    world = a_world(sqlite_database, vault, solver, agents=3, visits=2)
    assert world.plan().state is RunState.STALE
    assert run_next(world.planner).state is RunState.DONE
    assert crews(world) == [frozenset(one.id for one in world.agents[1:])]


def test_who_comes_meanwhile_is_paired_by_the_next_run(
    sqlite_database: Database, vault: Vault
) -> None:
    def once() -> None:
        if solver.times == 1:
            with sqlite_database.writing() as session:
                agent = make.an_agent(session, vault, world.branch, world.lender)
                make.a_shift(session, agent, make.SERVICE_DATE)

    solver = Meanwhile(once)
    world = a_world(sqlite_database, vault, solver, agents=3, visits=2)
    assert [world.plan().state, run_next(world.planner).state] == [RunState.STALE, RunState.DONE]
    assert len(crews(world)) == 2


def test_a_run_taken_over_while_agents_are_paired_up_forms_no_crews(
    sqlite_database: Database, vault: Vault
) -> None:
    def taken_over() -> None:
        with sqlite_database.writing() as session:
            run = session.exec(select(PlanRun)).one()
            run.fence += 1
            session.add(run)

    world = a_world(sqlite_database, vault, Meanwhile(taken_over))
    assert world.plan().state is RunState.RUNNING
    with sqlite_database.reading() as session:
        assert session.exec(select(Crew)).all() == []


def test_a_solver_that_dies_over_the_crews_fails_the_run_in_its_words(
    sqlite_database: Database, vault: Vault
) -> None:
    def die() -> None:
        raise SolverFailed("The solver's process ended (-9).")

    world = a_world(sqlite_database, vault, Meanwhile(die))
    run = world.plan()
    assert (run.state, run.failure) == (RunState.FAILED, "The solver's process ended (-9).")


def test_a_day_with_more_crews_than_ten_is_planned_at_once(
    database: Database, vault: Vault
) -> None:
    world = a_world(database, vault, InProcessSolver(), agents=24)
    assert world.plan().state is RunState.DONE
    with database.reading() as session:
        names = [one.crew.name for one in crews_of(session, world.branch.id, make.SERVICE_DATE)]
    assert names == [f"Crew {number}" for number in range(1, 13)]
