"""The side streets of the cells: slanting lines between the places where streets join."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from dispatch.demo.chance import stream
from dispatch.demo.layout import BUILT, Cell, Edge, Layout, Use
from dispatch.demo.naming import StreetNames
from dispatch.demo.network import Name, Network

GAPS = {Use.CORE: 0.08, Use.MIDDLE: 0.17, Use.EDGE: 0.20}  # share of pieces left out
STUBS, ONE_WAYS, NEW_NAMES = 0.65, 0.4, 0.3


@dataclass(slots=True)
class Street:
    """A street of one cell. It runs from share `low` of one side to share `high` of the other."""

    low: float
    high: float
    tees: tuple[tuple[Edge, int] | None, tuple[Edge, int] | None]
    is_through: bool
    stops: list[tuple[float, int]] = field(default_factory=list)  # (share along it, node)
    gaps: set[int] = field(default_factory=set)

    def pieces(self) -> Iterator[list[int]]:
        """Yield the runs of nodes between the gaps."""
        nodes = [node for _, node in sorted(self.stops)]
        start = 0
        for cut in [*sorted(self.gaps), len(nodes) - 1]:
            yield nodes[start : cut + 1]
            start = cut + 1


def draw_blocks(network: Network, layout: Layout, seed: int) -> None:
    """Fill every built cell with side streets."""
    chance, supply = stream(seed, "blocks"), StreetNames(seed)
    names: dict[tuple[Edge, int], Name] = {}
    for j in range(len(layout.rows) - 1):
        for i in range(len(layout.columns) - 1):
            if layout.use((i, j)) in BUILT:
                Block(network, layout, (i, j), chance, supply, names).draw()


def tee_node(network: Network, layout: Layout, tee: tuple[Edge, int]) -> int:
    """Return the node where a side street joins an arterial."""
    (way, i, j), k = tee
    (u0, v0) = layout.crossings[i, j]
    (u1, v1) = layout.crossings[(i + 1, j) if way == "h" else (i, j + 1)]
    share = layout.tees[way, i, j][k]
    return network.node(("tee", tee), u0 + (u1 - u0) * share, v0 + (v1 - v0) * share)


@dataclass(slots=True)
class Block:
    """One cell being filled."""

    network: Network
    layout: Layout
    cell: Cell
    chance: Random
    supply: StreetNames
    names: dict[tuple[Edge, int], Name]

    def draw(self) -> None:
        """Draw the cell's streets."""
        i, j = self.cell
        upright = self._streets(("h", i, j), ("h", i, j + 1))
        level = self._streets(("v", i, j), ("v", i + 1, j))
        self._cross(upright, level)
        for street in (*upright, *level):
            self._join(street)
        self._end_stubs("upright", upright, level)
        self._end_stubs("level", level, upright)
        streets = [street for street in (*upright, *level) if len(street.stops) > 1]
        one_ways = [street for street in streets if self._may_be_one_way(street)]
        self._leave_gaps([street for street in streets if street not in one_ways])
        for street in streets:
            self._write(street, is_one_way=street in one_ways)

    def _streets(self, low: Edge, high: Edge) -> list[Street]:
        """Pair the joints of two opposite sides; what has no partner becomes a stub."""
        lows, highs = self.layout.tees[low], self.layout.tees[high]
        count = min(len(lows), len(highs))
        lows_used = sorted(self.chance.sample(range(len(lows)), count))
        highs_used = sorted(self.chance.sample(range(len(highs)), count))
        streets = [
            Street(lows[a], highs[b], (self._tee(low, a), self._tee(high, b)), is_through=True)
            for a, b in zip(lows_used, highs_used, strict=True)
        ]
        for edge, shares, used in ((low, lows, lows_used), (high, highs, highs_used)):
            for k, share in enumerate(shares):
                tee = self._tee(edge, k)
                if k not in used and tee and self.chance.random() < STUBS:
                    ends = (tee, None) if edge == low else (None, tee)
                    streets.append(Street(share, share, ends, is_through=False))
        return streets

    def _tee(self, edge: Edge, k: int) -> tuple[Edge, int] | None:
        is_open = self.layout.is_built(edge) and not self.layout.is_limited(edge)
        return (edge, k) if is_open else None

    def _cross(self, upright: Sequence[Street], level: Sequence[Street]) -> None:
        """Set a node wherever two through streets cross."""
        for a, one in enumerate(upright):
            for b, other in enumerate(level):
                if one.is_through and other.is_through:
                    lean, rise = one.high - one.low, other.high - other.low
                    s = (one.low + lean * other.low) / (1 - lean * rise)
                    t = other.low + rise * s
                    node = self._inside(("cross", a, b), s, t)
                    one.stops.append((t, node))
                    other.stops.append((s, node))

    def _join(self, street: Street) -> None:
        for end, tee in enumerate(street.tees):
            if tee:
                street.stops.append((float(end), tee_node(self.network, self.layout, tee)))

    def _end_stubs(self, way: str, stubs: Sequence[Street], across: Sequence[Street]) -> None:
        """Lead each stub to the first street across its way, or let it end after a while."""
        through = [street for street in across if street.is_through]
        for number, stub in enumerate(stubs):
            if stub.is_through:
                continue
            from_low = stub.tees[0] is not None
            reached = [(s.low + (s.high - s.low) * stub.low, s) for s in through]
            if reached:
                pick = min if from_low else max
                share, street = pick(reached, key=lambda pair: pair[0])
            else:
                share, street = (0.45 if from_low else 0.55), None
            s, t = (stub.low, share) if way == "upright" else (share, stub.low)
            node = self._inside((way, number), s, t)
            stub.stops.append((share, node))
            if street:
                street.stops.append((stub.low, node))

    def _inside(self, key: tuple[object, ...], s: float, t: float) -> int:
        """Return the node at shares (s, t) of the cell."""
        return self.network.node(("in", self.cell, *key), *within(self.layout, self.cell, s, t))

    def _may_be_one_way(self, street: Street) -> bool:
        is_joined = street.is_through and all(street.tees)
        is_core = self.layout.use(self.cell) is Use.CORE
        return is_core and is_joined and self.chance.random() < ONE_WAYS

    def _leave_gaps(self, streets: Sequence[Street]) -> None:
        """Take out some pieces where nobody is left at a dead end by it."""
        rate = GAPS[self.layout.use(self.cell)]
        degree: Counter[int] = Counter()
        for street in streets:
            for a, b in pairwise(node for _, node in sorted(street.stops)):
                degree.update((a, b))
        for street in streets:
            nodes = [node for _, node in sorted(street.stops)]
            for k, (a, b) in enumerate(pairwise(nodes)):
                inner = 0 < k < len(nodes) - 2
                if inner and min(degree[a], degree[b]) > 2 and self.chance.random() < rate:  # noqa: PLR2004
                    street.gaps.add(k)
                    degree.subtract((a, b))

    def _write(self, street: Street, *, is_one_way: bool) -> None:
        road = "residential"
        if self.layout.use(self.cell) is Use.EDGE and self.chance.random() < 0.3:  # noqa: PLR2004
            road = "unclassified"
        elif not street.is_through:
            road = "living_street"
        name = self._name(street)
        more = {"oneway": self.chance.choice(["yes", "-1"])} if is_one_way else {}
        for nodes in street.pieces():
            self.network.road(nodes, road, name, **more)

    def _name(self, street: Street) -> Name:
        """Carry a street's name on across the arterial, most of the time."""
        first, last = street.tees
        name = self.names.get(first) if first else None
        if name is None or self.chance.random() < NEW_NAMES:
            name = self.supply.street() if street.is_through else self.supply.lane()
        for tee in (first, last):
            if tee:
                self.names.setdefault(tee, name)
        return name


def within(layout: Layout, cell: Cell, s: float, t: float) -> tuple[float, float]:
    """Return the board's point at shares s (eastwards) and t (northwards) of a cell."""
    i, j = cell
    corners = layout.crossings
    (u0, v0), (u1, v1) = corners[i, j], corners[i + 1, j]
    (u2, v2), (u3, v3) = corners[i, j + 1], corners[i + 1, j + 1]
    south, north = (1 - s) * (1 - t), (1 - s) * t
    u = south * u0 + s * (1 - t) * u1 + north * u2 + s * t * u3
    v = south * v0 + s * (1 - t) * v1 + north * v2 + s * t * v3
    return u, v
