"""The doctor: what works and what does not, and what to do about it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from dispatch import migrations
from dispatch.db import Database, sqlite_library, wal_is_safe
from dispatch.errors import DispatchError
from dispatch.policy.pack import load_pack
from dispatch.policy.usable import ensure_usable
from dispatch.settings import DEMO_KEY, Environment, RoadsKind, Settings
from dispatch.store import duties

SILENT = timedelta(minutes=2)
"""A scheduler without a sign of life for so long is taken to be down."""


def examine(settings: Settings, database: Database, now: datetime) -> list[dict[str, Any]]:
    """Return one line for each thing examined: `what`, `well`, `told`."""
    lines = [_keys(settings), _sqlite(database), _roads(settings), _messages(settings)]
    try:
        current = migrations.is_current(database)
    except SQLAlchemyError as error:
        return [*lines, _line("database", False, f"it does not answer: {type(error).__name__}")]
    lines.append(
        _line(
            "database",
            current,
            "at the newest migration" if current else "run `python -m dispatch migrate`",
        )
    )
    return lines if not current else lines + _inside(settings, database, now)


def _inside(settings: Settings, database: Database, now: datetime) -> list[dict[str, Any]]:
    lines = []
    with database.reading() as session:
        for branch in duties.branches(session):
            try:
                ensure_usable(
                    load_pack(branch.pack_id, settings.pack_folder),
                    settings.environment,
                    now.date(),
                )
                lines.append(_line(f"pack of {branch.name}", True, branch.pack_id))
            except DispatchError as error:
                lines.append(_line(f"pack of {branch.name}", False, error.detail))
        beat = duties.last_beat(session)
        is_alive = beat is not None and now - beat.seen_at < SILENT
        told = f"last seen {beat.seen_at:%Y-%m-%d %H:%M:%S}Z" if beat else "never seen"
        lines.append(
            _line(
                "scheduler", is_alive, told if is_alive else f"{told}; start `python -m scheduler`"
            )
        )
        stopped = duties.is_switched(session, duties.SEND_NOTHING) or settings.send_nothing
        lines.append(_line("sending", not stopped, "send-nothing is on" if stopped else "on"))
    return lines


def _keys(settings: Settings) -> dict[str, Any]:
    is_demo = settings.master_key.get_secret_value() == DEMO_KEY
    is_well = not (is_demo and settings.environment is Environment.PRODUCTION)
    return _line("keys", is_well, "demo keys: never for real people" if is_demo else "own keys")


def _sqlite(database: Database) -> dict[str, Any]:
    if not database.is_sqlite:
        return _line("database kind", True, "PostgreSQL")
    version = sqlite_library().sqlite_version_info
    journal = (
        "WAL" if wal_is_safe(version) else "rollback journal (this SQLite has the WAL-reset bug)"
    )
    return _line("database kind", True, f"SQLite {'.'.join(map(str, version))}, {journal}")


def _roads(settings: Settings) -> dict[str, Any]:
    if settings.roads is RoadsKind.ESTIMATE:
        return _line("roads", True, "estimates (great circle x detour / speed)")
    if settings.roads is RoadsKind.OSRM:
        found = settings.roads_file is not None and settings.roads_file.is_file()
        return _line(
            "roads",
            found,
            f"OSRM from {settings.roads_file}"
            if found
            else "set FAIRVISIT_ROADS_FILE to an .osm.pbf",
        )
    return _line(
        "roads", settings.roads_url is not None, f"{settings.roads} at {settings.roads_url}"
    )


def _messages(settings: Settings) -> dict[str, Any]:
    if settings.messages_email_url is None and settings.messages_sms_url is None:
        return _line("messages", True, f"written to {settings.messages_folder}, not sent")
    kinds = [
        name
        for name, url in (
            ("e-mail", settings.messages_email_url),
            ("SMS", settings.messages_sms_url),
        )
        if url
    ]
    return _line("messages", True, " and ".join(kinds))


def _line(what: str, well: bool, told: str) -> dict[str, Any]:
    return {"what": what, "well": well, "told": told}
