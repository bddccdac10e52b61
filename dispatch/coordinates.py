"""Coordinates: from the shifted data of Chinese maps to WGS-84, and back.

GCJ-02 ("Mars coordinates", AMap, Tencent) shifts every place in mainland China by some hundred
metres; BD-09 (Baidu) shifts it once more. Neither has an exact inverse, so it is found by
iteration. The formulae are the published ones: the shift is a sum of sines laid over the
Krasovsky 1940 ellipsoid, Baidu's a small rotation and stretch. Outside mainland China nothing is
shifted, whatever the file declares.
"""

import math
from collections.abc import Callable
from enum import StrEnum

from dispatch.mainland import is_mainland

_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943

_BAIDU_TURN = math.pi * 3000.0 / 180.0
_BAIDU_LAT, _BAIDU_LON = 0.006, 0.0065

# Far from China, and near the poles above all, the sums of sines run away from any inverse.
_SOUTH, _NORTH, _WEST, _EAST = 17.0, 54.5, 73.0, 135.5

_CLOSE_ENOUGH = 1e-10
_MOST_STEPS = 30

Shift = Callable[[float, float], tuple[float, float]]


class Datum(StrEnum):
    """What the numbers of a place are measured against."""

    WGS84 = "wgs-84"
    GCJ02 = "gcj-02"
    BD09 = "bd-09"


def to_wgs84(lat: float, lon: float, datum: Datum) -> tuple[float, float]:
    """Return the place that `lat`, `lon` mean in `datum`, as WGS-84 (lat, lon).

    Exact to 1e-7 degrees (1 cm) in mainland China; unchanged elsewhere.

    Parameters
    ----------
    lat, lon : float
        Degrees in `datum`.
    datum : Datum
        What the file or the provider declares.

    Raises
    ------
    ValueError
        If a number is not finite or out of range.
    """
    _check(lat, lon)
    if datum is Datum.WGS84 or not (_SOUTH < lat < _NORTH and _WEST < lon < _EAST):
        return lat, lon
    back = _inverse(_FORWARD[datum], lat, lon)
    return back if is_mainland(*back) else (lat, lon)


def wgs84_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """Return the WGS-84 place as GCJ-02 (lat, lon).

    Raises
    ------
    ValueError
        If a number is not finite or out of range.
    """
    return from_wgs84(lat, lon, Datum.GCJ02)


def wgs84_to_bd09(lat: float, lon: float) -> tuple[float, float]:
    """Return the WGS-84 place as BD-09 (lat, lon).

    Raises
    ------
    ValueError
        If a number is not finite or out of range.
    """
    return from_wgs84(lat, lon, Datum.BD09)


def from_wgs84(lat: float, lon: float, datum: Datum) -> tuple[float, float]:
    """Return the WGS-84 place in `datum`; unchanged outside mainland China.

    Raises
    ------
    ValueError
        If a number is not finite or out of range.
    """
    _check(lat, lon)
    if datum is Datum.WGS84 or not is_mainland(lat, lon):
        return lat, lon
    return _FORWARD[datum](lat, lon)


def _gcj02(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    ripple = _waves(x, (20.0, 6.0), (20.0, 2.0))
    north += ripple + _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    east += ripple + _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    flat = 1 - _ECCENTRICITY_SQUARED * math.sin(math.radians(lat)) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (flat * math.sqrt(flat))
    parallel_m = _SEMI_MAJOR_M / math.sqrt(flat) * math.cos(math.radians(lat))
    return lat + math.degrees(north / meridian_m), lon + math.degrees(east / parallel_m)


def _waves(at: float, *terms: tuple[float, float]) -> float:
    return sum(2 / 3 * height * math.sin(math.pi * turns * at) for height, turns in terms)


def _bd09(lat: float, lon: float) -> tuple[float, float]:
    y, x = _gcj02(lat, lon)
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU_TURN)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU_TURN)
    return radius * math.sin(angle) + _BAIDU_LAT, radius * math.cos(angle) + _BAIDU_LON


_FORWARD: dict[Datum, Shift] = {Datum.GCJ02: _gcj02, Datum.BD09: _bd09}


def _inverse(shift: Shift, lat: float, lon: float) -> tuple[float, float]:
    """Walk back by the error of the last guess; the shift varies so slowly that it converges."""
    back_lat, back_lon = lat, lon
    for _ in range(_MOST_STEPS):
        there_lat, there_lon = shift(back_lat, back_lon)
        back_lat, back_lon = back_lat + lat - there_lat, back_lon + lon - there_lon
        if max(abs(lat - there_lat), abs(lon - there_lon)) < _CLOSE_ENOUGH:
            break
    return back_lat, back_lon


def _check(lat: float, lon: float) -> None:
    if not (math.isfinite(lat) and math.isfinite(lon)):
        msg = "latitude and longitude must be finite numbers of degrees"
        raise ValueError(msg)
    if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004
        msg = "latitude must be within ±90 and longitude within ±180 degrees; are they swapped?"
        raise ValueError(msg)
