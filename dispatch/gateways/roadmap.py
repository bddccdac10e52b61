"""A light map from any OpenStreetMap extract: roads, railways, water and parks as GeoJSON.

It lets the map pages work without a tile server. Data of real extracts is
© OpenStreetMap contributors (ODbL).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
from osmium.filter import KeyFilter
from osmium.osm import Area, Way

from dispatch.errors import RoadsUnavailable

# From the most to the least important; what does not fit the limit is dropped from the end.
IMPORTANCE = (
    "motorway", "trunk", "primary", "river", "water", "secondary", "rail", "motorway_link",
    "trunk_link", "primary_link", "tertiary", "park", "wood", "secondary_link", "unclassified",
    "residential", "tertiary_link", "living_street", "canal", "pedestrian", "grass", "stream",
    "service", "cycleway", "track", "footway", "path", "steps",
)  # fmt: skip
ROADS = frozenset(IMPORTANCE) - {
    "river", "water", "rail", "park", "wood", "canal", "grass", "stream"
}  # fmt: skip
AREAS = {
    ("natural", "water"): ("water", "water"),
    ("waterway", "riverbank"): ("water", "water"),
    ("landuse", "reservoir"): ("water", "water"),
    ("leisure", "park"): ("park", "park"),
    ("leisure", "garden"): ("park", "park"),
    ("natural", "wood"): ("park", "wood"),
    ("landuse", "forest"): ("park", "wood"),
    ("landuse", "grass"): ("park", "grass"),
}
KEYS = ("highway", "railway", "waterway", "natural", "leisure", "landuse")
DECIMALS = 5  # about a metre
MIN_RING = 4

type Point = tuple[float, float]


@dataclass(slots=True)
class _Shelf:
    """Features by class; past the limit the least important class is emptied for good."""

    limit: int
    features: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    count: int = 0

    def put(self, name: str, feature: dict[str, Any]) -> None:
        if name in self.dropped:
            return
        self.features.setdefault(name, []).append(feature)
        self.count += 1
        while self.count > self.limit:
            self._make_room()

    def _make_room(self) -> None:
        last = max(self.features, key=IMPORTANCE.index)
        if len(self.features) == 1:
            self.features[last].pop()
            self.count -= 1
        else:
            self.count -= len(self.features.pop(last))
        self.dropped.add(last)


def roads_geojson_from_pbf(path: Path, *, limit: int = 20_000) -> dict[str, Any]:
    """Return roads, railways, water and parks of an extract as a GeoJSON FeatureCollection.

    Parameters
    ----------
    path
        Any `.osm.pbf`.
    limit
        The most features returned; whole classes are left out, the least important first, and
        named under `left_out`.

    Returns
    -------
    dict
        `features` with the properties `kind` (road, rail, water, park), `class`, and `name`,
        `name_en`, `oneway`, `bridge` where known; `bbox` as [west, south, east, north]: the
        box that the file states, else where its streets are (absent when it has nothing). Coordinates are [lon, lat] in degrees with five decimals.

    Raises
    ------
    RoadsUnavailable
        The file is missing or is no OpenStreetMap extract.
    """
    shelf = _Shelf(limit)
    try:
        for name, feature in _read(path):
            shelf.put(name, feature)
        box = _header_box(path)
    except (OSError, RuntimeError) as error:
        raise RoadsUnavailable(
            f"The street map {path.name} can't be read ({error}); give a complete .osm.pbf file.",
            permanent=True,
        ) from error
    ordered = [f for name in reversed(IMPORTANCE) for f in shelf.features.get(name, [])]
    box = box or _box(ordered)
    return {
        "type": "FeatureCollection",
        **({"bbox": box} if box else {}),
        "left_out": sorted(shelf.dropped, key=IMPORTANCE.index),
        "features": ordered,
    }


def _read(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (class, feature) of everything worth drawing."""
    wanted = osmium.FileProcessor(str(path)).with_areas(KeyFilter(*KEYS))
    for thing in wanted.with_filter(KeyFilter(*KEYS)):
        if isinstance(thing, Way):
            yield from _way(thing)
        elif isinstance(thing, Area):
            yield from _area(thing)


def _way(way: Way) -> Iterator[tuple[str, dict[str, Any]]]:
    tags = way.tags
    road, water = tags.get("highway"), tags.get("waterway")
    if road in ROADS and tags.get("area") != "yes":
        kind, name = "road", road
    elif tags.get("railway") == "rail":
        kind, name = "rail", "rail"
    elif water in {"river", "canal", "stream"}:
        kind, name = "water", water
    else:
        return
    line = _line((node.lon, node.lat) for node in way.nodes if node.location.valid())
    if len(line) > 1:
        geometry = {"type": "LineString", "coordinates": line}
        yield name, _feature(kind, name, tags, geometry)


def _area(area: Area) -> Iterator[tuple[str, dict[str, Any]]]:
    found = next((AREAS[tag.k, tag.v] for tag in area.tags if (tag.k, tag.v) in AREAS), None)
    if found is None:
        return
    for outer in area.outer_rings():
        rings = [outer, *area.inner_rings(outer)]
        lines = [_line((n.lon, n.lat) for n in ring if n.location.valid()) for ring in rings]
        whole = [line for line in lines if len(line) >= MIN_RING and line[0] == line[-1]]
        if whole and whole[0] is lines[0]:
            geometry = {"type": "Polygon", "coordinates": whole}
            yield found[1], _feature(*found, area.tags, geometry)


def _feature(
    kind: str, name: str, tags: osmium.osm.TagList, geometry: dict[str, Any]
) -> dict[str, Any]:
    properties: dict[str, Any] = {"kind": kind, "class": name}
    for key, tag in (("name", "name"), ("name_en", "name:en")):
        if text := tags.get(tag):
            properties[key] = text
    if (one_way := tags.get("oneway")) in {"yes", "1", "true", "-1"}:
        properties["oneway"] = -1 if one_way == "-1" else 1
    if tags.get("bridge", "no") != "no":
        properties["bridge"] = True
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _line(points: Iterable[Point]) -> list[list[float]]:
    """Return rounded coordinates without repeats in a row."""
    line: list[list[float]] = []
    for lon, lat in points:
        point = [round(lon, DECIMALS), round(lat, DECIMALS)]
        if not line or line[-1] != point:
            line.append(point)
    return line


def _header_box(path: Path) -> list[float] | None:
    with osmium.io.Reader(str(path)) as reader:
        box = reader.header().box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    corners = (low.lon, low.lat, high.lon, high.lat)
    return [round(degrees, DECIMALS) for degrees in corners]


def _box(features: list[dict[str, Any]]) -> list[float] | None:
    """Return where the streets are; one point in a hundred is let go on each side.

    Extracts keep ways whole, so a railway or a motorway may lead far out of the area.
    """
    roads = [f for f in features if f["properties"]["kind"] == "road"]
    lines = [f["geometry"]["coordinates"] for f in roads]
    if not lines:
        lines = [line for f in features for line in _outline(f["geometry"])]
    lons = sorted(lon for line in lines for lon, _ in line)
    lats = sorted(lat for line in lines for _, lat in line)
    if not lons:
        return None
    spare = len(lons) // 100
    return [lons[spare], lats[spare], lons[-1 - spare], lats[-1 - spare]]


def _outline(geometry: dict[str, Any]) -> list[list[list[float]]]:
    is_line = geometry["type"] == "LineString"
    return [geometry["coordinates"]] if is_line else [geometry["coordinates"][0]]
