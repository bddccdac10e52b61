"""Disasters: an area is named once, and everybody with a place in it is left in peace.

Whoever has a case at the branch and any place in the area gets a hold of their own, by the one path
that every hold takes: announced visits end, the days are planned again. It is done in chunks, each a
transaction that also notes how far it is: what was cut off goes on, and nothing is done twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.area import Area
from dispatch.aside import sifted
from dispatch.errors import Invalid, WrongState
from dispatch.model import Branch, Disaster, DisasterState, Hold, HoldKind, Person, Place, record
from dispatch.store import disasters
from dispatch.store.hold_ends import release_one
from dispatch.store.holds import apply_hold, lock_people
from dispatch.store.rows import get_any
from dispatch.vault import Vault

CHUNK: Final = 200
"""People, or holds, of one transaction."""

AGAIN: Final = timedelta(hours=12)
"""After which a disaster in force looks for those who came into its area since."""

LONGEST: Final = timedelta(days=366)
ACTOR: Final = "duty:disasters"
_OVER: Final = "The event in the area is over."


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people an area would hold, and how many visits would end."""

    people: int
    visits: int


def count_reach(session: Session, *, vault: Vault, branch: Branch, area: Area) -> Reach:
    """Return whom an area would hold; nothing is changed."""
    people = visits = 0
    after: UUID | None = None
    while some := disasters.people_after(session, branch.id, after=after, limit=CHUNK):
        after = some[-1].id
        inside = {one.id for one in _inside(session, vault, area, some)}
        people += len(inside)
        visits += len(disasters.visits_to_come(session, inside))
    return Reach(people, visits)


def declare(
    session: Session,
    *,
    branch: Branch,
    area: Area,
    from_at: datetime,
    until_at: datetime,
    actor: str,
    now: datetime,
) -> Disaster:
    """Name an area and a period; the holds are put afterwards, in chunks. Twice is once.

    Raises
    ------
    Invalid
        If the period is over, turned round, or longer than a year.
    """
    if until_at <= max(from_at, now) or until_at - now > LONGEST:
        msg = "The period must end after it begins, in the future, and within a year."
        raise Invalid(msg, [{"pointer": "/body/until_at", "message": msg}])
    known = disasters.same_as(
        session, branch_id=branch.id, area_hash=area.fingerprint, until_at=until_at
    )
    if known is not None:
        return known
    disaster = Disaster(
        branch_id=branch.id,
        area=area.as_json(),
        area_hash=area.fingerprint,
        from_at=from_at,
        until_at=until_at,
        declared_by=actor,
        declared_at=now,
    )
    session.add(disaster)
    session.flush()
    record(
        disaster,
        "disaster.declared",
        actor=actor,
        now=now,
        area=area.as_json(),
        from_at=from_at,
        until=until_at,
    )
    return disaster


def lift(session: Session, *, disaster: Disaster, actor: str, now: datetime) -> Disaster:
    """Say that it is over before its time; the holds are lifted afterwards, in chunks.

    Raises
    ------
    WrongState
        If it is over, or being lifted, already.
    """
    if disaster.state not in {DisasterState.SPREADING, DisasterState.IN_FORCE}:
        msg = "The disaster is over, or being lifted, already; nothing is left to do."
        raise WrongState(msg, state=str(disaster.state))
    disaster.move_to(DisasterState.LIFTING, actor=actor, now=now, held=disaster.held)
    disaster.lifted_by = actor
    session.add(disaster)
    return disaster


def step(
    session: Session, *, vault: Vault, disaster_id: UUID, now: datetime, limit: int = CHUNK
) -> bool:
    """Do the next chunk of what a disaster asks for; whether more is to be done at once."""
    disaster = get_any(session, Disaster, disaster_id, lock=True)
    session.add(disaster)
    if disaster.state is DisasterState.LIFTING:
        return _release(session, disaster, now=now, limit=limit)
    if disaster.state is not DisasterState.OVER and disaster.until_at <= now:
        # Each hold has the same end, and lapses by itself.
        disaster.move_to(DisasterState.OVER, actor=ACTOR, now=now, held=disaster.held)
        return False
    if disaster.state is DisasterState.SPREADING:
        return _hold(session, vault, disaster, now=now, limit=limit)
    if disaster.state is DisasterState.IN_FORCE and _is_due(disaster, now):
        disaster.move_to(DisasterState.SPREADING, actor=ACTOR, now=now)
        return True
    return False


def _is_due(disaster: Disaster, now: datetime) -> bool:
    return disaster.swept_at is None or disaster.swept_at + AGAIN <= now


def _hold(
    session: Session, vault: Vault, disaster: Disaster, *, now: datetime, limit: int
) -> bool:
    people = disasters.people_after(
        session, disaster.branch_id, after=disaster.cursor, limit=limit
    )
    inside = _inside(session, vault, Area.of_json(disaster.area), people)
    lock_people(session, {one.id for one in inside})
    known = disasters.held_by(session, disaster, {one.id for one in inside})
    for person in sorted(inside, key=lambda one: str(one.id)):
        if person.id not in known:
            hold = Hold(
                branch_id=disaster.branch_id,
                person_id=person.id,
                kind=HoldKind.DISASTER_AREA,
                from_at=max(disaster.from_at, disaster.declared_at),
                until_at=disaster.until_at,
                requested_by=disaster.declared_by,
                source_id=disaster.id,
            )
            apply_hold(session, hold, actor=disaster.declared_by, now=now)
            disaster.held += 1
    if len(people) == limit:
        disaster.cursor = people[-1].id
        return True
    disaster.move_to(DisasterState.IN_FORCE, actor=ACTOR, now=now, held=disaster.held)
    disaster.swept_at = now
    return False


def _release(session: Session, disaster: Disaster, *, now: datetime, limit: int) -> bool:
    actor = disaster.lifted_by or ACTOR
    found = disasters.standing_holds(session, disaster, limit=limit)
    lock_people(session, {one.person_id for one in found})
    for hold in found:
        release_one(session, hold, reason=_OVER, actor=actor, now=now)
    if len(found) == limit:
        return True
    disaster.move_to(DisasterState.OVER, actor=actor, now=now, held=disaster.held)
    return False


def _inside(session: Session, vault: Vault, area: Area, people: Sequence[Person]) -> list[Person]:
    """Return who has a place in an area; of whom nothing can be read, nothing is known."""
    places = disasters.places_of_people(session, {one.id for one in people})

    def lies_inside(person: Person, place: Place) -> bool:
        address = vault.read(person, place, "address") if area.by_name else None
        point = None if area.by_name else vault.read(person, place, "point")
        return area.holds((point[0], point[1]) if point else None, address)

    def looked_at(some: Sequence[Person]) -> dict[UUID, bool]:
        return {
            one.id: any(lies_inside(one, place) for place in places.get(one.id, ()))
            for one in some
        }

    found, _ = sifted(people, looked_at)
    return [one for one in people if found.get(one.id)]
