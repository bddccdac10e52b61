"""The last legal send minute: nobody's notice comes too late because a plan was searched for too long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.appointments.answer import confirm
from dispatch.db import Database
from dispatch.model import Branch, Plan, RunKind, RunReason, RunState
from dispatch.planning import budget, night
from dispatch.planning.budget import LEAST_S
from dispatch.planning.runner import run_next
from dispatch.planning.send_by import NOTICE_S, ROUND_S, seconds_until, send_by
from dispatch.settings import Settings
from dispatch.store import plan_runs, plans
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import announce, caller_of, send
from tests.support.planning import InProcessSolver, World, a_world

VISITS = 3
BY = datetime(2026, 3, 6, 9, 20, tzinfo=UTC)
"""17:20 in Shanghai on Friday: ten minutes for the message, 72 hours, and half an hour before the crews
end at six on Monday."""

SETTINGS = Settings(_env_file=None, plan_night_seconds=90, plan_polish_share=0.3)


def a_late_world(database: Database, vault: Vault) -> World:
    world = a_world(database, vault, InProcessSolver(), visits=VISITS)
    world.planner = replace(world.planner, settings=SETTINGS)
    return world


def planned_at(world: World, at: datetime) -> tuple[float, int]:
    """Plan the service date as the night does; the seconds that the solver was given, and its stops."""
    world.clock.at = at
    with world.database.writing("test") as session:
        plan_runs.queue_run(
            session,
            find(session, Branch, world.branch.id),
            make.SERVICE_DATE,
            kind=RunKind.ANNOUNCE,
            reason=RunReason.NIGHTLY,
            requested_by=night.ACTOR,
            now=at,
        )
    run = run_next(world.planner)
    assert run is not None
    assert run.state is RunState.DONE
    with world.database.reading() as session:
        stops = plans.parts_of(session, get_any(session, Plan, run.plan_id)).stops
    asked = [one.seconds for one in world.planner.solver.asked]
    return asked[-1] if asked else 0.0, len(stops)


@pytest.mark.parametrize(
    ("before_s", "seconds"),
    [
        (3600, 90),
        (ROUND_S + 40, 40 - VISITS * NOTICE_S),
        (ROUND_S, LEAST_S),
        (1, LEAST_S),
    ],
)
def test_the_search_ends_in_time_for_the_notices(
    sqlite_database: Database, vault: Vault, before_s: float, seconds: float
) -> None:
    world = a_late_world(sqlite_database, vault)
    given, stops = planned_at(world, BY - timedelta(seconds=before_s))
    assert given == pytest.approx(seconds)
    assert (stops == VISITS) == (before_s == 3600)


def test_it_is_the_last_minute_indeed(sqlite_database: Database, vault: Vault) -> None:
    world = a_late_world(sqlite_database, vault)
    assert planned_at(world, BY + timedelta(seconds=1))[1] == 0


def test_a_day_of_which_everybody_knows_is_in_no_hurry(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    monkeypatch.setattr(budget, "send_by", lambda *given: found.append(send_by(*given)))
    world = a_late_world(sqlite_database, vault)
    announce(world, world.plan())
    send(world)
    for visit in world.visits:
        caller = caller_of(world, visit)
        caller.open()
        caller.does(confirm)
    assert planned_at(world, world.clock.at) == (90, VISITS)
    assert found == [BY, None]


def test_many_notices_take_longer() -> None:
    assert seconds_until(BY, 0, BY - timedelta(minutes=5)) == 300 - ROUND_S
    assert seconds_until(BY, 10_000, BY - timedelta(minutes=5)) == 300 - 2 * ROUND_S
    assert seconds_until(BY, 10_000, BY) == 0
