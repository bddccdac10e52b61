"""Travel without a map: great-circle distance, times a detour, over a usual speed."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.matrix import Matrix, blank_table, closed

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth in metres, as geopy uses it."""

DETOUR: Final = 1.3
"""How much longer than the straight line streets are, as a rule of thumb for towns."""

SPEED_M_S: Final = {"car": 30 / 3.6, "bike": 15 / 3.6, "foot": 5 / 3.6}
"""Usual speeds in towns, door to door, in metres a second."""

_ROWS: Final = 256
"""Rows computed at a time: 4,400 places take 160 MB for the answer, not 1.2 GB on the way."""


def estimate(coordinates: Sequence[tuple[float, float]], profile: str = "car") -> Matrix:
    """Estimate travel between places by one profile, as `estimates` does."""
    return estimates(coordinates, [profile])[profile]


def estimates(
    coordinates: Sequence[tuple[float, float]], profiles: Iterable[str]
) -> dict[str, Matrix]:
    """Estimate travel between places.

    The metres are held once for all profiles, the seconds once for each speed.

    Parameters
    ----------
    coordinates
        Latitude and longitude of each place, in degrees (WGS-84).
    profiles
        ``car``, ``bike`` or ``foot``; any other name travels like a car.

    Returns
    -------
    dict of str to Matrix
        By profile: durations in seconds and distances in metres, both rounded up.
    """
    speed_of = {profile: SPEED_M_S.get(profile, SPEED_M_S["car"]) for profile in profiles}
    spots = np.radians(np.array(coordinates, dtype=np.float64).reshape(-1, 2))
    distances = blank_table(len(spots))
    durations = {speed: blank_table(len(spots)) for speed in speed_of.values()}
    for first in range(0, len(spots), _ROWS):
        rows = slice(first, first + _ROWS)
        metres = np.ceil(_haversine(spots[rows], spots) * DETOUR)
        distances[rows] = metres
        for speed, table in durations.items():
            table[rows] = np.ceil(metres / speed)
    for table in (distances, *durations.values()):
        closed(table)
    matrices = {speed: Matrix(table, distances) for speed, table in durations.items()}
    return {profile: matrices[speed] for profile, speed in speed_of.items()}


def great_circle_m(coordinates: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Great-circle distances between all places, in metres (haversine formula)."""
    spots = np.radians(np.array(coordinates, dtype=np.float64).reshape(-1, 2))
    return _haversine(spots, spots)


def _haversine(origins: NDArray[np.float64], goals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from each origin to each goal, latitudes and longitudes in radians."""
    half_lat = np.sin((origins[:, None, 0] - goals[None, :, 0]) / 2) ** 2
    half_lon = np.sin((origins[:, None, 1] - goals[None, :, 1]) / 2) ** 2
    part = half_lat + np.cos(origins[:, 0])[:, None] * np.cos(goals[:, 0])[None, :] * half_lon
    distance: NDArray[np.float64] = (
        2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(part, 0.0, 1.0)))
    )
    return distance
