import json
import random
import socket
import subprocess
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from dispatch.errors import RoadsUnavailable, SettingsInvalid
from dispatch.gateways.roads_estimate import Estimate, great_circles_m
from dispatch.gateways.roads_osrm import OsrmRoads
from dispatch.gateways.roads_servers import OsrmHttpRoads, ValhallaHttpRoads, decoded
from dispatch.gateways.travel import Point
from tests.dispatch.gateways.conftest import Answer

PLACES = [Point(30 + at / 100, 110 - at / 150) for at in range(7)]
SPEED = 10.0


def osrm_table(asked) -> dict:
    """A table in OSRM's words: the crow's metres at 10 m/s."""
    path, _, query = asked.path.partition("?")
    pairs = [tuple(map(float, pair.split(","))) for pair in path.split("/")[-1].split(";")]
    wanted = dict(part.split("=") for part in query.split("&"))
    points = [Point(lat, lon) for lon, lat in pairs]
    rows = [int(at) for at in wanted["sources"].split(";")]
    columns = [int(at) for at in wanted["destinations"].split(";")]
    metres = great_circles_m(points)[np.ix_(rows, columns)] * 1.2
    return {
        "code": "Ok",
        "sources": [{"distance": 3.0} for _ in rows],
        "durations": (metres / SPEED).tolist(),
        "distances": metres.tolist(),
    }


def valhalla_table(asked) -> dict:
    body = json.loads(asked.body)
    sources, targets = (
        [Point(p["lat"], p["lon"]) for p in body[key]] for key in ("sources", "targets")
    )
    metres = great_circles_m([*sources, *targets])[: len(sources), len(sources) :] * 1.2
    cells = [[{"distance": m / 1000, "time": m / SPEED} for m in row] for row in metres]
    return {"sources_to_targets": cells, "units": "kilometers"}


def says(maker):
    return lambda asked: Answer(json.dumps(maker(asked)).encode())


KINDS = [
    pytest.param(OsrmHttpRoads, osrm_table, id="osrm"),
    pytest.param(ValhallaHttpRoads, valhalla_table, id="valhalla"),
]


@pytest.mark.parametrize(("kind", "table"), KINDS)
def test_a_matrix_is_asked_for_in_blocks_and_put_together_again(loopback, kind, table) -> None:
    loopback.answer = says(table)
    matrix = kind(loopback.url, Estimate(), block=3).matrix(PLACES)
    crow = great_circles_m(PLACES)
    assert len(loopback.asked) == 9
    assert np.abs(matrix.distances_m - crow * 1.2).max() < 2
    assert np.abs(matrix.durations_s - crow * 1.2 / SPEED).max() <= 1
    assert not matrix.estimated.any()


@pytest.mark.parametrize(("kind", "table"), KINDS)
def test_nulls_are_estimated_and_flagged(loopback, kind, table) -> None:
    def with_nulls(asked):
        said = table(asked)
        if "durations" in said:
            said["durations"][0][1] = said["distances"][2][0] = None
        else:
            said["sources_to_targets"][0][1]["time"] = None
            said["sources_to_targets"][2][0]["distance"] = None
        return said

    loopback.answer = says(with_nulls)
    matrix = kind(loopback.url, Estimate()).matrix(PLACES)
    assert np.argwhere(matrix.estimated).tolist() == [[0, 1], [2, 0]]
    guess = Estimate().matrix(PLACES, "guess")
    assert matrix.durations_s[0, 1] == guess.durations_s[0, 1]
    assert matrix.distances_m[2, 0] == guess.distances_m[2, 0]


@pytest.mark.parametrize(("kind", "table"), KINDS)
def test_a_server_that_refuses_whole_blocks_is_asked_island_by_island(
    loopback, kind, table
) -> None:
    """Valhalla refuses a block for one place on an island; OSRM for one without a road near."""

    def island(lat: float) -> int:
        return 0 if lat < 30.035 else 1 if lat < 30.055 else 2

    def refusing(asked):
        if kind is OsrmHttpRoads:
            pairs = asked.path.partition("?")[0].split("/")[-1].split(";")
            lats = [float(pair.split(",")[1]) for pair in pairs]
        else:
            body = json.loads(asked.body)
            lats = [place["lat"] for place in (*body["sources"], *body["targets"])]
        if len({island(lat) for lat in lats}) > 1:
            return Answer(b'{"code": "NoSegment", "error_code": 170}', status=400)
        return says(table)(asked)

    loopback.answer = refusing
    matrix = kind(loopback.url, Estimate()).matrix(PLACES)
    of = [island(place.lat) for place in PLACES]
    assert matrix.estimated.tolist() == [[a != b for b in of] for a in of]
    assert (matrix.durations_s[~np.eye(7, dtype=bool)] > 0).all()


def test_a_block_too_big_for_the_server_is_halved(loopback) -> None:
    def small_only(asked):
        said = osrm_table(asked)
        if len(said["durations"]) * len(said["durations"][0]) > 4:
            return Answer(b'{"code": "TooBig"}', status=400)
        return Answer(json.dumps(said).encode())

    loopback.answer = small_only
    assert not OsrmHttpRoads(loopback.url, Estimate()).matrix(PLACES).estimated.any()


def test_a_place_far_from_every_road_is_estimated(loopback) -> None:
    def far(asked):
        said = osrm_table(asked)
        said["sources"][0]["distance"] = 9e6
        return said

    loopback.answer = says(far)
    matrix = OsrmHttpRoads(loopback.url, Estimate()).matrix(PLACES)
    assert matrix.estimated[0, 1:].all()
    assert matrix.estimated[1:, 0].all()
    assert not matrix.estimated[1:, 1:].any()


def cut(said: bytes) -> bytes:
    return said[: len(said) // 2]


def smaller(said: bytes) -> bytes:
    body = json.loads(said)
    (body.get("durations") or body["sources_to_targets"]).pop()
    return json.dumps(body).encode()


WRONG = [
    pytest.param(cut, id="truncated"),
    pytest.param(smaller, id="wrong-size"),
    pytest.param(lambda said: b"[]", id="list"),
    pytest.param(lambda said: b"", id="empty"),
    pytest.param(lambda said: b"null", id="null"),
    pytest.param(lambda said: b'{"code": "Ok"}', id="nothing-inside"),
    pytest.param(lambda said: b"<html>sign in</html>", id="captive-portal"),
    pytest.param(lambda said: b"\xff\xfe", id="bytes"),
    pytest.param(lambda said: b"[" * 100_000, id="nested"),
]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("kind", "table"), KINDS)
def test_an_answer_that_is_none_is_roads_unavailable(loopback, kind, table, wrong) -> None:
    loopback.answer = lambda asked: Answer(wrong(json.dumps(table(asked)).encode()))
    with pytest.raises(RoadsUnavailable):
        kind(loopback.url, Estimate()).matrix(PLACES)


def test_a_server_that_fails_once_is_asked_once_more(loopback) -> None:
    loopback.answer = lambda asked: (
        Answer(status=500) if len(loopback.asked) == 1 else says(osrm_table)(asked)
    )
    assert len(OsrmHttpRoads(loopback.url, Estimate()).matrix(PLACES)) == 7
    assert len(loopback.asked) == 2


@pytest.mark.parametrize(("status", "tries", "permanent"), [(500, 2, False), (404, 1, True)])
def test_a_server_that_keeps_failing_is_unavailable(loopback, status, tries, permanent) -> None:
    loopback.answer = lambda asked: Answer(status=status)
    with pytest.raises(RoadsUnavailable, match=str(status)) as caught:
        OsrmHttpRoads(loopback.url, Estimate()).matrix(PLACES)
    assert caught.value.permanent is permanent
    assert len(loopback.asked) == tries


def test_a_redirect_is_not_followed(loopback) -> None:
    loopback.answer = lambda asked: Answer(
        status=302, headers={"Location": f"{loopback.url}/elsewhere"}
    )
    with pytest.raises(RoadsUnavailable, match="302"):
        OsrmHttpRoads(loopback.url, Estimate()).matrix(PLACES)
    assert {asked.path.split("/")[1] for asked in loopback.asked} == {"table"}


def test_a_dripping_server_ends_at_the_total_deadline(loopback) -> None:
    loopback.answer = lambda asked: Answer(b"{" * 1000, drip_s=0.05)
    begun = time.monotonic()
    with pytest.raises(RoadsUnavailable, match=r"within 0\.5 s"):
        OsrmHttpRoads(loopback.url, Estimate(), deadline_s=0.5).matrix(PLACES)
    assert time.monotonic() - begun < 1.5
    assert not [each for each in threading.enumerate() if each.name == "fetch"]


def test_a_server_that_is_down_is_unavailable(socket_enabled) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RoadsUnavailable, match="FAIRVISIT_ROADS_URL"):
        OsrmHttpRoads(f"http://127.0.0.1:{port}", Estimate()).matrix(PLACES)


def test_the_data_set_names_the_server_without_its_password() -> None:
    roads = OsrmHttpRoads("http://someone:secret@roads.example:5000/base/", Estimate())
    assert roads.data_set == "osrm-http:roads.example:5000/base:driving"


@pytest.mark.parametrize("url", ["", "roads", "file:///etc/passwd", "gopher://x/", "http://"])
def test_what_is_no_web_address_is_refused(url) -> None:
    with pytest.raises(SettingsInvalid, match="FAIRVISIT_ROADS_URL"):
        ValhallaHttpRoads(url, Estimate())


def test_a_valhalla_line_is_decoded_leg_by_leg(loopback) -> None:
    loopback.answer = says(lambda asked: {"trip": {"legs": [{"shape": "_p~iF~ps|U_ulLnnqC"}]}})
    line = ValhallaHttpRoads(loopback.url, Estimate()).geometry(PLACES[:2])
    assert line == [pytest.approx((3.85, -12.02)), pytest.approx((4.07, -12.095))]


def test_a_polyline_that_breaks_off_is_refused() -> None:
    with pytest.raises(ValueError, match="breaks off"):
        decoded("_p~iF~ps|U_ul")


def test_a_leg_without_a_way_is_straight(loopback) -> None:
    loopback.answer = lambda asked: Answer(b'{"code": "NoRoute"}', status=400)
    line = OsrmHttpRoads(loopback.url, Estimate()).geometry(PLACES[:2])
    assert line == [(point.lat, point.lon) for point in PLACES[:2]]


@pytest.fixture
def routed(extract, tmp_path, socket_enabled):
    """The real server of the wheel on a real extract, beside the embedded engine."""
    path = extract("guixi-jiangxi-2025.osm.pbf")
    import osrm

    embedded = OsrmRoads(path, tmp_path, Estimate())
    embedded.prepare()
    base = tmp_path / embedded.data_set.removeprefix("osrm:") / "roads.osrm"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    program = Path(osrm.__file__).parent / "bin" / "osrm-routed"
    command = [str(program), "-a", "mld", "-i", "127.0.0.1", "-p", port, str(base)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        for line in process.stdout:
            if b"running and waiting" in line:
                break
        yield embedded, f"http://127.0.0.1:{port}"
        process.terminate()
    embedded.close()


def test_the_real_server_and_the_embedded_engine_agree(routed) -> None:
    embedded, url = routed
    draw = random.Random(3)
    places = [Point(draw.uniform(28.26, 28.32), draw.uniform(117.18, 117.25)) for _ in range(110)]
    ours = embedded.matrix(places)
    theirs = OsrmHttpRoads(url, Estimate()).matrix(places)
    assert (ours.estimated == theirs.estimated).all()
    assert ours.estimated.any()
    assert not ours.estimated.all()
    # a server rounds to a tenth of a second and of a metre
    assert np.abs(ours.durations_s - theirs.durations_s).max() <= 1
    assert np.abs(ours.distances_m - theirs.distances_m).max() <= 1
    line = OsrmHttpRoads(url, Estimate()).geometry(places[:4])
    assert len(line) >= 6
    assert httpx.get(url).status_code == 400
