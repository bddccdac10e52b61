"""What every page answer needs: language, marks, a sentence said once, and its headers."""

import base64
import binascii
import hmac
import json
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.cookies import set_cookie
from api.deps import house_of
from api.matrix import MATRIX
from api.pages.rendering import CONTENT_SECURITY_POLICY, View, render
from api.pages.views import Page, Sentence
from api.security import form_mark
from api.wording import LOCALES, best_locale, translator
from dispatch.access.identity import Identity
from dispatch.model import Role

HOME: Final = {
    Role.MANAGER: "/day",
    Role.AGENT: "/today",
    Role.ADMIN: "/permissions",  # a second person is often one of them
    Role.AUDITOR: "/figures",
}
"""Where a role begins; programs work over the API."""

PAGES: Final = {
    "/day": "show_day",
    "/desk": "show_desk",
    "/care": "show_care",
    "/permissions": "show_branch_permissions",
    "/law": "show_law",
    "/figures": "show_figures",
}
"""Pages about a branch in the order of the bar, and the operation that shows each."""

_LANGUAGE, _THEME, _FLASH, _MARK = "lang", "theme", "flash", "csrf_token"
_YEAR_S: Final = 365 * 24 * 3600
_FLASH_S: Final = 60


def page_of(request: Request, me: Identity | None, *, time_zone: str = "UTC") -> Page:
    """Return what a page for this reader needs; a waiting sentence is taken out and said."""
    locale = _locale(request, me)
    mark = form_mark(request)
    if me is not None:  # scripts of a page kept for offline use read the fresh one here
        set_cookie(request, _MARK, mark, lasts_s=None, is_readable=True)
    theme = request.cookies.get(_THEME, "")
    return Page(
        locale=locale,
        path=_path(request),
        time_zone=time_zone,
        theme=theme if theme in {"light", "dark"} else "system",
        csrf_token=mark,
        viewer_name=me.name if me else None,
        pages=pages_of(me),
        flash=_taken(request, locale),
    )


def shown(
    template: str,
    view: View,
    *,
    status: int = 200,
    policy: str = CONTENT_SECURITY_POLICY,
) -> Response:
    """Return a page: its own policy of what may run, and nothing of it kept on the way."""
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(render(template, view), status, headers=headers)


def back_to(
    request: Request, path: str, flash: Sentence | None = None, **query: object
) -> Response:
    """Return the answer to a form: go and look there; `flash` is said at the top, once."""
    if flash is not None:
        _say_next(request, flash)
    asked = {name: str(value) for name, value in query.items() if value is not None}
    return RedirectResponse(f"{path}?{urlencode(asked)}" if asked else path, 303)


def pages_of(me: Identity | None) -> tuple[str, ...]:
    """Return the paths of the branch's pages that somebody may open."""
    if me is None:
        return ()
    return tuple(path for path, shows in PAGES.items() if me.role in MATRIX[shows].roles)


def home_of(me: Identity | None) -> str:
    """Return where somebody's work begins."""
    return HOME.get(me.role, "/login") if me else "/login"


def end_marks(request: Request) -> None:
    """Take the readable mark from the browser, as its sign-in ends."""
    set_cookie(request, _MARK, "", lasts_s=0, is_readable=True)


def _locale(request: Request, me: Identity | None) -> str:
    asked, kept = request.query_params.get(_LANGUAGE), request.cookies.get(_LANGUAGE)
    if asked in LOCALES and asked != kept:
        set_cookie(request, _LANGUAGE, asked, lasts_s=_YEAR_S)
    wanted = asked or kept or (me.language if me else None)
    return best_locale(wanted, request.headers.get("accept-language", ""))


def _path(request: Request) -> str:
    query = urlencode([one for one in request.query_params.multi_items() if one[0] != _LANGUAGE])
    return f"{request.url.path}?{query}" if query else request.url.path


def _say_next(request: Request, flash: Sentence) -> None:
    text = base64.urlsafe_b64encode(json.dumps([flash.key, dict(flash.values)]).encode()).decode()
    mark = house_of(request).tokens.mark("flash", text)
    set_cookie(request, _FLASH, f"{text}.{mark}", lasts_s=_FLASH_S)


def _taken(request: Request, locale: str) -> Sentence | None:
    text, _, mark = request.cookies.get(_FLASH, "").partition(".")
    if not text:
        return None
    set_cookie(request, _FLASH, "", lasts_s=0)
    right = house_of(request).tokens.mark("flash", text)
    if not hmac.compare_digest(mark.encode(), right.encode()):
        return None
    try:
        key, values = json.loads(base64.urlsafe_b64decode(text))
    except (ValueError, binascii.Error):
        return None
    return Sentence(key, values) if translator(locale).has(key) else None
