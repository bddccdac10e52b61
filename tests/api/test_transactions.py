"""One request, one transaction: committed before the answer, rolled back by an error."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from api.deps import Now, Write
from api.problems import answer as answered
from api.router import router
from api.turns import Turns
from dispatch.db import Database
from dispatch.errors import Conflict
from dispatch.model import Branch, Lender, Role
from dispatch.store.branches import lender_by_name
from dispatch.store.rows import get_any
from tests.api.test_problems import require_problem


def kept(world, name):
    with world.database.reading() as session:
        return lender_by_name(session, name) is not None


def with_route(world, endpoint):
    """Publish an endpoint under the row of one that is open to everybody."""
    routes = router("token", tag="x")
    routes.post("/trial", name="healthz")(endpoint)
    world.app.include_router(routes)
    return lambda: world.client.post("/v1/token/trial")


def test_returning_commits(world):
    def store(session: Write) -> str:
        session.add(Lender(name="Kept"))
        return "done"

    assert with_route(world, store)().status_code == 200
    assert kept(world, "Kept")


def test_commit_that_fails_is_never_answered_with_success(world):
    def store(session: Write) -> str:
        session.add(Lender(name="Lost"))
        session.flush()

        def fail(_session):
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

        event.listen(session, "before_commit", fail)
        return "done"

    problem = require_problem(with_route(world, store)(), 503)
    assert "disk" not in str(problem)
    assert not kept(world, "Lost")


def test_constraint_that_fails_at_the_commit_is_409(world):
    def store(session: Write) -> str:
        session.add_all([Lender(name="Twin"), Lender(name="Twin")])
        return "done"

    require_problem(with_route(world, store)(), 409)
    assert not kept(world, "Twin")


def test_raising_rolls_back(world):
    def store(session: Write) -> str:
        session.add(Lender(name="Gone"))
        session.flush()
        raise Conflict("It stands against something.")

    require_problem(with_route(world, store)(), 409)
    assert not kept(world, "Gone")


def test_returning_a_refusal_keeps_its_trace(world):
    def store(request: Request, session: Write, now: Now) -> Response:
        session.add(Lender(name="Traced"))
        return answered(request, Conflict("It stands against something."))

    require_problem(with_route(world, store)(), 409)
    assert kept(world, "Traced")


def test_answer_that_cannot_be_written_out_rolls_back(lite):
    def store(session: Write) -> int:
        session.add(Lender(name="Half"))
        return "no number"

    require_problem(with_route(lite, store)(), 500)
    assert not kept(lite, "Half")


def test_fifty_writers_lose_nothing(world):
    """Each reads, then writes: none may overwrite another, and none may see a lock error."""

    def increment(session: Write) -> int:
        branch = get_any(session, Branch, world.own.id, lock=True)
        branch.horizon_days += 1
        return branch.horizon_days

    call = with_route(world, increment)
    with ThreadPoolExecutor(12) as pool:
        statuses = [one.status_code for one in pool.map(lambda _: call(), range(50))]
    assert statuses == [200] * 50
    with world.database.reading() as session:
        assert get_any(session, Branch, world.own.id).horizon_days == 60


def test_full_queue_is_503_and_health_still_answers(lite):
    lite.app.state.house.writers = Turns(1, wait_s=0.05)
    entered, leave = threading.Event(), threading.Event()

    def hold(session: Write) -> str:
        entered.set()
        leave.wait(10)
        return "done"

    call = with_route(lite, hold)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(call)
        assert entered.wait(10)
        refused = lite.client.post("/v1/token/revocation", data={"token": "x"})
        health = lite.client.get("/healthz")
        leave.set()
        assert first.result().status_code == 200
    require_problem(refused, 503)
    assert int(refused.headers["retry-after"]) > 0
    assert health.status_code == 200


def test_database_locked_by_another_process_is_503(lite, monkeypatch):
    """Another connection holds SQLite's write lock: the request waits its time, then says so."""
    house = lite.app.state.house
    impatient = Database(str(house.database.url) + "?timeout=0.05")
    holder = impatient.engine.connect()
    holder.exec_driver_sql("SELECT 1")  # BEGIN IMMEDIATE
    try:
        house.database = impatient
        answer = lite.client.post("/v1/token/revocation", data={"token": "x"})
        require_problem(answer, 503)
    finally:
        holder.close()
        impatient.dispose()


@pytest.mark.parametrize("role", [Role.MANAGER], ids=str)
def test_reads_do_not_wait_for_writers(lite, role):
    with lite.database.writing() as session:
        session.add(Lender(name="Slow"))
        session.flush()
        answer = lite.client.get("/v1/branches", headers=lite.bearer(role))
    assert answer.status_code == 200
