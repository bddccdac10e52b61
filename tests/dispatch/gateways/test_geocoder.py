import json
import logging
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch.coordinates import wgs84_to_bd09, wgs84_to_gcj02
from dispatch.errors import GatewayUnavailable, SettingsInvalid
from dispatch.gateways import geocoder_providers
from dispatch.gateways.geocoder import (
    CachedGeocoder,
    Confidence,
    FakeGeocoder,
    Located,
    NoGeocoder,
    Remembered,
    address_key,
    geocoder_of,
)
from dispatch.gateways.geocoder_providers import Pace
from dispatch.settings import GeocoderKind, Settings
from tests.dispatch.gateways.conftest import Answer

PLACE = (39.991, 116.327)
ADDRESS = "中关村东路 1 号"
NO_PACE = Pace(1e9)


def settings(**more) -> Settings:
    return Settings(_env_file=None, **more)


def nominatim(lat: float, lon: float, *, sure: bool = True) -> object:
    rank = 30 if sure else 16
    return [{"lat": str(lat), "lon": str(lon), "display_name": "x", "place_rank": rank}]


def baidu(lat: float, lon: float, *, sure: bool = True) -> object:
    lat, lon = wgs84_to_bd09(lat, lon)
    sureness = {"precise": 1, "confidence": 80} if sure else {"precise": 0, "confidence": 20}
    return {
        "status": 0,
        "result": {"location": {"lat": lat, "lng": lon}, "level": "x", **sureness},
    }


def amap(lat: float, lon: float, *, sure: bool = True) -> object:
    lat, lon = wgs84_to_gcj02(lat, lon)
    level = "门牌号" if sure else "区县"
    place = {"location": f"{lon:.9f},{lat:.9f}", "level": level, "formatted_address": "x"}
    return {"status": "1", "infocode": "10000", "geocodes": [place]}


KINDS = {
    GeocoderKind.NOMINATIM: (nominatim, "q", []),
    GeocoderKind.BAIDU: (baidu, "address", {"status": 0, "result": []}),
    GeocoderKind.AMAP: (amap, "address", {"status": "1", "geocodes": []}),
}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.value)
def kind(request) -> GeocoderKind:
    return request.param


@pytest.fixture
def geocoder(loopback, kind):
    made = settings(geocoder=kind, geocoder_url=loopback.url, geocoder_key="k-secret")
    return geocoder_of(made, pace=NO_PACE)


def says(page: object):
    return lambda asked: Answer(json.dumps(page).encode())


@pytest.mark.parametrize(("sure", "confidence"), [(True, "high"), (False, "low")])
def test_an_address_becomes_a_place_in_wgs_84(loopback, kind, geocoder, sure, confidence) -> None:
    loopback.answer = says(KINDS[kind][0](*PLACE, sure=sure))
    found = geocoder.locate(ADDRESS, city="北京市")
    assert (found.lat, found.lon) == pytest.approx(PLACE, abs=1e-6)
    assert found.confidence is Confidence(confidence)
    assert found.source == kind.value


def test_nothing_but_the_address_and_its_city_is_sent(loopback, kind, geocoder) -> None:
    loopback.answer = says(KINDS[kind][0](*PLACE))
    geocoder.locate(f"  {ADDRESS}\r\n", city="北京市")
    asked = parse_qs(urlsplit(loopback.asked[0].path).query)
    assert asked.pop(KINDS[kind][1]) == [f"北京市{ADDRESS}"]
    assert set(asked) <= {"ak", "key", "output", "format", "limit"}
    assert loopback.asked[0].headers["User-Agent"].startswith(("Fairvisit", "geopy"))


def test_an_unknown_address_is_none(loopback, kind, geocoder) -> None:
    loopback.answer = says(KINDS[kind][2])
    assert geocoder.locate(ADDRESS) is None


@pytest.mark.parametrize("address", ["", "  \r\n ", "x" * 201, "\x00"])
def test_what_is_no_address_is_not_sent(loopback, geocoder, address) -> None:
    assert geocoder.locate(address) is None
    assert loopback.asked == []


@pytest.mark.parametrize(
    "said",
    [
        Answer(b'{"status": 0, "result": {"loc'),
        Answer(b"<html>sign in</html>"),
        Answer(b"7"),
        Answer(b'[{"lat": "NaN", "lon": "1"}]'),
        Answer(b'[{"lat": "999", "lon": "1"}]'),
        Answer(b'{"status": "1", "geocodes": [{"location": "1;2"}], "result": {"location": 1}}'),
        Answer(status=500),
        Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    ],
    ids=["truncated", "portal", "number", "nan", "range", "shape", "500", "redirect"],
)
def test_a_broken_answer_is_a_gateway_that_is_unavailable(loopback, geocoder, said) -> None:
    loopback.answer = lambda asked: said
    with pytest.raises(GatewayUnavailable) as caught:
        geocoder.locate(ADDRESS)
    assert "中关村" not in caught.value.detail
    assert "k-secret" not in caught.value.detail


@pytest.mark.parametrize(
    ("said", "permanent"),
    [
        (Answer(status=403), True),
        (Answer(status=429, headers={"Retry-After": "30"}), False),
        (Answer(b'{"status": 240, "infocode": "10001"}'), True),
        (Answer(b'{"status": 302, "infocode": "10003"}'), False),
        (Answer(b'{"status": 1, "infocode": "20003"}'), False),
    ],
    ids=["forbidden", "too-many", "wrong-key", "used-up", "broken"],
)
@pytest.mark.parametrize("kind", [GeocoderKind.BAIDU], ids=["baidu"])
def test_a_refused_key_is_permanent_and_a_used_up_quota_is_not(
    loopback, geocoder, said, permanent
) -> None:
    loopback.answer = lambda asked: said
    with pytest.raises(GatewayUnavailable) as caught:
        geocoder.locate(ADDRESS)
    assert caught.value.permanent is permanent


@pytest.mark.parametrize(
    ("code", "permanent"), [("10001", True), ("10003", False), ("10021", False), ("20003", False)]
)
@pytest.mark.parametrize("kind", [GeocoderKind.AMAP], ids=["amap"])
def test_amap_says_why_by_its_code(loopback, geocoder, code, permanent) -> None:
    loopback.answer = says({"status": "0", "infocode": code, "info": "no"})
    with pytest.raises(GatewayUnavailable) as caught:
        geocoder.locate(ADDRESS)
    assert caught.value.permanent is permanent


@pytest.mark.parametrize("kind", [GeocoderKind.AMAP], ids=["amap"])
def test_amap_that_can_make_nothing_of_the_text_found_nothing(loopback, geocoder) -> None:
    loopback.answer = says({"status": "0", "infocode": "30001", "info": "no"})
    assert geocoder.locate(ADDRESS) is None


def test_a_dripping_provider_ends_at_the_total_deadline(loopback, kind, monkeypatch) -> None:
    monkeypatch.setattr("dispatch.gateways.geocoder.DEADLINE_S", 0.3)
    loopback.answer = lambda asked: Answer(b"{" * 1000, drip_s=0.05)
    made = settings(geocoder=kind, geocoder_url=loopback.url, geocoder_key="k")
    begun = time.monotonic()
    with pytest.raises(GatewayUnavailable):
        geocoder_of(made, pace=NO_PACE).locate(ADDRESS)
    assert time.monotonic() - begun < 1.5


def test_neither_address_nor_key_is_in_the_log(loopback, kind, geocoder, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("geopy").setLevel(logging.WARNING)  # as the factory sets it
    loopback.answer = says(KINDS[kind][0](*PLACE))
    geocoder.locate(ADDRESS)
    told = [record for record in caplog.records if record.name.startswith("geopy")]
    assert told == []


def test_by_default_nobody_is_asked() -> None:
    geocoder = geocoder_of(settings())
    assert isinstance(geocoder, NoGeocoder)
    assert geocoder.locate(ADDRESS) is None


@pytest.mark.parametrize("kind", [GeocoderKind.BAIDU, GeocoderKind.AMAP], ids=["baidu", "amap"])
def test_a_missing_key_is_told_at_the_start(kind) -> None:
    with pytest.raises(SettingsInvalid, match="FAIRVISIT_GEOCODER_KEY"):
        geocoder_of(settings(geocoder=kind))


@pytest.mark.parametrize("url", ["nominatim", "file:///etc/passwd", "http://", "ftp://x.cn"])
def test_what_is_no_web_address_is_refused(kind, url) -> None:
    with pytest.raises(SettingsInvalid, match="FAIRVISIT_GEOCODER_URL"):
        geocoder_of(settings(geocoder=kind, geocoder_url=url, geocoder_key="k"))


def test_questions_are_paced() -> None:
    at, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        at[0] += seconds

    pace = Pace(2.0, monotonic=lambda: at[0], sleep=sleep)
    for _ in range(3):
        pace.wait()
    at[0] += 10
    pace.wait()
    assert slept == [0.5, 0.5]


def test_the_pace_is_kept_by_the_provider(loopback, monkeypatch) -> None:
    waits = []
    monkeypatch.setattr(Pace, "wait", lambda self: waits.append(1))
    loopback.answer = says([])
    geocoder = geocoder_of(settings(geocoder=GeocoderKind.NOMINATIM, geocoder_url=loopback.url))
    geocoder.locate(ADDRESS)
    geocoder.locate("")
    assert waits == [1]


def test_what_was_found_or_not_found_is_remembered_and_a_failure_is_not() -> None:
    memory: dict[str, Remembered] = {}
    place = Located(*PLACE, Confidence.HIGH, "fake")
    inner = FakeGeocoder({ADDRESS: place})
    cached = CachedGeocoder(inner, memory.get, memory.__setitem__)
    for _ in range(2):
        assert cached.locate(ADDRESS) == place
        assert cached.locate("nowhere", city="北京市") is None
    assert inner.asked == [(ADDRESS, None), ("nowhere", "北京市")]
    assert set(memory) == {address_key(ADDRESS), address_key("nowhere", "北京市")}
    inner.failure = GatewayUnavailable("down")
    with pytest.raises(GatewayUnavailable):
        cached.locate("elsewhere")
    assert len(memory) == 2


def test_one_address_written_in_several_ways_is_one_key() -> None:
    assert address_key(" 中关村东路１号 ") == address_key("中关村东路1号\n")
    assert address_key("1 High Street") == address_key("1 HIGH  STREET")
    assert address_key("1 High Street", "A") != address_key("1 High Street", "B")


@pytest.mark.parametrize(("lat", "lon"), [(float("nan"), 0), (91, 0), (0, float("inf"))])
def test_no_place_is_nowhere(lat, lon) -> None:
    with pytest.raises(ValueError, match="degrees"):
        Located(lat, lon, Confidence.HIGH, "x")


def test_confidence_in_the_middle() -> None:
    assert geocoder_providers.nominatim_confidence({"place_rank": 26}) is Confidence.MEDIUM
    assert geocoder_providers.baidu_confidence({"confidence": 60}) is Confidence.MEDIUM
    assert geocoder_providers.amap_confidence({"level": "道路"}) is Confidence.MEDIUM
