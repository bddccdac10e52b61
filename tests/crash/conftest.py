"""The theatre: a stage that is built once, a gateway of its own, and the twin without a crash."""

from collections.abc import Iterator

import pytest

from tests.crash.gateway import IDEMPOTENT
from tests.crash.harness import Played, Theatre, a_theatre


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Theatre]:
    """A theatre on SQLite and PostgreSQL."""
    with a_theatre(tmp_path_factory.mktemp("theatre"), postgres_server) as theatre:
        yield theatre


@pytest.fixture(scope="session")
def twin(theatre: Theatre) -> Played:
    """A night without a crash, with every point that it passed."""
    return theatre.play(IDEMPOTENT, is_recorded=True)


@pytest.fixture(scope="session")
def postgres_twin(theatre: Theatre) -> Played:
    """The same on PostgreSQL."""
    return theatre.play(IDEMPOTENT, on_postgres=True)
