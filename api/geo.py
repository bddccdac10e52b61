"""GeoJSON at the edge: [lon, lat], the roads of the map and the ways of crews."""

import gzip
import json
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from dispatch.gateways.roadmap import roads_geojson_from_pbf
from dispatch.model import Branch, Route
from dispatch.reporting.day import DaySeen
from dispatch.vault import Vault

GEOJSON: Final = "application/geo+json"

_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class RoadMap:
    """A drawn street map: GeoJSON, compressed, and the tag of the file it was drawn from."""

    packed: bytes
    tag: str

    @property
    def plain(self) -> bytes:
        """The GeoJSON itself."""
        return gzip.decompress(self.packed)


def road_map(path: Path) -> RoadMap:
    """Return the map of a street file; drawn once, and anew when the file has changed."""
    stat = path.stat()
    with _drawing:  # a second reader waits for the first one's map instead of drawing it again
        return _drawn(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _drawn(path: Path, changed_ns: int, size: int) -> RoadMap:
    text = json.dumps(roads_geojson_from_pbf(path), separators=(",", ":"), ensure_ascii=False)
    return RoadMap(gzip.compress(text.encode(), 6), f'"{changed_ns:x}-{size:x}"')


def way_of(vault: Vault, branch: Branch, route: Route) -> tuple[tuple[float, float], ...]:
    """Return a crew's way as (lon, lat); empty where none is known."""
    sealed = vault.read(branch, route, "geometry")
    return tuple((lon, lat) for lat, lon in json.loads(sealed)) if sealed else ()


def routes_geojson(seen: DaySeen, vault: Vault) -> bytes:
    """Return the ways of a plan's crews as a GeoJSON FeatureCollection."""
    features = []
    for route in seen.parts.routes:
        way = way_of(vault, seen.branch, route)
        geometry = {"type": "LineString", "coordinates": way} if len(way) > 1 else None
        features.append(
            {
                "type": "Feature",
                "id": str(route.id),
                "properties": {"crew": seen.crew_name(route), "travel_s": route.travel_s},
                "geometry": geometry,
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
