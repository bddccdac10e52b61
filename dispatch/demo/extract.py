"""Writes the drawn city as an OpenStreetMap extract (.osm.pbf)."""

from pathlib import Path

import osmium
from osmium.io import Header
from osmium.osm import Box, Location
from osmium.osm.mutable import Node
from osmium.osm.mutable import Way as OsmWay

from dispatch.demo.addresses import CITY, AddressPoint
from dispatch.demo.network import Network

type Box4 = tuple[float, float, float, float]  # west, south, east, north


def write_extract(
    path: Path, network: Network, addresses: tuple[AddressPoint, ...], box: Box4
) -> None:
    """Write nodes, address nodes and ways, in the order that the format asks for."""
    header = Header()
    header.add_box(Box(Location(box[0], box[1]), Location(box[2], box[3])))
    header.set("generator", "Fairvisit demo city (synthetic)")
    used = sorted({node for way in network.ways for node in way.nodes})
    ids = {node: number for number, node in enumerate(used, start=1)}
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for node, number in ids.items():
            lat, lon = network.places[node]
            writer.add_node(Node(id=number, version=1, location=(lon, lat)))
        for number, point in enumerate(addresses, start=len(ids) + 1):
            tags = _address_tags(point)
            writer.add_node(Node(id=number, version=1, location=(point.lon, point.lat), tags=tags))
        for number, way in enumerate(network.ways, start=1):
            refs = [ids[node] for node in way.nodes]
            writer.add_way(OsmWay(id=number, version=1, nodes=refs, tags=way.tags))


def _address_tags(point: AddressPoint) -> dict[str, str]:
    return {
        "addr:city": CITY.zh,
        "addr:district": point.district.name_zh,
        "addr:street": point.street.zh,
        "addr:street:en": point.street.en,
        "addr:housenumber": str(point.number),
    }
