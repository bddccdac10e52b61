"""Canaries: values that exist nowhere else, and ears in every place where one could be heard.

A journey is walked with people whose every field is a canary. All that leaves the service (answers
of every operation to everybody, pages, addresses, messages, log lines, exports, the evidence log,
the database file itself) is kept, and each canary found must be one that may be told there, to that
reader: `api.sight` says what answers may tell, `ELSEWHERE` all the rest, each line with its reason.
"""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from httpx2 import Response
from starlette.routing import compile_path

from api.app import PAGES
from api.sight import PERSON, Part, seen_in
from dispatch import log
from dispatch.errors import DispatchError
from dispatch.model import Account
from dispatch.settings import Environment, Settings
from dispatch.store.rows import get_any
from tests.journeys.service import Service

CANARIES: Final = {
    Part.NAME: ("Qanar Finchwright", "Finchwright", "金丝雀小鸢"),
    Part.CONTACT: ("+865727731049", "5727731049", "qanar.coalmine", "+865727731052"),
    Part.ADDRESS: ("8841 Pitprop", "竖井巷77"),
    Part.NEIGHBOURHOOD: ("Pitprop", "竖井巷"),
    Part.POSITION: ("30.612847", "119.903751", "30.618473", "119.907319"),
    Part.AMOUNT: (
        "4827319", "48273.19", "48,273.19", "4863782", "48,637.82", "48637.82",
        "5938471", "59384.71", "59,384.71", "731913", "7319.13", "7,319.13",
    ),
    Part.WORDS: ("afterdamp", "whitedamp", "矿灯"),
}  # fmt: skip
"""Spellings of what the two people of the journey are, owe and say; the sums that follow too."""

ELSEWHERE: Final[dict[tuple[str, Part], str]] = {
    ("message-to", Part.CONTACT): "A message needs an address; its text has none.",
    ("subject-export", Part.NAME): "A person's own copy of all that is kept about them.",
    ("subject-export", Part.CONTACT): "As above.",
    ("subject-export", Part.ADDRESS): "As above.",
    ("subject-export", Part.NEIGHBOURHOOD): "As above.",
    ("subject-export", Part.POSITION): "As above.",
    ("subject-export", Part.AMOUNT): "As above.",
    ("subject-export", Part.WORDS): "As above.",
}
"""Where else a canary may be found, and why. Logs, addresses, exports for others: nowhere."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that left the service."""

    channel: str
    text: str
    where: str = ""
    who: str | None = None
    """The role of who was told; `person` behind a link."""

    def leaks(self) -> list[tuple[Part, str]]:
        """Return the canaries in it that may not be told there."""
        return [
            (part, spelling)
            for part, spellings in CANARIES.items()
            for spelling in spellings
            if spelling in self.text and not self._may_tell(part)
        ]

    def _may_tell(self, part: Part) -> bool:
        if self.channel == "answer":
            return part in seen_in(self.where, self.who)
        return (self.channel, part) in ELSEWHERE


@dataclass
class Ears:
    """All that was heard on a journey."""

    service: Service
    heard: list[Heard] = field(default_factory=list)
    lines: io.StringIO = field(default_factory=io.StringIO)
    published: list[tuple[str, str, re.Pattern[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read which operations there are."""
        paths = self.service.client.app.openapi()["paths"]
        listed = [
            (one["operationId"], method.upper(), path)
            for path, item in paths.items()
            for method, one in item.items()
            if isinstance(one, dict) and "operationId" in one
        ]
        pages = [
            (route.name, method, route.path)
            for page in PAGES
            for route in page.routes
            for method in route.methods
        ]
        self.published = [
            (name, method, compile_path(path)[0]) for name, method, path in listed + pages
        ]

    def hear(self, channel: str, text: str, where: str = "", who: str | None = None) -> None:
        """Keep something that left the service, also as it reads with its escapes undone."""
        self.heard.append(Heard(channel, f"{text}\n{unescaped(text)}", where, who))

    def answer(self, response: Response) -> None:
        """Keep an answer, the address that was asked, and its headers."""
        response.read()
        request = response.request
        operation, who = self.operation(request), self.reader(request)
        told = response.text if response.headers.get("content-type", "") else ""
        self.hear("answer", told, operation, who)
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        self.hear("headers", headers, operation, who)
        self.hear("address", str(request.url), operation, who)

    def operation(self, request: Any) -> str:
        """Return the id of the operation that a request reached."""
        return next(
            (
                operation
                for operation, method, path in self.published
                if method == request.method and path.fullmatch(request.url.path)
            ),
            "none",
        )

    def reader(self, request: Any) -> str | None:
        """Return the role of who asks; behind a link it is the person."""
        if request.url.path.startswith("/b/"):
            return PERSON
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        tokens = self.service.client.app.state.house.tokens
        try:
            claims = tokens.read(token, now=self.service.clock.now())
        except DispatchError:
            return None
        with self.service.database.reading() as session:
            return str(get_any(session, Account, claims.account_id).role)

    def leaks(self) -> list[str]:
        """Return each canary that was found where it may not be, once a place."""
        for line in self.lines.getvalue().splitlines():
            self.hear("log", line)
        self.lines.truncate(0)
        return sorted(
            {
                f"{one.channel} {one.where} ({one.who}): {part} {spelling}"
                for one in self.heard
                for part, spelling in one.leaks()
            }
        )


def unescaped(text: str) -> str:
    """Return a text with JSON's and URLs' escapes undone, as far as it has any."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), unquote(text))


@contextmanager
def listening(service: Service) -> Iterator[Ears]:
    """Hear all that the service answers and logs, every level and library included."""
    ears = Ears(service)
    service.client.event_hooks["response"].append(ears.answer)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log.configure(Settings(_env_file=None, environment=Environment.DEVELOPMENT, log_level="DEBUG"))
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(ears.lines)
    handler.addFilter(
        lambda line: not line.name.startswith(("httpx2", "httpcore2"))
    )  # ours to ask
    try:
        yield ears
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        service.client.event_hooks["response"].remove(ears.answer)


def as_text(value: Any) -> str:
    """Return a value as text that can be searched."""
    return json.dumps(value, ensure_ascii=False, default=str)
