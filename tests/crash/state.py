"""What a database holds, ids aside: so that a night with crashes can be compared with one without."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import LargeBinary, Table, select
from sqlmodel import SQLModel

from dispatch.db import Database

ROUNDS: Final = 5
"""How far references are followed: a row is known by what it holds and by what it hangs on."""

CHANCE: Final = frozenset(
    {
        # drawn at random
        "id", "reference", "token_hash", "code_seed", "provider_id",
        # a hash over what is drawn at random
        "body_hash", "fingerprint",
        # who had a run in hand, how often it was begun, until when
        "claimed_by", "claimed_at", "lease_until", "fence", "tries", "plan_run.version", "progress",
        "duty_slot",
        # the order and hashes of the log, which is verified by itself
        "evidence.number", "sequence", "previous_hash", "hash", "sealed_at",
    }
)  # fmt: skip
"""Columns that differ from night to night without meaning anything."""

NOT_COMPARED: Final = frozenset(
    {"heartbeat", "evidence_chain", "evidence_root", "alembic_version"}
)
BEGUN_AGAIN: Final = frozenset({"plan_run.running", "duty_run.running"})
"""Acts that a killed process leaves in the log once more when another takes over."""

SENT_LATER: Final = frozenset(
    {
        "at",
        "detail",
        "ended_at",
        "occurred_at",
        "recorded_at",
        "send_after_at",
        "sent_at",
        "version",
    }
)
"""Columns that tell of a send that was looked up and made up for: when, and at which try."""

LOG: Final = frozenset({"evidence", "send_attempt"})
"""Tables that tell of tries."""

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


type State = dict[str, Counter[str]]


def state_of(database: Database, *, is_late: bool = False) -> State:
    """Return for each table what its rows say, each as one text, with references spelled out.

    With `is_late` all but when and how often messages were handed over.
    """
    rows = _rows(database, NOT_COMPARED | LOG if is_late else NOT_COMPARED)
    left_out = CHANCE | SENT_LATER if is_late else CHANCE
    labels: dict[str, str] = {}
    for _ in range(ROUNDS):
        labels = {
            key: hashlib.sha256(_told(table, row, labels, left_out).encode()).hexdigest()[:12]
            for table, found in rows.items()
            for key, row in found
        }
    return {
        table: Counter(_told(table, row, labels, left_out) for _, row in found)
        for table, found in rows.items()
    }


def differences(one: Mapping[str, Counter[str]], other: Mapping[str, Counter[str]]) -> list[str]:
    """Return what only one of two nights holds."""
    return [
        f"{sign} {table}: {row}"
        for table in sorted(one.keys() | other.keys())
        for sign, more, less in (("-", one, other), ("+", other, one))
        for row in (more[table] - less[table]).elements()
    ]


def _rows(
    database: Database, left_out: frozenset[str]
) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    with database.reading() as session:
        return {
            table.name: [
                (str(row.get("id", index)), row)
                for index, row in enumerate(
                    dict(found) for found in session.execute(select(table)).mappings()
                )
                if row.get("kind") not in BEGUN_AGAIN
            ]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in left_out
        }


def _told(
    table: str, row: Mapping[str, Any], labels: Mapping[str, str], left_out: frozenset[str]
) -> str:
    columns: Table = SQLModel.metadata.tables[table]
    kept = {
        column.name: _plain(row[column.name])
        for column in columns.columns
        if not {column.name, f"{table}.{column.name}"} & left_out
        and not isinstance(column.type, LargeBinary)
    }
    text = json.dumps(kept, sort_keys=True, default=str)
    return _ID.sub(lambda found: labels.get(found[0], "?"), text)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | datetime):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if key not in CHANCE}
    return value
