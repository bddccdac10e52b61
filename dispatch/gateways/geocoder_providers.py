"""The providers of places: geopy's Nominatim and Baidu, and AMap in the same manner.

What is Chinese is shifted: Baidu answers in BD-09, AMap in GCJ-02; both leave here as WGS-84.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderRateLimited,
    GeocoderServiceError,
    GeocoderUnavailable,
    GeopyError,
)
from geopy.geocoders.base import Geocoder as GeopyGeocoder
from geopy.location import Location

from dispatch.coordinates import Datum, to_wgs84
from dispatch.errors import GatewayUnavailable
from dispatch.gateways.fetch import Call, FetchFailed, fetch, parsed
from dispatch.gateways.located import LONGEST_ADDRESS, Confidence, Located, plain

DEADLINE_S = 10.0
"""For one address, however slowly the provider answers."""

_PERMANENT = (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderQueryError,
)

_AMAP_NOT_FOUND = range(30000, 32001)
_AMAP_BUSY = {"10004", "10014", "10015", "10019", "10020", "10021", "10022", "10023"}
_AMAP_USED_UP = {"10003", "10044", "10045", "40000", "40002"}
_AMAP_HOUSE = {"门牌号", "门址", "单元号", "楼栋号", "兴趣点", "住宅区"}
_AMAP_STREET = {"道路", "道路交叉路口", "村庄", "开发区", "热点商圈"}
_NOMINATIM_HOUSE, _NOMINATIM_STREET = 28, 26
_BAIDU_STREET = 50


class Coder(Protocol):
    """What geopy's geocoders have in common."""

    def geocode(self, query: str) -> Location | None:
        """Return the first place found for the text."""
        ...


class FetchAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """geopy's transport, with a total deadline and without redirects."""

    def get_json(self, url: str, *, timeout: float | None, headers: Mapping[str, str]) -> Any:
        """Return the JSON at `url`."""
        try:
            return parsed(self._get(url, timeout, headers))
        except FetchFailed as error:
            raise GeocoderParseError(str(error)) from error

    def get_text(self, url: str, *, timeout: float | None, headers: Mapping[str, str]) -> str:
        """Return the text at `url`."""
        return self._get(url, timeout, headers).decode(errors="replace")

    def _get(self, url: str, timeout: float | None, headers: Mapping[str, str]) -> bytes:
        try:
            return fetch([Call(url, headers=dict(headers))], deadline_s=timeout or DEADLINE_S)[0]
        except FetchFailed as error:
            if error.status is None:
                raise GeocoderUnavailable(str(error)) from error
            told = {} if error.retry_after_s is None else {"retry-after": str(error.retry_after_s)}
            raise AdapterHTTPError(
                str(error), status_code=error.status, headers=told, text=""
            ) from error


class Pace:
    """Lets one question through in each interval; the others wait for their turn."""

    def __init__(
        self,
        per_second: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval_s = 1.0 / per_second
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next_at = float("-inf")

    def wait(self) -> None:
        """Return when it is this caller's turn."""
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._next_at)
            self._next_at = turn + self._interval_s
        if turn > now:
            self._sleep(turn - now)


class ProviderGeocoder:
    """A provider behind a pace, its answers turned into WGS-84 and a confidence.

    Parameters
    ----------
    source : str
        The provider's name, for the record.
    coder : Coder
        geopy's geocoder of the provider.
    pace : Pace
        How often it may be asked.
    datum : Datum
        What the provider's coordinates are measured against.
    confidence : callable
        Reads how sure the place is out of the provider's raw answer.
    """

    def __init__(
        self,
        source: str,
        coder: Coder,
        pace: Pace,
        *,
        datum: Datum,
        confidence: Callable[[Mapping[str, Any]], Confidence],
    ) -> None:
        self._source = source
        self._coder = coder
        self._pace = pace
        self._datum = datum
        self._confidence = confidence

    def locate(self, address: str, *, city: str | None = None) -> Located | None:
        """Return the place of `address`, or None if the provider knows none.

        Raises
        ------
        GatewayUnavailable
            If the provider did not answer; `permanent` if it refuses the key.
        """
        text, town = plain(address), plain(city or "")
        if not text or len(text) > LONGEST_ADDRESS:
            return None
        query = text if not town or town in text else _joined(town, text)
        self._pace.wait()
        try:
            found = self._coder.geocode(query)
            return None if found is None else self._located(found)
        except GeopyError as error:
            msg = f"The geocoder {self._source} failed: {_cause(error)}. {_remedy(error)}"
            raise GatewayUnavailable(msg, permanent=isinstance(error, _PERMANENT)) from None
        except (AttributeError, LookupError, TypeError, ValueError):
            # Not chained: the error may quote the address.
            msg = f"The geocoder {self._source} answered with something that is no place."
            raise GatewayUnavailable(msg) from None

    def _located(self, found: Location) -> Located:
        lat, lon = to_wgs84(float(found.latitude), float(found.longitude), self._datum)
        return Located(lat, lon, self._confidence(found.raw), self._source)


class Amap(GeopyGeocoder):  # type: ignore[misc]
    """Geocoder of AMap's web service, version 3, and of services that answer like it.

    Parameters
    ----------
    key : str
        The web service key.
    url : str
        The service's address.
    """

    geocode_path = "/v3/geocode/geo"

    def __init__(self, key: str, url: str, **options: Any) -> None:
        super().__init__(**options)
        self.api = url.rstrip("/") + self.geocode_path
        self._key = key

    def geocode(self, query: str) -> Location | None:
        """Return the first place found for the text."""
        asked = urlencode({"key": self._key, "address": query, "output": "JSON"})
        return self._call_geocoder(f"{self.api}?{asked}", self._first)

    def _first(self, page: Any) -> Location | None:
        if str(page["status"]) != "1":
            _amap_refusal(str(page.get("infocode", "")))
            return None
        places = page.get("geocodes") or []
        if not places or not places[0].get("location"):
            return None
        lon, lat = (float(number) for number in places[0]["location"].split(","))
        return Location(places[0].get("formatted_address") or "", (lat, lon), places[0])


def nominatim_confidence(raw: Mapping[str, Any]) -> Confidence:
    """Read OpenStreetMap's search rank: 30 a house, 26 a street, less an area."""
    rank = int(raw.get("place_rank", 0))
    if rank >= _NOMINATIM_HOUSE:
        return Confidence.HIGH
    return Confidence.MEDIUM if rank >= _NOMINATIM_STREET else Confidence.LOW


def baidu_confidence(raw: Mapping[str, Any]) -> Confidence:
    """Read Baidu's `precise` flag and its confidence of 0 to 100."""
    if raw.get("precise") == 1:
        return Confidence.HIGH
    sure = int(raw.get("confidence", 0))
    return Confidence.MEDIUM if sure >= _BAIDU_STREET else Confidence.LOW


def amap_confidence(raw: Mapping[str, Any]) -> Confidence:
    """Read AMap's level: a door, a road, or an area."""
    level = raw.get("level")
    if level in _AMAP_HOUSE:
        return Confidence.HIGH
    return Confidence.MEDIUM if level in _AMAP_STREET else Confidence.LOW


def _amap_refusal(code: str) -> None:
    """Raise what AMap's code means; do nothing where it made nothing of the address."""
    if code.isdigit() and int(code) in _AMAP_NOT_FOUND:
        return
    if code in _AMAP_BUSY:
        raise GeocoderRateLimited(code)
    if code in _AMAP_USED_UP:
        raise GeocoderQuotaExceeded(code)
    if code.startswith("100"):
        raise GeocoderAuthenticationFailure(code)
    raise GeocoderServiceError(code)


def _joined(town: str, text: str) -> str:
    # Chinese addresses go from the large to the small and take no comma.
    return f"{text}, {town}" if town.isascii() else f"{town}{text}"


def _cause(error: GeopyError) -> str:
    name = type(error).__name__.removeprefix("Geocoder")
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()


def _remedy(error: GeopyError) -> str:
    if isinstance(error, _PERMANENT):
        return "See FAIRVISIT_GEOCODER_KEY and FAIRVISIT_GEOCODER_URL."
    return "Try again later, or place the address on the map by hand."
