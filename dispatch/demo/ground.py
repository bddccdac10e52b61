"""The ground of the demo city: a square drawing board bent into a landscape.

Everything is drawn on a board where u and v run from -1 to 1 and arterials are straight. `place`
bends the board smoothly (squares become rings, the river meanders) and without folds, so streets
that do not cross on the board do not cross in the city.
"""

from dataclasses import dataclass
from math import cos, exp, pi, radians, sin, sqrt
from typing import Self

from dispatch.demo.chance import stream

CENTRE_LAT, CENTRE_LON = 30.60, 119.90
HALF_WIDTH_M, HALF_HEIGHT_M = 5_850.0, 4_800.0
M_PER_DEGREE = 111_320.0
ROUNDNESS = 0.8  # 0 keeps squares, 1 turns the outermost square into a circle
MEANDER_M, MEANDER_REACH = 520.0, 0.42
RIVER_V = -0.1675


@dataclass(frozen=True, slots=True)
class Ground:
    """How the drawing board lies in the world: the phases of its bends."""

    phases: tuple[float, ...]

    @classmethod
    def of(cls, seed: int) -> Self:
        """Return the ground of this seed."""
        chance = stream(seed, "ground")
        return cls(tuple(chance.uniform(0, 2 * pi) for _ in range(6)))

    def place(self, u: float, v: float) -> tuple[float, float]:
        """Return (lat, lon), WGS-84 degrees, of a point on the board."""
        east_m, north_m = self._metres(u, v)
        lat = CENTRE_LAT + north_m / M_PER_DEGREE
        lon = CENTRE_LON + east_m / (M_PER_DEGREE * cos(radians(CENTRE_LAT)))
        return round(lat, 7), round(lon, 7)

    def _metres(self, u: float, v: float) -> tuple[float, float]:
        p = self.phases
        east = HALF_WIDTH_M * u * sqrt(1 - ROUNDNESS * v * v / 2)
        north = HALF_HEIGHT_M * v * sqrt(1 - ROUNDNESS * u * u / 2)
        east += 170 * sin(2.3 * v + 1.1 * u + p[0]) + 75 * sin(4.9 * v - 2.1 * u + p[1])
        north += 150 * sin(2.6 * u + 0.9 * v + p[2]) + 70 * sin(5.3 * u + 2.4 * v + p[3])
        near_river = exp(-(((v - RIVER_V) / MEANDER_REACH) ** 2))
        north += MEANDER_M * near_river * sin(1.35 * pi * u + p[4])
        north += 0.45 * MEANDER_M * near_river * sin(3.1 * pi * u + p[5])
        return east, north


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the metres between two (lat, lon) of the city; flat is exact enough at its size."""
    north = (a[0] - b[0]) * M_PER_DEGREE
    east = (a[1] - b[1]) * M_PER_DEGREE * cos(radians(CENTRE_LAT))
    return sqrt(north * north + east * east)
