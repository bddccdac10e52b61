"""Travel without a map: great circle × detour ÷ speed; and the same for the holes of a real one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.gateways.travel import Matrix, Point

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of WGS-84 (IUGG)."""

FASTEST_M_PER_S = 130 / 3.6
"""No car on a public road is planned faster: the floor under times between snapped points."""

FAR_FROM_ROADS_M = 1_000.0
"""A point snapped further than this is off the map; what the road service says of it is void."""

Degrees = NDArray[np.float64]
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """How a distance as the crow flies becomes a travel time.

    Parameters
    ----------
    speed_kmh : float
        Speed over the ground, stops included.
    detour : float
        How much longer the way is than the straight line.
    """

    speed_kmh: float = 24.0
    detour: float = 1.35

    def distances_m(self, crow_m: Table) -> Table:
        """Return the metres of way guessed for these metres of straight line."""
        return crow_m * self.detour

    def durations_s(self, crow_m: Table) -> Table:
        """Return the seconds of travel guessed for these metres of straight line."""
        return crow_m * self.detour / (self.speed_kmh / 3.6)

    def matrix(self, points: Sequence[Point], source: str) -> Matrix:
        """Return the matrix in which every pair of distinct places is a guess."""
        holes = np.full((len(points), len(points)), np.nan)
        return self.complete(points, holes, holes, source)

    def complete(
        self,
        points: Sequence[Point],
        durations_s: Table,
        distances_m: Table,
        source: str,
        off_map: NDArray[np.bool_] | None = None,
    ) -> Matrix:
        """Return a whole matrix from a road service's tables.

        A pair that the service gives no time or no distance for (NaN, infinite, negative), or
        with an end that is off its map, is estimated and flagged. The rest is kept, but never
        less than the straight line at the speed of a motorway: a service measures between the
        points it snapped to, so that two houses snapped to one junction come back 0 s apart.

        Parameters
        ----------
        points : sequence of Point
            The n points.
        durations_s, distances_m : ndarray of float, shape (n, n)
            As the service gave them; NaN where it gave nothing.
        source : str
            See `Matrix`.
        off_map : ndarray of bool, shape (n,), optional
            True where the service knows no road near the point.
        """
        crow_m = great_circles_m(points)
        known = np.isfinite(durations_s) & np.isfinite(distances_m)
        with np.errstate(invalid="ignore"):
            known &= (durations_s >= 0) & (distances_m >= 0)
        if off_map is not None:
            known &= ~(off_map[:, None] | off_map[None, :])
        seconds = np.where(
            known, np.maximum(durations_s, crow_m / FASTEST_M_PER_S), self.durations_s(crow_m)
        )
        metres = np.where(known, np.maximum(distances_m, crow_m), self.distances_m(crow_m))
        same = same_places(points)
        return Matrix(_whole(seconds, same), _whole(metres, same), ~known & ~same, source)


class EstimateRoads:
    """The road service of last resort: it needs no data and never fails."""

    def __init__(self, estimate: Estimate) -> None:
        self._estimate = estimate

    @property
    def data_set(self) -> str:
        """The identity of the guess: its speed and detour."""
        return f"estimate:{self._estimate.speed_kmh:g}kmh:x{self._estimate.detour:g}"

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Return the guessed travel between all pairs, flagged as estimated."""
        return self._estimate.matrix(points, self.data_set)

    def geometry(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Return the straight line along the points."""
        return [(point.lat, point.lon) for point in points]

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def great_circles_m(points: Sequence[Point]) -> Table:
    """Return the great-circle metres between all pairs (haversine), shape (n, n)."""
    lat, lon = _degrees(points)
    lat, lon = np.radians(lat), np.radians(lon)
    half = (
        np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
        + np.cos(lat)[:, None]
        * np.cos(lat)[None, :]
        * np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    )
    metres: Table = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return metres


def same_places(points: Sequence[Point]) -> NDArray[np.bool_]:
    """Return True where two points are one place, shape (n, n)."""
    lat, lon = _degrees([point.place() for point in points])
    same: NDArray[np.bool_] = (lat[:, None] == lat[None, :]) & (lon[:, None] == lon[None, :])
    return same


def _degrees(points: Sequence[Point]) -> tuple[Degrees, Degrees]:
    return (
        np.array([point.lat for point in points], dtype=np.float64),
        np.array([point.lon for point in points], dtype=np.float64),
    )


def _whole(values: Table, same: NDArray[np.bool_]) -> NDArray[np.int32]:
    limit = np.iinfo(np.int32).max
    whole = np.clip(np.rint(values), 1, limit).astype(np.int32)
    whole[same] = 0
    return whole
