"""Security at the edge: bearer tokens for programs, cookies for pages, marks on their forms.

`admit` runs before an endpoint reads its body: it knows the operation's row of the matrix, who
asks, and whether the role may.
"""

import hmac
from datetime import datetime
from typing import Annotated, Final, cast
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Request

from api.cookies import REFRESH, SESSION, VISITOR, begin_session, end_session, set_cookie
from api.deps import house_of
from api.house import House
from api.matrix import MATRIX, Reach
from dispatch.access.identity import Identity, identify
from dispatch.access.refresh import PAGE_GRACE, refresh
from dispatch.access.tokens import NOT_SIGNED_IN
from dispatch.errors import Forbidden, Invalid, Unauthenticated
from dispatch.ids import new_token

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
MARK_FIELD: Final = "csrf_token"
MARK_HEADER: Final = "X-CSRF-Token"


async def admit(request: Request, operation: str) -> None:
    """Let the request through to its endpoint, or refuse it; fails closed.

    Raises
    ------
    Forbidden
        If the operation has no row, the role may not, or a form of another site sent it.
    Unauthenticated
        If nobody is signed in.
    Invalid
        If the address holds a character that is none.
    """
    request.state.identity = None
    row = MATRIX.get(operation)
    if row is None:
        msg = "Nobody may do this: the operation has no row in the matrix of who may."
        raise Forbidden(msg)
    _require_plain_address(request)
    if row.reach in {Reach.PUBLIC, Reach.LINK}:
        return
    identity, is_by_cookie = await _signed_in(request)
    request.state.identity = identity
    if identity.role not in row.roles:
        msg = f"The role {identity.role} may not do this; ask an admin who may."
        raise Forbidden(msg)
    if is_by_cookie and request.method not in _SAFE:
        await _require_mark(request, form_mark(request))


async def visitor(request: Request) -> Identity | None:
    """Return who is signed in, where a page is open to everybody; None for a stranger."""
    try:
        request.state.identity = (await _signed_in(request))[0]
    except Unauthenticated:
        request.state.identity = None
    return cast("Identity | None", request.state.identity)


MaybeMe = Annotated[Identity | None, Depends(visitor)]


def form_mark(request: Request) -> str:
    """Return what this page's forms must carry: bound to the sign-in, else to the visitor."""
    tokens = house_of(request).tokens
    identity: Identity | None = getattr(request.state, "identity", None)
    if identity is not None:
        return tokens.mark("session-form", str(identity.family_id))
    secret = request.cookies.get(VISITOR)
    if not secret:
        secret = getattr(request.state, "visitor", None) or new_token()
        request.state.visitor = secret
        set_cookie(request, VISITOR, secret, lasts_s=None)
    return tokens.mark("visitor-form", secret)


async def stranger_form(request: Request) -> None:
    """Refuse a form that a page open to everybody (the log-in) did not hand out."""
    await visitor(request)
    await _require_mark(request, form_mark(request))


StrangerForm = Depends(stranger_form)


async def _signed_in(request: Request) -> tuple[Identity, bool]:
    house, now = house_of(request), _instant(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return await _holder(house, token.strip(), now), False
    return await _by_cookie(request, house, now), True


async def _by_cookie(request: Request, house: House, now: datetime) -> Identity:
    access, secret = request.cookies.get(SESSION), request.cookies.get(REFRESH)
    if access:
        try:
            return await _holder(house, access, now)
        except Unauthenticated:
            pass  # run out: the refresh token may still hold
    if not secret:
        raise Unauthenticated(NOT_SIGNED_IN)
    renewed = await house.write(
        lambda session: refresh(
            session, token=secret, tokens=house.tokens, grace=PAGE_GRACE, now=now
        )
    )
    if renewed is None:
        end_session(request)
        raise Unauthenticated(NOT_SIGNED_IN)
    begin_session(request, renewed)
    return await _holder(house, renewed.access, now)


async def _holder(house: House, token: str, now: datetime) -> Identity:
    claims = house.tokens.read(token, now=now)
    return await house.read(lambda session: identify(session, claims, now=now))


async def _require_mark(request: Request, expected: str) -> None:
    given = request.headers.get(MARK_HEADER, "")
    if not given and request.headers.get("content-type", "").lower().startswith(_FORMS):
        given = str((await request.form()).get(MARK_FIELD, ""))
    is_foreign = request.headers.get("sec-fetch-site", "same-origin") == "cross-site"
    if is_foreign or not hmac.compare_digest(given.encode(), expected.encode()):
        msg = "The form is too old or came from elsewhere; load the page again and repeat it."
        raise Forbidden(msg)


def _require_plain_address(request: Request) -> None:
    query = unquote_to_bytes(request.scope.get("query_string", b""))
    if b"\0" in query or "\0" in request.url.path:
        msg = "The address holds a NUL; leave it out."
        raise Invalid(msg)


def _instant(request: Request) -> datetime:
    if not hasattr(request.state, "now"):
        request.state.now = house_of(request).clock.now()
    return cast("datetime", request.state.now)
