"""`make run`: migrated, with a demo on first start, web and scheduler together."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Protocol

from api.ports import free_port
from api.supervise import Child, supervise
from dispatch import migrations
from dispatch.db import Database
from dispatch.demo.drive import demo_settings
from dispatch.settings import Settings
from dispatch.store.accounts import has_admin

_OWN_ADDRESS = "http://127.0.0.1:8000"


class LogIn(Protocol):
    """A log-in that the demo made, to be told on the screen."""

    @property
    def login(self) -> str:
        """What to type first."""
        ...

    @property
    def password(self) -> str:
        """What to type next."""
        ...

    @property
    def role(self) -> str:
        """As what one is let in."""
        ...


type MakeDemo = Callable[[Database, str], Sequence[LogIn]]
"""Fills an empty database, with links to an address, and returns the log-ins; again when asked again."""


def run(
    settings: Settings,
    *,
    port: int | None,
    make_demo: MakeDemo | None,
    say: Callable[[str], None],
) -> int:
    """Make the database ready, start web and scheduler, and end both together.

    Raises
    ------
    NoFreePort
        If there is no port to listen on.
    """
    wanted = port or settings.port
    found = free_port(settings.host, wanted)
    if found != wanted:
        say(f"Port {wanted} is taken; using {found}.")
    address = _address(settings, found)
    log_ins = prepare(settings, address=address, make_demo=make_demo, say=say)
    children = [
        Child("web", [sys.executable, "-m", "api", "--port", str(found)]),
        Child("scheduler", [sys.executable, "-m", "scheduler"]),
    ]
    return supervise(
        children,
        environment={**os.environ, "FAIRVISIT_BASE_URL": address, **_demo_roads(settings)},
        is_ready=lambda: answers(f"http://{_reachable(settings.host)}:{found}/readyz"),
        on_ready=lambda: _welcome(address, log_ins, say),
        say=say,
    )


def prepare(
    settings: Settings,
    *,
    address: str,
    make_demo: MakeDemo | None,
    say: Callable[[str], None],
) -> Sequence[LogIn]:
    """Bring the database up to date, fill an empty one with the demo, and return its log-ins."""
    database = Database(settings.database_url)
    try:
        say("Preparing the database.")
        migrations.upgrade(database)
        log_ins: Sequence[LogIn] = ()
        if make_demo is not None:
            if not _has_admin(database):
                say("Building the demo: a small city and some days of work; a minute at most.")
            log_ins = make_demo(database, address)
        if not log_ins and not _has_admin(database):
            say("Nobody can sign in yet; make the first admin: python -m dispatch admin LOGIN")
        return log_ins
    finally:
        database.dispose()


def _demo_roads(settings: Settings) -> dict[str, str]:
    """Return what makes the children travel the demo city's roads, where nobody set other roads."""
    chosen = demo_settings(settings)
    if chosen is settings:
        return {}
    return {"FAIRVISIT_ROADS": str(chosen.roads), "FAIRVISIT_ROADS_FILE": str(chosen.roads_file)}


def answers(address: str) -> bool:
    """Whether the web answers that it is ready."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=1) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def _has_admin(database: Database) -> bool:
    with database.reading() as session:
        return has_admin(session)


def _welcome(address: str, log_ins: Sequence[LogIn], say: Callable[[str], None]) -> None:
    say(f"\nFairvisit is ready: {address}")
    for one in log_ins:
        say(f"  {one.role:<8} {one.login}  ·  {one.password}")
    say("Ctrl-C ends it.\n")


def _address(settings: Settings, port: int) -> str:
    """Return the address for links: what the operator set, else where we listen."""
    if settings.base_url != _OWN_ADDRESS:
        return settings.base_url
    return f"http://{_reachable(settings.host)}:{port}"


def _reachable(host: str) -> str:
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104  compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
