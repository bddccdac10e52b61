"""Erase a person: the data key is destroyed, every field emptied; rows and evidence stay.

What is left are identifiers, states and instants that point to nobody, so that counts, plans and
the evidence chain hold. Visits not yet made are cancelled, waiting notices go nowhere, and an
import meets the person as erased and takes nothing in.
"""

from datetime import datetime

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.model import Hold, HoldKind, Person
from dispatch.privacy.tombstones import Tombstones
from dispatch.store import subject
from dispatch.store.holds import apply_hold, lock_people
from dispatch.store.rows import get_any

SHORTEST_GROUND = 12


def erase_person(
    session: Session,
    *,
    person: Person,
    ground: str,
    tombstones: Tombstones,
    actor: str,
    now: datetime,
) -> int:
    """Erase a person and return how many rows were emptied; again changes nothing.

    Raises
    ------
    Invalid
        If no ground is written down.
    GatewayUnavailable
        If the tombstone can't be written: then nothing is erased.
    """
    if len(ground.strip()) < SHORTEST_GROUND:
        msg = "Write down why the person is erased: who asked, or which term ran out."
        raise Invalid(msg)
    lock_people(session, {person.id})
    person = get_any(session, Person, person.id, lock=True)
    if person.erased_at is not None:
        return 0
    tombstones.add(person.id, now=now)
    return forget_person(session, person=person, actor=actor, now=now)


def forget_again(session: Session, *, tombstones: Tombstones, actor: str, now: datetime) -> int:
    """Erase whoever has a tombstone and is there all the same, as after a restored backup."""
    erased = 0
    for person_id in tombstones.people():
        person = session.get(Person, person_id)
        if person is not None and person.erased_at is None:
            forget_person(session, person=person, actor=actor, now=now)
            erased += 1
    return erased


def forget_person(session: Session, *, person: Person, actor: str, now: datetime) -> int:
    """Destroy the key and empty the fields of a person who has a tombstone."""
    cases = subject.cases_of_person(session, person.id)
    if cases:
        apply_hold(
            session,
            Hold(
                branch_id=cases[0].branch_id,
                person_id=person.id,
                kind=HoldKind.STOP_CONTACT,
                from_at=now,
                requested_by="erasure",
            ),
            actor=actor,
            now=now,
        )
    session.flush()
    emptied = subject.forget(session, person.id)
    person.erase(actor=actor, now=now)
    session.add(person)
    session.flush()
    return emptied + 1
