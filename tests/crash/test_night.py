"""A night that is killed ends like one that is not; a share of `make crash`."""

from random import Random

import pytest

from tests.crash.gateway import DUMB, IDEMPOTENT
from tests.crash.harness import Played, Theatre

CHAINS = 8
"""Nights over which the points are dealt: each is killed once, one kill after another."""


def test_two_nights_without_a_crash_are_the_same(theatre: Theatre, twin: Played) -> None:
    again = theatre.play(DUMB)
    assert again.findings(twin) == []
    assert len(twin.sent) == 6
    assert len(set(twin.points)) >= 2 * 24


@pytest.mark.fault("A1", "A4", "N1", "N6", "R4")
@pytest.mark.parametrize("chain", range(CHAINS))
@pytest.mark.parametrize("profile", [IDEMPOTENT, DUMB])
def test_killed_at_every_point(profile: str, chain: int, theatre: Theatre, twin: Played) -> None:
    points = list(dict.fromkeys(twin.points))[chain::CHAINS]
    played = theatre.play(profile, kills=[(name, 1) for name in points])
    assert played.findings(twin) == []


@pytest.mark.fault("A1", "R4")
@pytest.mark.parametrize("chain", [0, 3])
def test_killed_at_every_point_on_postgresql(
    chain: int, theatre: Theatre, twin: Played, postgres_twin: Played
) -> None:
    points = list(dict.fromkeys(twin.points))[chain::CHAINS]
    kills = [(name, 1) for name in points]
    played = theatre.play(IDEMPOTENT, kills=kills, on_postgres=True)
    assert played.findings(postgres_twin) == []


@pytest.mark.fault("A2", "N2", "R1")
@pytest.mark.parametrize("seed", range(6))
def test_killed_at_random_instants(seed: int, theatre: Theatre, twin: Played) -> None:
    dice = Random(seed)
    kills = [dice.uniform(0.05, twin.seconds) for _ in range(dice.randint(1, 3))]
    played = theatre.play(dice.choice([IDEMPOTENT, DUMB]), kills=kills)
    assert played.findings(twin) == []
