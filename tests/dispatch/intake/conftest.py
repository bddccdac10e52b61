"""A desk at which files are taken in: a branch, its lender, and a count of every table."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from sqlmodel import SQLModel, func, select

from dispatch.db import Database
from dispatch.intake.report import ImportReport
from dispatch.intake.run import import_file
from dispatch.model import Branch, ImportKind, Lender
from dispatch.vault import Vault
from tests.support.builders import NOW, a_branch, a_lender

CASE = {
    "case_number": "LN-1",
    "lender": "Lantern Bank",
    "person_number": "P-1",
    "name": "林知夏",
    "language": "zh-CN",
    "phone": "13912345678",
    "email": "zhixia@example.org",
    "address": "示范市青石区柳荫路8号2单元",
    "place_kind": "residence",
    "place_region": "",
    "place_time_zone": "",
    "lat": "30.6101",
    "lon": "119.9102",
    "currency": "CNY",
    "principal": "12000.50",
    "interest": "345.00",
    "fees": "50",
    "paid": "0",
    "oldest_unpaid_due_on": "2026-01-05",
    "product": "personal_loan",
    "ability": "unknown",
    "willingness": "not_discussed",
    "arrears_reason": "job_loss",
    "assessed_on": "2026-02-20",
    "service_minutes": "25",
    "value": "60",
    "birth_year": "1985",
    "preferred_times": "",
    "preferred_channel": "",
}
"""One good row of a case file."""


def a_row(**given: str) -> dict[str, str]:
    """Return the good row with some cells changed."""
    return {**CASE, **given}


def csv_of(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    """Return rows as a CSV file."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_of(*rows: dict[str, Any]) -> bytes:
    """Return rows as a workbook."""
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return a workbook's bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@dataclass
class Desk:
    """Takes files in for one branch."""

    database: Database
    vault: Vault
    branch: Branch
    lender: Lender

    def take(
        self, content: bytes, kind: ImportKind = ImportKind.CASES, **given: Any
    ) -> ImportReport:
        """Import a file in one transaction."""
        settings = {"actor": "command", "now": NOW, "vault": self.vault, **given}
        branch = settings.pop("branch", self.branch)
        with self.database.writing() as session:
            return import_file(
                session,
                branch=session.get(Branch, branch.id),
                kind=kind,
                content=content,
                **settings,
            )

    def all(self, kind: type[Any]) -> list[Any]:
        """Return every row of a table."""
        with self.database.reading() as session:
            return list(session.exec(select(kind)))

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has."""
        tables = SQLModel.metadata.tables
        counted = [
            select(func.count()).select_from(one).scalar_subquery() for one in tables.values()
        ]
        with self.database.reading() as session:
            return dict(zip(tables, session.exec(select(*counted)).one(), strict=True))


def a_desk(database: Database, vault: Vault) -> Desk:
    with database.writing() as session:
        lender = a_lender(session, name="Lantern Bank", name_zh="明灯银行")
        branch = a_branch(session, vault)
    return Desk(database, vault, branch, lender)


@pytest.fixture
def desk(sqlite_database: Database, vault: Vault) -> Desk:
    """A desk on SQLite."""
    return a_desk(sqlite_database, vault)


@pytest.fixture
def any_desk(database: Database, vault: Vault) -> Desk:
    """A desk on SQLite, then on PostgreSQL."""
    return a_desk(database, vault)
