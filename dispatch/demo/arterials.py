"""The arterials: two rings, radials, bridges over the river and over the railway."""

from collections.abc import Iterator
from itertools import groupby
from math import ceil, cos, pi, sin

from dispatch.demo.blocks import tee_node, within
from dispatch.demo.chance import stream
from dispatch.demo.fixtures import rows
from dispatch.demo.layout import BRIDGED, Edge, Layout, Ring, Use, beside
from dispatch.demo.network import Name, Network

INNER_RING = Name("内环路", "Inner Ring Road")
OUTER_RING = Name("外环快速路", "Outer Ring Expressway")
EXIT = 1.16  # how far the primary roads lead beyond the board
BENDS = 6
LONGEST = 0.4  # share of an edge that is drawn straight
CALMED = 0.3  # share of the minor arterials' edges that are no wider than a side street

type Style = tuple[str, Name, str]  # class, name, what is bridged


def draw_arterials(network: Network, layout: Layout, seed: int) -> None:
    """Draw every arterial; side streets must be there, since only used joints are drawn."""
    calmed = _calmed(layout, seed)
    for i in range(len(layout.columns)):
        _draw_line(network, layout, [("v", i, j) for j in range(len(layout.rows) - 1)], calmed)
    for j in range(len(layout.rows)):
        _draw_line(network, layout, [("h", i, j) for i in range(len(layout.columns) - 1)], calmed)
    _draw_bends(network, layout, layout.inner, "primary", INNER_RING)
    _draw_bends(network, layout, layout.outer, "trunk", OUTER_RING)


def _calmed(layout: Layout, seed: int) -> frozenset[Edge]:
    chance = stream(seed, "calmed")
    return frozenset(
        edge
        for edge in layout.tees
        if layout.line(edge).road == "tertiary"
        and not layout.line(edge).role
        and chance.random() < CALMED
    )


def _style(layout: Layout, edge: Edge, calmed: frozenset[Edge]) -> Style | None:
    if not layout.is_built(edge):
        return None
    line, sides = layout.line(edge), {layout.use(cell) for cell in beside(edge)}
    over = "river" if edge[0] == "v" and Use.RIVER in sides else ""
    if edge[0] == "h" and Use.RAIL in sides:
        over = "railway"
    if layout.outer.has(edge):
        return "trunk", OUTER_RING, over
    if layout.inner.has(edge):
        return "primary", INNER_RING, over
    return ("residential" if edge in calmed else line.road), line.name, over


def _draw_line(
    network: Network, layout: Layout, edges: list[Edge], calmed: frozenset[Edge]
) -> None:
    """Draw one column or row: a way for each run of edges of one style."""
    for style, run in groupby(edges, key=lambda edge: _style(layout, edge, calmed)):
        if style is None:
            continue
        road, name, over = style
        stretch = list(run)
        nodes = [node for edge in stretch for node in _nodes(network, layout, edge)]
        nodes.append(_crossing(network, layout, _far_end(stretch[-1])))
        more = {"bridge": "yes", "layer": "1"} if over else {}
        if over == "river":
            more |= _bridge_name(layout, stretch[0])
        if road == "primary" and stretch[0] == edges[0]:
            nodes.insert(0, _exit(network, layout, edges[0], -EXIT))
        if road == "primary" and stretch[-1] == edges[-1]:
            nodes.append(_exit(network, layout, _beyond(edges[-1]), EXIT))
        network.road(nodes, road, name, **more)


def _nodes(network: Network, layout: Layout, edge: Edge) -> Iterator[int]:
    """Yield an edge's nodes without its far end: the crossing, then the joints in use."""
    yield _crossing(network, layout, edge[1:])
    (u0, v0), (u1, v1) = layout.crossings[edge[1:]], layout.crossings[_far_end(edge)]
    shares = enumerate(layout.tees[edge])
    tees = [(share, k) for k, share in shares if network.has(("tee", (edge, k)))]
    before = 0.0
    for share, k in [*tees, (1.0, None)]:
        # Points on the way, so that a long stretch bends with the ground.
        pieces = ceil((share - before) / LONGEST)
        for piece in range(1, pieces):
            at = before + (share - before) * piece / pieces
            yield network.node(("bend", edge, k, piece), u0 + (u1 - u0) * at, v0 + (v1 - v0) * at)
        if k is not None:
            yield tee_node(network, layout, (edge, k))
        before = share


def _bridge_name(layout: Layout, edge: Edge) -> dict[str, str]:
    """Return the name of a bridge over the river, west to east as in the table."""
    roles = [column.role in BRIDGED for column in layout.columns]
    bridge = rows("bridges")[sum(roles[: edge[1]])]
    return {"bridge:name": bridge["name_zh"], "bridge:name:en": bridge["name_en"]}


def _far_end(edge: Edge) -> tuple[int, int]:
    way, i, j = edge
    return (i + 1, j) if way == "h" else (i, j + 1)


def _beyond(edge: Edge) -> Edge:
    return edge[0], *_far_end(edge)


def _crossing(network: Network, layout: Layout, crossing: tuple[int, int]) -> int:
    return network.node(("crossing", crossing), *layout.crossings[crossing])


def _exit(network: Network, layout: Layout, edge: Edge, reach: float) -> int:
    """Return the node where a primary road leaves the map."""
    u, v = layout.crossings[edge[1:]]
    return network.node(("exit", edge), *((u, reach) if edge[0] == "v" else (reach, v)))


def _draw_bends(network: Network, layout: Layout, ring: Ring, road: str, name: Name) -> None:
    """Round a ring's four corners, each with an arc through its corner cell."""
    for cell, (east, north) in zip(ring.corners(), [(0, 0), (1, 0), (0, 1), (1, 1)], strict=True):
        i, j = cell
        start, end = (i + east, j + 1 - north), (i + 1 - east, j + north)
        nodes = [_crossing(network, layout, start)]
        for step in range(1, BENDS):
            turn = step / BENDS * pi / 2
            s, t = 1 - cos(turn), 1 - sin(turn)
            board = within(layout, cell, 1 - s if east else s, 1 - t if north else t)
            nodes.append(network.node(("corner", road, cell, step), *board))
        nodes.append(_crossing(network, layout, end))
        network.road(nodes, road, name)
