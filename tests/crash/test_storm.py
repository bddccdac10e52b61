"""A database that is killed and fails under the senders loses no notice and doubles none; a share of `make crash`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from api.app import create_app
from dispatch.access.passwords import Passwords
from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.model import Agency
from dispatch.settings import Settings
from dispatch.vault import Vault
from tests.crash.gateway import DUMB, IDEMPOTENT
from tests.crash.harness import Theatre
from tests.crash.storm import Cluster, Storm, weather


@pytest.fixture(scope="module")
def cluster(postgres_server: str) -> Iterator[Cluster]:
    """A PostgreSQL of its own."""
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="fairvisit-storm-")))
    yield cluster
    cluster.close()


@pytest.mark.fault("C1", "C2", "C12", "N1", "N2")
@pytest.mark.parametrize("profile", [IDEMPOTENT, DUMB])
def test_no_notice_is_lost_and_none_doubled(
    profile: str, cluster: Cluster, theatre: Theatre
) -> None:
    storm = Storm(profile, notices=200, lasts_s=5, kills_s=(1, 2))
    passed = weather(storm, cluster, theatre.gateway)
    assert passed.wrong == ()
    assert passed.kills >= 2
    assert passed.faults >= 10
    if profile == IDEMPOTENT:
        assert len(passed.sent) == 200
        assert passed.in_doubt == 0


@pytest.mark.fault("C12")
def test_what_was_said_to_be_committed_is_there_after_a_kill(cluster: Cluster) -> None:
    database = Database(cluster.fresh())
    for number in range(4):
        with database.writing("team") as session:
            session.add(Agency(name=f"Team {number}"))
        cluster.kill()
        database.dispose()
        with database.reading() as session:
            assert len(session.exec(select(Agency)).all()) == number + 1
    database.dispose()


@pytest.mark.fault("C1")
def test_the_web_says_that_the_database_is_away_and_is_well_when_it_is_back(
    cluster: Cluster, vault: Vault
) -> None:
    database = Database(cluster.fresh())
    quick = Passwords(time_cost=1, memory_kib=8, parallelism=1)
    settings = Settings(_env_file=None)
    app = create_app(settings, database=database, vault=vault, clock=SetClock(), passwords=quick)
    asked = {"grant_type": "password", "username": "nobody@example.org", "password": "x"}
    with TestClient(app) as client:
        assert client.post("/v1/token", data=asked).status_code == 401
        cluster.down()
        try:
            away = client.post("/v1/token", data=asked)
            assert (away.status_code, away.headers["retry-after"]) == (503, "3")
            assert away.json()["type"].endswith("database-busy")
        finally:
            cluster.up()
        assert client.post("/v1/token", data=asked).status_code == 401
    database.dispose()
