"""What every test shares: hypothesis profiles. Sockets, warnings and markers are set in pyproject.toml."""

import os

from hypothesis import HealthCheck, settings

# A deadline would fail on a busy machine, not on a defect.
settings.register_profile(
    "dev", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# ---- databases and clients: fixtures below this line -----------------------------------------

pytest_plugins = ["tests.support.databases", "tests.support.planning"]
