"""The two road servers: OSRM's `/table/v1` and Valhalla's `/sources_to_targets`, in their words."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dispatch.gateways.fetch import Call
from dispatch.gateways.roads_estimate import FAR_FROM_ROADS_M
from dispatch.gateways.roads_http import Block, HttpRoads, Table
from dispatch.gateways.travel import Point

_REFUSED = frozenset({400})
"""The status with which both say that they know no way."""


class OsrmHttpRoads(HttpRoads):
    """An OSRM server (osrm-routed, API v1)."""

    kind = "osrm-http"
    profiles = {"car": "driving", "bicycle": "cycling", "foot": "walking"}  # noqa: RUF012
    refusals = frozenset({"NoRoute", "NoSegment", "NoTable", "TooBig"})

    def _table_call(self, points: Sequence[Point], block: Block) -> Call:
        rows, columns = block
        sources = ";".join(map(str, range(len(rows))))
        destinations = ";".join(map(str, range(len(rows), len(rows) + len(columns))))
        places = _pairs([points[at] for at in (*rows, *columns)])
        return Call(
            f"{self._url}/table/v1/{self._profile}/{places}?annotations=duration,distance"
            f"&sources={sources}&destinations={destinations}",
            accept=_REFUSED,
        )

    def _table(self, answer: Any, rows: int, columns: int) -> tuple[Table, Table, Table] | None:
        if self._is_refused(answer):
            return None
        off_m = [place.get("distance", 0.0) for place in answer["sources"]]
        return (
            _grid(answer["durations"], rows, columns),
            _grid(answer["distances"], rows, columns),
            _grid([off_m], 1, rows)[0],
        )

    def _route_call(self, leg: Sequence[Point]) -> Call:
        query = "overview=full&geometries=geojson"
        url = f"{self._url}/route/v1/{self._profile}/{_pairs(leg)}?{query}"
        return Call(url, accept=_REFUSED)

    def _line(self, answer: Any) -> list[tuple[float, float]] | None:
        if self._is_refused(answer):
            return None
        line = answer["routes"][0]["geometry"]["coordinates"]
        return [(float(lat), float(lon)) for lon, lat in line]

    def _is_refused(self, answer: Any) -> bool:
        return answer.get("code") in self.refusals


class ValhallaHttpRoads(HttpRoads):
    """A Valhalla server."""

    kind = "valhalla-http"
    profiles = {"car": "auto", "foot": "pedestrian"}  # noqa: RUF012
    refusals = frozenset({150, 154, 170, 171, 442})
    """Too many places; too far; no way between them; no road near; no path."""

    def _table_call(self, points: Sequence[Point], block: Block) -> Call:
        rows, columns = block
        payload = {
            "sources": [_place(points[at]) for at in rows],
            "targets": [_place(points[at]) for at in columns],
            "costing": self._profile,
            "units": "kilometers",
            "verbose": True,
        }
        return Call(f"{self._url}/sources_to_targets", payload, accept=_REFUSED)

    def _table(self, answer: Any, rows: int, columns: int) -> tuple[Table, Table, Table] | None:
        if answer.get("error_code") in self.refusals:
            return None
        cells = answer["sources_to_targets"]
        kilometres = _grid([[cell["distance"] for cell in row] for row in cells], rows, columns)
        seconds = _grid([[cell["time"] for cell in row] for row in cells], rows, columns)
        return seconds, kilometres * 1000.0, np.zeros(rows)

    def _route_call(self, leg: Sequence[Point]) -> Call:
        payload = {"locations": [_place(point) for point in leg], "costing": self._profile}
        return Call(f"{self._url}/route", payload, accept=_REFUSED)

    def _line(self, answer: Any) -> list[tuple[float, float]] | None:
        if answer.get("error_code") in self.refusals:
            return None
        return [place for leg in answer["trip"]["legs"] for place in decoded(leg["shape"])]


def decoded(shape: str) -> list[tuple[float, float]]:
    """Return the (lat, lon) of an encoded polyline with six decimals.

    Raises
    ------
    ValueError
        If it breaks off.
    """
    numbers: list[int] = []
    value = shift = 0
    for letter in shape:
        five = ord(letter) - 63
        value |= (five & 0x1F) << shift
        shift += 5
        if five < 0x20:  # noqa: PLR2004
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if shift or len(numbers) % 2:
        msg = "the polyline breaks off"
        raise ValueError(msg)
    lats, lons = np.cumsum(numbers[0::2]) / 1e6, np.cumsum(numbers[1::2]) / 1e6
    return [(float(lat), float(lon)) for lat, lon in zip(lats, lons, strict=True)]


def _grid(rows: Any, height: int, width: int) -> Table:
    grid = np.array([[np.nan if cell is None else float(cell) for cell in row] for row in rows])
    if grid.shape != (height, width):
        msg = f"a table of {height} × {width} was asked, {grid.shape} came"
        raise ValueError(msg)
    return grid


def _pairs(points: Sequence[Point]) -> str:
    return ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in points)


def _place(point: Point) -> dict[str, float]:
    return {"lat": point.lat, "lon": point.lon, "search_cutoff": FAR_FROM_ROADS_M}
