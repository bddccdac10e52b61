"""Somebody outside hears how each night stands; that nobody hears it holds nothing up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select, text

from dispatch.db import Database
from dispatch.gateways.pinger import Sign
from dispatch.gateways.pinger_fake import FakePinger
from dispatch.model import Branch, DutyRun, DutyState
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.store import duties as ledger
from dispatch.vault import Vault
from scheduler import signs, work
from scheduler.context import Context
from tests.support import builders as make
from tests.support.scheduling import a_context

EVENING = datetime(2026, 3, 6, 11, 30, tzinfo=UTC)
OWN, COMMON = "https://checks.example.org/own", "https://checks.example.org/common"


@pytest.fixture
def branch(database: Database, vault: Vault) -> Branch:
    with database.writing() as session:
        branch = make.a_branch(session, vault)
        make.a_shift(session, make.an_agent(session, vault, branch, make.a_lender(session)))
    return branch


@pytest.fixture
def context(database: Database, vault: Vault, solver: Solver, branch: Branch) -> Context:
    return listening(a_context(database, vault, solver, now=EVENING), ping_urls={branch.name: OWN})


def listening(context: Context, **given: Any) -> Context:
    told = Settings(_env_file=None, plan_seconds=1, plan_night_seconds=1, **given)
    return replace(context, settings=told, pinger=FakePinger())


def heard(context: Context) -> list[tuple[str, Sign]]:
    signs.tell_nights(context)
    told = [(url, sign) for url, sign, _ in context.pinger.told]
    context.pinger.told.clear()
    return told


@pytest.mark.fault("K11")
def test_a_night_is_told_once_as_it_begins_and_once_as_it_ends(context: Context) -> None:
    assert heard(context) == []
    work.plan_tonight(context)
    assert heard(context) == [(OWN, Sign.START)]
    assert heard(context) == []
    work.drain_plan_runs(context)
    assert heard(context) == [(OWN, Sign.DONE)]
    assert heard(context) == []
    context.clock.advance(timedelta(days=1))
    work.plan_tonight(context)
    assert heard(context) == [(OWN, Sign.START)]


@pytest.mark.fault("K11")
def test_a_plan_that_failed_is_told(context: Context) -> None:
    work.plan_tonight(context)
    with context.database.writing() as session:
        session.exec(text("UPDATE plan_run SET state = 'failed'"))
    assert heard(context) == [(OWN, Sign.START), (OWN, Sign.FAIL)]


def test_a_night_that_was_parked_is_told_and_one_that_is_left_out_is_done(
    context: Context, branch: Branch
) -> None:
    work.plan_tonight(context)
    for state, sign in (("failed", Sign.FAIL), ("skipped", Sign.DONE)):
        with context.database.writing() as session:
            session.exec(
                text(f"UPDATE duty_run SET state = '{state}' WHERE duty = 'plan_tonight'")
            )
        assert heard(context)[-1] == (OWN, sign)


@pytest.mark.fault("K11")
def test_that_nobody_listens_holds_nothing_up_and_is_told_later(context: Context) -> None:
    context.pinger.fails = 2
    work.plan_tonight(context)
    assert heard(context) == []
    work.drain_plan_runs(context)
    assert heard(context) == [(OWN, Sign.DONE)]
    assert heard(context) == [(OWN, Sign.START)]
    assert states(context.database) == {DutyState.DONE}


def test_a_sign_is_given_up_after_half_an_hour(context: Context, monkeypatch) -> None:
    monkeypatch.setattr(signs, "MOST_TRIES", 2)
    context.pinger.fails = 3
    work.plan_tonight(context)
    assert [heard(context) for _ in range(3)] == [[], [], []]
    with context.database.reading() as session:
        run = session.exec(select(DutyRun).where(DutyRun.duty == "sign_start")).one()
    assert (run.state, run.tries) == (DutyState.FAILED, 2)
    assert "Nobody" in run.failure


def test_the_common_address_hears_of_branches_without_one_of_their_own(context: Context) -> None:
    context = listening(context, ping_url=COMMON)
    work.plan_tonight(context)
    assert heard(context) == [(COMMON, Sign.START)]


def test_without_an_address_nothing_is_told(context: Context) -> None:
    context = listening(context)
    work.plan_tonight(context)
    assert heard(context) == []
    with context.database.reading() as session:
        assert ledger.claimable(session, "sign_start") == []


def test_what_is_told_names_nobody(context: Context, branch: Branch) -> None:
    work.plan_tonight(context)
    signs.tell_nights(context)
    [(_, _, told)] = context.pinger.told
    assert told == {"branch": str(branch.id), "night": "2026-03-06"}


def states(database: Database) -> set[DutyState]:
    with database.reading() as session:
        return {run.state for run in session.exec(select(DutyRun))}
