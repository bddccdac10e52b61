"""A person as a data subject: every row about them, found by the tables' own columns.

A table added later is reached by its `person_id`, `case_id`, `visit_id` or `outcome_id`; one that
has none of them, and still holds something about a person, is named here.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Table, delete, or_, update
from sqlmodel import Session, SQLModel, col, select

from dispatch.model import (
    Approval,
    Case,
    ContactPoint,
    GeocodeEntry,
    Hold,
    Incident,
    Outcome,
    Person,
    Place,
    Plan,
    PlanRun,
    Relaxation,
    Route,
    Stop,
    Visit,
)

_APART: Final = frozenset({"evidence", "person"})
_NOT_ABOUT_THEM: Final = frozenset({"cap_entry", "commitment", "risk_flag", "stop", "unserved"})
"""Counts and plans: they say where a crew is, and that somebody was called on, by identifiers; and
what crews should know of the way to a place."""

_WORDS: Final[Mapping[type[SQLModel], tuple[str, ...]]] = {
    Approval: ("ground",),
    Case: ("preferred_times", "source_row", "product"),
    Hold: ("release_reason",),
    Incident: ("remedy",),
    Relaxation: ("ground",),
    Visit: ("ground",),
}
"""Columns in which people write what they like."""

GONE: Final = "—"


def find_person(
    session: Session, name: str, *, indexes: Collection[str], person_id: UUID | None
) -> Person | None:
    """Return a person by identifier, keyed hash of a lender's number for them, or by a case.

    None where nobody is known by the name, or more than one person is.
    """
    if person_id is not None:
        return session.get(Person, person_id)
    by_number = session.exec(select(Person.id).where(col(Person.number_index).in_(indexes)))
    by_case = session.exec(
        select(Case.person_id).where(
            or_(col(Case.reference) == name.upper(), col(Case.number) == name)
        )
    )
    found = {*by_number, *by_case}
    return session.get(Person, found.pop()) if len(found) == 1 else None


def tables_about(session: Session, person_id: UUID) -> Iterator[tuple[Table, list[RowMapping]]]:
    """Yield each table that holds something about a person, with its rows."""
    connection = session.connection()
    for table, condition in _reach(person_id):
        rows = list(connection.execute(table.select().where(condition)).mappings())
        if rows:
            yield table, rows


def cases_of_person(session: Session, person_id: UUID) -> list[Case]:
    """Return every case of a person, in whatever branch."""
    return list(session.exec(select(Case).where(Case.person_id == person_id)))


def places_of_person(session: Session, person_id: UUID) -> list[Place]:
    """Return where a person may be called on."""
    return list(session.exec(select(Place).where(Place.person_id == person_id)))


def contacts_of_person(session: Session, person_id: UUID) -> list[ContactPoint]:
    """Return how a person may be reached."""
    return list(session.exec(select(ContactPoint).where(ContactPoint.person_id == person_id)))


def forget(session: Session, person_id: UUID) -> int:
    """Empty every sealed field and every free word about a person, and what else could tell.

    Rows, identifiers, states and instants stay: the evidence names them. Returns how many rows
    were emptied.
    """
    emptied = 0
    for table, condition in list(_reach(person_id)):
        gone: dict[str, str | None] = {
            column.name: None
            for column in table.columns
            if column.name.endswith("_sealed") and column.nullable
        }
        gone |= {name: _gone(table, name) for name in _words_of(table)}
        if gone:
            emptied += _changed(session, update(table).where(condition).values(gone))
    _forget_hashes(session, person_id)
    _forget_days(session, person_id)
    session.expire_all()
    return emptied


def _forget_hashes(session: Session, person_id: UUID) -> None:
    """Make what was found by a keyed hash unfindable; the geocoder's answers go as well."""
    hashes = select(Place.address_index).where(Place.person_id == person_id)
    session.execute(
        delete(GeocodeEntry).where(col(GeocodeEntry.address_index).in_(hashes)),
        execution_options={"synchronize_session": False},
    )
    for name, column in (("place", "address_index"), ("contact_point", "value_index")):
        table = SQLModel.metadata.tables[name]
        for (row_id,) in session.connection().execute(
            select(table.c.id).where(table.c.person_id == person_id)
        ):
            session.connection().execute(
                update(table).where(table.c.id == row_id).values({column: f"erased:{row_id.hex}"})
            )


def _forget_days(session: Session, person_id: UUID) -> None:
    """Drop the snapshots and the drawn ways of days on which the person was to be called on."""
    visits = select(Visit.id).where(Visit.person_id == person_id)
    routes = select(Stop.route_id).where(col(Stop.visit_id).in_(visits))
    runs = (
        select(Plan.plan_run_id)
        .join(Stop, col(Stop.plan_id) == col(Plan.id))
        .where(col(Stop.visit_id).in_(visits))
    )
    for kind, ids, field in (
        (Route, routes, "geometry_sealed"),
        (PlanRun, runs, "snapshot_sealed"),
    ):
        session.execute(
            update(kind).where(col(kind.id).in_(ids)).values({field: None}),
            execution_options={"synchronize_session": False},
        )


def _reach(person_id: UUID) -> Iterator[tuple[Table, Any]]:
    def ids(kind: Any, *conditions: Any) -> Any:
        return select(kind.id).where(*conditions)

    cases = ids(Case, Case.person_id == person_id)
    visits = ids(Visit, Visit.person_id == person_id)
    outcomes = ids(Outcome, Outcome.person_id == person_id)
    for table in SQLModel.metadata.sorted_tables:
        if table.name in _APART | _NOT_ABOUT_THEM:
            continue
        columns = table.columns
        if "person_id" in columns:
            yield table, columns["person_id"] == person_id
        elif "case_id" in columns:
            yield table, columns["case_id"].in_(cases)
        elif "visit_id" in columns:
            yield table, columns["visit_id"].in_(visits)
        elif "outcome_id" in columns:
            yield table, columns["outcome_id"].in_(outcomes)


def _words_of(table: Table) -> tuple[str, ...]:
    return next(
        (names for kind, names in _WORDS.items() if kind.__tablename__ == table.name),
        (),
    )


def _gone(table: Table, name: str) -> str | None:
    return None if table.columns[name].nullable else GONE


def _changed(session: Session, statement: Any) -> int:
    return int(session.connection().execute(statement).rowcount)
