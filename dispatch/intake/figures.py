"""Amounts of money, whole numbers and coordinates of a file."""

import math
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from babel.numbers import get_currency_precision, list_currencies

from dispatch.coordinates import to_wgs84
from dispatch.intake.context import ImportContext
from dispatch.intake.report import BadValue, Code

MAX_MINOR: Final = 2**53 - 1
"""The largest amount in minor units that every program reads back exactly."""

FAR_KM: Final = 200.0
"""A place further from its branch than this is stored, but marked as doubtful."""

_AMOUNT: Final = re.compile(r"[+-]?(\d{1,3}([, ]\d{3})+|\d+)(\.\d+)?")
_WHOLE: Final = re.compile(r"\d{1,9}(\.0+)?")
_DECIMAL: Final = re.compile(r"[+-]?\d{1,3}(\.\d{1,20})?([eE]-\d{1,2})?")
_SIGNS: Final = "¥$€£ "
_MAX_DIGITS: Final = 40
_KM_PER_DEGREE: Final = 111.195
_POLE: Final = 90
_DATE_LINE: Final = 180


def amount(text: str, _context: ImportContext) -> Decimal:
    """Return an amount in the currency's main unit, exact; `minor` turns it into cents."""
    text = unicodedata.normalize("NFKC", text).strip(_SIGNS)
    if len(text) > _MAX_DIGITS or not _AMOUNT.fullmatch(text):
        raise BadValue(
            Code.NOT_A_NUMBER,
            "This is no amount.",
            "Write digits with a point before the cents, such as 1234.50 or 1,234.50.",
        )
    try:
        value = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation as error:  # pragma: no cover  (the pattern leaves none)
        raise BadValue(Code.NOT_A_NUMBER, "This is no amount.", "Write digits.") from error
    if value < 0 or value > MAX_MINOR:
        raise BadValue(
            Code.OUT_OF_RANGE,
            "The amount is negative or too large to be one.",
            "Amounts are zero or more; write what was paid in its own column.",
        )
    return value


def minor(value: Decimal, unit: str) -> int:
    """Return the amount in the currency's minor units.

    Raises
    ------
    BadValue
        If it has more decimals than the currency, or is too large.
    """
    scaled = value.scaleb(precision(unit))
    if scaled != scaled.to_integral_value():
        raise BadValue(
            Code.OUT_OF_RANGE,
            f"The amount has more decimals than {unit} has.",
            f"Round it to {precision(unit)} decimals.",
        )
    if scaled > MAX_MINOR:
        raise BadValue(Code.OUT_OF_RANGE, "The amount is too large.", "Check its unit.")
    return int(scaled)


def currency(text: str, _context: ImportContext) -> str:
    """Return an ISO 4217 code."""
    code = {"RMB": "CNY", "人民币": "CNY", "元": "CNY"}.get(text.upper(), text.upper())
    if code not in _currencies():
        raise BadValue(
            Code.NOT_A_CURRENCY, "This is no currency code.", "Write one such as CNY or EUR."
        )
    return code


def whole(least: int, most: int) -> Callable[[str, ImportContext], int]:
    """Return the parser of a whole number within bounds."""

    def parse(text: str, _context: ImportContext) -> int:
        text = unicodedata.normalize("NFKC", text)
        if not _WHOLE.fullmatch(text):
            raise BadValue(
                Code.NOT_A_NUMBER,
                "This is no whole number.",
                f"Write a whole number from {least} to {most}.",
            )
        value = int(text.partition(".")[0])
        if not least <= value <= most:
            raise BadValue(
                Code.OUT_OF_RANGE,
                f"The number lies outside {least} to {most}.",
                f"Write a whole number from {least} to {most}.",
            )
        return value

    return parse


def degrees(text: str, _context: ImportContext) -> float:
    """Return a coordinate in decimal degrees; whether it can be one is asked of the pair."""
    text = unicodedata.normalize("NFKC", text)
    if not _DECIMAL.fullmatch(text):
        raise BadValue(
            Code.NOT_A_NUMBER,
            "This is no coordinate.",
            "Write decimal degrees such as 39.9042, or leave both cells empty.",
        )
    return float(text)


def point(lat: float, lon: float, context: ImportContext) -> tuple[float, float]:
    """Return a latitude and a longitude of the file as WGS-84.

    Raises
    ------
    BadValue
        If they are no place on earth, swapped, or the point 0, 0 that failed look-ups leave.
    """
    if lat == 0 and lon == 0:
        raise BadValue(
            Code.OUT_OF_RANGE,
            "0, 0 is where failed look-ups end, not an address.",
            "Leave both cells empty; the address is then looked up.",
        )
    depot = (context.branch.depot_lat, context.branch.depot_lon)
    is_place = abs(lat) <= _POLE and abs(lon) <= _DATE_LINE
    if abs(lon) <= _POLE and abs(lat) <= _DATE_LINE:
        turned = distance_km((lon, lat), depot)
        if turned <= FAR_KM and (not is_place or distance_km((lat, lon), depot) > FAR_KM):
            raise BadValue(
                Code.SWAPPED,
                "Latitude and longitude are the wrong way round: swapped, they lie near the branch.",
                "Swap the two columns.",
            )
    if not is_place:
        raise BadValue(
            Code.OUT_OF_RANGE,
            "The coordinates lie outside the globe.",
            "Latitude is -90 to 90, longitude -180 to 180.",
        )
    return to_wgs84(lat, lon, context.datum)


def is_far(spot: tuple[float, float], context: ImportContext) -> bool:
    """Whether a place lies too far from the branch to be believed unseen."""
    return distance_km(spot, (context.branch.depot_lat, context.branch.depot_lon)) > FAR_KM


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return roughly how far apart two points are; good enough to tell near from far."""
    north = one[0] - other[0]
    east = (one[1] - other[1] + _DATE_LINE) % (2 * _DATE_LINE) - _DATE_LINE
    east *= math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east) * _KM_PER_DEGREE


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def precision(unit: str) -> int:
    """Return how many decimals a currency has."""
    return get_currency_precision(unit)
