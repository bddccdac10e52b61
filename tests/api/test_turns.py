"""A request waits for turns once, not once for each: who is it, what is wanted, what was read."""

from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

from api.app import create_app
from api.turns import PATIENCE_S, Turns, patient
from dispatch.errors import Unavailable
from dispatch.model import Role
from tests.api.conftest import World
from tests.api.test_problems import require_problem

LONG_S = 120.0
HANG_S = 60.0
"""When a test that hangs is given up: sooner than a queue would give up by itself."""


def run(work) -> None:
    async def guarded() -> None:
        with anyio.fail_after(HANG_S):
            await work()

    # A thread of its own: a browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(anyio.run, guarded).result()


def test_the_waits_of_one_request_count_together() -> None:
    async def work() -> None:
        first, second = Turns(1, wait_s=LONG_S), Turns(1, wait_s=LONG_S)
        async with first.turn(), second.turn():
            with patient(0.05) as patience:
                for turns in (first, second, first):
                    with pytest.raises(Unavailable):
                        await turns.turn().__aenter__()
                    assert patience.left_s == 0.0

    run(work)


def test_who_has_no_patience_left_still_takes_what_is_free() -> None:
    async def work() -> None:
        free, taken = Turns(1, wait_s=LONG_S), Turns(1, wait_s=LONG_S)
        async with taken.turn():
            with patient(0.0):
                async with free.turn():
                    pass
                with pytest.raises(Unavailable):
                    await taken.turn().__aenter__()

    run(work)


def test_where_waiting_is_not_counted_it_is_as_long_as_the_queue_says() -> None:
    async def work() -> None:
        solver = Turns(1, wait_s=LONG_S, is_counted=False)
        with patient(0.0):
            async with anyio.create_task_group() as group:
                seated, ended = anyio.Event(), anyio.Event()

                async def hold() -> None:
                    async with solver.turn():
                        seated.set()
                        await ended.wait()

                group.start_soon(hold)
                await seated.wait()
                group.start_soon(_sit, solver)
                await anyio.wait_all_tasks_blocked()
                ended.set()

    async def _sit(turns: Turns) -> None:
        async with turns.turn():
            pass

    run(work)


@pytest.mark.fault("C8")
def test_a_request_without_patience_is_told_at_its_first_full_queue(lite: World) -> None:
    house = lite.app.state.house
    house.readers = Turns(0, wait_s=LONG_S)
    house.patience_s = 0.05
    headers = lite.bearer(Role.MANAGER)
    with ThreadPoolExecutor(1) as pool:
        refused = pool.submit(lite.client.get, "/v1/branches", headers=headers).result(HANG_S)
    require_problem(refused, 503)
    assert int(refused.headers["retry-after"]) > 0


@pytest.mark.fault("C8")
def test_where_several_work_at_once_nobody_waits_longer_than_two_seconds(
    postgres_database, settings, vault, quick_passwords
) -> None:
    app = create_app(settings, database=postgres_database, vault=vault, passwords=quick_passwords)
    house = app.state.house
    assert PATIENCE_S == 2.0
    assert {house.patience_s, house.readers.wait_s, house.writers.wait_s} == {PATIENCE_S}
