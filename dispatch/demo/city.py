"""Lanting (岚汀市), the synthetic city of the demo: streets, river, addresses, as a real extract."""

from dataclasses import dataclass
from math import cos, radians
from pathlib import Path
from typing import Any

from dispatch.demo.addresses import AddressPoint, District, districts, number_houses
from dispatch.demo.arterials import draw_arterials
from dispatch.demo.blocks import draw_blocks
from dispatch.demo.extract import Box4, write_extract
from dispatch.demo.ground import CENTRE_LAT, M_PER_DEGREE, Ground
from dispatch.demo.layout import lay_out
from dispatch.demo.network import Network
from dispatch.demo.scenery import draw_scenery
from dispatch.gateways.roadmap import roads_geojson_from_pbf

MARGIN_M = 300.0
TIME_ZONE = "Asia/Shanghai"
DEPOT = (0.02, 0.095)  # on the board: near where the two great avenues cross


@dataclass(frozen=True, slots=True)
class City:
    """A city of the demo, written to `path`.

    Attributes
    ----------
    path
        The `.osm.pbf` it was written to.
    bounds
        West, south, east, north in WGS-84 degrees.
    depot
        The address where crews start and end.
    """

    path: Path
    seed: int
    bounds: Box4
    districts: tuple[District, ...]
    addresses: tuple[AddressPoint, ...]
    depot: AddressPoint
    name_zh: str = "岚汀市"
    name_en: str = "Lanting"
    time_zone: str = TIME_ZONE


def build_city(path: Path, *, seed: int) -> City:
    """Draw the city of this seed and write it to `path` as an `.osm.pbf`, replacing the file."""
    ground, layout = Ground.of(seed), lay_out(seed)
    network = Network(ground)
    draw_blocks(network, layout, seed)
    draw_arterials(network, layout, seed)
    draw_scenery(network, layout, seed)
    network.keep_the_reachable()
    parts = districts(ground)
    addresses = number_houses(network, parts)
    box = _bounds(addresses)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_extract(path, network, addresses, box)
    lat, lon = ground.place(*DEPOT)
    depot = min(addresses, key=lambda a: (a.lat - lat) ** 2 + (a.lon - lon) ** 2)
    return City(path, seed, box, parts, addresses, depot)


def roads_geojson(city: City) -> dict[str, Any]:
    """Return the city's roads, water and parks as a FeatureCollection for the map."""
    return roads_geojson_from_pbf(city.path)


def _bounds(addresses: tuple[AddressPoint, ...]) -> Box4:
    """Return the box around all houses; river, railway and main roads lead out of it."""
    lats, lons = [home.lat for home in addresses], [home.lon for home in addresses]
    high = MARGIN_M / M_PER_DEGREE
    wide = high / cos(radians(CENTRE_LAT))
    box = (min(lons) - wide, min(lats) - high, max(lons) + wide, max(lats) + high)
    west, south, east, north = (round(degrees, 6) for degrees in box)
    return west, south, east, north
