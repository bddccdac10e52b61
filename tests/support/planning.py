"""A branch ready to be planned, and the planner that plans it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import pytest

from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.errors import SolverFailed
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.model import Account, Agent, Branch, Lender, PlanRun, RunKind, RunReason, Visit
from dispatch.planning.request import request_plan
from dispatch.planning.runner import Planner, run_next
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from routing import SolveParams, solve
from tests.support import builders as make

AS_PLANNED: Final = {"plan_balance_s": 0, "plan_travel_cv": 0, "plan_service_cv": 0}


@dataclass
class World:
    """One branch with two crews' worth of agents and some approved visits."""

    database: Database
    vault: Vault
    planner: Planner
    clock: SetClock
    branch: Branch
    lender: Lender
    manager: Account
    agents: list[Agent]
    visits: list[Visit]

    def plan(self, on: date = make.SERVICE_DATE, kind: RunKind = RunKind.ANNOUNCE) -> PlanRun:
        """Ask for a plan and run the queue once."""
        with self.database.writing() as session:
            run = request_plan(
                session,
                branch=find(session, Branch, self.branch.id),
                on=on,
                kind=kind,
                reason=RunReason.MANUAL,
                requested_by="test",
                now=self.clock.now(),
                seconds=0,
            )
        done = run_next(self.planner)
        assert done is not None
        assert done.id == run.id
        return done


@pytest.fixture(scope="session")
def solver() -> Iterator[Solver]:
    """One warm solver for the whole session."""
    solver = Solver()
    yield solver
    solver.close()


def a_world(
    database: Database,
    vault: Vault,
    solver: Solver,
    *,
    visits: int = 6,
    agents: int = 4,
    now: datetime = make.NOW,
    on: date = make.SERVICE_DATE,
    **settings: Any,
) -> World:
    """Return a branch with agents on shift and approved visits; `settings` are of its planner."""
    clock = SetClock(now)
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        manager = make.an_account(session, branch)
        team = [make.an_agent(session, vault, branch, lender) for _ in range(agents)]
        for agent in team:
            make.a_shift(session, agent, on)
        wanted = []
        for number in range(visits):
            case = make.a_case(
                session,
                vault,
                branch,
                lender,
                lat=30.60 + number * 0.004,
                lon=119.90 + (number % 3) * 0.01,
            )
            wanted.append(make.a_visit(session, case, manager))
    planner = Planner(
        database=database,
        vault=vault,
        roads=EstimateRoads(Estimate(24.0, 1.35)),
        solver=solver,
        clock=clock,
        # Tests know where visits come to lie: at one crew where that is the shortest way, told
        # within the 90 minutes of days that don't stray.
        settings=Settings(_env_file=None, **{**AS_PLANNED, **settings}),
    )
    return World(database, vault, planner, clock, branch, lender, manager, team, wanted)


class InProcessSolver(Solver):
    """Makes first plans in this process, remembers what it was asked for, and fails as told."""

    def __init__(
        self,
        *,
        engine: str = "search",
        notes: tuple[str, ...] = (),
        dies: str = "",
        has_last: bool = True,
    ) -> None:
        super().__init__()
        self.asked: list[SolveParams] = []
        self._engine, self._notes, self._dies, self._has_last = engine, notes, dies, has_last

    def run(self, work, *, seconds, on_progress=None, on_ask=None):
        """Do the work here, and nothing else."""
        function, given = work
        return function(*given, talk=None)

    def solve(self, problem, params, initial=None, *, on_progress=None):
        """Return the first plan under another engine's name, or fail with it."""
        self.asked.append(params)
        found = solve(problem, SolveParams(seconds=0))
        found = replace(found, engine=self._engine, notes=self._notes)
        if not self._dies:
            return found
        failure = SolverFailed(self._dies)
        failure.last = found if self._has_last else None
        raise failure
