"""Regions: the country or part of one whose calendar binds at a place, as far as that can be told."""

from functools import cache
from importlib import resources
from typing import Final

UNKNOWN: Final = "unknown"
"""A region of which nobody can say which it is: no calendar vouches for its dates."""


def region_of(
    *, region: str | None, time_zone: str | None, branch_region: str, branch_time_zone: str
) -> str | None:
    """Return the region whose calendar binds beside the branch's; None where it is the branch's.

    A place in another time zone is in another region, unless both are known to be of a country
    that the branch's calendar covers as a whole.

    Parameters
    ----------
    region
        ISO 3166 code of the place (`IN`, `AU-NSW`), if anybody gave one.
    """
    if region is not None:
        return None if region == branch_region else region
    if time_zone is None or time_zone == branch_time_zone:
        return None
    country = _countries().get(time_zone)
    if country == branch_region:
        return None
    # In a country that the branch knows by its parts, the place may be in any other part.
    if country is None or country == branch_region.partition("-")[0]:
        return UNKNOWN
    return country


@cache
def _countries() -> dict[str, str]:
    """Return the country of each time zone that the IANA database gives to one country."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    lines = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {line[2]: line[0] for line in lines}
