"""Lines as text: the encoded polyline format that VROOM's `geometry` uses, five decimals."""

from collections.abc import Iterable

_GRID = 100_000
_CHUNK = 0x20


def encode(line: Iterable[tuple[float, float]]) -> str:
    """Encode `[lon, lat]` pairs as differences of latitude, then longitude."""
    text: list[str] = []
    last_lat = last_lon = 0
    for lon, lat in line:
        now_lat, now_lon = round(lat * _GRID), round(lon * _GRID)
        text += [_signed(now_lat - last_lat), _signed(now_lon - last_lon)]
        last_lat, last_lon = now_lat, now_lon
    return "".join(text)


def _signed(value: int) -> str:
    left = ~(value << 1) if value < 0 else value << 1
    text = ""
    while left >= _CHUNK:
        text += chr((_CHUNK | (left & (_CHUNK - 1))) + 63)
        left >>= 5
    return text + chr(left + 63)
