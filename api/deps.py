"""What endpoints ask for; the only place in api where transactions begin and end.

Read, Write
    A session on the database. A write session is one transaction: returning commits it *before*
    the answer is sent (`scope="function"`), raising rolls it back.
Now, Me, VaultDep, HouseDep
    The instant of the request, who is signed in, the vault, and what the process holds.
IfMatch
    The version the client saw; missing it is answered 428.
SeenDep
    Takes note of borrower records that the answer delivers; they are on record before it leaves.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import Depends, Header, Request
from fastapi.concurrency import contextmanager_in_threadpool
from fastapi.responses import Response

from api.etags import Tag
from api.house import House
from api.problems import IfMatchMissing
from dispatch.access.identity import Identity
from dispatch.access.reads import note_reads
from dispatch.db import ReadSession, WriteSession
from dispatch.errors import Unauthenticated
from dispatch.model import Case
from dispatch.vault import Vault


def house_of(request: Request) -> House:
    """Return what the process holds."""
    return cast("House", request.app.state.house)


HouseDep = Annotated[House, Depends(house_of)]


def _now(request: Request, house: HouseDep) -> datetime:
    """One instant a request: what it writes carries the same time everywhere."""
    if not hasattr(request.state, "now"):
        request.state.now = house.clock.now()
    return cast("datetime", request.state.now)


Now = Annotated[datetime, Depends(_now)]


def _vault(house: HouseDep) -> Vault:
    return house.vault


VaultDep = Annotated[Vault, Depends(_vault)]


def _me(request: Request) -> Identity:
    identity = getattr(request.state, "identity", None)
    if identity is None:
        msg = "Sign in to do this."
        raise Unauthenticated(msg)
    return cast("Identity", identity)


Me = Annotated[Identity, Depends(_me)]


@dataclass(slots=True)
class Seen:
    """The borrower records that an answer delivers."""

    cases: list[Case] = field(default_factory=list)
    unchanged: int = 0

    def note(self, *cases: Case) -> None:
        """Take note of these records."""
        self.cases.extend(cases)

    def delivered(self, answer: Response, *cases: Case) -> Response:
        """Take note of records that the answer delivers; a 304 delivers none and is counted."""
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            self.unchanged += len(cases)
        else:
            self.note(*cases)
        return answer


async def _seen(request: Request, house: HouseDep, now: Now) -> AsyncIterator[Seen]:
    seen = Seen()
    yield seen
    if seen.cases:
        identity: Identity | None = getattr(request.state, "identity", None)
        actor = identity.actor if identity else "link"
        await house.write(
            lambda session: note_reads(session, cases=seen.cases, actor=actor, now=now)
        )
    for result, number in (("delivered", len(seen.cases)), ("unchanged", seen.unchanged)):
        if number:
            house.metrics.count("fairvisit_records_read_total", number, result=result)


SeenDep = Annotated[Seen, Depends(_seen, scope="function")]


async def _read(house: HouseDep, _noted_after: SeenDep) -> AsyncIterator[ReadSession]:
    # The notes of reading are written when this session is closed: with a rollback journal a
    # writer would wait for its own request's reader.
    async with (
        house.readers.turn(),
        contextmanager_in_threadpool(house.database.reading()) as session,
    ):
        yield session


Read = Annotated[ReadSession, Depends(_read, scope="function")]


async def _write(request: Request, house: HouseDep) -> AsyncIterator[WriteSession]:
    act = f"api {request.method} {getattr(request.scope.get('route'), 'path', '')}"
    async with (
        house.writers.turn(),
        contextmanager_in_threadpool(house.database.writing(act)) as session,
    ):
        yield session


Write = Annotated[WriteSession, Depends(_write, scope="function")]


def _if_match(if_match: Annotated[str | None, Header()] = None) -> Tag:
    if if_match is None:
        raise IfMatchMissing
    return Tag.parse(if_match)


IfMatch = Annotated[Tag, Depends(_if_match)]
