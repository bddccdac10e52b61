"""What is not road: the river, the lake, parks, woods and the railway."""

from collections.abc import Iterator
from math import atan2, cos, pi, sin

from dispatch.demo.blocks import within
from dispatch.demo.chance import stream
from dispatch.demo.fixtures import rows
from dispatch.demo.layout import Cell, Layout, Use
from dispatch.demo.network import Network

RIVER = {"name": "汀江", "name:zh": "汀江", "name:en": "Ting River"}
REACH = 1.16  # beyond the bounds, so that no end shows
STEPS = 120
WOODED = 0.35
BANK = 0.17  # share of the river's cell that is a green bank, on each side


def draw_scenery(network: Network, layout: Layout, seed: int) -> None:
    """Draw everything that is not road."""
    _draw_river(network, layout)
    _draw_railway(network, layout)
    _draw_parks(network, layout)
    _draw_woods(network, layout, seed)


def _draw_river(network: Network, layout: Layout) -> None:
    south = next(line.at for line in layout.rows if line.role == "south_bank")
    north = next(line.at for line in layout.rows if line.role == "north_bank")
    edge = BANK * (north - south)
    across = [REACH * (2 * step / STEPS - 1) for step in range(STEPS + 1)]
    swell = [edge * 0.5 * sin(9 * u + 1.3) for u in across]
    low = [(u, south + edge + s) for u, s in zip(across, swell, strict=True)]
    high = [(u, north - edge + s) for u, s in zip(across, swell, strict=True)]
    network.ring([*low, *reversed(high)], {"natural": "water", "water": "river", **RIVER})
    middle = [(u, (south + north) / 2) for u in across[::3]]
    network.line(middle, {"waterway": "river", **RIVER})
    limit = max(abs(line.at) for line in layout.columns)
    for bank, water in (((south + edge * 0.25), low), ((north - edge * 0.25), high)):
        inside = [(u, v) for u, v in water if abs(u) < limit]
        shore = [(u, bank) for u, _ in reversed(inside)]
        network.ring(
            [*inside, *shore],
            {"leisure": "park", "name": "滨江绿带", "name:en": "Riverside Green"},
        )


def _draw_railway(network: Network, layout: Layout) -> None:
    west = next(line.at for line in layout.columns if line.role == "rail_west")
    east = next(line.at for line in layout.columns if line.role == "rail_east")
    middle = [((west + east) / 2, REACH * (step / 20 - 1)) for step in range(41)]
    network.line(middle, {"railway": "rail", "name": "岚汀铁路", "name:en": "Lanting Railway"})


def _draw_parks(network: Network, layout: Layout) -> None:
    names = iter(rows("parks"))
    for cell, use in layout.uses.items():
        if use is Use.PARK:
            name = next(names)
            tags = {"leisure": "park", "name": name["name_zh"], "name:en": name["name_en"]}
            network.ring(_rim(layout, cell, 0.05), tags)
            if sum(cell) % 2 == 0 or name["name_zh"].startswith("岚湖"):
                _draw_lake(network, layout, cell)
            path = [within(layout, cell, *_blob(k, 0.38, cell[0])) for k in range(17)]
            network.line(path, {"highway": "footway"})
        elif use is Use.CORNER:
            green = [within(layout, cell, *_blob(k, 0.30, cell[1])) for k in range(16)]
            network.ring(green, {"landuse": "grass"})


def _draw_lake(network: Network, layout: Layout, cell: Cell) -> None:
    wobble = cell[0] * 1.7 + cell[1]
    shore = [within(layout, cell, *_blob(k, 0.24, wobble)) for k in range(16)]
    network.ring(shore, {"natural": "water", "water": "lake"})


def _blob(k: int, radius: float, wobble: float) -> tuple[float, float]:
    turn = k / 16 * 2 * pi
    length = radius * (1 + 0.16 * sin(2 * turn + wobble) + 0.08 * sin(3 * turn - wobble))
    return 0.5 + length * cos(turn), 0.5 + 0.85 * length * sin(turn)


def _rim(layout: Layout, cell: Cell, inset: float) -> Iterator[tuple[float, float]]:
    """Yield the outline of a cell, drawn in from its edges."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    for (s0, t0), (s1, t1) in zip(corners, corners[1:] + corners[:1], strict=True):
        for step in range(3):
            s, t = s0 + (s1 - s0) * step / 3, t0 + (t1 - t0) * step / 3
            yield within(layout, cell, inset + s * (1 - 2 * inset), inset + t * (1 - 2 * inset))


def _draw_woods(network: Network, layout: Layout, seed: int) -> None:
    """Cover about half of the outskirts, in stretches rather than cell by cell."""
    turn = stream(seed, "woods").uniform(0, 2 * pi)
    for (i, j), use in layout.uses.items():
        u, v = layout.crossings[i, j]
        if use is Use.EMPTY and sin(2 * atan2(v, u) + turn) > -WOODED:
            network.ring(_rim(layout, (i, j), 0.0), {"natural": "wood"})
