"""A street file of two roads, written as a real .osm.pbf."""

from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way

CORNERS = {1: (119.90, 30.60), 2: (119.91, 30.60), 3: (119.91, 30.61)}
"""Nodes by id, as (lon, lat)."""


def a_street_file(path: Path) -> Path:
    """Write the file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for node_id, place in CORNERS.items():
            writer.add_node(Node(id=node_id, location=place))
        writer.add_way(
            Way(id=1, nodes=[1, 2], tags={"highway": "primary", "name": "Lantern Road"})
        )
        writer.add_way(Way(id=2, nodes=[2, 3], tags={"highway": "residential"}))
    return path
