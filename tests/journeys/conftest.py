"""Fixtures: the service over a real street network, and a journey over estimated roads."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from dispatch.db import Database
from dispatch.gateways import osrm_data
from dispatch.settings import RoadsKind, Settings
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from tests.architecture.house import ROOT
from tests.journeys import rows
from tests.journeys.journey import Journey
from tests.journeys.service import MONDAY, Service, running
from tests.journeys.stated import statements_of

EXTRACTS = Path(os.environ.get("FAIRVISIT_TEST_OSM", ROOT.parent / "shared" / "osm"))


@pytest.fixture(params=["beijing-haidian-2017", "guixi-jiangxi-2025"])
def extract(request: pytest.FixtureRequest) -> Path:
    """A real street network; skipped, loudly, where it is absent."""
    path = EXTRACTS / f"{request.param}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"SKIPPED: no street extract {path.name} beside the project")
    if not osrm_data.is_installed():
        pytest.skip("SKIPPED: no OSRM wheel for this platform")
    return path


@pytest.fixture(scope="session")
def road_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the prepared networks lie, for all journeys."""
    return tmp_path_factory.mktemp("roads")


@pytest.fixture
def service(
    database: Database, vault: Vault, solver: Solver, extract: Path, road_folder: Path
) -> Iterator[Service]:
    settings = Settings(
        _env_file=None,
        data_folder=road_folder,
        roads=RoadsKind.OSRM,
        roads_file=extract,
        plan_seconds=2,
        plan_night_seconds=2,
    )
    with running(database, vault, solver, settings, at=MONDAY) as service:
        yield service


@pytest.fixture
def journey(
    sqlite_database: Database, vault: Vault, solver: Solver, tmp_path: Path
) -> Iterator[Journey]:
    """A service without a branch, on SQLite; the clock stands at MONDAY, 09:30 in China."""
    with _short(sqlite_database, vault, solver, tmp_path) as service:
        yield Journey(service)


@pytest.fixture
def journey_on_both(
    database: Database, vault: Vault, solver: Solver, tmp_path: Path
) -> Iterator[Journey]:
    """The same, once on SQLite and once on PostgreSQL."""
    with _short(database, vault, solver, tmp_path) as service:
        yield Journey(service)


def _short(
    database: Database, vault: Vault, solver: Solver, folder: Path
) -> AbstractContextManager[Service]:
    settings = Settings(_env_file=None, data_folder=folder, plan_seconds=1, plan_night_seconds=1)
    return running(database, vault, solver, settings, at=MONDAY)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Fail a test that passed, yet never reached a row that it states."""
    with rows.watched() as reached:
        done = yield
    name = pyfuncitem.originalname
    stated = {one.row_id for one in statements_of(pyfuncitem.path) if one.test == name}
    assert stated <= reached, f"never reached: {sorted(stated - reached)}"
    return done
