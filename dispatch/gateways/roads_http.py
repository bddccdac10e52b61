"""Travel from a road server over HTTP: OSRM's `/table/v1`, Valhalla's `/sources_to_targets`."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import httpx
import numpy as np
from numpy.typing import NDArray

from dispatch.errors import RoadsUnavailable, SettingsInvalid
from dispatch.gateways.fetch import Call, FetchFailed, fetch, parsed
from dispatch.gateways.roads_estimate import FAR_FROM_ROADS_M, Estimate
from dispatch.gateways.travel import Matrix, Point

BLOCK = 50
"""Sources and destinations a request: 50 × 50 is within the servers' default limits."""

DEADLINE_S = 60.0
"""For a whole matrix."""

GEOMETRY_DEADLINE_S = 10.0

_TRIES = 2

Block = tuple[range, range]
Table = NDArray[np.float64]


class HttpRoads(ABC):
    """What both servers have in common: blocks, a total deadline, one retry, whole answers.

    Parameters
    ----------
    url : str
        The server's address, http or https.
    estimate : Estimate
        For pairs that the server finds no way between.
    profile : str
        car, bicycle, foot, or a name that the server knows.
    deadline_s : float
        For a whole matrix, retries included.
    block : int
        The most sources, and the most destinations, of one request.

    Raises
    ------
    SettingsInvalid
        If the address is none.
    """

    kind: ClassVar[str]
    profiles: ClassVar[dict[str, str]]

    def __init__(
        self,
        url: str,
        estimate: Estimate,
        *,
        profile: str = "car",
        deadline_s: float = DEADLINE_S,
        block: int = BLOCK,
    ) -> None:
        self._url = _address(url)
        self._estimate = estimate
        self._profile = self.profiles.get(profile, profile)
        self._deadline_s = deadline_s
        self._block = block

    @property
    def data_set(self) -> str:
        """The server's address (without credentials) and the profile; it tells no version."""
        place = httpx.URL(self._url)
        return f"{self.kind}:{place.netloc.decode()}{place.path.rstrip('/')}:{self._profile}"

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Return the travel between all pairs; pairs without a way, or off the map, are estimated.

        Raises
        ------
        RoadsUnavailable
            If the server did not answer in time, or not with a whole table.
        """
        n = len(points)
        if n < 2:  # noqa: PLR2004 - servers refuse a table of one
            return self._estimate.matrix(points, self.data_set)
        durations_s, distances_m, snapped_m = (
            np.full((n, n), np.nan),
            np.full((n, n), np.nan),
            np.zeros(n),
        )
        parts = [range(start, min(start + self._block, n)) for start in range(0, n, self._block)]
        blocks = [(rows, columns) for rows in parts for columns in parts]
        bodies = self._fetch(
            [self._table_call(points, block) for block in blocks], self._deadline_s
        )
        for (rows, columns), body in zip(blocks, bodies, strict=True):
            seconds, metres, off_m = self._read(self._table, body, len(rows), len(columns))
            durations_s[rows.start : rows.stop, columns.start : columns.stop] = seconds
            distances_m[rows.start : rows.stop, columns.start : columns.stop] = metres
            snapped_m[rows.start : rows.stop] = off_m
        return self._estimate.complete(
            points, durations_s, distances_m, self.data_set, snapped_m > FAR_FROM_ROADS_M
        )

    def geometry(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Return the way along the points; a leg without one is a straight line.

        Raises
        ------
        RoadsUnavailable
            As `matrix`.
        """
        if len(points) < 2:  # noqa: PLR2004
            return [(point.lat, point.lon) for point in points]
        legs = list(itertools.pairwise(points))
        calls = [self._route_call(leg) for leg in legs]
        line: list[tuple[float, float]] = []
        for leg, body in zip(legs, self._fetch(calls, GEOMETRY_DEADLINE_S), strict=True):
            line += self._read(self._line, body) or [(point.lat, point.lon) for point in leg]
        return line

    def close(self) -> None:  # noqa: B027 - a method to keep, not to override
        """Do nothing: connections last for one question."""

    @abstractmethod
    def _table_call(self, points: Sequence[Point], block: Block) -> Call: ...

    @abstractmethod
    def _table(self, answer: Any, rows: int, columns: int) -> tuple[Table, Table, Table]: ...

    @abstractmethod
    def _route_call(self, leg: Sequence[Point]) -> Call: ...

    @abstractmethod
    def _line(self, answer: Any) -> list[tuple[float, float]]: ...

    def _fetch(self, calls: Sequence[Call], deadline_s: float) -> list[bytes]:
        try:
            return fetch(calls, deadline_s=deadline_s, tries=_TRIES)
        except FetchFailed as error:
            msg = f"The road server {self.data_set} failed: {error}. See FAIRVISIT_ROADS_URL."
            raise RoadsUnavailable(msg, permanent=error.is_permanent) from error

    def _read[T](self, reader: Callable[..., T], body: bytes, *shape: int) -> T:
        try:
            return reader(parsed(body), *shape)
        except (FetchFailed, LookupError, TypeError, ValueError) as error:
            msg = f"The road server {self.data_set} answered with something else than was asked."
            raise RoadsUnavailable(msg) from error


class OsrmHttpRoads(HttpRoads):
    """An OSRM server (osrm-routed, API v1)."""

    kind = "osrm-http"
    profiles = {"car": "driving", "bicycle": "cycling", "foot": "walking"}  # noqa: RUF012

    def _table_call(self, points: Sequence[Point], block: Block) -> Call:
        rows, columns = block
        sources = ";".join(map(str, range(len(rows))))
        destinations = ";".join(map(str, range(len(rows), len(rows) + len(columns))))
        places = _pairs([points[at] for at in (*rows, *columns)])
        return Call(
            f"{self._url}/table/v1/{self._profile}/{places}?annotations=duration,distance"
            f"&sources={sources}&destinations={destinations}"
        )

    def _table(self, answer: Any, rows: int, columns: int) -> tuple[Table, Table, Table]:
        off_m = [place.get("distance", 0.0) for place in answer["sources"]]
        return (
            _grid(answer["durations"], rows, columns),
            _grid(answer["distances"], rows, columns),
            _grid([off_m], 1, rows)[0],
        )

    def _route_call(self, leg: Sequence[Point]) -> Call:
        query = "overview=full&geometries=geojson"
        return Call(f"{self._url}/route/v1/{self._profile}/{_pairs(leg)}?{query}")

    def _line(self, answer: Any) -> list[tuple[float, float]]:
        line = answer["routes"][0]["geometry"]["coordinates"]
        return [(float(lat), float(lon)) for lon, lat in line]


class ValhallaHttpRoads(HttpRoads):
    """A Valhalla server."""

    kind = "valhalla-http"
    profiles = {"car": "auto", "foot": "pedestrian"}  # noqa: RUF012

    def _table_call(self, points: Sequence[Point], block: Block) -> Call:
        rows, columns = block
        payload = {
            "sources": [_place(points[at]) for at in rows],
            "targets": [_place(points[at]) for at in columns],
            "costing": self._profile,
            "units": "kilometers",
            "verbose": True,
        }
        return Call(f"{self._url}/sources_to_targets", payload)

    def _table(self, answer: Any, rows: int, columns: int) -> tuple[Table, Table, Table]:
        cells = answer["sources_to_targets"]
        kilometres = _grid([[c["distance"] for c in row] for row in cells], rows, columns)
        seconds = _grid([[c["time"] for c in row] for row in cells], rows, columns)
        return seconds, kilometres * 1000.0, np.zeros(rows)

    def _route_call(self, leg: Sequence[Point]) -> Call:
        payload = {"locations": [_place(point) for point in leg], "costing": self._profile}
        return Call(f"{self._url}/route", payload)

    def _line(self, answer: Any) -> list[tuple[float, float]]:
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
    return {"lat": point.lat, "lon": point.lon}


def _address(url: str) -> str:
    try:
        place = httpx.URL(url)
    except httpx.InvalidURL:
        place = httpx.URL("")
    if place.scheme not in {"http", "https"} or not place.host or place.query or place.fragment:
        msg = "FAIRVISIT_ROADS_URL is no address; write one such as http://127.0.0.1:5000."
        raise SettingsInvalid(msg)
    return url.rstrip("/")
