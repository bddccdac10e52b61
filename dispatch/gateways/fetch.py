"""Asking a service over HTTP within one total deadline, however slowly it drips.

httpx's time-outs are per read: a server that sends a byte every two seconds keeps one waiting
for ever. Here the whole exchange is cancelled when its time is over. Redirects are not followed,
so that the configured service can't send us to an address of its choice.
"""

import asyncio
import json
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

AT_ONCE = 4
LIMIT_BYTES = 64 * 2**20
"""More than any answer we ask for; a longer one is cut off and counts as a failure."""

USER_AGENT = "Fairvisit/0.1 (field visit planning)"


class FetchFailed(Exception):
    """The service did not give a usable answer; `status` is its HTTP status, if there was one."""

    def __init__(
        self,
        detail: str,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
        is_unreached: bool = False,
    ) -> None:
        super().__init__(detail)
        self.is_unreached = is_unreached
        """True where there was no connection, so that nothing can have been asked."""
        self.status = status
        self.retry_after_s = retry_after_s

    @property
    def is_permanent(self) -> bool:
        """True where asking again in the same way is of no use."""
        return self.status is not None and self.status not in (408, 425, 429) and self.status < 500  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `accept` names statuses besides 200 whose body is an answer too."""

    url: str
    payload: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    accept: frozenset[int] = frozenset()
    content: bytes | None = None
    """The very bytes to post, where they are signed; never beside a payload."""


def fetch(calls: Sequence[Call], *, deadline_s: float, tries: int = 1) -> list[bytes]:
    """Return the bodies that answer `calls`, in their order, all within `deadline_s` seconds.

    GET, or POST as JSON where a call has a payload. Each call is tried up to `tries` times.

    Raises
    ------
    FetchFailed
        If any of them fails, or the time is over.
    """
    outcome: list[list[bytes] | BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(_all(calls, deadline_s, tries)))
        except Exception as error:  # noqa: BLE001 - it is raised in the thread that asked
            outcome.append(error)

    # A thread of its own: the caller may be inside an event loop, and a name look-up that hangs
    # can't be cancelled but can be left behind.
    worker = threading.Thread(target=run, name="fetch", daemon=True)
    worker.start()
    worker.join(deadline_s + 1.0)
    if not outcome:
        msg = f"no answer within {deadline_s:.1f} s"
        raise FetchFailed(msg)
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def fetch_json(call: Call, *, deadline_s: float, tries: int = 1) -> Any:
    """Return the JSON that answers `call`.

    Raises
    ------
    FetchFailed
        If it fails, or is no JSON.
    """
    return parsed(fetch([call], deadline_s=deadline_s, tries=tries)[0])


def parsed(body: bytes) -> Any:
    """Return the JSON in `body`.

    Raises
    ------
    FetchFailed
        If it is cut off, or no JSON.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        msg = "the answer is no JSON, or was cut off"
        raise FetchFailed(msg) from error


async def _all(calls: Sequence[Call], deadline_s: float, tries: int) -> list[bytes]:
    try:
        async with asyncio.timeout(deadline_s):
            return await _together(calls, deadline_s, tries)
    except TimeoutError as error:
        msg = f"no whole answer within {deadline_s:.1f} s"
        raise FetchFailed(msg) from error


async def _together(calls: Sequence[Call], deadline_s: float, tries: int) -> list[bytes]:
    gate = asyncio.Semaphore(AT_ONCE)
    failures: list[FetchFailed] = []

    async def one(client: httpx.AsyncClient, call: Call) -> bytes:
        async with gate:
            try:
                return await _tried(client, call, tries)
            except FetchFailed as error:
                failures.append(error)
                raise

    client = httpx.AsyncClient(
        timeout=deadline_s, verify=_trusted(), headers={"User-Agent": USER_AGENT}
    )
    try:
        async with client, asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(client, call)) for call in calls]
    except ExceptionGroup:
        if failures:
            raise failures[0] from None
        raise
    return [task.result() for task in tasks]


async def _tried(client: httpx.AsyncClient, call: Call, tries: int) -> bytes:
    for _ in range(tries - 1):
        try:
            return await _once(client, call)
        except FetchFailed as error:
            if error.is_permanent:
                raise
    return await _once(client, call)


async def _once(client: httpx.AsyncClient, call: Call) -> bytes:
    method = "GET" if call.payload is None and call.content is None else "POST"
    request = client.build_request(
        method, call.url, json=call.payload, content=call.content, headers=call.headers
    )
    body = bytearray()
    try:
        response = await client.send(request, stream=True)
        try:
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LIMIT_BYTES:
                    msg = "the answer is far too long"
                    raise FetchFailed(msg)
        finally:
            await response.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        # Not the error's own text: it may hold the address with its key.
        msg = f"the exchange broke off ({type(error).__name__})"
        is_unreached = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        raise FetchFailed(msg, is_unreached=is_unreached) from None
    if response.status_code not in {httpx.codes.OK, *call.accept}:
        msg = f"it answered {response.status_code}"
        raise FetchFailed(msg, status=response.status_code, retry_after_s=_retry_after_s(response))
    return bytes(body)


@cache
def _trusted() -> ssl.SSLContext:
    # Reading the certificates takes longer than most questions.
    return httpx.create_ssl_context()


def _retry_after_s(response: httpx.Response) -> float | None:
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None
