"""Travel without a map: great-circle distance, times a detour, over a usual speed."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.matrix import Matrix

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth in metres, as geopy uses it."""

DETOUR: Final = 1.3
"""How much longer than the straight line streets are, as a rule of thumb for towns."""

SPEED_M_S: Final = {"car": 30 / 3.6, "bike": 15 / 3.6, "foot": 5 / 3.6}
"""Usual speeds in towns, door to door, in metres a second."""


def estimate(coordinates: Sequence[tuple[float, float]], profile: str = "car") -> Matrix:
    """Estimate travel between places.

    Parameters
    ----------
    coordinates
        Latitude and longitude of each place, in degrees (WGS-84).
    profile
        ``car``, ``bike`` or ``foot``; any other name travels like a car.

    Returns
    -------
    Matrix
        Durations in seconds and distances in metres, both rounded up.
    """
    metres = np.ceil(great_circle_m(coordinates) * DETOUR)
    speed = SPEED_M_S.get(profile, SPEED_M_S["car"])
    return Matrix(
        durations=np.ceil(metres / speed).astype(np.int64), distances=metres.astype(np.int64)
    )


def great_circle_m(coordinates: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Great-circle distances between all places, in metres (haversine formula)."""
    lat, lon = np.radians(np.array(coordinates, dtype=np.float64).reshape(-1, 2)).T
    half_lat = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
    half_lon = np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    part = half_lat + np.cos(lat)[:, None] * np.cos(lat)[None, :] * half_lon
    distance: NDArray[np.float64] = (
        2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(part, 0.0, 1.0)))
    )
    return distance
