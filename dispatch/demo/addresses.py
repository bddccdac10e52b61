"""House numbers along the side streets, and the district that each lies in."""

from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

from dispatch.demo.fixtures import rows
from dispatch.demo.ground import CENTRE_LAT, M_PER_DEGREE, Ground, distance_m
from dispatch.demo.network import Name, Network

CITY = Name("岚汀市", "Lanting")
FRONTAGE_M = 9.0  # one house number each
APART_M = 130.0  # between two addresses that are recorded
SETBACK_M = 14.0


@dataclass(frozen=True, slots=True)
class District:
    """A district: its name and its middle."""

    name_zh: str
    name_en: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class AddressPoint:
    """A house on a side street."""

    lat: float
    lon: float
    number: int
    street: Name
    district: District

    @property
    def text_zh(self) -> str:
        """Return the address as written in Chinese."""
        return f"{CITY.zh}{self.district.name_zh}{self.street.zh}{self.number}号"

    @property
    def text_en(self) -> str:
        """Return the address as written in English."""
        return f"{self.number} {self.street.en}, {self.district.name_en}, {CITY.en}"


def districts(ground: Ground) -> tuple[District, ...]:
    """Return the city's districts."""
    return tuple(
        District(row["name_zh"], row["name_en"], *ground.place(float(row["u"]), float(row["v"])))
        for row in rows("districts")
    )


def number_houses(network: Network, parts: tuple[District, ...]) -> tuple[AddressPoint, ...]:
    """Return the address points along every side street, even numbers on its right."""
    walked_m: dict[Name, float] = {}
    points: list[AddressPoint] = []
    for way in network.ways:
        if way.highway not in {"residential", "living_street"}:
            continue
        street = Name(way.tags["name"], way.tags["name:en"])
        start_m = walked_m.get(street, 0.0)
        for a, b in pairwise(network.places[node] for node in way.nodes):
            length_m = distance_m(a, b)
            points.extend(_houses(a, b, start_m, length_m, street, parts))
            start_m += length_m
        walked_m[street] = start_m
    return tuple(points)


def _houses(
    a: tuple[float, float],
    b: tuple[float, float],
    start_m: float,
    length_m: float,
    street: Name,
    parts: tuple[District, ...],
) -> list[AddressPoint]:
    """Return the houses of one piece: one for every full stretch, well away from crossings."""
    count = max(1, round(length_m / APART_M)) if length_m > 4 * SETBACK_M else 0
    east_m = (b[1] - a[1]) * M_PER_DEGREE * cos(radians(CENTRE_LAT)) / max(length_m, 1.0)
    north_m = (b[0] - a[0]) * M_PER_DEGREE / max(length_m, 1.0)
    houses = []
    for k in range(count):
        share = (k + 0.5) / count
        number = int((start_m + share * length_m) / FRONTAGE_M) + 1
        side = SETBACK_M if number % 2 == 0 else -SETBACK_M
        lat = a[0] + (b[0] - a[0]) * share - side * east_m / M_PER_DEGREE
        lon = (
            a[1]
            + (b[1] - a[1]) * share
            + side * north_m / (M_PER_DEGREE * cos(radians(CENTRE_LAT)))
        )
        near = min(parts, key=lambda part: distance_m((part.lat, part.lon), (lat, lon)))
        houses.append(AddressPoint(round(lat, 6), round(lon, 6), number, street, near))
    return houses
