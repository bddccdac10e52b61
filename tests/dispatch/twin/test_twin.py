"""A few days lived through the real code: repeatable, lawful every day, and told apart by policy."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from dispatch.audit import Profile, audit
from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.evidence.verify import verify
from dispatch.ids import repeating
from dispatch.model import Incident, PlanRun, SendAttempt
from dispatch.planning.executed import executed_breaches
from dispatch.planning.publish import day_facts
from dispatch.policy.pack import load_pack
from dispatch.policy.windows import is_sendable
from dispatch.settings import Settings
from dispatch.solver.first_free import FirstFree
from dispatch.solver.run import Solver
from dispatch.store import days as store_days
from dispatch.store import plans
from dispatch.twin import people
from dispatch.twin.ledger import Ledger, figures
from dispatch.twin.life import Life
from dispatch.twin.people import at
from dispatch.twin.policies import POLICIES
from dispatch.twin.road import Road
from dispatch.twin.run import FIRST, ITERATIONS, Twin, live
from dispatch.twin.stage import HORIZON_DAYS, Stage
from dispatch.twin.world import World

DAYS = 7


@pytest.fixture(scope="module")
def first_free() -> Iterator[FirstFree]:
    solver = FirstFree()
    yield solver
    solver.close()


def test_the_same_seed_lives_the_same_days(solver: Solver) -> None:
    world = World(seed=2, cases_a_day=6)
    once, again = (
        live(world, POLICIES["ours"], days=DAYS, crews=2, solver=solver).days for _ in range(2)
    )
    assert once == again
    told = figures(once.values())
    assert told["calls"] > 0
    assert told["kept"] >= 95
    assert sum(day["confirmed"] for day in once.values()) > 0


def test_policies_differ_in_one_world(solver: Solver, first_free: FirstFree) -> None:
    world = World(seed=2, cases_a_day=6)
    ours = live(world, POLICIES["ours"], days=DAYS, crews=2, solver=solver)
    other = live(world, POLICIES["nearest"], days=DAYS, crews=2, solver=first_free)
    ignores = live(world, POLICIES["ignore"], days=DAYS, crews=2, solver=solver)
    assert figures(ours.days.values())["travel"] < figures(other.days.values())["travel"]
    assert sum(day["moves"] for day in ours.days.values()) > 0
    assert sum(day["moves"] for day in ignores.days.values()) == 0


def test_every_day_is_lawful_and_the_log_holds(solver: Solver, tmp_path: Path) -> None:
    world = World(seed=4, cases_a_day=6, sick=0.1)
    with repeating(4):
        stage = Stage(
            settings=Settings(_env_file=None, plan_iterations=ITERATIONS, plan_polish_share=0),
            database=Database(f"sqlite:///{tmp_path / 'twin.db'}"),
            solver=solver,
            clock=SetClock(at(FIRST, 7)),
        )
        dates = people.working_dates(FIRST, DAYS + HORIZON_DAYS + 1)
        stage.open(crews=2, dates=dates, refills=True)
        ledger = Ledger()
        twin = Twin(stage, world, ledger, Life(stage, world, ledger), Road(stage, world, ledger))
        audited = 0
        for on in dates[:DAYS]:
            twin.day(on)
            audited += _audited(stage, on)
    assert audited > 0
    with stage.database.reading() as session:
        assert verify(session, stage.branch.id).is_sound
        calendar = store_days.calendar_of(
            session, stage.branch, from_on=FIRST, to_on=FIRST + timedelta(days=40)
        )
        sent = list(session.exec(select(SendAttempt.started_at)))
        incidents = set(session.exec(select(Incident.kind)))
        failures = [one for one in session.exec(select(PlanRun.failure)) if one is not None]
    assert sent
    assert "rules-and-audit-differ" not in incidents
    assert failures == []
    assert all(
        is_sendable(stage.law, time_zones=[people.ZONE], at=one, calendar=calendar) for one in sent
    )
    stage.close()


def _audited(stage: Stage, on: date) -> int:
    """Audit the day that is over as it was made, and the plans that are out as they are released."""
    with stage.database.reading() as session:
        made, breaches = executed_breaches(session, branch=stage.branch, on=on, now=stage.now)
        assert breaches == ()
        for plan in plans.published_from(session, stage.branch.id, on + timedelta(days=1)):
            facts = day_facts(
                session, plan=plan, branch=stage.branch, now=stage.now, by_roster=False
            )
            assert audit(facts, load_pack("baseline"), Profile.RELEASE) == ()
    return made
