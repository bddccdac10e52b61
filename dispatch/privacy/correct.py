"""Correct what is on record about a person: an amendment, never an overwriting without a trace."""

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.model import Amendment, ContactKind, LocationState, Person, record
from dispatch.store import subject
from dispatch.store.holds import lock_people
from dispatch.store.rows import get_any
from dispatch.vault import Vault

FIELDS: Final = ("name", "birth_year", "phone", "email", "address")
EARLIEST_BIRTH: Final = 1900
ADULT_AT: Final = 18


def correct(
    session: Session,
    *,
    vault: Vault,
    person: Person,
    field: str,
    value: str,
    was: str | None = None,
    ground: str,
    asked_by: str,
    actor: str,
    now: datetime,
) -> Amendment:
    """Put one value right and return the amendment, which keeps what stood there before.

    Parameters
    ----------
    field
        One of `FIELDS`.
    was
        The present phone number, e-mail address or postal address, where there are several.

    Raises
    ------
    Invalid
        If the field or the value can't be, or it is not clear which one is meant.
    """
    if field not in FIELDS:
        msg = f"{field!r} can't be corrected here; choose {', '.join(FIELDS)}."
        raise Invalid(msg)
    if not value.strip() or not ground.strip():
        msg = "Write the right value, and why it is put right."
        raise Invalid(msg)
    lock_people(session, {person.id})
    person = get_any(session, Person, person.id, lock=True)
    if person.data_key is None:
        msg = "The person has been erased; nothing is stored about them."
        raise Invalid(msg)
    row, column, new = _target(session, vault, person, field, value.strip(), was)
    amendment = Amendment(
        person_id=person.id,
        subject=row.__tablename__,
        subject_id=row.id,
        field=column,
        asked_by=asked_by,
        made_by=actor,
        made_at=now,
    )
    vault.write(person, amendment, "before", vault.read(person, row, column))
    vault.write(person, amendment, "after", new)
    vault.write(person, amendment, "ground", ground.strip())
    _put(vault, person, row, column, new, now)
    session.add_all([row, amendment])
    session.flush()
    record(amendment, "person.corrected", actor=actor, now=now, field=field, by=asked_by)
    return amendment


def _target(
    session: Session, vault: Vault, person: Person, field: str, value: str, was: str | None
) -> tuple[Any, str, Any]:
    """Return the row, its column and the value as it is stored."""
    if field == "name":
        return person, "name", value
    if field == "birth_year":
        if not (value.isdecimal() and int(value) >= EARLIEST_BIRTH):
            msg = "Write the year of birth with four digits."
            raise Invalid(msg)
        return person, "birth_year", int(value)
    if field == "address":
        return (
            _the_one(vault, person, subject.places_of_person(session, person.id), was)[0],
            "address",
            value,
        )
    kind = ContactKind.PHONE if field == "phone" else ContactKind.EMAIL
    rows = [one for one in subject.contacts_of_person(session, person.id) if one.kind is kind]
    return _the_one(vault, person, rows, was)[0], "value", value


def _the_one(vault: Vault, person: Person, rows: list[Any], was: str | None) -> list[Any]:
    column = "address" if rows and rows[0].__tablename__ == "place" else "value"
    meant = [one for one in rows if was is None or vault.read(person, one, column) == was.strip()]
    if len(meant) != 1:
        msg = f"{len(meant)} entries could be meant; say with --was which one."
        raise Invalid(msg)
    return meant


def _put(vault: Vault, person: Person, row: Any, column: str, value: Any, now: datetime) -> None:
    vault.write(person, row, column, value)
    if column == "name":
        person.name_index = vault.index("name", value)
    elif column == "birth_year":
        # The year alone can't tell in the year of the birthday: then nobody knows.
        person.is_adult = None if now.year - value == ADULT_AT else now.year - value > ADULT_AT
    elif column == "value":
        row.value_index = vault.index(row.kind, value)
    elif column == "address":
        # The position belonged to the wrong address: the place waits to be located anew.
        row.address_index = vault.index("address", value)
        vault.write(person, row, "point", None)
        row.location, row.located_by = LocationState.NEEDS_LOCATING, None
