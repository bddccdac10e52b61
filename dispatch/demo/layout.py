"""The plan on the drawing board: arterial lines, what lies between them, where side streets join.

Columns and rows of arterials make cells. Four columns and four rows carry the two ring roads,
two rows are the river's banks with the river between them, two columns flank the railway.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import atan2, hypot, pi, sin
from random import Random

from dispatch.demo.chance import stream
from dispatch.demo.fixtures import rows as table
from dispatch.demo.ground import HALF_HEIGHT_M, HALF_WIDTH_M
from dispatch.demo.network import Name

type Cell = tuple[int, int]
type Edge = tuple[str, int, int]  # "h" to the next column or "v" to the next row, from (i, j)


class Use(StrEnum):
    """What a cell is used for."""

    CORE = "core"
    MIDDLE = "middle"
    EDGE = "edge"
    PARK = "park"
    CORNER = "corner"  # green, cut by the bend of a ring road
    RIVER = "river"
    RAIL = "rail"
    EMPTY = "empty"


BUILT = frozenset({Use.CORE, Use.MIDDLE, Use.EDGE})
BRIDGED = frozenset({"inner_ring", "outer_ring", "axis"})  # the roads that cross the river
SPACING_M = {Use.CORE: 165.0, Use.MIDDLE: 205.0, Use.EDGE: 330.0}


@dataclass(frozen=True, slots=True)
class Line:
    """One arterial from end to end of the board."""

    at: float
    road: str
    role: str
    name: Name


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring road: the columns and rows that it follows."""

    west: int
    east: int
    south: int
    north: int

    def corners(self) -> tuple[Cell, Cell, Cell, Cell]:
        """Return the cells that the ring's bends cut: SW, SE, NW, NE."""
        w, e, s, n = self.west, self.east - 1, self.south, self.north - 1
        return (w, s), (e, s), (w, n), (e, n)

    def has(self, edge: Edge) -> bool:
        """Tell whether the ring follows this edge (at its corners it bends off before)."""
        way, i, j = edge
        if way == "v":
            return i in {self.west, self.east} and self.south < j < self.north - 1
        return j in {self.south, self.north} and self.west < i < self.east - 1

    def holds(self, cell: Cell) -> bool:
        """Tell whether the cell lies within the ring."""
        return self.west <= cell[0] < self.east and self.south <= cell[1] < self.north


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole plan."""

    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    inner: Ring
    outer: Ring
    uses: dict[Cell, Use]
    crossings: dict[Cell, tuple[float, float]]
    tees: dict[Edge, tuple[float, ...]]

    def use(self, cell: Cell) -> Use:
        """Return what a cell is used for; beyond the board is empty."""
        return self.uses.get(cell, Use.EMPTY)

    def line(self, edge: Edge) -> Line:
        """Return the arterial that an edge belongs to."""
        return self.columns[edge[1]] if edge[0] == "v" else self.rows[edge[2]]

    def is_built(self, edge: Edge) -> bool:
        """Tell whether the arterial exists here."""
        line, sides = self.line(edge), {self.use(cell) for cell in beside(edge)}
        if sides == {Use.RIVER} or (Use.RIVER in sides and edge[0] == "v"):
            return line.role in BRIDGED
        if edge[0] == "h" and Use.RAIL in sides:
            return line.road != "tertiary" or self.outer.has(edge)
        if sides <= {Use.EMPTY, Use.RIVER, Use.RAIL}:
            return line.road == "primary"
        return True

    def is_limited(self, edge: Edge) -> bool:
        """Tell whether no side street may join here: the outer ring is an expressway."""
        return self.outer.has(edge)


def beside(edge: Edge) -> tuple[Cell, Cell]:
    """Return the cells on both sides of an edge."""
    way, i, j = edge
    return ((i - 1, j), (i, j)) if way == "v" else ((i, j - 1), (i, j))


def lay_out(seed: int) -> Layout:
    """Return the plan of this seed's city."""
    lines = table("arterials")
    columns = tuple(_line(row) for row in lines if row["axis"] == "column")
    rows = tuple(_line(row) for row in lines if row["axis"] == "row")
    inner, outer = _ring(columns, rows, "inner_ring"), _ring(columns, rows, "outer_ring")
    uses = _uses(columns, rows, inner, outer, stream(seed, "uses"))
    shape = stream(seed, "crossings")
    crossings = {
        (i, j): _crossing(column, row, shape)
        for i, column in enumerate(columns)
        for j, row in enumerate(rows)
    }
    tees = _tees(columns, rows, uses, stream(seed, "tees"))
    return Layout(columns, rows, inner, outer, uses, crossings, tees)


def _line(row: dict[str, str]) -> Line:
    return Line(float(row["at"]), row["class"], row["role"], Name(row["name_zh"], row["name_en"]))


def _ring(columns: tuple[Line, ...], rows: tuple[Line, ...], role: str) -> Ring:
    west, east = (i for i, line in enumerate(columns) if line.role == role)
    south, north = (j for j, line in enumerate(rows) if line.role == role)
    return Ring(west, east, south, north)


def _crossing(column: Line, row: Line, shape: Random) -> tuple[float, float]:
    """Return where two arterials cross: a little off the straight, save along river and rail."""
    east, north = shape.uniform(-0.011, 0.011), shape.uniform(-0.012, 0.012)
    u = column.at + (0.0 if column.role else east)
    v = row.at + (0.0 if row.role else north)
    return u, v


def _uses(
    columns: tuple[Line, ...], rows: tuple[Line, ...], inner: Ring, outer: Ring, chance: Random
) -> dict[Cell, Use]:
    turn = chance.uniform(0, 2 * pi)
    uses: dict[Cell, Use] = {}
    for i in range(len(columns) - 1):
        for j in range(len(rows) - 1):
            cell = (i, j)
            use = _fixed_use(cell, columns, rows, inner, outer)
            if use is None:
                u = (columns[i].at + columns[i + 1].at) / 2
                v = (rows[j].at + rows[j + 1].at) / 2
                use = _outskirts(u, v, turn, chance)
            uses[cell] = use
    for cell in _park_cells(uses, chance):
        uses[cell] = Use.PARK
    return uses


def _fixed_use(
    cell: Cell, columns: tuple[Line, ...], rows: tuple[Line, ...], inner: Ring, outer: Ring
) -> Use | None:
    """Return the use that follows from the arterials around the cell; None in the outskirts."""
    if rows[cell[1]].role == "south_bank":
        return Use.RIVER
    if columns[cell[0]].role == "rail_west":
        return Use.RAIL
    if cell in inner.corners() or cell in outer.corners():
        return Use.CORNER
    if inner.holds(cell):
        return Use.CORE
    return Use.MIDDLE if outer.holds(cell) else None


def _outskirts(u: float, v: float, turn: float, chance: Random) -> Use:
    """Let the city reach further out on three of its sides, with a frayed edge."""
    reach = 0.93 + 0.13 * sin(3 * atan2(v, u) + turn) + chance.uniform(-0.06, 0.06)
    return Use.EDGE if hypot(u, v) < reach else Use.EMPTY


def _park_cells(uses: dict[Cell, Use], chance: Random) -> list[Cell]:
    """Choose one cell of the core and five beyond it, well apart."""
    chosen = [chance.choice([cell for cell, use in uses.items() if use is Use.CORE])]
    others = [cell for cell, use in uses.items() if use is Use.MIDDLE]
    chance.shuffle(others)
    for cell in others:
        if all(abs(cell[0] - i) + abs(cell[1] - j) > 4 for i, j in chosen):  # noqa: PLR2004
            chosen.append(cell)
    return chosen[:6]


def _tees(
    columns: tuple[Line, ...], rows: tuple[Line, ...], uses: dict[Cell, Use], chance: Random
) -> dict[Edge, tuple[float, ...]]:
    """Choose where side streets meet each edge, as shares of its length."""
    tees: dict[Edge, tuple[float, ...]] = {}
    for i in range(len(columns)):
        for j in range(len(rows)):
            if i + 1 < len(columns):
                length_m = (columns[i + 1].at - columns[i].at) * HALF_WIDTH_M
                tees["h", i, j] = _shares(("h", i, j), length_m, uses, chance)
            if j + 1 < len(rows):
                length_m = (rows[j + 1].at - rows[j].at) * HALF_HEIGHT_M
                tees["v", i, j] = _shares(("v", i, j), length_m, uses, chance)
    return tees


def _shares(
    edge: Edge, length_m: float, uses: dict[Cell, Use], chance: Random
) -> tuple[float, ...]:
    near = [SPACING_M[u] for cell in beside(edge) if (u := uses.get(cell)) in SPACING_M]
    if not near:
        return ()
    count = max(1, round(length_m / min(near) - 1 + chance.uniform(-0.7, 0.7)))
    step = 1 / (count + 1)
    return tuple((k + 1 + chance.uniform(-0.2, 0.2)) * step for k in range(count))
