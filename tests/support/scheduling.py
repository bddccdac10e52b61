"""A scheduler's context over a test's database, with a clock that is moved by hand."""

from datetime import datetime
from pathlib import Path

from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from scheduler.context import Context
from tests.support import builders as make


def a_context(
    database: Database,
    vault: Vault,
    solver: Solver,
    *,
    now: datetime = make.NOW,
    worker: str = "one",
) -> Context:
    """Return a context; two of them with other worker names are two processes."""
    return Context(
        settings=Settings(
            _env_file=None, data_folder=Path("var"), plan_seconds=1, plan_night_seconds=1
        ),
        database=database,
        vault=vault,
        clock=SetClock(now),
        roads=EstimateRoads(Estimate(24.0, 1.35)),
        solver=solver,
        messenger=FakeMessenger(),
        worker=worker,
    )
