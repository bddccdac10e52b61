import logging

import pytest

from dispatch.errors import RoadsUnavailable, SettingsInvalid
from dispatch.gateways.roads import FallbackRoads, Point, roads_of
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.settings import RoadsKind, Settings

PLACES = [Point(40.0, 116.32), Point(40.003, 116.33), Point(40.004, 116.31)]


class FailingRoads(EstimateRoads):
    """A road service that can be told to fail."""

    data_set = "failing"
    is_failing = True

    def matrix(self, points):
        if self.is_failing:
            raise RoadsUnavailable("The road server is down.")
        return super().matrix(points)

    def geometry(self, points):
        if self.is_failing:
            raise RoadsUnavailable("The road server is down.")
        return super().geometry(points)


def settings(**more) -> Settings:
    return Settings(_env_file=None, **more)


def test_without_a_map_travel_is_estimated() -> None:
    roads = roads_of(settings())
    matrix = roads.matrix(PLACES)
    assert matrix.source == roads.data_set == "estimate:24kmh:x1.35"
    assert matrix.estimated.sum() == 6


def test_a_failing_service_falls_back_to_the_estimate_and_says_so_once(caplog) -> None:
    caplog.set_level(logging.INFO)
    primary = FailingRoads(Estimate())
    roads = FallbackRoads(primary, EstimateRoads(Estimate()))
    for _ in range(3):
        matrix = roads.matrix(PLACES)
        assert roads.geometry(PLACES) == [(each.lat, each.lon) for each in PLACES]
    assert matrix.estimated.sum() == 6
    assert matrix.source.startswith("estimate")
    primary.is_failing = False
    for _ in range(2):
        roads.matrix(PLACES)
        roads.geometry(PLACES)
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "travel is estimated until roads answer again: The road server is down.",
        "roads answer again",
    ]


def test_what_fell_back_is_asked_of_the_service_again(loopback) -> None:
    roads = roads_of(settings(roads=RoadsKind.OSRM_HTTP, roads_url=loopback.url))
    for _ in range(2):
        assert roads.matrix(PLACES).source.startswith("estimate")
    assert len(loopback.asked) == 2
    assert roads.data_set.startswith("osrm-http:127.0.0.1")
    roads.close()


def test_an_embedded_network_is_real_roads(extract, tmp_path) -> None:
    roads = roads_of(
        settings(
            roads=RoadsKind.OSRM,
            roads_file=extract("beijing-haidian-2017.osm.pbf"),
            data_folder=tmp_path,
        )
    )
    matrix = roads.matrix(PLACES)
    assert not matrix.estimated.any()
    assert matrix.source == roads.data_set
    assert len(roads.geometry(PLACES)) > 10
    roads.close()


def test_no_wheel_for_the_platform_is_one_plain_sentence_and_the_estimate(
    monkeypatch, caplog, tmp_path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    roads = roads_of(settings(roads=RoadsKind.OSRM, roads_file=tmp_path / "any.osm.pbf"))
    assert isinstance(roads, EstimateRoads)
    assert caplog.messages == ["OSRM has no wheel for this platform: travel times are estimated."]


@pytest.mark.parametrize("kind", [kind for kind in RoadsKind if kind is not RoadsKind.ESTIMATE])
def test_what_a_service_needs_is_asked_for_at_the_start(kind) -> None:
    with pytest.raises(SettingsInvalid, match="which needs FAIRVISIT_ROADS_"):
        roads_of(settings(roads=kind))


def test_valhalla_is_asked_in_its_own_words(loopback) -> None:
    roads = roads_of(settings(roads=RoadsKind.VALHALLA_HTTP, roads_url=loopback.url))
    roads.matrix(PLACES)
    assert loopback.asked[0].path == "/sources_to_targets"
    assert b'"costing":"auto"' in loopback.asked[0].body.replace(b": ", b":")
