"""A browser at the pages of a planned world: signed in by cookie, forms with their mark."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import event
from sqlmodel import select
from starlette.testclient import TestClient

from api.app import create_app
from api.cookies import SESSION
from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.ids import new_id
from dispatch.model import Account, Evidence, Plan, PlanRun, Visit
from dispatch.settings import Settings
from dispatch.store.rows import get_any
from tests.support.planning import World

HTML = {"Accept": "text/html"}


@dataclass
class Web:
    """A world, its web application, and one browser."""

    world: World
    app: FastAPI
    client: TestClient
    mark: str = ""
    headers: dict[str, str] = field(default_factory=lambda: dict(HTML))

    def sign_in(self, account: Account) -> "Web":
        """Let the browser be signed in as somebody."""
        tokens, family_id = self.app.state.house.tokens, new_id()
        access = tokens.access(account, family_id=family_id, now=self.world.clock.now())
        self.client.cookies.clear()
        self.client.cookies.set(SESSION, access)
        self.mark = tokens.mark("session-form", str(family_id))
        return self

    def bearer(self, account: Account) -> dict[str, str]:
        """Return the headers of a program that acts for somebody."""
        tokens = self.app.state.house.tokens
        access = tokens.access(account, family_id=new_id(), now=self.world.clock.now())
        return {"Authorization": f"Bearer {access}"}

    def get(self, path: str, **query: Any):
        """Open a page."""
        params = {name: str(value) for name, value in query.items()}
        return self.client.get(path, params=params, headers=self.headers, follow_redirects=False)

    def post(self, path: str, **form: Any):
        """Send a form with its mark; the answer is not followed. A list fills a field many times."""
        filled = {
            name: [str(one) for one in value] if isinstance(value, list) else str(value)
            for name, value in form.items()
        }
        return self.client.post(
            path,
            data={"csrf_token": self.mark, **filled},
            headers=self.headers,
            follow_redirects=False,
        )

    def day(self, **query: Any):
        """Open the manager's day of the world's branch."""
        on = query.pop("date", "2026-03-09")
        return self.get("/day", branch=self.world.branch.id, date=on, **query)

    def flash(self) -> str:
        """Return what the next page says at its top."""
        found = re.search(r'<p class="flash"[^>]*>(.*?)</p>', self.day().text, re.DOTALL)
        return found[1].strip() if found else ""

    def row(self, kind: type, row_id: UUID) -> Any:
        """Return a row as it is now."""
        with self.world.database.reading() as session:
            return get_any(session, kind, row_id)

    def plan_of(self, run: PlanRun) -> Plan:
        """Return the plan that a run made, as it is now."""
        return self.row(Plan, run.plan_id)

    def visits(self) -> list[Visit]:
        """Return the world's visits as they are now."""
        return [self.row(Visit, one.id) for one in self.world.visits]

    def reads(self) -> list[Evidence]:
        """Return the entries of evidence that a borrower's record was delivered."""
        with self.world.database.reading() as session:
            return list(session.exec(select(Evidence).where(Evidence.kind == "read.case")))


@contextmanager
def copied(world: World, folder: Path) -> Iterator[World]:
    """Give a world of its own, as the given one stood when its database was let go of."""
    path = folder / "copy.db"
    shutil.copy(world.database.url.database, path)
    database = Database(f"sqlite:///{path}")
    clock = SetClock(world.clock.at)
    planner = replace(world.planner, database=database, clock=clock)
    yield replace(world, database=database, clock=clock, planner=planner)
    database.dispose()


@contextmanager
def a_web(world: World, passwords: Any, **settings: Any) -> Iterator[Web]:
    """Give a browser at the world's pages."""
    app = create_app(
        Settings(_env_file=None, **settings),
        database=world.database,
        vault=world.vault,
        clock=world.clock,
        passwords=passwords,
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Web(world, app, client)


@contextmanager
def counted(web: Web) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    engines = [web.world.database._read, web.world.database._write]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
