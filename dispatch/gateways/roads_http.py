"""Travel from a road server over HTTP: blocks, islands, one retry, one total deadline."""

import itertools
import time
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
_MOST_ISLANDS = 12

Block = tuple[Sequence[int], Sequence[int]]
"""The rows and the columns of one request."""

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
    refusals: ClassVar[frozenset[Any]]

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
        if len(points) < 2:  # noqa: PLR2004 - servers refuse a table of one
            return self._estimate.matrix(points, self.data_set)
        sheet = _Sheet(points, time.monotonic() + self._deadline_s)
        if not self._ask(sheet, self._blocks(range(len(points)))):
            # One place off the map or on an island, and servers refuse a whole block.
            for island in self._islands(sheet):
                self._ask(sheet, self._blocks(island), halve=True)
        off_map = sheet.snapped_m > FAR_FROM_ROADS_M
        seconds, metres = sheet.tables
        return self._estimate.complete(points, seconds, metres, self.data_set, off_map)

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
            way = self._read(self._line, body)
            line += way or [(point.lat, point.lon) for point in leg]
        return line

    def close(self) -> None:  # noqa: B027 - a method to keep, not to override
        """Do nothing: connections last for one question."""

    @abstractmethod
    def _table_call(self, points: Sequence[Point], block: Block) -> Call: ...

    @abstractmethod
    def _table(
        self, answer: Any, rows: int, columns: int
    ) -> tuple[Table, Table, Table] | None: ...

    @abstractmethod
    def _route_call(self, leg: Sequence[Point]) -> Call: ...

    @abstractmethod
    def _line(self, answer: Any) -> list[tuple[float, float]] | None: ...

    def _blocks(self, at: Sequence[int]) -> list[Block]:
        parts = [at[start : start + self._block] for start in range(0, len(at), self._block)]
        return list(itertools.product(parts, parts))

    def _ask(self, sheet: "_Sheet", blocks: list[Block], *, halve: bool = False) -> bool:
        """Enter the answers to `blocks`; tell whether the server refused none of them.

        A refused block is halved, if asked to, until the refusal is left with the pairs that it
        is about.
        """
        is_whole = True
        while blocks:
            calls = [self._table_call(sheet.points, block) for block in blocks]
            bodies = self._fetch(calls, sheet.ends - time.monotonic())
            refused = []
            for block, body in zip(blocks, bodies, strict=True):
                told = self._read(self._table, body, len(block[0]), len(block[1]))
                if told is None:
                    refused.append(block)
                else:
                    sheet.enter(block, told)
            is_whole &= not refused
            blocks = [half for block in refused for half in _halves(block)] if halve else []
        return is_whole

    def _islands(self, sheet: "_Sheet") -> list[list[int]]:
        """Return the groups of places with ways between them, as far as they are soon found."""
        islands = []
        left = list(range(len(sheet.points)))
        for _ in range(_MOST_ISLANDS):
            if len(left) < 2:  # noqa: PLR2004
                break
            hub = left.pop(len(left) // 2)
            calls = [self._table_call(sheet.points, ([hub], [at])) for at in left]
            bodies = self._fetch(calls, sheet.ends - time.monotonic())
            near = {
                at
                for at, body in zip(left, bodies, strict=True)
                if (told := self._read(self._table, body, 1, 1)) and np.isfinite(told[0]).all()
            }
            if near:
                islands.append(sorted([hub, *near]))
            left = [at for at in left if at not in near]
        return islands

    def _fetch(self, calls: Sequence[Call], deadline_s: float) -> list[bytes]:
        try:
            return fetch(calls, deadline_s=max(deadline_s, 0.0), tries=_TRIES)
        except FetchFailed as error:
            msg = f"The road server {self.data_set} failed: {error}. See FAIRVISIT_ROADS_URL."
            raise RoadsUnavailable(msg, permanent=error.is_permanent) from error

    def _read[T](self, reader: Callable[..., T], body: bytes, *shape: int) -> T:
        try:
            return reader(parsed(body), *shape)
        except (FetchFailed, AttributeError, LookupError, TypeError, ValueError) as error:
            msg = f"The road server {self.data_set} answered with something else than was asked."
            raise RoadsUnavailable(msg) from error


class _Sheet:
    """The tables of one question, as they fill, and when it must be answered."""

    def __init__(self, points: Sequence[Point], ends: float) -> None:
        self.points = points
        self.ends = ends
        self.tables: Table = np.full((2, len(points), len(points)), np.nan)
        self.snapped_m: Table = np.zeros(len(points))

    def enter(self, block: Block, told: tuple[Table, Table, Table]) -> None:
        rows, columns = block
        place = np.ix_(rows, columns)
        self.tables[0][place], self.tables[1][place], self.snapped_m[list(rows)] = told


def _halves(block: Block) -> list[Block]:
    rows, columns = block
    if len(rows) == len(columns) == 1:
        return []
    if len(rows) >= len(columns):
        middle = len(rows) // 2
        return [(rows[:middle], columns), (rows[middle:], columns)]
    middle = len(columns) // 2
    return [(rows, columns[:middle]), (rows, columns[middle:])]


def _address(url: str) -> str:
    try:
        place = httpx.URL(url)
    except httpx.InvalidURL:
        place = httpx.URL("")
    if place.scheme not in {"http", "https"} or not place.host or place.query or place.fragment:
        msg = "FAIRVISIT_ROADS_URL is no address; write one such as http://127.0.0.1:5000."
        raise SettingsInvalid(msg)
    return url.rstrip("/")
