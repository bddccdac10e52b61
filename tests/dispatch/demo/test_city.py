"""The demo city: the same every time, a place one can drive in, with houses on dry ground."""

from collections import Counter, defaultdict
from itertools import pairwise
from math import cos, radians
from random import Random

import osmium
import pytest

from dispatch.demo.city import build_city, roads_geojson
from dispatch.gateways import osrm_data
from dispatch.gateways.roads_estimate import Estimate
from dispatch.gateways.roads_osrm import OsrmRoads
from dispatch.gateways.travel import Point

DRIVEN = {
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
}


def read_back(path):
    """Return the file's nodes (lat, lon) and ways (nodes, tags) by id."""
    nodes, ways = {}, {}
    for thing in osmium.FileProcessor(str(path)):
        if thing.is_node():
            nodes[thing.id] = (thing.location.lat, thing.location.lon)
        elif thing.is_way():
            ways[thing.id] = ([n.ref for n in thing.nodes], dict(thing.tags))
    return nodes, ways


def arcs(ways):
    """Yield (from, to) for each direction that a car may drive."""
    for nodes, tags in ways.values():
        if tags.get("highway") in DRIVEN:
            for a, b in pairwise(nodes):
                if tags.get("oneway") != "-1":
                    yield a, b
                if tags.get("oneway") != "yes":
                    yield b, a


def reached(start, links):
    seen, todo = {start}, [start]
    while todo:
        for node in links[todo.pop()]:
            if node not in seen:
                seen.add(node)
                todo.append(node)
    return seen


def is_inside(lon, lat, ring):
    inside = False
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0):
            inside = not inside
    return inside


def test_the_same_seed_writes_the_same_bytes(city, tmp_path):
    again = build_city(tmp_path / "again.osm.pbf", seed=city.seed)
    assert again.path.read_bytes() == city.path.read_bytes()
    assert (again.addresses, again.depot, again.bounds) == (
        city.addresses,
        city.depot,
        city.bounds,
    )


def test_another_seed_draws_another_city(city, tmp_path):
    other = build_city(tmp_path / "other.osm.pbf", seed=city.seed + 1)
    assert read_back(other.path) != read_back(city.path)


@pytest.mark.parametrize("seed", [0, 1, 2, 7, 20, 2026])
def test_a_car_gets_from_every_road_to_every_other(seed, tmp_path):
    _, ways = read_back(build_city(tmp_path / "city.osm.pbf", seed=seed).path)
    onward, back = defaultdict(list), defaultdict(list)
    for a, b in arcs(ways):
        onward[a].append(b)
        back[b].append(a)
    everywhere = set(onward) | set(back)
    start = next(iter(onward))
    assert reached(start, onward) == everywhere
    assert reached(start, back) == everywhere


def test_osrm_routes_between_any_two_homes(city, tmp_path):
    if not osrm_data.is_installed():
        pytest.skip("SKIPPED: no OSRM wheel for this platform")
    homes = Random(1).sample(city.addresses, 200)
    roads = OsrmRoads(city.path, tmp_path, Estimate())
    try:
        travel = roads.matrix([Point(lat=home.lat, lon=home.lon) for home in homes])
    finally:
        roads.close()
    assert not travel.estimated.any()
    assert 5 * 60 < travel.durations_s.mean() < 15 * 60
    assert travel.durations_s.max() < 30 * 60


def test_it_has_the_size_and_the_parts_of_a_city(city):
    nodes, ways = read_back(city.path)
    assert 3_000 <= len(nodes) <= 8_000
    west, south, east, north = city.bounds
    assert 10.5 < (east - west) * 111.32 * cos(radians(south)) < 13.5
    assert 9 < (north - south) * 111.32 < 11.5
    classes = Counter(tags.get("highway") for _, tags in ways.values())
    assert set(classes) >= DRIVEN
    assert sum("oneway" in tags for _, tags in ways.values()) > 20
    assert sum("bridge:name" in tags for _, tags in ways.values()) == 5
    assert any(tags.get("railway") == "rail" for _, tags in ways.values())
    roads = [tags for _, tags in ways.values() if tags.get("highway") in DRIVEN]
    assert all(tags["maxspeed"] and tags["name"] and tags["name:en"] for tags in roads)


def test_no_road_but_a_bridge_crosses_the_river(city):
    features = roads_geojson(city)["features"]
    river = next(
        f["geometry"]["coordinates"][0]
        for f in features
        if f["properties"].get("name") == "汀江" and f["geometry"]["type"] == "Polygon"
    )
    for feature in features:
        properties, line = feature["properties"], feature["geometry"]["coordinates"]
        if properties["kind"] == "road" and not properties.get("bridge"):
            for (x0, y0), (x1, y1) in pairwise(line):
                middle = ((x0 + x1) / 2, (y0 + y1) / 2)
                assert not is_inside(*middle, river), properties
                assert not is_inside(x0, y0, river), properties


def test_every_address_lies_in_the_city_and_on_dry_ground(city):
    west, south, east, north = city.bounds
    waters = [
        f["geometry"]["coordinates"][0]
        for f in roads_geojson(city)["features"]
        if f["properties"]["class"] == "water"
    ]
    assert len(waters) >= 2  # the river and a lake
    for home in city.addresses:
        assert south < home.lat < north
        assert west < home.lon < east
        assert not any(is_inside(home.lon, home.lat, ring) for ring in waters)


def test_addresses_are_written_in_both_languages_and_are_unique(city):
    assert len(city.addresses) > 1_000
    assert len({home.text_zh for home in city.addresses}) == len(city.addresses)
    assert len({home.text_en for home in city.addresses}) == len(city.addresses)
    home = city.addresses[0]
    assert home.text_zh == f"岚汀市{home.district.name_zh}{home.street.zh}{home.number}号"
    assert home.text_en.startswith(f"{home.number} {home.street.en}, ")
    assert {home.district for home in city.addresses} == set(city.districts)


def test_the_depot_is_an_address_in_the_middle(city):
    assert city.depot in city.addresses
    west, south, east, north = city.bounds
    assert abs(city.depot.lon - (west + east) / 2) < (east - west) / 6
    assert abs(city.depot.lat - (south + north) / 2) < (north - south) / 6
