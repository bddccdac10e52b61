"""What is on record about a person, for the person: every row opened, every act, every reader."""

import json
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel import Session

from dispatch.model import Person, record
from dispatch.store import evidence as log
from dispatch.store import subject
from dispatch.vault import Vault

_TECHNICAL: Final = ("_index", "_hash", "dedup_key", "code_seed", "raw", "token", "version")
"""Endings of columns that say nothing about a person: keyed hashes, secrets, counters."""


def export_person(
    session: Session, *, vault: Vault, person: Person, actor: str, now: datetime
) -> dict[str, Any]:
    """Return all that is on record about a person, and note that it was handed out.

    Returns
    -------
    dict
        `person`, `records` (by table, fields opened), `acts` (entries of evidence) and `readers`
        (who was shown which case, and when).
    """
    record(person, "person.exported", actor=actor, now=now)
    opened = _Opened(vault, person)
    acts = [json.loads(entry.content()) for entry in log.about(session, person.id)]
    return {
        "about": "All that Fairvisit holds about one person; instants are UTC.",
        "exported_at": now.isoformat(),
        "person": {
            "id": str(person.id),
            "name": vault.read(person, person, "name"),
            "birth_year": vault.read(person, person, "birth_year"),
            "is_adult": person.is_adult,
            "language": person.language,
            "erased_at": person.erased_at and person.erased_at.isoformat(),
        },
        "records": {
            table.name: [opened.row(table.name, row) for row in rows]
            for table, rows in subject.tables_about(session, person.id)
        },
        "acts": [act for act in acts if not act["kind"].startswith("read.")],
        "readers": [
            {"at": act["at"], "who": act["actor"], "case": act["case"]}
            for act in acts
            if act["kind"].startswith("read.")
        ],
    }


class _Opened:
    """Rows as the person may read them."""

    def __init__(self, vault: Vault, person: Person) -> None:
        self.vault, self.person = vault, person

    def row(self, table: str, row: RowMapping) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, value in row.items():
            field = name.removesuffix("_sealed")
            if field.endswith(_TECHNICAL):
                continue
            told[field] = _plain(value) if field == name else self._open(table, row, field, value)
        return told

    def _open(self, table: str, row: RowMapping, field: str, value: bytes | None) -> Any:
        if value is None or self.person.data_key is None:
            return None
        place = f"{table}/{row['id']}/{field}"
        return json.loads(self.vault.open(self.person.data_key, place, value))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
