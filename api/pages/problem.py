"""A problem as a page: forms come back to where they stood, anything else gets a page of its own."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from api.pages.borrower_views import LandingPage
from api.pages.page import back_to, home_of, page_of, shown
from api.pages.rendering import BORROWER_CONTENT_SECURITY_POLICY
from api.pages.views import ErrorPage, Sentence
from api.problems import Problem

_KINDS: Final = {
    401: "forbidden",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    422: "conflict",
    428: "conflict",
    429: "too_many",
    503: "unavailable",
}
_ABOUT_THE_FORM: Final = frozenset({409, 422, 428})
_STARTS: Final = ("/day", "/today", "/permissions", "/law", "/conduct")
"""Pages whose forms come back to where they stood, and say there why nothing was changed."""
_SERVER_FAULT: Final = 500


def problem_page(request: Request, problem: Problem) -> Response:
    """Return the page that tells a person of a problem; what was done is rolled back already."""
    path = request.url.path
    if path.startswith("/b/") and problem.status < _SERVER_FAULT:
        view = LandingPage(page=page_of(request, None), token="", state="closed")
        return shown(
            "borrower/landing.html",
            view,
            status=problem.status,
            policy=BORROWER_CONTENT_SECURITY_POLICY,
        )
    if request.method == "POST" and problem.status in _ABOUT_THE_FORM:
        for start in _STARTS:
            if path.startswith(f"{start}/"):
                return back_to(request, _origin(request, start), _said(problem))
    me = getattr(request.state, "identity", None)
    error = ErrorPage(
        page=page_of(request, me),
        status=problem.status,
        kind=_KINDS.get(problem.status, "other"),
        detail=problem.detail if problem.status not in {401, 403, 404} else "",
        request_id=getattr(request.state, "request_id", ""),
        home=home_of(me),
    )
    return shown("error.html", error, status=problem.status)


def _said(problem: Problem) -> Sentence:
    if problem.code == "stale-version":
        return Sentence("flash.stale")
    if problem.code == "invalid-payload":
        return Sentence("flash.invalid_form")
    return Sentence("flash.refused", {"detail": problem.detail})


def _origin(request: Request, start: str) -> str:
    """Return the page that the form stood on, if it is one of ours; else the start."""
    told = urlsplit(request.headers.get("referer", ""))
    is_ours = told.netloc == request.url.netloc and told.path.startswith(start)
    if not is_ours:
        return start
    return f"{told.path}?{told.query}" if told.query else told.path
