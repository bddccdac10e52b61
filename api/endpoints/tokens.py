"""Signing in and out for programs: OAuth 2 password, client credentials and refresh grants."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import JSONResponse, Response
from pydantic import SecretStr

from api.deps import HouseDep, Now, Write
from api.problems import answer, problems
from api.router import router
from api.schemas.accounts import RevocationForm, TokenForm, TokenOut
from dispatch.access.issue import SignedIn
from dispatch.access.refresh import refresh, revoke
from dispatch.access.sign_in import REFUSAL, Presented, sign_in
from dispatch.errors import Unauthenticated

routes = router("token", tag="signing in")


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant whose password, if it has one, was compared before any transaction began."""

    is_program: bool
    presented: Presented | None
    refresh_token: str


async def _grant(request: Request, form: Annotated[TokenForm, Form()], house: HouseDep) -> Grant:
    if form.grant_type == "refresh_token":
        return Grant(False, None, _plain(form.refresh_token))
    is_program = form.grant_type == "client_credentials"
    login, secret = form.username or "", _plain(form.password)
    if is_program:
        login, secret = form.client_id or "", _plain(form.client_secret)
        login, secret = _basic(request) or (login, secret)
    return Grant(is_program, await house.compare(login, secret), "")


@routes.post("", response_model=TokenOut, responses=problems(429))
def create_token(
    request: Request,
    grant: Annotated[Grant, Depends(_grant)],
    session: Write,
    house: HouseDep,
    now: Now,
) -> Response:
    """Sign in (password, client_credentials) or renew (refresh_token)."""
    signed_in: SignedIn | None
    if grant.presented is None:
        signed_in = refresh(session, token=grant.refresh_token, tokens=house.tokens, now=now)
    else:
        signed_in = sign_in(
            session,
            presented=grant.presented,
            tokens=house.tokens,
            is_program=grant.is_program,
            now=now,
        )
    house.metrics.count("fairvisit_sign_ins_total", result="granted" if signed_in else "refused")
    if signed_in is None:  # returned, not raised: the failure must stay counted
        return answer(request, Unauthenticated(REFUSAL, error="invalid_grant"))
    body = TokenOut.of(signed_in).model_dump(exclude_none=True)
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


@routes.post("/revocation", status_code=204)
def revoke_token(form: Annotated[RevocationForm, Form()], session: Write, now: Now) -> None:
    """Sign out: end the sign-in of a refresh token; an unknown one changes nothing (RFC 7009)."""
    revoke(session, token=form.token.get_secret_value(), now=now)


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        login, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return login, secret
