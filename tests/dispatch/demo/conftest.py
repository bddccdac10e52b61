from pathlib import Path

import pytest

from dispatch.demo import fixtures
from dispatch.demo.city import City, build_city


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> City:
    return build_city(
        Path(tmp_path_factory.mktemp("city")) / "lanting.osm.pbf", seed=fixtures.seed()
    )
