"""The table of duties: every one rings, and does what its line says."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from dispatch.db import Database
from dispatch.errors import Unavailable
from dispatch.messaging.runner import LOST_AFTER
from dispatch.model import Evidence, Heartbeat, Plan, Stage
from dispatch.solver.run import Solver
from dispatch.store import duties as ledger
from dispatch.store.rows import find
from dispatch.vault import Vault
from scheduler import guard, work
from scheduler.duties import DUTIES, duty
from tests.support import builders as make
from tests.support.planning import a_world
from tests.support.scheduling import a_context


@pytest.mark.parametrize("name", [one.name for one in DUTIES])
def test_each_duty_rings_on_an_empty_database(
    sqlite_database: Database, vault: Vault, solver: Solver, name: str
) -> None:
    assert isinstance(duty(name).ring(a_context(sqlite_database, vault, solver)), dict)


def test_the_queue_is_drained(sqlite_database: Database, vault: Vault, solver: Solver) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2)
    with sqlite_database.writing() as session:
        from dispatch.model import Branch, RunKind, RunReason
        from dispatch.planning.request import request_plan

        request_plan(
            session,
            branch=find(session, Branch, world.branch.id),
            on=make.SERVICE_DATE,
            kind=RunKind.ANNOUNCE,
            reason=RunReason.MANUAL,
            requested_by="test",
            now=make.NOW,
            seconds=0,
        )
    assert work.drain_plan_runs(a_context(sqlite_database, vault, solver)) == {"planned": 1}
    with sqlite_database.reading() as session:
        assert len(session.exec(select(Plan)).all()) == 1


def test_evidence_is_sealed(sqlite_database: Database, vault: Vault, solver: Solver) -> None:
    a_world(sqlite_database, vault, solver, visits=1)
    work.seal_evidence(a_context(sqlite_database, vault, solver))
    with sqlite_database.reading() as session:
        assert all(entry.hash for entry in session.exec(select(Evidence)))


def test_a_sign_of_life_is_kept(sqlite_database: Database, vault: Vault, solver: Solver) -> None:
    for _ in range(2):
        work.heartbeat(a_context(sqlite_database, vault, solver))
    with sqlite_database.reading() as session:
        assert [beat.worker for beat in session.exec(select(Heartbeat))] == ["one"]


def test_one_branch_that_fails_stops_no_other(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    with sqlite_database.writing() as session:
        lender = make.a_lender(session)
        poisoned = make.a_branch(session, vault, name="A poisoned pack", pack_id="nonsense")
        sound = make.a_branch(session, vault, name="B sound")
        for branch in (poisoned, sound):
            since = make.NOW - timedelta(days=30)
            make.a_case(session, vault, branch, lender, stage=Stage.REMOTE, stage_since_at=since)
    told = work.sweep_cases(a_context(sqlite_database, vault, solver))
    assert told == {"B sound": {"eligible": 1}}


def test_a_database_that_is_busy_is_a_line_in_the_log_not_a_trace(
    sqlite_database: Database,
    vault: Vault,
    solver: Solver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def busy(session: Session) -> dict[str, Any]:
        message = "The database is busy writing; try again in a few seconds."
        raise Unavailable(message)

    context = a_context(sqlite_database, vault, solver)
    assert guard.one(context, "send_messages", busy) is None
    [record] = caplog.records
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert "busy writing" in record.getMessage()


@pytest.mark.fault("R1")
def test_whoever_falls_silent_is_replaced_within_a_minute() -> None:
    rings = [one.every_s for one in DUTIES if one.by_date or one.name == "drain_plan_runs"]
    assert len(rings) >= 3
    assert all(every_s + ledger.LEASE.total_seconds() <= 60 for every_s in rings)


@pytest.mark.fault("N2")
def test_a_send_that_nobody_answered_is_with_a_person_within_a_quarter_of_an_hour() -> None:
    every_s = duty("resolve_lost_sends").every_s
    assert every_s + LOST_AFTER.total_seconds() <= 15 * 60
