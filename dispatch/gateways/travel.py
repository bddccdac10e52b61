"""What a road service is asked and answers: points, a matrix of travel, and the protocol."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int32]
Metres = NDArray[np.int32]
Flags = NDArray[np.bool_]

PLACE_DECIMALS = 6
"""Two points that agree to this many decimals of a degree (0.1 m) are one place."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place on the ground, WGS-84 degrees."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and math.isfinite(self.lon)):
            msg = "a point needs two finite numbers of degrees"
            raise ValueError(msg)
        if abs(self.lat) > 90 or abs(self.lon) > 180:  # noqa: PLR2004
            msg = f"({self.lat}, {self.lon}) is no place: latitude is within ±90, longitude ±180"
            raise ValueError(msg)

    def place(self) -> "Point":
        """Return the place that this point is at, to 0.1 m."""
        # + 0.0 turns -0.0 into 0.0, which is the same place.
        return Point(round(self.lat, PLACE_DECIMALS) + 0.0, round(self.lon, PLACE_DECIMALS) + 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Travel from each of n points (row) to each (column).

    Parameters
    ----------
    durations_s : ndarray of int32, shape (n, n)
        Seconds; 0 on the diagonal, at least 1 between distinct places.
    distances_m : ndarray of int32, shape (n, n)
        Metres; 0 on the diagonal, at least 1 between distinct places.
    estimated : ndarray of bool, shape (n, n)
        True where the figure is a guess (great circle), not a way on the road network.
    source : str
        Which road service and which data gave it, for the plan's record.
    """

    durations_s: Seconds
    distances_m: Metres
    estimated: Flags
    source: str

    def __post_init__(self) -> None:
        shape = (len(self.durations_s),) * 2
        for table in (self.durations_s, self.distances_m, self.estimated):
            if table.shape != shape:
                msg = f"a travel matrix is square; got shapes {shape} and {table.shape}"
                raise ValueError(msg)
            table.setflags(write=False)

    def __len__(self) -> int:
        return len(self.durations_s)

    def pick(self, rows: Sequence[int]) -> "Matrix":
        """Return the matrix of the points at `rows`, in that order; a row may repeat."""
        grid = np.ix_(rows, rows)
        return Matrix(
            self.durations_s[grid], self.distances_m[grid], self.estimated[grid], self.source
        )


class Roads(Protocol):
    """Tells how long and how far it is between places, by road."""

    @property
    def data_set(self) -> str:
        """The identity of the data and the profile: part of cache keys and of plans."""
        ...

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Return the travel between all pairs of `points`; a pair without a way is estimated.

        Raises
        ------
        RoadsUnavailable
            If the service did not answer, or not with what was asked.
        """
        ...

    def geometry(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Return the line (lat, lon) of the way along `points` in their order, for a map.

        Raises
        ------
        RoadsUnavailable
            If the service did not answer, or not with what was asked.
        """
        ...

    def close(self) -> None:
        """Let go of processes and connections; it may be called twice."""
        ...
