"""Places without a position: the lane where they wait, and the two ways out of it.

A person says where the place is, or a geocoder does. The geocoder is asked between two
transactions: `addresses_to_locate` in the first, `store_located` in the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.coordinates import Datum, to_wgs84
from dispatch.errors import Invalid, Refused
from dispatch.gateways.located import Confidence, Located
from dispatch.model import Branch, Case, GeocodeEntry, LocationState, Person, Place
from dispatch.store.geocodes import geocode_entries
from dispatch.store.people import places_to_locate
from dispatch.store.rows import get_any, get_many
from dispatch.store.scope import Scope
from dispatch.vault import Vault

BY_FILE: Final = "file"
BY_HAND: Final = "hand"

ASK_AGAIN: Final = timedelta(days=30)
"""How long a look-up that found nothing is not repeated."""

_LANE: Final = (LocationState.NEEDS_LOCATING, LocationState.DOUBTFUL, LocationState.WRONG)
_POLE: Final = 90
_DATE_LINE: Final = 180


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case whose place has no position to rely on."""

    place: Place
    case: Case


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look-up found: a WGS-84 position or None, and whether it is the very house."""

    point: tuple[float, float] | None
    is_exact: bool = True

    @classmethod
    def of(cls, located: Located | None) -> "Answer":
        """Return a geocoder's answer; only one that is sure of the house counts as exact."""
        if located is None:
            return cls(None)
        return cls((located.lat, located.lon), located.confidence is Confidence.HIGH)


@dataclass(frozen=True, slots=True)
class Address:
    """An address to look up; `cached` where somebody asked before."""

    place_id: UUID
    text: str
    cached: Answer | None


def waiting(session: Session, scope: Scope, branch_id: UUID, *, limit: int = 200) -> list[Waiting]:
    """Return the branch's places that need locating, are doubtful or proved wrong."""
    rows = places_to_locate(session, scope, branch_id, _LANE, limit=limit)
    return [Waiting(place, case) for place, case in rows]


def locate_by_hand(
    session: Session,
    *,
    vault: Vault,
    place: Place,
    lat: float,
    lon: float,
    datum: Datum = Datum.WGS84,
    actor: str,
    now: datetime,
) -> None:
    """Set a place's position as somebody pointed it out.

    Raises
    ------
    Invalid
        If it is no place on earth.
    Refused
        If the person was erased.
    """
    if not (abs(lat) <= _POLE and abs(lon) <= _DATE_LINE) or (lat == 0 and lon == 0):
        msg = "The position is no place on earth: latitude is -90 to 90, longitude -180 to 180."
        raise Invalid(msg, issues=[{"pointer": "/lat", "message": msg}])
    person = get_any(session, Person, place.person_id)
    if person.data_key is None:
        msg = "The person has been erased; nothing more is stored about them."
        raise Refused(msg)
    vault.write(person, place, "point", list(to_wgs84(lat, lon, datum)))
    place.mark(LocationState.LOCATED, by=BY_HAND, actor=actor, now=now)
    session.flush()


def addresses_to_locate(
    session: Session,
    *,
    vault: Vault,
    scope: Scope,
    branch: Branch,
    provider: str,
    now: datetime,
    limit: int = 100,
) -> list[Address]:
    """Return addresses of places that need locating; those lately asked in vain are left out."""
    states = (LocationState.NEEDS_LOCATING,)
    rows = places_to_locate(session, scope, branch.id, states, limit=limit * 10)
    places = {place.id: place for place, _ in rows}
    people = get_many(session, Person, {place.person_id for place in places.values()})
    asked = geocode_entries(
        session, scope, branch.id, provider, {place.address_index for place in places.values()}
    )
    found = []
    for place in places.values():
        entry = asked.get(place.address_index)
        cached = _answer(vault, branch, entry) if entry else None
        if entry and cached and cached.point is None and now - entry.looked_up_at < ASK_AGAIN:
            continue
        text = vault.read(people[place.person_id], place, "address")
        if text is not None:
            is_known = cached is not None and cached.point is not None
            found.append(Address(place.id, text, cached if is_known else None))
    return found[:limit]


def store_located(
    session: Session,
    *,
    vault: Vault,
    scope: Scope,
    branch: Branch,
    provider: str,
    answers: Sequence[tuple[UUID, Answer]],
    actor: str,
    now: datetime,
) -> int:
    """Keep what the look-ups found, sealed by the branch's key; return how many were located.

    A place that somebody located meanwhile stays as it is. A find that is not the very house
    leaves the place doubtful: a person looks at it before anyone is sent.
    """
    places = get_many(session, Place, {place_id for place_id, _ in answers})
    people = get_many(session, Person, {place.person_id for place in places.values()})
    entries = geocode_entries(
        session, scope, branch.id, provider, {place.address_index for place in places.values()}
    )
    located = 0
    for place_id, answer in answers:
        place = places.get(place_id)
        if place is None:
            continue
        entry = entries.get(place.address_index)
        if entry is None:
            entry = GeocodeEntry(
                branch_id=branch.id,
                provider=provider,
                address_index=place.address_index,
                looked_up_at=now,
            )
            session.add(entry)
            entries[place.address_index] = entry
        entry.looked_up_at = now
        told = {"point": answer.point and list(answer.point), "is_exact": answer.is_exact}
        vault.write(branch, entry, "answer", told)
        located += _locate(vault, people[place.person_id], place, answer, provider, actor, now)
    session.flush()
    return located


def _locate(
    vault: Vault,
    person: Person,
    place: Place,
    answer: Answer,
    provider: str,
    actor: str,
    now: datetime,
) -> bool:
    is_open = place.location is LocationState.NEEDS_LOCATING and person.data_key is not None
    if answer.point is None or not is_open:
        return False
    vault.write(person, place, "point", list(answer.point))
    state = LocationState.LOCATED if answer.is_exact else LocationState.DOUBTFUL
    place.mark(state, by=f"geocoder:{provider}"[:40], actor=actor, now=now)
    return True


def _answer(vault: Vault, branch: Branch, entry: GeocodeEntry) -> Answer:
    told = vault.read(branch, entry, "answer") or {"point": None, "is_exact": False}
    point = told["point"]
    return Answer((point[0], point[1]) if point else None, told["is_exact"])
