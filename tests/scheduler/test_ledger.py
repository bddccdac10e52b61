"""The ledger: what must run once runs once, whatever dies, doubles or sleeps."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select, text

from dispatch.db import Database
from dispatch.model import DutyRun, DutyState, PlanRun
from dispatch.solver.run import Solver
from dispatch.store import duties as ledger
from dispatch.vault import Vault
from scheduler import guard, work
from tests.support import builders as make
from tests.support.scheduling import a_context

EVENING = datetime(2026, 3, 6, 11, 30, tzinfo=UTC)
"""Friday 6 March 2026, 19:30 in Shanghai: past the planning hour."""


@pytest.fixture
def branch(database: Database, vault: Vault):
    with database.writing() as session:
        branch = make.a_branch(session, vault)
        lender = make.a_lender(session)
        for _ in range(2):
            agent = make.an_agent(session, vault, branch, lender)
            for day in (make.SERVICE_DATE, make.SERVICE_DATE + timedelta(days=4)):
                make.a_shift(session, agent, day)
    return branch


def rows(database: Database, kind):
    with database.reading() as session:
        return list(session.exec(select(kind)))


def test_the_night_queues_release_of_the_next_day_and_announcing_of_later_ones(
    database: Database, vault: Vault, solver: Solver, branch
) -> None:
    work.plan_tonight(a_context(database, vault, solver, now=EVENING))
    queued = {(str(run.from_on), str(run.kind)) for run in rows(database, PlanRun)}
    assert queued == {("2026-03-09", "release"), ("2026-03-13", "announce")}
    assert [run.state for run in rows(database, DutyRun)] == [DutyState.DONE]


def test_before_the_planning_hour_nothing_is_due(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    with sqlite_database.writing() as session:
        make.a_branch(session, vault)
    work.plan_tonight(a_context(sqlite_database, vault, solver, now=EVENING - timedelta(hours=2)))
    assert rows(sqlite_database, DutyRun) == []


@pytest.mark.fault("R1")
def test_many_schedulers_at_the_same_second_make_one_run(
    database: Database, vault: Vault, solver: Solver, branch
) -> None:
    start = threading.Barrier(8)

    def ring(number: int) -> None:
        context = a_context(database, vault, solver, now=EVENING, worker=f"w{number}")
        start.wait()
        work.plan_tonight(context)

    threads = [threading.Thread(target=ring, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runs = rows(database, DutyRun)
    assert len(runs) == 1
    assert (runs[0].state, runs[0].fence) == (DutyState.DONE, 1)
    assert len(rows(database, PlanRun)) == 2


@pytest.mark.fault("A6", "A7")
def test_down_over_the_hour_the_date_is_caught_up_once(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    with sqlite_database.writing() as session:
        make.a_branch(session, vault)
    context = a_context(sqlite_database, vault, solver, now=EVENING)
    work.plan_tonight(context)
    context.clock.advance(
        timedelta(days=3, hours=-12)
    )  # Monday morning: Saturday, Sunday were missed
    work.plan_tonight(context)
    work.plan_tonight(context)
    dates = sorted(str(run.business_date) for run in rows(sqlite_database, DutyRun))
    assert dates == ["2026-03-06", "2026-03-07", "2026-03-08"]
    useless = [
        run.summary
        for run in rows(sqlite_database, DutyRun)
        if run.business_date == date(2026, 3, 7)
    ]
    assert useless == [{"skipped": "its service dates are past"}]


def test_a_long_outage_is_caught_up_a_week_back_at_the_most() -> None:
    today = date(2026, 3, 30)
    assert guard.business_dates(today, date(2026, 1, 1))[0] == date(2026, 3, 23)
    assert guard.business_dates(today, None) == [today]
    assert guard.business_dates(today, today) == []


@pytest.mark.fault("A9")
def test_a_run_that_fails_is_tried_again_and_parked_after_five_times(
    database: Database, vault: Vault, solver: Solver, branch
) -> None:
    context = a_context(database, vault, solver, now=EVENING)
    with database.writing() as session:
        ledger.ensure(
            session, duty="poison", branch_id=branch.id, on=EVENING.date(), due_at=EVENING
        )

    def fail(session, branch, run):
        session.exec(text("UPDATE branch SET name = 'half done'"))
        raise LookupError("a poisoned row")

    for _ in range(7):
        guard.run_ledger(context, "poison", fail)
    (run,) = rows(database, DutyRun)
    assert (run.state, run.tries) == (DutyState.FAILED, 5)
    assert "poisoned" in run.failure
    with database.reading() as session:
        assert ledger.branches(session)[0].name == branch.name


@pytest.mark.fault("E2", "R2")
def test_a_worker_that_was_taken_over_records_nothing(
    database: Database, vault: Vault, solver: Solver, branch
) -> None:
    context = a_context(database, vault, solver, now=EVENING)
    with database.writing() as session:
        ledger.ensure(session, duty="slow", branch_id=branch.id, on=EVENING.date(), due_at=EVENING)

    def overtaken(session, branch, run):
        session.exec(text("UPDATE duty_run SET fence = fence + 1"))
        session.exec(text("UPDATE branch SET name = 'by the stale worker'"))
        return {"done": True}

    assert guard.run_ledger(context, "slow", overtaken) == []
    with database.reading() as session:
        assert ledger.branches(session)[0].name == branch.name


def test_a_silent_worker_is_replaced_when_its_lease_has_run_out(
    database: Database, vault: Vault, solver: Solver, branch
) -> None:
    with database.writing() as session:
        ledger.ensure(session, duty="left", branch_id=branch.id, on=EVENING.date(), due_at=EVENING)
        (run,) = ledger.claimable(session, "left")
        assert ledger.claim(session, run, worker="dead", now=EVENING)
    with database.reading() as session:
        assert ledger.claimable(session, "left") == []
    with database.writing() as session:
        session.exec(text("UPDATE duty_run SET lease_until = '2020-01-01 00:00:00'"))
    done = guard.run_ledger(a_context(database, vault, solver), "left", lambda *_: {})
    assert [(run.state, run.fence) for run in done] == [(DutyState.DONE, 2)]


def test_a_paused_duty_enters_nothing(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    with sqlite_database.writing() as session:
        branch = make.a_branch(session, vault)
        ledger.switch(
            session,
            "pause:plan_tonight",
            branch_id=branch.id,
            is_on=True,
            reason="test",
            actor="test",
            now=EVENING,
        )
    context = a_context(sqlite_database, vault, solver, now=EVENING)
    work.plan_tonight(context)
    assert rows(sqlite_database, DutyRun) == []
    with sqlite_database.writing() as session:
        ledger.switch(
            session,
            "pause:plan_tonight",
            branch_id=branch.id,
            is_on=False,
            reason="",
            actor="test",
            now=EVENING,
        )
    work.plan_tonight(context)
    assert len(rows(sqlite_database, DutyRun)) == 1


@pytest.mark.fault("E2", "R3")
def test_a_clock_that_jumps_makes_no_second_run_and_misses_none(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    with sqlite_database.writing() as session:
        make.a_branch(session, vault)
    context = a_context(sqlite_database, vault, solver, now=EVENING)
    for jump in (timedelta(), timedelta(hours=-1), timedelta(days=-1), timedelta(days=2)):
        context.clock.advance(jump)
        work.plan_tonight(context)
    context.clock.advance(timedelta(hours=1))
    work.plan_tonight(context)
    dates = sorted(str(run.business_date) for run in rows(sqlite_database, DutyRun))
    assert dates == ["2026-03-06", "2026-03-07"]
