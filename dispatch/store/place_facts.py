"""What the law asks of a place: kind, position, choice, zone, region, and the risk flags on it."""

from typing import Any

from dispatch.model import Branch, LocationState, Place
from dispatch.policy.regions import region_of


def place_facts(
    place: Place | None, branch: Branch, risks: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the facts of a place as `VisitFacts` names them; of no place nothing is known."""
    if place is None:
        return {
            "place_kind": None,
            "is_place_located": None,
            "is_place_chosen": None,
            "time_zone": branch.time_zone,
            "region": None,
        }
    return {
        "place_kind": place.kind,
        "is_place_located": place.location is LocationState.LOCATED,
        "is_place_chosen": place.is_chosen_by_person,
        "time_zone": place.time_zone or branch.time_zone,
        "region": region_of(
            region=place.region,
            time_zone=place.time_zone,
            branch_region=branch.country,
            branch_time_zone=branch.time_zone,
        ),
        "risks": risks,
    }
