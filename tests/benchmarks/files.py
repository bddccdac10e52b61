"""Published instance files: Solomon's format (also Gehring and Homberger's) and VRPLIB's.

Everything is kept in tenths, as the DIMACS challenge rounds: distance = floor(10 x euclid),
windows and service x 10.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SCALE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Customers:
    """A depot (index 0) and its customers; times and prizes in tenths."""

    vehicles: int
    capacity: int
    x: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)
    demand: np.ndarray = field(repr=False)
    ready: np.ndarray = field(repr=False)
    due: np.ndarray = field(repr=False)
    service: np.ndarray = field(repr=False)
    prize: np.ndarray | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.x)

    def matrix(self) -> np.ndarray:
        """Return the distances, which are the travel times, too."""
        squared = (self.x[:, None] - self.x) ** 2 + (self.y[:, None] - self.y) ** 2
        return np.floor(SCALE * np.sqrt(squared.astype(float))).astype(np.int64)


def read_customers(path: Path) -> Customers:
    """Read a file of either format; the suffix says which."""
    text = path.read_text()
    return parse_vrplib(text) if path.suffix == ".vrp" else parse_solomon(text)


def parse_solomon(text: str) -> Customers:
    """Read Solomon's format: the fleet, then one line of seven numbers a customer."""
    lines = [line.split() for line in text.splitlines()]
    rows = [[float(word) for word in line] for line in lines if line and _is_number(line[0])]
    vehicles, capacity = next(row for row in rows if len(row) == 2)
    table = np.array([row for row in rows if len(row) == 7])
    return Customers(
        vehicles=int(vehicles),
        capacity=int(capacity),
        x=table[:, 1],
        y=table[:, 2],
        demand=table[:, 3].astype(np.int64),
        ready=_tenths(table[:, 4]),
        due=_tenths(table[:, 5]),
        service=_tenths(table[:, 6]),
    )


def parse_vrplib(text: str) -> Customers:
    """Read a VRPTW or PCVRPTW file of VRPLIB's format."""
    heads: dict[str, str] = {}
    sections: dict[str, list[list[float]]] = {}
    rows: list[list[float]] = []
    for line in text.splitlines():
        words = line.replace(":", " : ").split()
        if not words or words[0] == "EOF":
            continue
        if ":" in words:
            heads[words[0]] = words[-1]
        elif _is_number(words[0]):
            rows.append([float(word) for word in words])
        else:
            rows = sections.setdefault(words[0], [])
    tables = {name: np.array(table) for name, table in sections.items() if name != "DEPOT_SECTION"}
    places = tables["NODE_COORD_SECTION"]
    windows = tables["TIME_WINDOW_SECTION"]
    service = np.full(len(places), float(heads["SERVICE_TIME"]))
    service[0] = 0
    prizes = tables.get("PRIZE_SECTION")
    return Customers(
        vehicles=int(heads.get("VEHICLES", len(places) - 1)),
        capacity=int(heads["CAPACITY"]),
        x=places[:, 1],
        y=places[:, 2],
        demand=tables["DEMAND_SECTION"][:, 1].astype(np.int64),
        ready=_tenths(windows[:, 1]),
        due=_tenths(windows[:, 2]),
        service=_tenths(service),
        prize=None if prizes is None else _tenths(prizes[:, 1]),
    )


def _tenths(values: np.ndarray) -> np.ndarray:
    return np.rint(SCALE * values).astype(np.int64)


def _is_number(word: str) -> bool:
    return word.lstrip("-").replace(".", "", 1).isdigit()
