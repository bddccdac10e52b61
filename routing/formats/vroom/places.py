"""Places of a request: matrix rows where matrices are given, coordinates where they are not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from routing.formats.vroom.document import Fields, Report, number
from routing.matrix import Matrix
from routing.travel import estimates

type LonLat = tuple[float, float]

_EDGE_LON, _EDGE_LAT = 180.0, 90.0

ESTIMATED = "Travel times are estimated from great-circle distances; no roads were used."


@dataclass(slots=True)
class Places:
    """Rows of the matrices, and the coordinates of those that have some.

    Parameters
    ----------
    has_matrices
        Whether the request brings matrices; then every place needs an index.
    coordinates
        `[lon, lat]` by row.
    """

    has_matrices: bool
    report: Report
    coordinates: dict[int, LonLat] = field(default_factory=dict)
    _rows: dict[LonLat, int] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Mapping[int, LonLat], has_matrices: bool, report: Report) -> "Places":
        """The places of a request that was read before, to which others are added."""
        return cls(has_matrices, report, dict(known), {spot: row for row, spot in known.items()})

    def take(self, fields: Fields, location: str, index: str) -> int | None:
        """The place named by a pair of keys, None where neither is given."""
        given_index, given_location = index in fields, location in fields
        row = fields.whole(index) if given_index else None
        spot = self.spot(fields.take(location), fields.at(location)) if given_location else None
        if self.has_matrices:
            return self._by_index(fields, row, spot, index, given_location)
        if spot is None:
            if given_index and not given_location:
                fields.report.add(
                    "location",
                    fields.at(index),
                    "points into matrices that are not given",
                    f"give {location} as [lon, lat], or matrices",
                )
            return 0 if given_index or given_location else None
        return self.row(spot)

    def row(self, spot: LonLat) -> int:
        """The row of coordinates, a new one where they are not known."""
        row = self._rows.setdefault(spot, len(self._rows))
        self.coordinates[row] = spot
        return row

    def _by_index(
        self, fields: Fields, row: int | None, spot: LonLat | None, index: str, given: bool
    ) -> int | None:
        if row is None and given:
            fields.report.add(
                "location",
                fields.at(index),
                "is missing beside matrices",
                "give the row of the place in the matrices",
            )
            return 0
        if row is not None and spot is not None:
            self.coordinates[row] = spot
        return row

    def spot(self, value: Any, pointer: str) -> LonLat | None:
        """Coordinates as longitude and latitude, None if they are not."""
        pair = [number(part) for part in value] if isinstance(value, list) else []
        if len(pair) != 2 or pair[0] is None or pair[1] is None:  # noqa: PLR2004
            self.report.add("location", pointer, "is not [lon, lat]", "give two finite numbers")
            return None
        lon, lat = pair[0], pair[1]
        if abs(lon) > _EDGE_LON or abs(lat) > _EDGE_LAT:
            self.report.add(
                "location",
                pointer,
                f"[{lon}, {lat}] is not on earth",
                "give longitude first, then latitude, in degrees",
            )
            return None
        return lon, lat

    def estimated(self, profiles: set[str]) -> dict[str, Matrix]:
        """Matrices from coordinates, one for each profile."""
        lat_lon = [
            (lat, lon)
            for _, (lon, lat) in sorted(self.coordinates.items(), key=lambda item: item[0])
        ]
        return estimates(lat_lon, sorted(profiles))
