"""Cookies: a sign-in in a browser holds the same tokens as a program's, out of scripts' reach."""

from typing import Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from dispatch.access.issue import SignedIn

SESSION: Final = "fairvisit_session"
REFRESH: Final = "fairvisit_refresh"
VISITOR: Final = "fairvisit_visitor"


def begin_session(request: Request, signed_in: SignedIn) -> None:
    """Give the browser the tokens; with the answer, whatever it will be."""
    set_cookie(request, SESSION, signed_in.access, lasts_s=signed_in.access_lasts_s)
    set_cookie(request, REFRESH, signed_in.refresh or "", lasts_s=signed_in.refresh_lasts_s)


def end_session(request: Request) -> None:
    """Take the tokens from the browser."""
    set_cookie(request, SESSION, "", lasts_s=0)
    set_cookie(request, REFRESH, "", lasts_s=0)


def set_cookie(
    request: Request, name: str, value: str, *, lasts_s: int | None, is_readable: bool = False
) -> None:
    """Let the answer set a cookie, sent to this site's own pages only.

    Out of scripts' reach, unless `is_readable`: that is for the mark that scripts send back.
    """
    carrier = Response()
    carrier.set_cookie(
        name,
        value,
        max_age=lasts_s,
        path="/",
        httponly=not is_readable,
        samesite="lax",
        secure=request.app.state.house.settings.base_url.startswith("https:"),
    )
    waiting: dict[str, str] = request.scope.setdefault("fairvisit_cookies", {})
    waiting[name] = carrier.headers["set-cookie"]


def add_cookies(waiting: dict[str, str], headers: MutableHeaders) -> None:
    """Put the waiting cookies into an answer's headers."""
    for header in waiting.values():
        headers.append("set-cookie", header)
    if waiting:
        headers["cache-control"] = "no-store"
