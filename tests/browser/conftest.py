"""A real Chromium at a served application; skipped, loudly, where none is found."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.cookies import SESSION
from dispatch.access.passwords import Passwords
from dispatch.model import Account
from tests.support.web import Web

FLAGS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def found_chromium() -> str | None:
    """Return the Chromium to drive: the one that is named, else one on the path."""
    named = os.environ.get("TEST_CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def quick_passwords() -> Passwords:
    """The real argon2id, made cheap: tests are not about its cost."""
    return Passwords(time_cost=1, memory_kib=8, parallelism=1)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole session."""
    path = found_chromium()
    if path is None:
        pytest.skip("SKIPPED: no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve the app on a free port of this machine; give its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@dataclass
class Screen:
    """One browser window at the served pages; whatever its console complains of is kept."""

    web: Web
    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, account: Account) -> "Screen":
        """Let the window be signed in as somebody."""
        self.web.sign_in(account)
        token = self.web.client.cookies[SESSION]
        self.context.add_cookies([{"name": SESSION, "value": token, "url": self.address}])
        return self

    def go(self, path: str) -> Page:
        """Open a page of ours."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        told: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return told


@pytest.fixture
def open_screen(chromium: Browser) -> Iterator[Callable[..., Screen]]:
    """Open windows; at the end none of them may have complained."""
    opened: list[Screen] = []

    def open_one(web: Web, address: str, *, width: int = 1440, **options: Any) -> Screen:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        screen = Screen(web, address, context, page)
        page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: screen.complaints.append(said.text) if said.type == "error" else None,
        )
        opened.append(screen)
        return screen

    yield open_one
    complaints = [one for screen in opened for one in screen.complaints]
    for screen in opened:
        screen.context.close()
    assert complaints == []
