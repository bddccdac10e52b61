"""The operator's desk: what a command works with, and how it ends on an error: in one sentence."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session

from dispatch import migrations
from dispatch.clock import SystemClock
from dispatch.db import Database
from dispatch.errors import Invalid, NotFound, SettingsInvalid, Unavailable
from dispatch.model import Branch, Plan, PlanRun
from dispatch.settings import Settings
from dispatch.store import plans
from dispatch.store.branches import by_name
from dispatch.store.rows import get_any
from dispatch.vault import Vault


class Desk:
    """Settings, database, vault and clock of one command."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.database = Database(self.settings.database_url)
        self.vault = Vault.of(self.settings)
        self.clock = SystemClock()
        self.now = self.clock.now()

    def branch(self, session: Session, name: str) -> Branch:
        """Return a branch by its name.

        Raises
        ------
        NotFound
            If there is none.
        """
        found = by_name(session, name)
        if found is None:
            msg = f"There is no branch {name!r}; `python -m dispatch branch` opens one."
            raise NotFound(msg)
        return found

    def told_of(self, session: Session, run: PlanRun) -> dict[str, Any]:
        """Return what came of a plan run."""
        told: dict[str, Any] = {"date": str(run.from_on), "state": str(run.state)}
        if run.failure:
            told["failure"] = run.failure
        if run.plan_id:
            parts = plans.parts_of(session, get_any(session, Plan, run.plan_id))
            told |= {
                "version": parts.plan.number,
                "routes": len(parts.routes),
                "visits": len(parts.stops),
                "left_out": len(parts.unserved),
                "travel_s": parts.plan.travel_s,
                "estimated": parts.plan.is_estimated,
                "incomplete": parts.plan.is_incomplete,
            }
        return told


@contextmanager
def desk() -> Iterator[Desk]:
    """Open the desk and close it again; errors leave it as plain sentences."""
    with plain_errors():
        opened = Desk()
        try:
            yield opened
        finally:
            opened.database.dispose()


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what may go wrong around a command into a DispatchError with a plain sentence."""
    try:
        yield
    except ValidationError as error:
        told = "; ".join(_setting(one) for one in error.errors())
        raise SettingsInvalid(told) from error
    except (OperationalError, ProgrammingError) as error:
        msg = f"The database does not answer as it should ({error.orig}); run `python -m dispatch migrate`."
        raise Unavailable(msg) from error
    except json.JSONDecodeError as error:
        msg = f"The JSON file can't be read: {error}."
        raise Invalid(msg) from error
    except OSError as error:
        raise Invalid(str(error)) from error


def require_current(database: Database) -> None:
    """Refuse a database that lacks a migration.

    Raises
    ------
    Unavailable
        With the command that brings it up to date.
    """
    if not migrations.is_current(database):
        msg = "The database lacks a migration; run `python -m dispatch migrate` first."
        raise Unavailable(msg)


def _setting(error: Mapping[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    name = "__".join(str(part) for part in error["loc"]).upper()
    return f"FAIRVISIT_{name}: {message}" if name else message


def tell_issues(sentence: str, issues: list[Any], as_json: bool) -> None:
    """Print the issues of a file, the first fifty as sentences or all as JSON."""
    if as_json:
        typer.echo(
            json.dumps({"detail": sentence, "issues": issues}, ensure_ascii=False, default=str)
        )
        return
    for one in issues[:50]:
        where = f"row {one.get('row')}" + (f", {one['column']}" if one.get("column") else "")
        typer.echo(f"{where}: {one.get('cause')} {one.get('remedy')}", err=True)
    if len(issues) > 50:  # noqa: PLR2004
        typer.echo(f"… and {len(issues) - 50} more; --json lists them.", err=True)
    if sentence:
        typer.echo(sentence, err=True)
