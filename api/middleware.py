"""Middleware: request id, access log without tokens, security headers, and a last resort."""

import logging
import re
import time
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.cookies import add_cookies
from api.problems import BodyTooLarge, answer
from api.redaction import shown_path
from api.turns import patient
from dispatch.ids import new_id
from dispatch.log import context

log = logging.getLogger("api.access")

_TOO_LARGE: Final = 413
_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "worker-src 'self' blob:",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""For what brings no policy of its own; a page may be stricter."""

_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=()",
}


class Envelope:
    """Gives each request an id, each answer its headers, and logs the pair.

    It stands outside the error handlers: what they let through becomes a problem 500 here, so
    that even that answer carries an id and the headers.
    """

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self.app = app
        self._fixed = dict(_HEADERS)
        if is_https:
            self._fixed["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.request_id = request_id = _request_id(request)
        token = context.set({**context.get(), "request_id": request_id})
        started, status, is_replaced = time.monotonic(), 0, False

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(scope, MutableHeaders(scope=message), request_id)
            await send(message)

        async def sending(message: Message) -> None:
            nonlocal is_replaced
            if _is_bare_refusal(message):
                is_replaced = True
                await answer(request, BodyTooLarge())(scope, receive, dressed)
            elif not is_replaced:
                await dressed(message)

        try:
            with patient(scope["app"].state.house.patience_s):
                await self._answered(request, sending, is_started=lambda: status > 0)
        finally:
            _note(scope, status, time.monotonic() - started)
            context.reset(token)

    async def _answered(self, request: Request, send: Send, *, is_started: Any) -> None:
        try:
            await self.app(request.scope, request.receive, send)
        except Exception as error:
            if is_started():
                raise
            response = answer(request, error)
            await response(request.scope, request.receive, send)

    def _dress(self, scope: Scope, headers: MutableHeaders, request_id: str) -> None:
        headers["X-Request-ID"] = request_id
        for name, value in self._fixed.items():
            headers.setdefault(name, value)
        path: str = scope["path"]
        is_borrower = path.startswith("/b/")
        headers.setdefault("Referrer-Policy", "no-referrer" if is_borrower else "same-origin")
        if path.startswith("/v1/") or is_borrower:
            headers.setdefault("Cache-Control", "no-store")
        add_cookies(scope.get("fairvisit_cookies", {}), headers)


def _is_bare_refusal(message: Message) -> bool:
    """Whether the framework's own body limit answers: plain text, past every error handler."""
    if message["type"] != "http.response.start" or message["status"] != _TOO_LARGE:
        return False
    content_type = MutableHeaders(scope=message).get("content-type", "")
    return content_type.startswith("text/plain")


def _request_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _ACCEPTED_ID.fullmatch(given) else new_id().hex


def _note(scope: Scope, status: int, seconds: float) -> None:
    operation = getattr(scope.get("route"), "name", None) or "none"
    scope["app"].state.house.metrics.answered(operation=operation, status=status, seconds=seconds)
    log.info("%s %s %d %d ms", scope["method"], shown_path(scope["path"]), status, seconds * 1000)
