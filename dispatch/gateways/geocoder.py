"""Geocoder: which provider the settings ask for; none by default, since addresses are private."""

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from geopy.geocoders import BaiduV3, Nominatim

from dispatch.coordinates import Datum
from dispatch.errors import GatewayUnavailable, SettingsInvalid
from dispatch.gateways.fetch import USER_AGENT
from dispatch.gateways.geocoder_providers import (
    DEADLINE_S,
    Amap,
    FetchAdapter,
    Pace,
    ProviderGeocoder,
    amap_confidence,
    baidu_confidence,
    nominatim_confidence,
)
from dispatch.gateways.located import (
    CachedGeocoder,
    Confidence,
    Geocoder,
    Located,
    Remembered,
    address_key,
)
from dispatch.settings import GeocoderKind, Settings

__all__ = [
    "CachedGeocoder",
    "Confidence",
    "FakeGeocoder",
    "Geocoder",
    "Located",
    "NoGeocoder",
    "Remembered",
    "address_key",
    "geocoder_of",
]

_AMAP_URL = "https://restapi.amap.com"


class NoGeocoder:
    """The default: it asks nobody and knows no place, so that addresses stay in the house."""

    def locate(self, address: str, *, city: str | None = None) -> Located | None:  # noqa: ARG002
        """Return None: a person places the address on the map."""
        return None


class FakeGeocoder:
    """A geocoder for tests: it knows what it was given, records what it is asked, fails when told.

    Parameters
    ----------
    places : mapping of str to Located
        What it knows, by the text of the address.
    """

    def __init__(self, places: Mapping[str, Located] | None = None) -> None:
        self.places = dict(places or {})
        self.asked: list[tuple[str, str | None]] = []
        self.failure: GatewayUnavailable | None = None

    def locate(self, address: str, *, city: str | None = None) -> Located | None:
        """Return the known place of `address`; raise `failure` where one is set."""
        self.asked.append((address, city))
        if self.failure is not None:
            raise self.failure
        return self.places.get(address)


def geocoder_of(settings: Settings, *, pace: Pace | None = None) -> Geocoder:
    """Return the geocoder that the settings ask for; one per process, for it keeps the pace.

    Raises
    ------
    SettingsInvalid
        If the provider needs a key that is missing, or its address is none.
    """
    # geopy writes whole requests, addresses and keys included, into its log.
    logging.getLogger("geopy").setLevel(logging.WARNING)
    pace = pace or Pace(settings.geocoder_per_second)
    match settings.geocoder:
        case GeocoderKind.NONE:
            return NoGeocoder()
        case GeocoderKind.NOMINATIM:
            return _nominatim(settings, pace)
        case GeocoderKind.BAIDU:
            return _baidu(settings, pace)
        case GeocoderKind.AMAP:
            return _amap(settings, pace)


def _nominatim(settings: Settings, pace: Pace) -> Geocoder:
    place = urlsplit(_url(settings) or "https://nominatim.openstreetmap.org")
    coder = Nominatim(
        domain=place.netloc + place.path.rstrip("/"),
        scheme=place.scheme,
        user_agent=USER_AGENT,
        timeout=DEADLINE_S,
        adapter_factory=FetchAdapter,
    )
    return ProviderGeocoder(
        "nominatim", coder, pace, datum=Datum.WGS84, confidence=nominatim_confidence
    )


def _baidu(settings: Settings, pace: Pace) -> Geocoder:
    coder = BaiduV3(_key(settings), timeout=DEADLINE_S, adapter_factory=FetchAdapter)
    if url := _url(settings):
        coder.api = url + coder.api_path
    return ProviderGeocoder("baidu", coder, pace, datum=Datum.BD09, confidence=baidu_confidence)


def _amap(settings: Settings, pace: Pace) -> Geocoder:
    coder = Amap(
        _key(settings),
        _url(settings) or _AMAP_URL,
        timeout=DEADLINE_S,
        adapter_factory=FetchAdapter,
    )
    return ProviderGeocoder("amap", coder, pace, datum=Datum.GCJ02, confidence=amap_confidence)


def _key(settings: Settings) -> str:
    if settings.geocoder_key is None:
        msg = f"FAIRVISIT_GEOCODER is {settings.geocoder.value}: it needs FAIRVISIT_GEOCODER_KEY."
        raise SettingsInvalid(msg)
    return settings.geocoder_key.get_secret_value()


def _url(settings: Settings) -> str | None:
    if settings.geocoder_url is None:
        return None
    place = urlsplit(settings.geocoder_url)
    if place.scheme not in {"http", "https"} or not place.hostname or place.query:
        msg = "FAIRVISIT_GEOCODER_URL is no address; write one such as https://geo.example."
        raise SettingsInvalid(msg)
    return settings.geocoder_url.rstrip("/")
