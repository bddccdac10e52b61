"""Turns: a queue before what only a few may use at once, and how long a request waits in all."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

import anyio

from dispatch.errors import Unavailable

PATIENCE_S: Final = 2.0
"""Seconds that a request waits for turns in all, where several can work at once."""


@dataclass(slots=True)
class Patience:
    """How many seconds one request may still wait, however many turns it takes."""

    left_s: float


_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patient(seconds: float) -> Iterator[Patience]:
    """Let what is done inside wait so many seconds for turns in all; what is yielded says what is left."""
    token = _patience.set(patience := Patience(seconds))
    try:
        yield patience
    finally:
        _patience.reset(token)


@dataclass(slots=True)
class Turns:
    """A queue before the database or the solver, held on the event loop: whoever waits here holds no thread.

    Threads that waited for the database would leave none to finish the requests that hold it.
    Who asks takes several turns one after another (who is it, what is wanted, what was read); the
    waits count together, so that a request is told within its patience that all are taken.
    """

    seats: int
    wait_s: float = PATIENCE_S
    what: str = "the database"
    is_counted: bool = True
    """Whether waiting here takes of the request's patience."""
    _semaphore: anyio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._semaphore = anyio.Semaphore(self.seats)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a seat and hold it.

        Raises
        ------
        Unavailable
            If none was free in time.
        """
        await self._sit_down()
        try:
            yield
        finally:
            self._semaphore.release()

    async def _sit_down(self) -> None:
        given = _patience.get() if self.is_counted else None
        patience = given or Patience(self.wait_s)
        began = anyio.current_time()
        try:
            self._semaphore.acquire_nowait()
        except anyio.WouldBlock:
            try:
                with anyio.fail_after(min(self.wait_s, patience.left_s)):
                    await self._semaphore.acquire()
            except TimeoutError as error:
                msg = f"Too many requests wait for {self.what}; try again in a few seconds."
                raise Unavailable(msg) from error
        finally:
            patience.left_s = max(0.0, patience.left_s - (anyio.current_time() - began))
