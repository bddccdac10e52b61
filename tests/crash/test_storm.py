"""A database that is killed and fails under the senders loses no notice and doubles none; a share of `make crash`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

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
