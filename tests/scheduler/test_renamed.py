"""A new release calls its duties' functions by other names: what was entered is still done, once."""

from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlmodel import select

from dispatch.db import Database
from dispatch.model import DutyRun, DutyState, PlanRun
from dispatch.settings import DEMO_KEY
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from scheduler.duties import DUTIES
from tests.architecture import house
from tests.crash.harness import let_leases_run_out
from tests.scheduler.test_ending import a_scheduler
from tests.scheduler.test_two_services import until
from tests.support import builders as make
from tests.support.planning import a_world

EVENING = "2026-03-06T12:30:00+00:00"
"""Friday, when the night for Monday is to be planned."""

RELEASE = f"""
import os, signal, types
from dataclasses import replace
from datetime import datetime
from dispatch import failpoint
from dispatch.clock import SetClock
from dispatch.settings import Settings
from scheduler import clockwork, console, context
context.SystemClock = lambda: SetClock(datetime.fromisoformat({EVENING!r}))
def die(point):
    if point == "before ledger.finish.plan_tonight":
        os.kill(os.getpid(), signal.SIGKILL)
def moved(ring):
    made = types.FunctionType(ring.__code__, ring.__globals__, "do_" + ring.__name__)
    made.__qualname__, made.__module__ = made.__name__, "scheduler.elsewhere"
    return made
"""
OLD = f"{RELEASE}\nfailpoint.arm(die)\nconsole.serve(Settings())\n"
NEW = f"""{RELEASE}
clockwork.DUTIES = tuple(replace(one, ring=moved(one.ring)) for one in clockwork.DUTIES)
console.serve(Settings())
"""


def entered(database: Database) -> list[tuple[str, DutyState, int]]:
    """Return the night's entries of the ledger: duty, state, fence."""
    with database.reading() as session:
        rows = session.exec(select(DutyRun).where(DutyRun.duty == "plan_tonight"))
        return [(one.duty, one.state, one.fence) for one in rows]


@pytest.mark.fault("B6")
def test_what_the_old_release_entered_the_new_one_does_under_other_names(
    database: Database, tmp_path: Path
) -> None:
    a_world(database, Vault([DEMO_KEY], DEMO_KEY), Solver(), visits=1)
    with a_scheduler(database, tmp_path, OLD) as old:
        old.wait(120)
    assert entered(database) == [("plan_tonight", DutyState.RUNNING, 1)]
    let_leases_run_out(database.url.render_as_string(hide_password=False))
    with a_scheduler(database, tmp_path, NEW) as new:
        until(new, lambda: entered(database) == [("plan_tonight", DutyState.DONE, 2)])
    with database.reading() as session:
        asked = [(one.branch_id, one.from_on) for one in session.exec(select(PlanRun))]
    assert make.SERVICE_DATE in {on for _, on in asked}
    assert len(set(asked)) == len(asked)


@pytest.mark.fault("B6")
def test_the_schedule_is_nowhere_kept_as_code(sqlite_database: Database) -> None:
    """The library's own store would keep names of functions, pickled, and drop those it can't find."""
    assert not {one for one in inspect(sqlite_database.engine).get_table_names() if "job" in one}
    stored = [one.path for one in house.modules() if "apscheduler.jobstores" in one.text]
    assert stored == []
    assert len({one.name for one in DUTIES}) == len(DUTIES)
