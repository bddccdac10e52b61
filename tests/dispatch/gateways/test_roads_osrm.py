import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import osmium
import pytest

from dispatch.errors import RoadsUnavailable, SettingsInvalid
from dispatch.gateways import osrm_data
from dispatch.gateways.roads_estimate import Estimate, great_circles_m, same_places
from dispatch.gateways.roads_osrm import OsrmRoads
from dispatch.gateways.travel import Point

HAIDIAN = "beijing-haidian-2017.osm.pbf"
GUIXI = "guixi-jiangxi-2025.osm.pbf"


def places_in(path: Path, count: int) -> list[Point]:
    nodes = [
        Point(node.location.lat, node.location.lon)
        for node in osmium.FileProcessor(path, osmium.osm.NODE)
    ]
    return random.Random(7).sample(nodes, count)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("roads")


@pytest.fixture
def roads(extract, folder):
    opened = []

    def of(name: str, **more) -> OsrmRoads:
        opened.append(OsrmRoads(extract(name), folder, Estimate(), **more))
        return opened[-1]

    yield of
    for each in opened:
        each.close()


def test_a_street_network_gives_ways_longer_than_the_crow_and_not_symmetric(roads, extract):
    places = places_in(extract(HAIDIAN), 120)
    matrix = roads(HAIDIAN).matrix(places)
    crow = great_circles_m(places)
    known = ~matrix.estimated & ~same_places(places)
    assert known.mean() > 0.5
    assert (matrix.distances_m >= np.floor(crow))[known].all()
    assert not (matrix.durations_s == matrix.durations_s.T).all()


def test_islands_are_estimated_and_flagged_and_no_pair_is_zero(roads, extract):
    places = places_in(extract(GUIXI), 200)
    matrix = roads(GUIXI).matrix(places)
    apart = ~same_places(places)
    assert matrix.durations_s.dtype == np.int32
    assert (matrix.durations_s[apart] > 0).all()
    assert (matrix.distances_m[apart] > 0).all()
    assert (np.diag(matrix.durations_s) == 0).all()
    assert matrix.estimated.sum() > 5_000  # the extract is clipped: it has islands
    assert (~matrix.estimated).sum() > 5_000
    guess = Estimate().matrix(places, "guess")
    assert (matrix.durations_s == guess.durations_s)[matrix.estimated].all()


def test_places_off_the_map_are_estimated_instead_of_zero_seconds_apart(roads):
    matrix = roads(HAIDIAN).matrix([Point(0.0, 0.0), Point(1.0, 1.0), Point(40.0, 116.32)])
    assert matrix.estimated.sum() == 6
    assert matrix.durations_s[0, 1] > 3600 * 4


def test_the_geometry_follows_the_road_through_the_stops(roads, extract):
    places = places_in(extract(HAIDIAN), 200)
    used = roads(HAIDIAN)
    matrix = used.matrix(places)
    near = [at for at in range(1, 200) if not matrix.estimated[0, at] | matrix.estimated[at, 0]]
    line = used.geometry([places[0], places[near[0]], places[near[1]]])
    assert len(line) > 10
    assert all(39 < lat < 41 and 116 < lon < 117 for lat, lon in line)


def test_the_geometry_of_a_leg_between_islands_is_straight(roads, extract):
    places = places_in(extract(GUIXI), 200)
    used = roads(GUIXI)
    matrix = used.matrix(places)
    apart = np.argwhere(matrix.estimated & (matrix.distances_m > 500))
    row, column = (int(at) for at in apart[0])
    ends = [places[row], places[column]]
    assert used.geometry(ends) == [(point.lat, point.lon) for point in ends]
    assert len(used.geometry([*ends, places[(column + 1) % 200]])) >= 3


@pytest.mark.parametrize("count", [0, 1])
def test_none_or_one_place_needs_no_road(roads, count):
    places = [Point(40.0, 116.32)] * count
    assert len(roads(HAIDIAN).matrix(places)) == count
    assert len(roads(HAIDIAN).geometry(places)) == count


def test_a_dead_child_is_started_once_more(roads):
    used = roads(HAIDIAN)
    places = [Point(40.0, 116.32), Point(40.003, 116.33)]
    before = used.matrix(places)
    os.kill(used.pid, signal.SIGKILL)
    assert (used.matrix(places).durations_s == before.durations_s).all()


def test_a_child_that_dies_twice_is_roads_unavailable(roads, folder):
    used = roads(HAIDIAN, profile="foot")
    used.prepare()
    used.close()
    for part in (folder / used.data_set.removeprefix("osrm:")).glob("*.mldgr"):
        part.write_bytes(b"not a road network")
    with pytest.raises(RoadsUnavailable, match="twice running"):
        used.matrix([Point(40.0, 116.32), Point(40.003, 116.33)])


def test_a_child_that_hangs_is_killed_at_the_deadline(roads):
    used = roads(HAIDIAN)
    places = [Point(40.0, 116.32), Point(40.003, 116.33)]
    used.matrix(places)
    os.kill(used.pid, signal.SIGSTOP)
    used._deadline_s = 0.2
    with pytest.raises(RoadsUnavailable, match="in time"):
        used.matrix(places)
    assert used.pid is None


def test_closing_ends_the_child_and_asking_again_starts_another(roads):
    used = roads(HAIDIAN)
    places = [Point(40.0, 116.32), Point(40.003, 116.33)]
    used.matrix(places)
    pid = used.pid
    used.close()
    used.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert len(used.matrix(places)) == 2


def test_the_child_ends_with_its_parent(extract, tmp_path):
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from dispatch.gateways.roads_osrm import OsrmRoads\n"
        "from dispatch.gateways.roads_estimate import Estimate\n"
        "from dispatch.gateways.travel import Point\n"
        "roads = OsrmRoads(Path(sys.argv[1]), Path(sys.argv[2]), Estimate())\n"
        "roads.matrix([Point(40.0, 116.32), Point(40.003, 116.33)])\n"
        "print(roads.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(extract(HAIDIAN)), str(tmp_path)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        check=True,
    )
    pid = int(ended.stdout)
    for _ in range(10_000_000):
        try:
            if "Z" in Path(f"/proc/{pid}/stat").read_text().split(")")[1]:
                break  # ended; nobody has collected it yet
        except (FileNotFoundError, ProcessLookupError):
            break
    else:
        pytest.fail("the child outlived its parent")


def test_an_interrupted_preparation_is_done_again(roads, extract, tmp_path):
    used = OsrmRoads(extract(HAIDIAN), tmp_path, Estimate())
    key = used.data_set.removeprefix("osrm:")
    left_over = tmp_path / f".preparing-{key}-abc"
    (left_over / "data").mkdir(parents=True)
    (left_over / "data" / "roads.osrm.ebg").write_bytes(b"half")
    used.prepare()
    used.close()
    assert not left_over.exists()
    assert (tmp_path / key / "roads.osrm.mldgr").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [key, f"{key}.lock"]


def test_a_prepared_data_set_is_used_again(roads, extract, tmp_path):
    first = OsrmRoads(extract(HAIDIAN), tmp_path, Estimate())
    first.prepare()
    made = (tmp_path / first.data_set.removeprefix("osrm:")).stat().st_mtime_ns
    second = OsrmRoads(extract(HAIDIAN), tmp_path, Estimate())
    second.prepare()
    assert second.data_set == first.data_set
    assert (tmp_path / first.data_set.removeprefix("osrm:")).stat().st_mtime_ns == made


def test_another_file_or_profile_is_another_data_set(roads):
    names = {
        roads(HAIDIAN).data_set,
        roads(GUIXI).data_set,
        roads(HAIDIAN, profile="bicycle").data_set,
    }
    assert len(names) == 3


@pytest.mark.parametrize("cut", [0, 9, 60_000])
def test_a_broken_extract_is_unavailable_for_good_and_leaves_nothing(extract, tmp_path, cut):
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(extract(HAIDIAN).read_bytes()[:cut])
    used = OsrmRoads(broken, tmp_path / "roads", Estimate())
    for _ in range(2):
        with pytest.raises(RoadsUnavailable, match=r"whole \.osm\.pbf") as caught:
            used.matrix([Point(40.0, 116.32), Point(40.003, 116.33)])
        assert caught.value.permanent
    assert [path.suffix for path in (tmp_path / "roads").iterdir()] == [".lock"]


def test_a_missing_file_or_an_unknown_profile_is_told_at_the_start(extract, tmp_path):
    with pytest.raises(SettingsInvalid, match="FAIRVISIT_ROADS_FILE"):
        OsrmRoads(tmp_path / "none.osm.pbf", tmp_path, Estimate())
    with pytest.raises(SettingsInvalid, match="car, bicycle, foot"):
        OsrmRoads(extract(HAIDIAN), tmp_path, Estimate(), profile="hovercraft")


def test_no_wheel_is_told_in_one_sentence(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not osrm_data.is_installed()
    with pytest.raises(SettingsInvalid, match="no OSRM"):
        osrm_data.profile_file("car")
