"""Twenty schedulers make one run; what one that was stopped writes when it wakes is refused."""

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.model import DutyRun, PlanRun
from tests.crash import night
from tests.crash.crowd import APART, STOPS, play_with_a_crowd, play_with_a_sleeper
from tests.crash.gateway import DUMB, IDEMPOTENT
from tests.crash.harness import Played, Theatre


@pytest.mark.fault("B1", "N1", "R1")
def test_twenty_schedulers_at_the_due_second_make_one_run(theatre: Theatre, twin: Played) -> None:
    played = play_with_a_crowd(theatre, DUMB)
    assert played.findings(twin) == []
    assert _fences(played) == {1}


@pytest.mark.fault("B1", "N1", "R1")
def test_twenty_schedulers_on_postgresql_make_one_run(
    theatre: Theatre, postgres_twin: Played
) -> None:
    played = play_with_a_crowd(theatre, DUMB, on_postgres=True)
    assert played.findings(postgres_twin) == []
    assert _fences(played) == {1}


@pytest.mark.fault("B4")
def test_schedulers_whose_clocks_are_apart_make_one_run(theatre: Theatre) -> None:
    played = play_with_a_crowd(theatre, DUMB, size=6, clocks=APART, on_postgres=True)
    assert played.wrong == ()
    assert _fences(played) == {1}
    assert set(played.sent.values()) == {1}
    assert len(played.sent) == night.CASES


@pytest.mark.fault("B2", "R2")
@pytest.mark.parametrize(("point", "step"), STOPS)
def test_a_leader_that_is_stopped_and_woken_writes_nothing_stale(
    point: str, step: int, theatre: Theatre, twin: Played
) -> None:
    played = play_with_a_sleeper(theatre, DUMB, point, step)
    assert played.findings(twin) == []


@pytest.mark.fault("B2", "R2")
@pytest.mark.parametrize(("point", "step"), STOPS[::2])
def test_on_postgresql_neither(
    point: str, step: int, theatre: Theatre, postgres_twin: Played
) -> None:
    played = play_with_a_sleeper(theatre, IDEMPOTENT, point, step, on_postgres=True)
    assert played.findings(postgres_twin) == []


def _fences(played: Played) -> set[int]:
    database = Database(played.plot.url)
    with database.reading() as session:
        runs = [*session.exec(select(DutyRun)), *session.exec(select(PlanRun))]
    database.dispose()
    return {run.fence for run in runs}
