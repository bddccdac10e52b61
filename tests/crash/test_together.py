"""The machine goes down with the program and its database: once both are back, the night ends as if nothing had been."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.crash.gateway import DUMB, IDEMPOTENT
from tests.crash.harness import Played, Theatre, a_theatre, let_leases_run_out, start
from tests.crash.storm import Cluster

DOWNS_EVERY = 16
"""At each sixteenth point of the night both go down, one time after another."""


@pytest.fixture(scope="module")
def cluster(postgres_server: str) -> Iterator[Cluster]:
    """A PostgreSQL of its own."""
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="fairvisit-together-")))
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def stage(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A theatre on that PostgreSQL."""
    with psycopg.connect(cluster.uri, autocommit=True) as connection:
        connection.execute("CREATE DATABASE fairvisit_template")
    with a_theatre(tmp_path_factory.mktemp("together"), cluster.uri) as stage:
        yield stage


@pytest.fixture(scope="module")
def whole(stage: Theatre) -> Played:
    """A night in which nothing goes down."""
    return stage.play(IDEMPOTENT, on_postgres=True, is_recorded=True)


@pytest.mark.fault("A10")
@pytest.mark.parametrize("profile", [IDEMPOTENT, DUMB])
def test_when_both_are_back_the_night_ends_as_if_nothing_had_been(
    profile: str, stage: Theatre, cluster: Cluster, whole: Played
) -> None:
    plot = stage.a_plot(profile, on_postgres=True)
    points = list(dict.fromkeys(whole.points))[5::DOWNS_EVERY]
    for point in points:
        assert not start(plot, (point, 1)), f"it did not go down at {point}"
        cluster.kill()
        let_leases_run_out(plot.url)
    assert start(plot, None)
    assert stage.looked_at(plot, kills=len(points)).findings(whole) == []
    assert len(points) >= 4
