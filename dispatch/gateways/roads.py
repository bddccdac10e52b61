"""Roads: which road service the settings ask for, and what stands in when it fails."""

import logging
import threading
from collections.abc import Sequence

from dispatch.errors import RoadsUnavailable, SettingsInvalid
from dispatch.gateways import osrm_data
from dispatch.gateways.matrix_cache import CachedRoads
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.gateways.roads_osrm import OsrmRoads
from dispatch.gateways.roads_servers import OsrmHttpRoads, ValhallaHttpRoads
from dispatch.gateways.travel import Matrix, Point, Roads
from dispatch.settings import RoadsKind, Settings

__all__ = ["FallbackRoads", "Matrix", "Point", "Roads", "roads_of"]

log = logging.getLogger(__name__)


def roads_of(settings: Settings) -> Roads:
    """Return the road service that the settings ask for: cached, with the estimate behind it.

    Raises
    ------
    SettingsInvalid
        If what the service needs (a file, an address, a profile) is missing or can't be right.
    """
    estimate = Estimate(settings.estimate_speed_kmh, settings.estimate_detour)
    primary = _primary(settings, estimate)
    if primary is None:
        return EstimateRoads(estimate)
    return FallbackRoads(CachedRoads(primary), EstimateRoads(estimate))


class FallbackRoads:
    """A road service, and the estimate for as long as it does not answer.

    Whatever the estimate gives is flagged as such, and never cached as the service's own. The
    log says once that the service failed, and once that it is back.
    """

    def __init__(self, primary: Roads, estimate: Roads) -> None:
        self._primary = primary
        self._estimate = estimate
        self._lock = threading.Lock()
        self._is_failing = False

    @property
    def data_set(self) -> str:
        """The identity of the primary service's data."""
        return self._primary.data_set

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Return the travel between all pairs: the service's, or else all estimated."""
        try:
            found = self._primary.matrix(points)
        except RoadsUnavailable as error:
            self._failed(error)
            return self._estimate.matrix(points)
        self._answered()
        return found

    def geometry(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Return the way along the points: the service's, or else straight lines."""
        try:
            found = self._primary.geometry(points)
        except RoadsUnavailable as error:
            self._failed(error)
            return self._estimate.geometry(points)
        self._answered()
        return found

    def close(self) -> None:
        """Close both."""
        self._primary.close()
        self._estimate.close()

    def _failed(self, error: RoadsUnavailable) -> None:
        with self._lock:
            if not self._is_failing:
                log.warning("travel is estimated until roads answer again: %s", error.detail)
            self._is_failing = True

    def _answered(self) -> None:
        with self._lock:
            if self._is_failing:
                log.info("roads answer again")
            self._is_failing = False


def _primary(settings: Settings, estimate: Estimate) -> Roads | None:
    match settings.roads:
        case RoadsKind.ESTIMATE:
            return None
        case RoadsKind.OSRM:
            return _embedded(settings, estimate)
        case RoadsKind.OSRM_HTTP:
            return OsrmHttpRoads(_url(settings), estimate, profile=settings.roads_profile)
        case RoadsKind.VALHALLA_HTTP:
            return ValhallaHttpRoads(_url(settings), estimate, profile=settings.roads_profile)


def _embedded(settings: Settings, estimate: Estimate) -> Roads | None:
    if settings.roads_file is None:
        msg = "FAIRVISIT_ROADS is osrm, which needs FAIRVISIT_ROADS_FILE: an .osm.pbf of the area."
        raise SettingsInvalid(msg)
    if not osrm_data.is_installed():
        log.warning("OSRM has no wheel for this platform: travel times are estimated.")
        return None
    return OsrmRoads(
        settings.roads_file,
        settings.data_folder / "roads",
        estimate,
        profile=settings.roads_profile,
    )


def _url(settings: Settings) -> str:
    if not settings.roads_url:
        msg = f"FAIRVISIT_ROADS is {settings.roads.value}, which needs FAIRVISIT_ROADS_URL."
        raise SettingsInvalid(msg)
    return settings.roads_url
