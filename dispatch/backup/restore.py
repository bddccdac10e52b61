"""Restore a backup: checked first, erasures repeated, nothing sent until a person says so."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from dispatch import migrations
from dispatch.backup.copy import copy_in
from dispatch.backup.manifest import Manifest
from dispatch.db import Database
from dispatch.errors import Invalid, Refused
from dispatch.store import duties

ALIVE = timedelta(minutes=2)

UNFINISHED: Final = "being restored from a backup"
"""Why nothing is sent before the restore has come to its end."""


def require_matching(database: Database, file: Path) -> Manifest:
    """Return the manifest of a whole backup of this kind of database.

    Raises
    ------
    Invalid
        If the backup is broken, or of another kind of database.
    """
    manifest = Manifest.read(file)
    if manifest.kind != database.url.get_backend_name():
        msg = f"{file} is a backup of {manifest.kind}; the settings name another kind of database."
        raise Invalid(msg)
    return manifest


def require_still(database: Database, *, now: datetime, replace: bool) -> None:
    """Refuse to put a backup over a database that holds something, or is at work.

    Raises
    ------
    Refused
        With what to do instead.
    """
    try:
        with database.reading() as session:
            beat = duties.last_beat(session)
            holds_data = bool(duties.branches(session))
    except SQLAlchemyError:
        return  # no database there, or an empty one
    if beat is not None and now - beat.seen_at < ALIVE:
        msg = "A scheduler is at work on this database; stop every process first."
        raise Refused(msg)
    if holds_data and not replace:
        msg = "This database holds branches; take a backup of it, then restore with --replace."
        raise Refused(msg)


def put_back(database: Database, file: Path, *, actor: str, now: datetime) -> None:
    """Put the backup in the database's place and bring it to the newest migration.

    It sends nothing from its first instant: whoever opens it when this process has died finds the
    switch on, and can't turn it off before the restore was finished.
    """
    quiet = duties.written_switch(
        duties.SEND_NOTHING,
        reason=UNFINISHED,
        actor=actor,
        now=now,
        dialect=database.engine.dialect,
    )
    database.dispose()
    copy_in(database.url, file, also=quiet)
    migrations.upgrade(database)


def require_finished(session: Session) -> None:
    """Refuse to let messages go from a backup that was put back by half.

    Raises
    ------
    Refused
        With what to do first.
    """
    if UNFINISHED in duties.reasons(session, duties.SEND_NOTHING):
        msg = "A restore of this database broke off; run `python -m dispatch restore … --replace` again first."
        raise Refused(msg)


def keep_quiet(session: Session, *, actor: str, now: datetime) -> None:
    """Let nothing leave: what the backup holds as waiting may have been sent since."""
    duties.switch(
        session,
        duties.SEND_NOTHING,
        branch_id=None,
        is_on=True,
        reason="restored from a backup",
        actor=actor,
        now=now,
    )
