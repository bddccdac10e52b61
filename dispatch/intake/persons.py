"""Persons: the people of a chunk of rows, with their places and contact points."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dispatch.ids import new_id
from dispatch.intake.case_row import CaseRow
from dispatch.intake.context import ImportContext
from dispatch.intake.locate import BY_FILE, BY_HAND
from dispatch.intake.trace import acts
from dispatch.model import (
    ContactKind,
    ContactPoint,
    ContactStatus,
    LocationState,
    Person,
    Place,
)
from dispatch.store.bulk import insert_rows
from dispatch.store.people import contact_hashes_of, people_by_number, places_of, prefer

SOURCE = "lender"
"""Where a contact point of a file comes from."""

LAWFUL_BASIS = "contract"


@dataclass(slots=True)
class _Known:
    """A person on record, or about to be: enough to seal for them."""

    id: UUID
    data_key: bytes
    row: Person | None = None


@dataclass(slots=True)
class Persons:
    """The people of a chunk; new ones are written in bulk, known ones changed where they differ."""

    session: Session
    context: ImportContext
    known: dict[str, _Known]
    places: dict[tuple[UUID, str], Place | UUID]
    contacts: set[tuple[UUID, str, str]]
    chosen: frozenset[UUID]
    entries: list[dict[str, Any]] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, session: Session, context: ImportContext, rows: Sequence[CaseRow]) -> "Persons":
        """Look up in bulk whom the rows are about."""
        found = people_by_number(session, {row.person_index for row in rows})
        known = {
            index: _Known(person.id, person.data_key, person)
            for index, person in found.items()
            if person.data_key is not None
        }
        ids = [person.id for person in known.values()]
        places = places_of(session, ids)
        chosen = frozenset(one.id for one in places.values() if one.is_chosen_by_person)
        return cls(session, context, known, {**places}, contact_hashes_of(session, ids), chosen)

    def protect(self, minors: Iterable[CaseRow]) -> None:
        """Mark people on record whom a file shows to be minors: nobody is sent to them."""
        for row in minors:
            person = self.known.get(row.person_index)
            if person and person.row and person.row.is_adult is not False:
                person.row.is_adult = False
                self.entries.append(
                    acts(self.context, "person.minor", "person", person.id)
                    | {"person_id": person.id}
                )

    def store(self, rows: Sequence[CaseRow]) -> None:
        """Write new people, places and contact points; change what differs."""
        people: list[dict[str, Any]] = []
        places: list[dict[str, Any]] = []
        points: list[dict[str, Any]] = []
        for row in rows:
            person = self.known.get(row.person_index)
            if person is None:
                people.append(self._new_person(row))
                person = self.known[row.person_index]
            elif person.row is not None:
                self._change_person(person.row, row)
            places += self._place(person, row)
            points += self._contacts(person, row)
        insert_rows(self.session, Person, people)
        insert_rows(self.session, Place, places)
        insert_rows(self.session, ContactPoint, points)

    def place_of(self, row: CaseRow) -> UUID:
        """Return the id of the row's place."""
        place = self.places[self._place_key(self.known[row.person_index], row)]
        return place.id if isinstance(place, Place) else place

    def row_of(self, row: CaseRow) -> Person:
        """Return the person of a case on record."""
        person = self.known[row.person_index].row
        if person is None:  # pragma: no cover  (such a case was refused)
            raise LookupError(row.person_index)
        return person

    def _new_person(self, row: CaseRow) -> dict[str, Any]:
        vault, person_id = self.context.vault, new_id()
        key = vault.new_data_key()
        self.known[row.person_index] = _Known(person_id, key)
        seal = self.context.seal
        born = row.birth_year
        return {
            "id": person_id,
            "number_index": row.person_index,
            "data_key": key,
            "name_sealed": seal(key, "person", person_id, "name", row.name),
            "name_index": vault.index("name", row.name),
            "birth_year_sealed": born and seal(key, "person", person_id, "birth_year", born),
            "is_adult": row.is_adult,
            "language": row.language,
        }

    def _change_person(self, person: Person, row: CaseRow) -> None:
        vault, names = self.context.vault, self.changed[row.person_index]
        if vault.read(person, person, "name") != row.name:
            vault.write(person, person, "name", row.name)
            person.name_index = vault.index("name", row.name)
            names.append("name")
        if row.birth_year and vault.read(person, person, "birth_year") != row.birth_year:
            vault.write(person, person, "birth_year", row.birth_year)
            person.is_adult = row.is_adult
            names.append("birth_year")
        if row.language and person.language != row.language:
            person.language = row.language
            names.append("language")
        if row.preferred_channel and prefer(self.session, person.id, row.preferred_channel):
            names.append("preferred_channel")

    def _place_key(self, person: _Known, row: CaseRow) -> tuple[UUID, str]:
        return person.id, self.context.vault.index("address", row.address)

    def _place(self, person: _Known, row: CaseRow) -> list[dict[str, Any]]:
        key = self._place_key(person, row)
        known = self.places.get(key)
        if known is not None:
            if isinstance(known, Place):
                self._locate_again(person, known, row)
            return []
        place_id = new_id()
        self.places[key] = place_id
        seal, data_key = self.context.seal, person.data_key
        point = row.point
        return [
            {
                "id": place_id,
                "person_id": person.id,
                "kind": row.place_kind,
                "address_sealed": seal(data_key, "place", place_id, "address", row.address),
                "address_index": key[1],
                "point_sealed": point and seal(data_key, "place", place_id, "point", list(point)),
                "location": _state(row),
                "located_by": BY_FILE if point else None,
                "region": row.region,
                "time_zone": row.time_zone,
            }
        ]

    def _locate_again(self, person: _Known, place: Place, row: CaseRow) -> None:
        """Take a new position from the file, unless a person has said where the place is."""
        for name in ("region", "time_zone"):
            given = getattr(row, name)
            if given is not None and given != getattr(place, name):
                setattr(place, name, given)
                self.changed[row.person_index].append(name)
        if row.point is None or place.located_by == BY_HAND or person.row is None:
            return
        vault = self.context.vault
        if vault.read(person.row, place, "point") == list(row.point):
            return  # the same again does not put right what was found wrong on the spot
        vault.write(person.row, place, "point", list(row.point))
        place.location, place.located_by = _state(row), BY_FILE
        self.changed[row.person_index].append("point")

    def _contacts(self, person: _Known, row: CaseRow) -> list[dict[str, Any]]:
        given = [(ContactKind.PHONE, value, is_used) for value, is_used in row.phones]
        if row.email:
            given.append((ContactKind.EMAIL, row.email, True))
        points = []
        for kind, value, is_used in given:
            index = self.context.vault.index(kind.value, value)
            if (person.id, kind.value, index) in self.contacts:
                continue
            self.contacts.add((person.id, kind.value, index))
            point_id = new_id()
            points.append(
                {
                    "id": point_id,
                    "person_id": person.id,
                    "kind": kind,
                    "value_sealed": self.context.seal(
                        person.data_key, "contact_point", point_id, "value", value
                    ),
                    "value_index": index,
                    "status": ContactStatus.VALID if is_used else ContactStatus.DOUBTFUL,
                    "source": SOURCE,
                    "lawful_basis": LAWFUL_BASIS,
                    "is_preferred": kind is row.preferred_channel,
                }
            )
            if person.row is not None:
                self.changed[row.person_index].append(kind.value)
        return points


def _state(row: CaseRow) -> LocationState:
    if row.point is None:
        return LocationState.NEEDS_LOCATING
    return LocationState.DOUBTFUL if row.is_far else LocationState.LOCATED
