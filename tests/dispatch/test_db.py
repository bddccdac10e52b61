"""The database layer: two real databases, one behaviour."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlmodel import select

from dispatch.db import Database, wal_is_safe
from dispatch.model import Agency, Branch, Lender, record
from dispatch.model.appointment import cells, on_grid
from dispatch.store.rows import find

NOW = datetime(2026, 3, 2, 9, 7, tzinfo=UTC)


def a_branch() -> tuple[Agency, Branch]:
    agency = Agency(name="North team")
    branch = Branch(
        agency_id=agency.id,
        name="North",
        time_zone="Asia/Shanghai",
        country="CN",
        depot_lat=30.6,
        depot_lon=119.9,
    )
    return agency, branch


def test_what_is_committed_is_read_back_by_another_session(database: Database) -> None:
    agency, branch = a_branch()
    with database.writing() as session:
        session.add(agency)
        session.flush()
        session.add(branch)
    with database.reading() as session:
        assert find(session, Branch, branch.id).name == "North"


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def add_and_stumble() -> None:
        with database.writing() as session:
            session.add(Lender(name="Lantern Bank"))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        add_and_stumble()
    with database.reading() as session:
        assert session.connection().exec_driver_sql("select count(*) from lender").scalar() == 0


def test_instants_come_back_in_utc_whatever_offset_they_were_written_with(
    database: Database,
) -> None:
    agency, branch = a_branch()
    written = NOW.astimezone(timezone(timedelta(hours=8)))
    with database.writing() as session:
        session.add(agency)
        session.flush()
        session.add(branch)
        entry = record(branch, "branch.opened", actor="test", now=written)
        session.flush()
        number = entry.number
    with database.reading() as session:
        read = find(session, type(entry), number).at
    assert read == NOW
    assert read.tzinfo is UTC


def test_a_naive_instant_is_refused(database: Database) -> None:
    agency, branch = a_branch()

    def write() -> None:
        with database.writing() as session:
            session.add(agency)
            session.flush()
            session.add(branch)
            record(branch, "branch.opened", actor="test", now=datetime(2026, 3, 2, 9))  # noqa: DTZ001

    with pytest.raises(StatementError, match="offset"):
        write()


def test_foreign_keys_bind(database: Database) -> None:
    _, branch = a_branch()
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(branch)


@pytest.mark.fault("C4")
def test_fifty_threads_that_read_and_then_write_all_get_their_turn(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        agency, branch = a_branch()
        branch.horizon_days = 0
        session.add(agency)
        session.flush()
        session.add(branch)
        branch_id = branch.id
    other = Database(str(sqlite_database.url))  # as another process has it

    def count(number: int) -> None:
        with (sqlite_database, other)[number % 2].writing() as session:
            branch = session.get(Branch, branch_id)
            branch.horizon_days += 1

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(count, range(200)))
    with sqlite_database.reading() as session:
        assert session.get(Branch, branch_id).horizon_days == 200
    other.dispose()


@pytest.mark.fault("C7")
def test_of_two_transactions_that_cross_one_is_done_and_one_is_told(
    postgres_database: Database,
) -> None:
    with postgres_database.writing() as session:
        session.add_all(Agency(id=UUID(int=one), name=f"Team {one}") for one in (1, 2))
    both = threading.Barrier(2)

    def rename(first: int, second: int) -> None:
        is_first_try = True
        while True:
            try:
                with postgres_database.writing() as session:
                    find(session, Agency, UUID(int=first), lock=True).name += "!"
                    session.flush()
                    if is_first_try:
                        both.wait(30)
                    find(session, Agency, UUID(int=second), lock=True).name += "!"
            except OperationalError:
                is_first_try = False
                told.append(first)
            else:
                return

    told: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(rename, (1, 2), (2, 1)))
    assert len(told) == 1
    with postgres_database.reading() as session:
        assert {one.name for one in session.exec(select(Agency))} == {
            "Team 1!!",
            "Team 2!!",
        }


@pytest.mark.fault("C6")
@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_used_only_without_the_reset_bug(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_stays_with_travel_between_never_share_a_cell() -> None:
    for first in range(60):
        start = NOW + timedelta(minutes=first)
        leave = start + timedelta(minutes=20)
        nxt = leave + timedelta(minutes=1)
        one = set(cells(*on_grid(start, leave)))
        two = set(cells(*on_grid(nxt, nxt + timedelta(minutes=20))))
        assert one
        assert not one & two
