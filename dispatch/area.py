"""An area on the map or by name: whether a place lies in it; for what befalls many people at once."""

import hashlib
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dispatch.canonical import canonical

type Spot = tuple[float, float]
"""(lat, lon) in degrees, WGS-84."""

_EARTH_M: Final = 6_371_008.8
LARGEST_RADIUS_M: Final = 500_000
MOST_CORNERS: Final = 1_000
MOST_NAMES: Final = 50
_SHORTEST_NAME: Final = 2
_FEWEST_CORNERS: Final = 3
_POLE, _DATE_LINE = 90, 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A circle, a ring of corners, or names that an address holds; exactly one of the three.

    Parameters
    ----------
    center, radius_m
        Middle and radius of a circle, in metres.
    ring
        Corners of a polygon in their order; the last is joined to the first.
    names
        Postcodes, districts, streets, as addresses write them.

    Raises
    ------
    ValueError
        If it is none of the three, more than one, or one that can't be meant.
    """

    center: Spot | None = None
    radius_m: int = 0
    ring: tuple[Spot, ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.center is not None) + bool(self.ring) + bool(self.names) != 1:
            msg = "Name the area once: as a circle, as a polygon, or by names."
            raise ValueError(msg)
        for lat, lon in (*self.ring, *([self.center] if self.center else [])):
            if not (abs(lat) <= _POLE and abs(lon) <= _DATE_LINE):
                msg = "A corner lies outside the globe; latitude is -90 to 90, longitude -180 to 180."
                raise ValueError(msg)
        if self.center is not None and not 0 < self.radius_m <= LARGEST_RADIUS_M:
            msg = f"The radius must be between 1 m and {LARGEST_RADIUS_M // 1000} km."
            raise ValueError(msg)
        if self.ring and not _FEWEST_CORNERS <= len(set(self.ring)) <= MOST_CORNERS:
            msg = f"A polygon has {_FEWEST_CORNERS} to {MOST_CORNERS} different corners."
            raise ValueError(msg)
        if len(self.names) > MOST_NAMES or any(
            len(_folded(name)) < _SHORTEST_NAME for name in self.names
        ):
            msg = f"Give up to {MOST_NAMES} names of {_SHORTEST_NAME} letters at the least."
            raise ValueError(msg)

    @property
    def by_name(self) -> bool:
        """Whether addresses are asked, and not positions."""
        return bool(self.names)

    @property
    def fingerprint(self) -> str:
        """Return a hash that two areas share only if they are the same (SHA-256, hex)."""
        return hashlib.sha256(canonical(self.as_json()).encode()).hexdigest()

    def holds(self, spot: Spot | None, address: str | None) -> bool:
        """Whether a place lies inside; one of which nothing is known does not."""
        if self.names:
            text = _folded(address or "")
            return any(_folded(name) in text for name in self.names)
        if spot is None:
            return False
        if self.center is not None:
            return great_circle_m(self.center, spot) <= self.radius_m
        return _is_inside(spot, self.ring)

    def as_json(self) -> dict[str, Any]:
        """Return the area as plain values, positions as [lon, lat]."""
        if self.center is not None:
            return {"center": list(reversed(self.center)), "radius_m": self.radius_m}
        if self.ring:
            return {"ring": [[lon, lat] for lat, lon in self.ring]}
        return {"names": sorted({_folded(name) for name in self.names})}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> "Area":
        """Return the area of plain values.

        Raises
        ------
        ValueError
            If they are none.
        """
        center = told.get("center")
        return cls(
            center=(float(center[1]), float(center[0])) if center else None,
            radius_m=int(told.get("radius_m", 0)),
            ring=tuple((float(lat), float(lon)) for lon, lat in told.get("ring", ())),
            names=tuple(told.get("names", ())),
        )


def great_circle_m(a: Spot, b: Spot) -> int:
    """Return the metres between two places (lat, lon) along the globe (haversine)."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return round(2 * _EARTH_M * math.asin(math.sqrt(min(1.0, half))))


def _is_inside(spot: Spot, ring: Sequence[Spot]) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times; its edge counts as inside."""
    lat, lon = spot
    inside = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if _is_between(spot, (lat_a, lon_a), (lat_b, lon_b)):
            return True
        if (lat_a > lat) != (lat_b > lat):
            crossing = lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            inside ^= lon < crossing
    return inside


def _is_between(spot: Spot, a: Spot, b: Spot) -> bool:
    across = (b[0] - a[0]) * (spot[1] - a[1]) - (b[1] - a[1]) * (spot[0] - a[0])
    return (
        across == 0
        and min(a[0], b[0]) <= spot[0] <= max(a[0], b[0])
        and min(a[1], b[1]) <= spot[1] <= max(a[1], b[1])
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
