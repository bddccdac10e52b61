import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatch.coordinates import (
    Datum,
    from_wgs84,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from dispatch.mainland import is_mainland

TIANANMEN = (39.9087202, 116.3974799)

MAINLAND = {
    "Beijing": (39.909, 116.397), "Shanghai": (31.23, 121.47), "Haikou": (20.04, 110.2),
    "Sanya": (18.25, 109.5), "Xiamen": (24.48, 118.09), "Zhoushan": (30.0, 122.1),
    "Chongming": (31.6, 121.5), "Dalian": (38.91, 121.6), "Lhasa": (29.65, 91.1),
    "Urumqi": (43.8, 87.6), "Kashgar": (39.47, 75.99), "Mohe": (52.97, 122.53),
    # across the water or the road from what is not the mainland
    "Luohu": (22.548, 114.12), "Futian": (22.541, 114.057), "Shekou": (22.485, 113.915),
    "Yantian": (22.557, 114.236), "Gongbei": (22.222, 113.549), "Hengqin": (22.12, 113.5),
    "Dandong": (40.125, 124.38), "Heihe": (50.245, 127.49), "Manzhouli": (49.59, 117.43),
    "Erenhot": (43.65, 111.97), "Suifenhe": (44.40, 131.15), "Hunchun": (42.86, 130.36),
    "Tumen": (42.966, 129.845), "Fuyuan": (48.36, 134.29), "Khorgos": (44.21, 80.41),
    "Tacheng": (46.745, 82.98), "Zhangmu": (27.99, 85.98), "Ruili": (24.01, 97.85),
    "Hekou": (22.53, 103.94), "Pingxiang": (22.1, 106.76), "Dongxing": (21.545, 107.97),
}  # fmt: skip

ELSEWHERE = {
    "Hong Kong Central": (22.28, 114.158), "Sheung Shui": (22.501, 114.128),
    "Lo Wu": (22.5285, 114.113), "Hong Kong airport": (22.308, 113.918),
    "Macau": (22.197, 113.54), "Macau Border Gate": (22.214, 113.549),
    "Taipa": (22.156, 113.557), "Taipei": (25.03, 121.56), "Kaohsiung": (22.62, 120.3),
    "Penghu": (23.57, 119.58), "Kinmen": (24.43, 118.32), "Matsu": (26.15, 119.93),
    "Vladivostok": (43.115, 131.885), "Khabarovsk": (48.48, 135.07),
    "Blagoveshchensk": (50.275, 127.54), "Zabaykalsk": (49.65, 117.33),
    "Zamyn-Uud": (43.715, 111.905), "Ulaanbaatar": (47.9, 106.9), "Sinuiju": (40.1, 124.4),
    "Namyang": (42.95, 129.87), "Pyongyang": (39.03, 125.75), "Seoul": (37.57, 126.98),
    "Fukuoka": (33.6, 130.4), "Hanoi": (21.03, 105.85), "Lao Cai": (22.485, 103.97),
    "Lang Son": (21.85, 106.76), "Luang Namtha": (20.95, 101.4), "Muse": (23.98, 97.9),
    "Myitkyina": (25.38, 97.4), "Kathmandu": (27.7, 85.3), "Kodari": (27.94, 85.95),
    "Thimphu": (27.47, 89.64), "Gangtok": (27.33, 88.61), "Leh": (34.15, 77.58),
    "Gilgit": (35.92, 74.31), "Khorog": (37.49, 71.55), "Osh": (40.5, 72.8),
    "Bishkek": (42.87, 74.6), "Almaty": (43.24, 76.9), "Zharkent": (44.16, 80.0),
    "Manila": (14.6, 121.0), "London": (51.5, -0.12), "Null Island": (0.0, 0.0),
}  # fmt: skip

shifted = st.sampled_from([Datum.GCJ02, Datum.BD09])
# well inside, so that neither a place nor its shift is near the border
inland = st.tuples(st.floats(28.0, 40.0), st.floats(100.0, 116.0))


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    north = (a[0] - b[0]) * 111_195
    east = (a[1] - b[1]) * 111_195 * math.cos(math.radians(a[0]))
    return math.hypot(north, east)


def test_the_published_shift_at_tiananmen() -> None:
    assert metres(TIANANMEN, wgs84_to_gcj02(*TIANANMEN)) == pytest.approx(556, abs=3)
    # GCJ-02 as map providers print it for this place
    assert wgs84_to_gcj02(*TIANANMEN) == pytest.approx((39.910124, 116.403723), abs=2e-5)


def test_baidu_shifts_once_more_to_the_north_east() -> None:
    gcj, baidu = wgs84_to_gcj02(*TIANANMEN), wgs84_to_bd09(*TIANANMEN)
    assert baidu == pytest.approx((39.916431, 116.410137), abs=5e-5)
    assert 700 < metres(gcj, baidu) < 1000


@given(inland, shifted)
def test_there_and_back_is_the_same_place_to_a_ten_millionth_of_a_degree(place, datum) -> None:
    back = to_wgs84(*from_wgs84(*place, datum), datum)
    assert back == pytest.approx(place, abs=1e-7)


@given(inland, shifted)
def test_back_and_there_is_the_same_place_too(place, datum) -> None:
    there = from_wgs84(*to_wgs84(*place, datum), datum)
    assert there == pytest.approx(place, abs=1e-7)


@given(inland, shifted)
def test_the_shift_is_of_the_published_size_and_not_nothing(place, datum) -> None:
    assert 50 < metres(place, from_wgs84(*place, datum)) < 2_500


@given(inland, shifted, st.floats(-1e-5, 1e-5), st.floats(-1e-5, 1e-5))
def test_neighbours_stay_neighbours(place, datum, north, east) -> None:
    near = (place[0] + north, place[1] + east)
    assert metres(from_wgs84(*place, datum), from_wgs84(*near, datum)) < 1.1 * (
        metres(place, near) + 0.1
    )


@pytest.mark.parametrize("name", MAINLAND)
def test_mainland_places_are_shifted_and_come_back(name) -> None:
    place = MAINLAND[name]
    for datum in (Datum.GCJ02, Datum.BD09):
        there = from_wgs84(*place, datum)
        assert metres(place, there) > 50
        assert to_wgs84(*there, datum) == pytest.approx(place, abs=1e-7)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_places_outside_the_mainland_are_not_shifted(name) -> None:
    place = ELSEWHERE[name]
    for datum in (Datum.GCJ02, Datum.BD09):
        assert from_wgs84(*place, datum) == place
    assert not is_mainland(*place)


@pytest.mark.parametrize("name", ["Taipei", "Kaohsiung", "Vladivostok", "Hanoi", "Kathmandu"])
def test_declared_as_shifted_but_far_from_the_mainland_stays_where_it_is(name) -> None:
    for datum in (Datum.GCJ02, Datum.BD09):
        assert to_wgs84(*ELSEWHERE[name], datum) == ELSEWHERE[name]


@pytest.mark.parametrize("name", ["Hong Kong Central", "Hong Kong airport", "Macau", "Taipa"])
def test_the_special_regions_stay_where_they_are_though_declared_as_gcj_02(name) -> None:
    assert to_wgs84(*ELSEWHERE[name], Datum.GCJ02) == ELSEWHERE[name]


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_wgs_84_is_itself(lat, lon) -> None:
    assert to_wgs84(lat, lon, Datum.WGS84) == from_wgs84(lat, lon, Datum.WGS84) == (lat, lon)


@example(90.0, 0.0, Datum.GCJ02)  # the iteration ran away to infinity at the poles
@example(-90.0, 105.0, Datum.BD09)
@example(89.99999999, -180.0, Datum.BD09)
@given(st.floats(-90, 90), st.floats(-180, 180), shifted)
def test_any_place_on_earth_has_an_answer_within_two_and_a_half_kilometres(lat, lon, datum):
    for found in (to_wgs84(lat, lon, datum), from_wgs84(lat, lon, datum)):
        assert all(map(math.isfinite, found))
        assert metres((lat, lon), found) < 2_500


@pytest.mark.parametrize("datum", Datum)
@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (math.nan, 116.0),
        (39.9, math.nan),
        (math.inf, 116.0),
        (39.9, -math.inf),
        (90.001, 116.0),
        (-91.0, 0.0),
        (39.9, 180.5),
        (116.4, 39.9),
    ],
)
def test_what_is_no_place_is_refused_in_plain_words(lat, lon, datum) -> None:
    for convert in (to_wgs84, from_wgs84):
        with pytest.raises(ValueError, match="latitude"):
            convert(lat, lon, datum)
