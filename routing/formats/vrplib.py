"""VRPLIB files: CVRP, VRPTW and the prize-collecting VRPTW.

With windows the whole numbers are those of DIMACS (see `routing.formats.instance`), without them an
arc is the nearest whole number, as TSPLIB's EUC_2D has it. Prizes make customers optional, and cost
what is not collected.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routing.formats.instance import Instance, Rounding, Stop, to_request
from routing.formats.lines import Lines
from routing.formats.request import Request
from routing.units import MAX_PLACES

_SECTIONS = {
    "NODE_COORD_SECTION": 2,
    "DEMAND_SECTION": 1,
    "BACKHAUL_SECTION": 1,
    "TIME_WINDOW_SECTION": 2,
    "SERVICE_TIME_SECTION": 1,
    "PRIZE_SECTION": 1,
}
"""Sections with a row for each place, and the numbers of a row after its index."""

_EUCLID = {"EUC_2D", "CEIL_2D"}
_TRIANGLES = {"FULL_MATRIX", "LOWER_ROW"}
_UNKNOWN_FLEET = (
    "The file names no number of vehicles; twice as many as the load needs were given."
)


def read_vrplib(text: str) -> Request:
    """A file as a problem.

    Raises
    ------
    InvalidProblem
        With every faulty line, and sections that are not served by name.
    """
    return to_request(parse_vrplib(text))


@dataclass
class _File:
    """Headers, and sections as rows of numbers."""

    lines: Lines
    heads: dict[str, str] = field(default_factory=dict)
    sections: dict[str, list[list[float]]] = field(default_factory=dict)

    def number(self, key: str) -> float | None:
        """A number in the header, None where it is not given."""
        if key not in self.heads:
            return None
        found = self.lines.numbers(0, self.heads[key], 1)
        return found[0] if found else None

    def column(self, section: str, size: int) -> list[list[float]] | None:
        """The numbers of each place in a section, None where it is not given."""
        rows = self.sections.get(section)
        if rows is None:
            return None
        width = _SECTIONS[section]
        if len(rows) != size or any(len(row) <= width for row in rows):
            told = f"{section} does not have {width + 1} numbers for each of {size} places"
            self.lines.add(None, told, "give one row for each place")
            return None
        if [row[0] for row in rows] != list(range(1, size + 1)):
            self.lines.add(None, f"{section} is not numbered from 1 on", "number the places")
            return None
        return [row[1:] for row in rows]


def parse_vrplib(text: str) -> Instance:
    """The instance that a file describes.

    Raises
    ------
    InvalidProblem
        With every faulty line.
    """
    file = _split(Lines(text))
    size = int(file.number("DIMENSION") or 0)
    if not 1 < size <= MAX_PLACES:
        file.lines.add(None, f"has DIMENSION {size}", f"give 2 to {MAX_PLACES} places")
    _refuse_unserved(file)
    file.lines.raise_if_any()
    stops, weights = _stops(file, size), _weights(file, size)
    rounding = _rounding(file)
    capacity = file.number("CAPACITY")
    vehicles = file.number("VEHICLES")
    longest, furthest = file.number("VEHICLES_MAX_DURATION"), file.number("VEHICLES_MAX_DISTANCE")
    file.lines.raise_if_any()
    return Instance(
        stops=stops,
        vehicles=int(vehicles) if vehicles is not None else _enough(stops, capacity),
        capacity=None if capacity is None else int(capacity),
        rounding=rounding,
        weights=weights,
        max_distance=furthest,
        max_duration=longest,
        notes=() if vehicles is not None else (_UNKNOWN_FLEET,),
    )


def _split(lines: Lines) -> _File:
    file, section = _File(lines), ""
    for number, line in lines.rows:
        word = line.split()[0].upper()
        if word == "EOF":
            break
        if word.rstrip(":").endswith("_SECTION"):
            section = word.rstrip(":")
            file.sections[section] = []
        elif ":" in line:
            key, value = line.split(":", 1)
            file.heads[key.strip().upper()] = value.strip()
            section = ""
        elif section and section not in _SKIPPED:
            row = lines.numbers(number, line)
            file.sections[section] += [row] if row is not None else []
        elif not section:
            lines.add(number, f"{line[:40]!r} stands in no section", "give `KEY : VALUE`")
    return file


_SKIPPED = {"DISPLAY_DATA_SECTION"}


def _refuse_unserved(file: _File) -> None:
    served = {*_SECTIONS, *_SKIPPED, "DEPOT_SECTION", "EDGE_WEIGHT_SECTION"}
    for section in file.sections.keys() - served:
        file.lines.add(None, f"has a {section}, which is not served", "leave it out")
    depots = [int(row[0]) for row in file.sections.get("DEPOT_SECTION", [[1.0]]) if row]
    if [depot for depot in depots if depot != -1] != [1]:
        file.lines.add(None, "does not have place 1 as its only depot", "give one depot, place 1")
    kind = file.heads.get("EDGE_WEIGHT_TYPE", "EUC_2D")
    form = file.heads.get("EDGE_WEIGHT_FORMAT", "FULL_MATRIX")
    if kind != "EXPLICIT" and kind not in _EUCLID:
        file.lines.add(None, f"has EDGE_WEIGHT_TYPE {kind}", "give EUC_2D, CEIL_2D or EXPLICIT")
    if kind == "EXPLICIT" and form not in _TRIANGLES:
        file.lines.add(None, f"has EDGE_WEIGHT_FORMAT {form}", "give FULL_MATRIX or LOWER_ROW")


def _stops(file: _File, size: int) -> tuple[Stop, ...]:
    columns = {name: file.column(name, size) for name in _SECTIONS}
    same = file.number("SERVICE_TIME") or 0.0
    if columns["NODE_COORD_SECTION"] is None and file.heads.get("EDGE_WEIGHT_TYPE") != "EXPLICIT":
        file.lines.add(None, "has no NODE_COORD_SECTION", "give each place its coordinates")
    windows = columns["TIME_WINDOW_SECTION"]
    one = _one_of(columns)
    return tuple(
        Stop(
            id=place,
            spot=_spot(columns["NODE_COORD_SECTION"], place),
            demand=int(one("DEMAND_SECTION", place, 0.0)),
            backhaul=int(one("BACKHAUL_SECTION", place, 0.0)),
            opens=windows[place][0] if windows else 0.0,
            closes=windows[place][1] if windows else None,
            service=one("SERVICE_TIME_SECTION", place, same if place else 0.0),
            prize=one("PRIZE_SECTION", place, 0.0) if columns["PRIZE_SECTION"] else None,
        )
        for place in range(size)
    )


def _one_of(columns: dict[str, list[list[float]] | None]) -> Callable[[str, int, float], float]:
    def one(section: str, place: int, default: float) -> float:
        rows = columns[section]
        return default if rows is None else rows[place][0]

    return one


def _spot(rows: list[list[float]] | None, place: int) -> tuple[float, float]:
    return (0.0, 0.0) if rows is None else (rows[place][0], rows[place][1])


def _rounding(file: _File) -> Rounding:
    if "TIME_WINDOW_SECTION" in file.sections:
        return "dimacs"
    return "up" if file.heads.get("EDGE_WEIGHT_TYPE") == "CEIL_2D" else "nearest"


def _weights(file: _File, size: int) -> NDArray[np.int64] | None:
    if file.heads.get("EDGE_WEIGHT_TYPE") != "EXPLICIT":
        return None
    full = file.heads.get("EDGE_WEIGHT_FORMAT", "FULL_MATRIX") == "FULL_MATRIX"
    told = np.array(
        [value for row in file.sections.get("EDGE_WEIGHT_SECTION", []) for value in row]
    )
    expected = size * size if full else size * (size - 1) // 2
    if len(told) != expected or (told != np.floor(told)).any() or (told < 0).any():
        file.lines.add(
            None,
            f"EDGE_WEIGHT_SECTION does not hold {expected} whole numbers",
            "give every distance as a whole number, 0 or more",
        )
        return None
    if full:
        return told.reshape(size, size).astype(np.int64)
    weights = np.zeros((size, size), dtype=np.int64)
    weights[np.tril_indices(size, -1)] = told.astype(np.int64)
    return weights + weights.T


def _enough(stops: tuple[Stop, ...], capacity: float | None) -> int:
    """Vehicles for a file that does not say how many: first fit needs less than twice the load."""
    if not capacity:
        return 1
    load = max(sum(stop.demand for stop in stops), sum(stop.backhaul for stop in stops))
    return min(len(stops) - 1, max(1, 2 * -(-load // int(capacity))))
