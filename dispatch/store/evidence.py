"""The evidence log: what waits to be sealed, the chains, and their ends.

Entries are read as plain texts: a verification looks at millions of them, and objects would cost
ten times the work.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    Text,
    bindparam,
    cast,
    func,
    literal,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from dispatch.model import CheckInKind, Device, Evidence, EvidenceChain, EvidenceRoot
from dispatch.model.evidence import SERVICE
from dispatch.store.bulk import insert_rows

_PAGE = 5000

_OF_PHONES = ("outcome.recorded", *(f"check_in.{kind}" for kind in CheckInKind))
"""Kinds of entries about what a phone recorded."""


class Entry(NamedTuple):
    """One entry: how it is chained, and the text that is hashed of it, in two parts."""

    number: int
    sequence: int | None
    previous_hash: str | None
    hash: str | None
    id: str
    head: str
    sealed_at: str | None
    tail: str

    def content(self) -> str:
        """Return what is hashed: the entry as canonical JSON."""
        return f'{self.head}{self.sealed_at}","sequence":{self.sequence}{self.tail}'

    def placed(self, sequence: int, sealed_at: str) -> str:
        """Return what is hashed of the entry at a place in the chain that it is about to get."""
        return f'{self.head}{sealed_at}","sequence":{sequence}{self.tail}'


class Link(NamedTuple):
    """An entry as a verification looks at it: its place, its hashes, and the text that is hashed."""

    sequence: int | None
    previous_hash: str | None
    hash: str | None
    id: str
    told: str
    number: int = 0
    """Tells entries apart that claim one place."""


class Noted(NamedTuple):
    """A fact as a phone numbered it."""

    device: str
    sequence: int
    previous: str | None
    hash: str
    id: str


def append(session: Session, acts: Sequence[Mapping[str, Any]]) -> None:
    """Write many entries at once, given as column values."""
    insert_rows(session, Evidence, acts)


def name_of(branch_id: UUID | None) -> str:
    """Return the name of a branch's chain."""
    return branch_id.hex if branch_id else SERVICE


def branches_with_unsealed(session: Session) -> list[UUID | None]:
    """Return the chains (None: the service's own) with entries that wait."""
    return list(
        session.exec(
            select(col(Evidence.branch_id)).where(col(Evidence.sequence).is_(None)).distinct()
        )
    )


def hold_chain(session: Session, branch_id: UUID | None) -> EvidenceChain:
    """Return the end of a chain, held until the transaction ends: there is one sealer at a time."""
    name = name_of(branch_id)
    maker: Any = sqlite if _is_sqlite(session) else postgresql
    session.execute(
        maker.insert(EvidenceChain).values(chain=name).on_conflict_do_nothing()  # defaults: empty
    )
    return session.exec(
        select(EvidenceChain)
        .where(EvidenceChain.chain == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def unsealed(session: Session, branch_id: UUID | None, *, limit: int) -> list[Entry]:
    """Return the entries that wait, in the order in which they were written."""
    rows = session.connection().execute(
        _entries(session)
        .where(_of(branch_id), col(Evidence.sequence).is_(None))
        .order_by(col(Evidence.number))
        .limit(limit)
    )
    return [Entry._make(row) for row in rows]


def seal(session: Session, places: list[dict[str, Any]]) -> None:
    """Give entries their places: `of` (number), `place`, `previous`, `own` hash and `sealed_at`."""
    table: Any = Evidence.__table__  # type: ignore[attr-defined]
    session.connection().execute(
        update(table)
        .where(table.c.number == bindparam("of"), table.c.sequence.is_(None))
        .values(
            sequence=bindparam("place"),
            previous_hash=bindparam("previous"),
            hash=bindparam("own"),
            sealed_at=bindparam("at_which"),
        ),
        places,
    )


def sealed(
    session: Session, branch_id: UUID | None, *, after: int | None = None
) -> Iterator[Entry]:
    """Yield a chain from its first entry (or the one after `after`) to its last."""
    place, number = col(Evidence.sequence), col(Evidence.number)
    beyond = place.is_not(None) if after is None else place > after
    while True:
        page = (
            session.connection()
            .execute(
                _entries(session)
                .where(_of(branch_id), beyond)
                .order_by(place, number)
                .limit(_PAGE)
            )
            .all()
        )
        if not page:
            return
        yield from map(Entry._make, page)
        # Both: an entry put in twice at one place must not fall between two pages.
        beyond = tuple_(place, number) > (page[-1].sequence, page[-1].number)


def links(session: Session, branch_id: UUID | None) -> Iterator[Link]:
    """Yield a chain as a verification looks at it; the database spells out what is hashed."""
    row, told = _row(), _told(session)
    chosen = (
        select(row.sequence, row.previous_hash, row.hash, told.id, told.whole, row.number)  # type: ignore[call-overload]
        .where(_of(branch_id), row.sequence.is_not(None))
        .order_by(row.sequence, row.number)
        .limit(_PAGE)
    )
    page: Sequence[Any] = session.connection().execute(chosen).all()
    while page:
        yield from page
        # Both: an entry put in twice at one place must not fall between two pages.
        beyond = tuple_(row.sequence, row.number) > (page[-1].sequence, page[-1].number)
        page = session.connection().execute(chosen.where(beyond)).all()


def noted_by_devices(session: Session) -> Iterator[Noted]:
    """Yield every fact that a phone numbered, in the order in which they came."""
    rows = session.exec(
        select(Evidence.id, Evidence.facts)
        .where(col(Evidence.kind).in_(_OF_PHONES))
        .order_by(col(Evidence.number))
    )
    for entry_id, facts in rows:
        if (found := noted(entry_id.hex, facts)) is not None:
            yield found


def noted(entry_id: str, facts: Mapping[str, Any]) -> Noted | None:
    """Return an entry's facts as a phone numbered them; None where no phone did."""
    device, sequence = facts.get("device"), facts.get("device_sequence")
    if device is None or not isinstance(sequence, int):
        return None
    previous = facts.get("device_previous")
    return Noted(str(device), sequence, previous, str(facts.get("hash")), entry_id)


def ends_of_devices(session: Session) -> dict[str, int]:
    """Return how far the numbers of each phone have come."""
    rows = session.exec(select(Device.id, Device.last_sequence))
    return {str(device_id): last for device_id, last in rows if last}


def about(session: Session, person_id: UUID) -> Iterator[Entry]:
    """Yield every sealed entry about a person, across branches, the oldest first."""
    rows = session.connection().execute(
        _entries(session)
        .where(col(Evidence.person_id) == person_id, col(Evidence.sequence).is_not(None))
        .order_by(col(Evidence.at), col(Evidence.number))
    )
    yield from map(Entry._make, rows)


def last_of_kind(session: Session, subject_id: UUID, kind: str) -> Evidence | None:
    """Return the newest entry of a kind about a row."""
    return session.exec(
        select(Evidence)
        .where(Evidence.subject_id == subject_id, Evidence.kind == kind)
        .order_by(col(Evidence.number).desc())
        .limit(1)
    ).first()


def entry_of(session: Session, entry_id: UUID) -> Entry:
    """Return one entry as it is hashed."""
    rows = session.connection().execute(_entries(session).where(col(Evidence.id) == entry_id))
    return Entry._make(rows.one())


def chains(session: Session) -> list[UUID | None]:
    """Return every chain that has entries, or once had."""
    known = set(session.exec(select(col(Evidence.branch_id)).distinct()))
    ends = set(session.exec(select(EvidenceChain.chain)))
    known |= {None if name == SERVICE else UUID(name) for name in ends}
    return sorted(known, key=str)


def end_of(session: Session, branch_id: UUID | None) -> EvidenceChain | None:
    """Return the end of a chain as its sealer left it."""
    return session.get(EvidenceChain, name_of(branch_id))


def roots_to_anchor(session: Session) -> list[EvidenceRoot]:
    """Return the daily roots that are not kept elsewhere yet, the oldest first."""
    return list(
        session.exec(
            select(EvidenceRoot)
            .where(col(EvidenceRoot.anchored_at).is_(None))
            .order_by(col(EvidenceRoot.day_on), col(EvidenceRoot.chain))
        )
    )


def has_root(session: Session, chain: str, on: date) -> bool:
    """Whether the day's root was taken already."""
    return (
        session.exec(
            select(EvidenceRoot.id).where(EvidenceRoot.chain == chain, EvidenceRoot.day_on == on)
        ).first()
        is not None
    )


def last_before(session: Session, branch_id: UUID | None, at: datetime) -> Evidence | None:
    """Return the last entry sealed before an instant."""
    return session.exec(
        select(Evidence)
        .where(_of(branch_id), col(Evidence.sealed_at) < at)
        .order_by(col(Evidence.sequence).desc())
        .limit(1)
    ).first()


class _Told(NamedTuple):
    """The expressions by which the database spells out what is hashed, keys in order."""

    id: Any
    head: Any
    sealed_at: Any
    tail: Any

    @property
    def whole(self) -> Any:
        """The whole text, of an entry that has its place."""
        place = cast(_row().sequence, String)
        return _joined(self.head, self.sealed_at, '","sequence":', place, self.tail)


def _entries(session: Session) -> Any:
    """Return a query for entries, what is hashed in two parts."""
    row, told = _row(), _told(session)
    return select(  # type: ignore[call-overload]
        row.number, row.sequence, row.previous_hash, row.hash, *told
    )


def _row() -> Any:
    table: Any = Evidence.__table__  # type: ignore[attr-defined]
    return table.c


def _told(session: Session) -> _Told:
    """Return how this database spells an entry.

    Identifiers are 32 hex digits, instants `2026-03-02T01:00:00.000000Z`, facts canonical JSON.
    """
    spell = _Sqlite if _is_sqlite(session) else _Postgres
    row = _row()

    def some(column: Any) -> Any:
        return func.coalesce(_joined('"', spell.identifier(column), '"'), "null")

    head = _joined(
        '{"actor":',
        spell.quoted(row.actor),
        ',"at":"',
        spell.instant(row.at),
        '","branch":',
        some(row.branch_id),
        ',"case":',
        some(row.case_id),
        ',"facts":',
        cast(row.facts, String),
        ',"id":"',
        spell.identifier(row.id),
        '","kind":',
        spell.quoted(row.kind),
        ',"person":',
        some(row.person_id),
        ',"sealed_at":"',
    )
    tail = _joined(
        ',"subject":',
        spell.quoted(row.subject),
        ',"subject_id":"',
        spell.identifier(row.subject_id),
        '"}',
    )
    return _Told(spell.identifier(row.id), head, spell.instant(row.sealed_at), tail)


def _joined(*parts: Any) -> Any:
    texts = [literal(part, String) if isinstance(part, str) else part for part in parts]
    return reduce(lambda whole, part: whole.concat(part), texts)


class _Sqlite:
    """How SQLite spells what is hashed: it keeps identifiers as hex and instants as UTC text."""

    @staticmethod
    def quoted(column: Any) -> Any:
        return type_coerce(func.json_quote(column), String)

    @staticmethod
    def identifier(column: Any) -> Any:
        return type_coerce(column, String)

    @staticmethod
    def instant(column: Any) -> Any:
        text = type_coerce(column, String)
        return _joined(func.substr(text, 1, 10, type_=String), "T", func.substr(text, 12), "Z")


class _Postgres:
    """How PostgreSQL spells it."""

    @staticmethod
    def quoted(column: Any) -> Any:
        return cast(func.to_json(cast(column, Text)), String)

    @staticmethod
    def identifier(column: Any) -> Any:
        return func.replace(cast(column, String), "-", "", type_=String)

    @staticmethod
    def instant(column: Any) -> Any:
        utc = func.timezone("UTC", column)
        return func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"', type_=String)


def _of(branch_id: UUID | None) -> ColumnElement[bool]:
    return (
        col(Evidence.branch_id).is_(None)
        if branch_id is None
        else col(Evidence.branch_id) == branch_id
    )


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
