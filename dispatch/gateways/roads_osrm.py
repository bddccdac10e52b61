"""Travel on the user's own extract: OSRM in a child process of this one."""

import itertools
import json
import logging
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dispatch.errors import RoadsUnavailable
from dispatch.gateways import osrm_data
from dispatch.gateways.child import Child, ChildFailed
from dispatch.gateways.roads_estimate import FAR_FROM_ROADS_M, Estimate
from dispatch.gateways.travel import Matrix, Point

log = logging.getLogger(__name__)

DEADLINE_S = 120.0
"""For one question; a table of 1000 × 1000 in a big city takes some ten seconds."""

_CHILD = Path(__file__).with_name("osrm_child.py")
_NO_ROUTE = {"NoRoute", "NoSegment"}


class OsrmRoads:
    """Embedded OSRM: prepares the extract when first asked, and answers from a child process.

    Parameters
    ----------
    extract : Path
        An `.osm.pbf` file.
    folder : Path
        Where data sets are kept, one folder each.
    estimate : Estimate
        For pairs without a way between them.
    profile : str
        A profile that comes with OSRM: car, bicycle or foot.
    deadline_s : float
        How long one question may take (preparation not counted).

    Raises
    ------
    SettingsInvalid
        If the extract can't be read or the profile is unknown.
    """

    def __init__(
        self,
        extract: Path,
        folder: Path,
        estimate: Estimate,
        *,
        profile: str = "car",
        deadline_s: float = DEADLINE_S,
    ) -> None:
        osrm_data.profile_file(profile)
        self._extract = extract
        self._folder = folder
        self._estimate = estimate
        self._profile = profile
        self._deadline_s = deadline_s
        self._key = osrm_data.data_set_key(extract, profile)
        self._starting = threading.Lock()
        self._child: Child | None = None
        self._failure: RoadsUnavailable | None = None

    @property
    def data_set(self) -> str:
        """The identity of the prepared data: the extract's hash, profile and OSRM's version."""
        return f"osrm:{self._key}"

    @property
    def pid(self) -> int | None:
        """The child process's number while it runs."""
        return self._child.pid if self._child else None

    def prepare(self) -> None:
        """Prepare the data set now rather than with the first question."""
        self._ready()

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Return the travel between all pairs; pairs without a way, or off the map, are estimated.

        Raises
        ------
        RoadsUnavailable
            If the extract can't be prepared, or the child fails twice running.
        """
        if len(points) < 2:  # noqa: PLR2004 - OSRM refuses a table of one
            return self._estimate.matrix(points, self.data_set)
        answer, body = self._ask("table", points)
        n = len(points)
        numbers = np.frombuffer(body, np.float32).astype(np.float64)
        if not answer["ok"] or numbers.size != n * n * 2 + n:
            msg = f"OSRM gave no table of {n} points: {answer.get('detail', 'wrong size')}."
            raise RoadsUnavailable(msg, permanent=True)
        durations_s, distances_m = numbers[: n * n * 2].reshape(2, n, n)
        off_map = numbers[n * n * 2 :] > FAR_FROM_ROADS_M
        return self._estimate.complete(points, durations_s, distances_m, self.data_set, off_map)

    def geometry(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Return the way along the points; a leg without one is a straight line.

        Raises
        ------
        RoadsUnavailable
            As `matrix`.
        """
        if len(points) < 2:  # noqa: PLR2004
            return [(point.lat, point.lon) for point in points]
        answer, _ = self._ask("route", points)
        if answer["ok"]:
            return [(lat, lon) for lon, lat in answer["line"]]
        if answer["code"] not in _NO_ROUTE:
            msg = f"OSRM gave no way along {len(points)} points: {answer['detail']}."
            raise RoadsUnavailable(msg, permanent=True)
        if len(points) == 2:  # noqa: PLR2004
            return [(point.lat, point.lon) for point in points]
        line: list[tuple[float, float]] = []
        for leg in itertools.pairwise(points):
            line += self.geometry(leg)
        return line

    def close(self) -> None:
        """End the child process."""
        with self._starting:
            if self._child is not None:
                self._child.close()
                self._child = None

    def _ask(self, what: str, points: Sequence[Point]) -> tuple[Mapping[str, Any], bytes]:
        child = self._ready()
        coordinates = [[point.lon, point.lat] for point in points]
        request = json.dumps({"do": what, "coordinates": coordinates}).encode()
        try:
            raw = child.ask(request, deadline_s=self._deadline_s)
        except ChildFailed as error:
            if error.timed_out:
                msg = f"The road process {error}; ask for fewer points at once."
                raise RoadsUnavailable(msg) from error
            log.warning("the road process %s; starting it once more", error)
            raw = self._ask_again(child, request)
        head, _, body = raw.partition(b"\n")
        return json.loads(head), body

    def _ask_again(self, child: Child, request: bytes) -> bytes:
        try:
            return child.ask(request, deadline_s=self._deadline_s)
        except ChildFailed as error:
            msg = f"The road process {error}, twice running; see whether memory is short."
            raise RoadsUnavailable(msg) from error

    def _ready(self) -> Child:
        with self._starting:
            if self._failure is not None:
                raise self._failure
            if self._child is None:
                try:
                    base = osrm_data.prepare(self._extract, self._profile, self._key, self._folder)
                except RoadsUnavailable as error:
                    # The same file won't prepare any better the next time.
                    self._failure = error if error.permanent else None
                    raise
                self._child = Child(_CHILD, [str(base)])
            return self._child
