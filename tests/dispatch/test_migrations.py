"""Migrations and metadata say the same, on both databases; down and up again works."""

import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Enum, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from dispatch import migrations
from dispatch.db import Database
from dispatch.ids import new_id
from dispatch.model import Appointment, Case, Commitment
from dispatch.vault import Vault
from tests.support import builders as make

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


def test_the_migrated_tables_are_those_of_the_metadata(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_database_knows_that_it_is_current(database: Database) -> None:
    assert migrations.is_current(database)


def test_down_leaves_nothing_and_up_brings_all_back(database: Database) -> None:
    command.downgrade(migrations.config_of(database), "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    assert not migrations.is_current(database)
    migrations.upgrade(database)
    assert migrations.is_current(database)


def test_a_database_with_people_in_it_is_migrated_too(database: Database, vault: Vault) -> None:
    """Tables that others name are altered while they are full, and nothing is lost."""
    with database.writing() as session:
        made, _ = an_appointment(session, vault)
    config = migrations.config_of(database)
    command.downgrade(config, "2026_11_27_on_time")
    migrations.upgrade(database)
    with database.reading() as session:
        kept = [session.get(Appointment, one.id) for one in made]
        assert [one and one.visit_id for one in kept] == [one.visit_id for one in made]
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Commitment(**a_commitment(kept[0], agent_id=new_id())))


def test_every_choice_is_checked_by_the_database(database: Database) -> None:
    def write() -> None:
        with database.writing() as session:
            session.connection().exec_driver_sql(
                "INSERT INTO lender (id, name) VALUES ('00000000000000000000000000000001', 'x')"
                if database.is_sqlite
                else "INSERT INTO lender (id, name) VALUES ('00000000-0000-0000-0000-000000000001', 'x')"
            )
            lender_id = session.connection().exec_driver_sql("SELECT id FROM lender").scalar()
            assert lender_id
            session.connection().exec_driver_sql(
                "INSERT INTO account (id, login, name, role, language, created_at, failures, version) "
                "VALUES ('00000000-0000-0000-0000-000000000002', 'a', 'a', 'emperor', 'en', '2026-01-01', 0, 1)"
            )

    with pytest.raises(IntegrityError):
        write()


def test_no_enumeration_is_a_type_of_the_database() -> None:
    """Stored by value with a CHECK: a native type would store names, and outlive its table."""
    listed = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    choices = [column for column in listed if isinstance(column.type, Enum)]
    assert len(choices) > 30
    assert not [str(column) for column in choices if column.type.native_enum]


def an_appointment(session, vault: Vault):
    lender, branch = make.a_lender(session), make.a_branch(session, vault)
    manager = make.an_account(session, branch)
    agents = [make.an_agent(session, vault, branch, lender) for _ in range(2)]
    crew, version = make.a_crew(session, agents)
    made = []
    for number in range(1, 3):
        case: Case = make.a_case(session, vault, branch, lender)
        visit = make.a_visit(session, case, manager)
        made.append(
            make.add(
                session,
                Appointment(
                    branch_id=branch.id,
                    visit_id=visit.id,
                    case_id=case.id,
                    number=number,
                    service_date=NOON.date(),
                    window_from_at=NOON,
                    window_until_at=NOON,
                    stay_from_at=NOON,
                    stay_until_at=NOON,
                    place_id=case.place_id,
                    crew_id=crew.id,
                    crew_version_id=version.id,
                    offered_at=NOON,
                ),
            )
        )
    return made, agents[0]


def a_commitment(appointment: Appointment, *, agent_id: UUID) -> dict[str, object]:
    return {
        "branch_id": appointment.branch_id,
        "appointment_id": appointment.id,
        "agent_id": agent_id,
        "from_at": NOON,
        "until_at": NOON.replace(hour=5),
    }


def test_postgresql_refuses_two_overlapping_stays_of_one_agent(
    postgres_database: Database, vault: Vault
) -> None:
    with postgres_database.writing() as session:
        made, agent = an_appointment(session, vault)
    start, refused = threading.Barrier(2), []

    def bind(appointment: Appointment) -> None:
        start.wait()
        try:
            with postgres_database.writing() as session:
                session.add(Commitment(**a_commitment(appointment, agent_id=agent.id)))
        except IntegrityError:
            refused.append(appointment.id)

    threads = [threading.Thread(target=bind, args=(one,)) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
