"""Problems: every error becomes one RFC 9457 answer; the status of each kind is told here once."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar, Final

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import exc as sql
from starlette.exceptions import HTTPException

from api.redaction import shown_path
from dispatch.errors import DispatchError, Invalid, Kind, RoadsUnavailable

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUS: Final[Mapping[Kind, HTTPStatus]] = {
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.REFUSED: HTTPStatus.CONFLICT,
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}

_EDGE: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad-request", "The request can't be read", "Check how the request is written."),
    404: ("no-such-address", "There is nothing at this address", "Check the path."),
    405: (
        "method-not-allowed",
        "This address knows no such method",
        "Use a method that the Allow header names.",
    ),
    413: ("too-large", "The body is too large", "Send less at once, or split the file."),
    415: ("media-type", "The body is of another kind", "Send the media type that is documented."),
    428: (
        "if-match-missing",
        "The version you saw must be named",
        "Send the ETag of what you saw as If-Match, so that nobody's change is overwritten.",
    ),
}
"""What HTTP itself refuses, before anything of the trade is asked."""

_RETRY_AFTER_S: Final = 3

_VROOM: Final = "/v1/optimization"
"""Where clients of VROOM look for its own `code` and `error`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One answer that says what went wrong and what to do."""

    status: int
    code: str
    title: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class EdgeRefusal(Exception):
    """HTTP itself refuses, before anything of the trade is asked."""

    status: ClassVar[int]


class IfMatchMissing(EdgeRefusal):
    """A change came without the version it was made from."""

    status = 428


class BodyTooLarge(EdgeRefusal):
    """A body went beyond its bound; said by us where the framework would say it as bare text."""

    status = 413


class ProblemOut(BaseModel):
    """The body of every error (RFC 9457); further members depend on the type."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` that document these statuses as problems."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "model": ProblemOut,
            "content": {MEDIA_TYPE: {}},
        }
        for status in statuses
    }


def problem_of(error: Exception) -> Problem:
    """Return the problem that an exception is to the outside."""
    if isinstance(error, DispatchError):
        return _of_trade(error)
    if isinstance(error, RequestValidationError):
        return _of_payload(error.errors())
    if isinstance(error, EdgeRefusal):
        return _of_edge(error.status)
    if isinstance(error, HTTPException):
        return _of_edge(error.status_code, dict(error.headers or {}))
    if isinstance(error, sql.SQLAlchemyError):
        return _of_database(error)
    return Problem(
        500,
        "internal",
        "Something went wrong on our side",
        "Nothing was stored. Try again; if it stays, tell the operator the request_id.",
    )


def answer(request: Request, error: Exception) -> Response:
    """Return the answer to an error: JSON, or a page where a person with a browser asked.

    Raising rolls the transaction back. A refusal that must leave a trace (a failed sign-in, a
    second outcome under the same id) is returned instead: `return answer(request, error)`.
    """
    problem = problem_of(error)
    house = request.app.state.house
    house.metrics.count("fairvisit_problems_total", code=problem.code)
    if problem.status >= 500:  # noqa: PLR2004
        log.log(
            logging.WARNING if problem.status == 503 else logging.ERROR,  # noqa: PLR2004
            "answered %s %s",
            problem.status,
            problem.code,
            exc_info=error if problem.status != 503 else None,  # noqa: PLR2004
        )
    if wants_page(request):
        return _page(request, problem)
    return JSONResponse(
        _body(request, problem),
        problem.status,
        headers=dict(problem.headers),
        media_type=MEDIA_TYPE,
    )


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asked for a page."""
    is_api = request.url.path.startswith(("/v1/", "/problems/", "/healthz", "/readyz", "/metrics"))
    return not is_api and "text/html" in request.headers.get("accept", "")


def install(app: FastAPI) -> None:
    """Let every error of the app become a problem."""

    async def handle(request: Request, error: Exception) -> Response:
        return answer(request, error)

    for kind in (
        DispatchError,
        RequestValidationError,
        EdgeRefusal,
        HTTPException,
        sql.SQLAlchemyError,
    ):
        app.add_exception_handler(kind, handle)


def problem_body(request: Request, error: Exception) -> dict[str, Any]:
    """Return the members of the problem that an error is."""
    return _body(request, problem_of(error))


def _body(request: Request, problem: Problem) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": shown_path(request.url.path),
        "request_id": getattr(request.state, "request_id", ""),
    }
    if request.url.path.startswith(_VROOM):
        body |= {"code": _vroom_code(problem), "error": problem.detail}
    return {**jsonable_encoder(dict(problem.extra)), **body}


def _vroom_code(problem: Problem) -> int:
    """VROOM's codes: 2 is a fault of the request, 3 one of the roads, 1 one of ours."""
    if problem.status < 500:  # noqa: PLR2004
        return 2
    return 3 if problem.code == RoadsUnavailable.code else 1


def _page(request: Request, problem: Problem) -> Response:
    if problem.status == HTTPStatus.UNAUTHORIZED and request.method in {"GET", "HEAD"}:
        target = request.url.replace(path="/login", query="").include_query_params(
            next=request.url.path
        )
        return RedirectResponse(f"{target.path}?{target.query}", HTTPStatus.SEE_OTHER)
    render = request.app.state.problem_page
    if render is None:
        return JSONResponse(
            _body(request, problem),
            problem.status,
            headers=dict(problem.headers),
            media_type=MEDIA_TYPE,
        )
    page: Response = render(request, problem)
    page.headers.update(problem.headers)
    return page


def _of_trade(error: DispatchError) -> Problem:
    status = STATUS[error.kind]
    extra = dict(error.extra)
    headers = {}
    if isinstance(error, Invalid):
        extra["errors"] = [*_pointed(error)]
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="fairvisit"'
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        headers["Retry-After"] = str(extra.get("retry_after_s", _RETRY_AFTER_S))
    return Problem(status, error.code, error.title(), error.detail, extra, headers)


def _pointed(error: Invalid) -> Iterator[dict[str, str]]:
    for issue in error.issues:
        plain = jsonable_encoder(issue)
        if isinstance(plain, dict):
            message = str(plain.get("message", plain.get("cause", error.detail)))
            place = plain.get("pointer") or _place_in_file(plain)
            yield {"pointer": place, "message": message}
        else:
            yield {"pointer": "", "message": str(plain)}
    if not error.issues:
        yield {"pointer": "", "message": error.detail}


def _place_in_file(issue: Mapping[str, Any]) -> str:
    return pointer([part for part in (issue.get("row"), issue.get("column")) if part is not None])


def _of_payload(errors: Sequence[Any]) -> Problem:
    """Say where and what, never the value: it may be a person's name or a password."""
    found = [{"pointer": pointer(one["loc"]), "message": str(one["msg"])} for one in errors]
    return Problem(
        422,
        "invalid-payload",
        "What was sent can't be right",
        "Something is not as documented; `errors` says where and what.",
        {"errors": found},
    )


def pointer(loc: Sequence[Any]) -> str:
    """Return a place as a JSON pointer (RFC 6901): /body/depot_lat, /query/limit."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in loc)


def entries() -> dict[str, str]:
    """Return title and remedy of each problem of the edge itself, by its code."""
    probes = (
        RequestValidationError([]),
        sql.OperationalError("", {}, Exception()),
        RuntimeError(),
        *(HTTPException(status) for status in _EDGE),
    )
    told = [problem_of(one) for one in probes]
    return {one.code: f"{one.title}.\n\n{one.detail}" for one in told}


def _of_edge(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    phrase = HTTPStatus(status).phrase
    code, title, detail = _EDGE.get(
        status, (phrase.lower().replace(" ", "-"), phrase, "Check the request.")
    )
    return Problem(status, code, title, detail, headers=headers or {})


def _of_database(error: sql.SQLAlchemyError) -> Problem:
    if isinstance(error, sql.IntegrityError):
        return Problem(
            409,
            "already-there",
            "It is already there",
            "Another entry, perhaps made at the same moment, stands against this one; look again.",
        )
    if isinstance(error, sql.DataError) or (
        isinstance(error, sql.StatementError)
        and isinstance(error.orig, OverflowError | ValueError)
    ):
        return Problem(
            422,
            "invalid-payload",
            "What was sent can't be right",
            "A value is too long or too great to be kept; send a smaller one.",
            {"errors": []},
        )
    is_passing = isinstance(error, sql.OperationalError | sql.TimeoutError) or (
        isinstance(error, sql.DBAPIError) and error.connection_invalidated
    )
    if not is_passing:
        return problem_of(RuntimeError())
    return Problem(
        503,
        "database-busy",
        "The database did not answer in time",
        "Nothing was stored; try again in a few seconds.",
        headers={"Retry-After": str(_RETRY_AFTER_S)},
    )
