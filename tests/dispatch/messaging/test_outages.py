"""A gateway that fails: left alone, tried again with one message, and nothing is lost, doubled or late."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.gateways.breaker import Breakers
from dispatch.messaging.runner import resolve_lost
from dispatch.model import Incident, Notice, NoticeState, SendAttempt
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from tests.crash.gateway import DUMB, IDEMPOTENT, Gateway, SimulatedMessenger
from tests.dispatch.messaging.test_runner import Post, a_post
from tests.support import builders as make

RUN = "outage"
NOBODY_LISTENS = 9  # the port "discard"


@pytest.fixture
def gateway(tmp_path, socket_enabled) -> Iterator[Gateway]:
    """A gateway in a process of its own."""
    gateway = Gateway(tmp_path)
    yield gateway
    gateway.close()


def through(post: Post, port: int, profile: str = IDEMPOTENT, **given) -> Post:
    post.messenger = SimulatedMessenger(port, profile, RUN, timeout_s=1.0, **given)
    return post


def through_two_hours(post: Post, breakers: Breakers) -> Counter[str]:
    """Ring the sender and the resolver each minute of two hours."""
    came: Counter[str] = Counter()
    for _ in range(120):
        came.update(post.send(breakers=breakers))
        post.world.clock.advance(timedelta(minutes=1))
        resolve_lost(post.world.database, clock=post.world.clock, messenger=post.messenger)
    return came


@pytest.mark.fault("D1")
@pytest.mark.parametrize("fault", ["refused", "500", "429"])
@pytest.mark.parametrize("at_once", [1, 4])
def test_after_two_hours_of_outage_all_that_is_still_in_time_is_sent_once(
    fault: str,
    at_once: int,
    sqlite_database: Database,
    vault: Vault,
    solver: Solver,
    gateway: Gateway,
) -> None:
    post = a_post(sqlite_database, vault, solver, visits=6)
    breakers = Breakers()
    through(post, NOBODY_LISTENS if fault == "refused" else gateway.port, at_once=at_once)
    if fault != "refused":
        gateway.fails(RUN, fault)
    came = through_two_hours(post, breakers)
    assert came["sent"] == came["failed"] == came["replaced"] == 0
    assert len(post.rows(SendAttempt)) < 50  # 720 without a breaker
    assert [one.kind for one in post.rows(Incident)] == ["gateway-down"]
    assert gateway.counts(RUN) == {}

    gateway.fails(RUN, fault, times=0)
    through(post, gateway.port, at_once=at_once)
    for _ in range(20):
        post.send(breakers=breakers)
        post.world.clock.advance(timedelta(minutes=1))
        resolve_lost(sqlite_database, clock=post.world.clock, messenger=post.messenger)
    assert post.states() == [NoticeState.SENT] * 6
    assert sorted(gateway.counts(RUN).values()) == [1] * 6


@pytest.mark.fault("D1", "N3")
def test_what_is_too_late_after_an_outage_expires_and_is_never_sent(
    database: Database, vault: Vault, solver: Solver, gateway: Gateway
) -> None:
    post = through(a_post(database, vault, solver, visits=2), NOBODY_LISTENS)
    assert post.send() == {"later": 2}
    post.world.clock = SetClock(make.NOW + timedelta(days=4, hours=3))
    assert through(post, gateway.port).send() == {"expired": 2}
    assert gateway.counts(RUN) == {}


@pytest.mark.fault("D6")
def test_a_gateway_is_left_alone_for_as_long_as_it_asks(
    sqlite_database: Database, vault: Vault, solver: Solver, gateway: Gateway
) -> None:
    post = through(a_post(sqlite_database, vault, solver, visits=2), gateway.port)
    breakers = Breakers()
    gateway.fails(RUN, "429", times=1)
    assert post.send(breakers=breakers) == {"later": 1}
    post.world.clock.advance(timedelta(seconds=119))
    assert post.send(breakers=breakers) == {}
    post.world.clock.advance(timedelta(seconds=1))
    assert post.send(breakers=breakers) == {"sent": 2}


@pytest.mark.fault("D6")
def test_an_error_in_a_body_is_no_success(
    sqlite_database: Database, vault: Vault, solver: Solver, gateway: Gateway
) -> None:
    post = through(a_post(sqlite_database, vault, solver), gateway.port)
    gateway.fails(RUN, "error", times=1)
    assert post.send() == {"later": 1}
    assert gateway.counts(RUN) == {}


@pytest.mark.fault("D3", "D6", "N2")
@pytest.mark.parametrize("fault", ["drop", "cut"])
def test_a_lost_reply_is_looked_up_where_the_gateway_remembers(
    fault: str, database: Database, vault: Vault, solver: Solver, gateway: Gateway
) -> None:
    post = through(a_post(database, vault, solver), gateway.port)
    gateway.fails(RUN, fault, times=1)
    assert post.send() == {"sent": 1}
    assert list(gateway.counts(RUN).values()) == [1]
    assert [one.provider_id for one in post.rows(SendAttempt)] == ["sim-1"]


@pytest.mark.fault("D3", "N2")
@pytest.mark.parametrize("fault", ["drop", "cut", "500"])
def test_a_lost_reply_of_a_gateway_without_memory_goes_to_a_person(
    fault: str, database: Database, vault: Vault, solver: Solver, gateway: Gateway
) -> None:
    post = through(a_post(database, vault, solver), gateway.port, DUMB)
    gateway.fails(RUN, fault, times=1)
    assert post.send() == {"in doubt": 1}
    post.world.clock.advance(timedelta(hours=1))
    assert post.send() == {}
    assert post.states() == [NoticeState.UNKNOWN]
    assert sum(gateway.counts(RUN).values()) == (0 if fault == "500" else 1)


@pytest.mark.fault("D10", "N3")
@pytest.mark.parametrize(
    ("caps", "leave"),
    [
        ({"messages_branch_most": 3}, 3),
        ({"messages_cost_most": 0.25, "messages_email_cost": 0.05}, 5),
        ({"messages_cost_most": 0.25, "messages_sms_cost": 0.05}, 8),
    ],
    ids=["branch", "cost", "cost of others"],
)
@pytest.mark.parametrize("at_once", [1, 8])
def test_a_flood_stops_at_the_cap_and_somebody_is_told_once(
    caps: dict[str, float],
    leave: int,
    at_once: int,
    sqlite_database: Database,
    vault: Vault,
    solver: Solver,
    gateway: Gateway,
) -> None:
    post = through(
        a_post(sqlite_database, vault, solver, visits=8, **caps), gateway.port, at_once=at_once
    )
    for _ in range(20):
        post.send()
        post.world.clock.advance(timedelta(minutes=20))
    assert sum(gateway.counts(RUN).values()) == leave
    told = [one.kind for one in post.rows(Incident)]
    assert told == (["message-cap-reached"] if leave < 8 else [])
    post.world.clock.advance(timedelta(hours=24))
    post.send()
    assert sum(gateway.counts(RUN).values()) == min(8, 2 * leave)


@pytest.mark.fault("D10", "N3")
def test_nobody_gets_more_messages_in_a_day_than_the_fuse_permits(
    database: Database, vault: Vault, solver: Solver, gateway: Gateway
) -> None:
    post = through(a_post(database, vault, solver, messages_person_most=2), gateway.port)
    with database.writing() as session:
        first = session.exec(select(Notice)).one()
        for number in range(5):
            session.add(
                Notice(
                    **first.model_dump(
                        exclude={"id", "dedup_key", "token_hash", "token_sealed", "kind"}
                    ),
                    kind="apology",
                    dedup_key=f"loop-{number}",
                )
            )
        person = session.get(make.Person, first.person_id)
        body = vault.read(person, first, "body")
        session.flush()
        for notice in session.exec(select(Notice).where(Notice.id != first.id)):
            vault.write(person, notice, "body", body)
    for _ in range(10):
        post.send()
    assert sum(gateway.counts(RUN).values()) == 2
    assert [one.kind for one in post.rows(Incident)] == ["message-cap-reached"]
