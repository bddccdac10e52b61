"""The light map of any extract: what is drawn, what is left out, what can't be read."""

import json
from pathlib import Path

import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from dispatch.errors import RoadsUnavailable
from dispatch.gateways.roadmap import IMPORTANCE, roads_geojson_from_pbf

REAL = Path(__file__).parents[4] / "shared" / "osm"


def write(path, nodes, ways, relations=()):
    with osmium.SimpleWriter(str(path)) as writer:
        for number, (lon, lat) in nodes.items():
            writer.add_node(Node(id=number, location=(lon, lat)))
        for number, (refs, tags) in ways.items():
            writer.add_way(Way(id=number, nodes=refs, tags=tags))
        for number, (members, tags) in enumerate(relations, start=1):
            writer.add_relation(Relation(id=number, members=members, tags=tags))
    return path


def square(first, lon, lat, size):
    corners = [(lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size)]
    return dict(enumerate(corners, start=first)), [first, first + 1, first + 2, first + 3, first]


NODES = {1: (119.9, 30.6), 2: (119.91, 30.61), 3: (119.92, 30.615), 4: (119.93, 30.6)}


def test_a_road_keeps_its_class_names_and_direction(tmp_path):
    tags = {"highway": "primary", "name": "甲路", "name:en": "First Road", "oneway": "yes"}
    found = roads_geojson_from_pbf(write(tmp_path / "a.osm.pbf", NODES, {1: ([1, 2], tags)}))
    (road,) = found["features"]
    assert road["properties"] == {
        "kind": "road",
        "class": "primary",
        "name": "甲路",
        "name_en": "First Road",
        "oneway": 1,
    }
    assert road["geometry"] == {
        "type": "LineString",
        "coordinates": [[119.9, 30.6], [119.91, 30.61]],
    }
    assert found["bbox"] == [119.9, 30.6, 119.91, 30.61]


def test_coordinates_have_five_decimals_and_no_repeats(tmp_path):
    nodes = {1: (119.1234567, 30.7654321), 2: (119.1234568, 30.7654322), 3: (119.2, 30.8)}
    path = write(tmp_path / "a.osm.pbf", nodes, {1: ([1, 2, 3], {"highway": "service"})})
    (road,) = roads_geojson_from_pbf(path)["features"]
    assert road["geometry"]["coordinates"] == [[119.12346, 30.76543], [119.2, 30.8]]


def test_a_lake_with_an_island_is_a_polygon_with_a_hole(tmp_path):
    outer, shore = square(1, 119.9, 30.6, 0.01)
    inner, island = square(5, 119.903, 30.603, 0.002)
    members = [("w", 1, "outer"), ("w", 2, "inner")]
    tags = {"type": "multipolygon", "natural": "water", "name": "Lake"}
    path = write(
        tmp_path / "a.osm.pbf",
        outer | inner,
        {1: (shore, {}), 2: (island, {})},
        [(members, tags)],
    )
    (lake,) = roads_geojson_from_pbf(path)["features"]
    assert lake["properties"] == {"kind": "water", "class": "water", "name": "Lake"}
    assert lake["geometry"]["type"] == "Polygon"
    assert [len(ring) for ring in lake["geometry"]["coordinates"]] == [5, 5]


def test_what_is_no_map_feature_is_not_drawn(tmp_path):
    ways = {
        1: ([1, 2], {"highway": "proposed"}),
        2: ([1, 2], {"power": "line"}),
        3: ([1, 2], {"highway": "residential"}),
    }
    found = roads_geojson_from_pbf(write(tmp_path / "a.osm.pbf", NODES, ways))
    assert [f["properties"]["class"] for f in found["features"]] == ["residential"]


def test_past_the_limit_the_least_important_class_goes_whole(tmp_path):
    kinds = ["footway"] * 3 + ["primary"] * 2 + ["residential"] * 3
    ways = {n: ([1, 2], {"highway": kind}) for n, kind in enumerate(kinds, start=1)}
    path = write(tmp_path / "a.osm.pbf", NODES, ways)
    classes = lambda limit: [  # noqa: E731
        f["properties"]["class"] for f in roads_geojson_from_pbf(path, limit=limit)["features"]
    ]
    assert sorted(classes(8)) == sorted(kinds)
    assert sorted(classes(7)) == ["primary"] * 2 + ["residential"] * 3
    assert classes(4) == ["primary"] * 2
    assert classes(1) == ["primary"]
    assert roads_geojson_from_pbf(path, limit=4)["left_out"] == ["residential", "footway"]


def test_a_road_cut_at_the_edge_of_the_extract_keeps_what_is_there(tmp_path):
    ways = {1: ([1, 2, 99], {"highway": "primary"}), 2: ([4, 98], {"highway": "primary"})}
    (road,) = roads_geojson_from_pbf(write(tmp_path / "a.osm.pbf", NODES, ways))["features"]
    assert len(road["geometry"]["coordinates"]) == 2


def test_a_railway_that_leads_far_away_does_not_widen_the_box(tmp_path):
    nodes = NODES | {5: (121.5, 31.2)}
    ways = {1: ([1, 2, 3], {"highway": "primary"}), 2: ([1, 5], {"railway": "rail"})}
    found = roads_geojson_from_pbf(write(tmp_path / "a.osm.pbf", nodes, ways))
    assert {f["properties"]["kind"] for f in found["features"]} == {"road", "rail"}
    assert found["bbox"] == [119.9, 30.6, 119.92, 30.615]


def test_a_map_of_water_alone_has_a_box(tmp_path):
    nodes, shore = square(1, 119.9, 30.6, 0.5)
    path = write(tmp_path / "a.osm.pbf", nodes, {1: (shore, {"natural": "water"})})
    assert roads_geojson_from_pbf(path)["bbox"] == [119.9, 30.6, 120.4, 31.1]


def test_an_extract_without_anything_is_an_empty_map(tmp_path):
    found = roads_geojson_from_pbf(write(tmp_path / "a.osm.pbf", NODES, {}))
    assert found["features"] == []
    assert "bbox" not in found


@pytest.mark.parametrize("content", [None, b"", b"no map at all" * 100])
def test_what_is_no_extract_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "broken.osm.pbf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RoadsUnavailable, match=r"broken\.osm\.pbf can't be read") as caught:
        roads_geojson_from_pbf(path)
    assert caught.value.permanent


def test_a_truncated_extract_is_refused(tmp_path):
    whole = write(tmp_path / "a.osm.pbf", NODES, {1: ([1, 2], {"highway": "primary"})})
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(RoadsUnavailable):
        roads_geojson_from_pbf(cut)


@pytest.mark.parametrize("name", ["beijing-haidian-2017", "guixi-jiangxi-2025"])
def test_real_extracts_give_a_light_map(name):
    path = REAL / f"{name}.osm.pbf"
    if not path.exists():
        pytest.skip(f"SKIPPED: no {path.name} beside the repository")
    found = roads_geojson_from_pbf(path)
    west, south, east, north = found["bbox"]
    assert 100 < west < east < 130
    assert 20 < south < north < 45
    kinds = {feature["properties"]["kind"] for feature in found["features"]}
    assert {"road", "water", "park"} <= kinds
    assert {f["properties"]["class"] for f in found["features"]} <= set(IMPORTANCE)
    assert len(json.dumps(found, ensure_ascii=False)) < 1_000_000
