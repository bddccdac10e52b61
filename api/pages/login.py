"""Signing in and out in a browser, and what belongs to no reader in particular."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, Form, Request
from fastapi.responses import FileResponse, Response

from api.cookies import begin_session, end_session
from api.deps import HouseDep, Me, Now, Write
from api.pages.page import back_to, end_marks, home_of, page_of, shown
from api.pages.views import LoginPage, Sentence
from api.router import router
from api.security import MaybeMe, StrangerForm
from dispatch.access.identity import identify
from dispatch.access.refresh import sign_out
from dispatch.access.sign_in import Presented, sign_in

routes = router("", is_page=True)

_WORKER: Final = Path(__file__).parents[1] / "static" / "js" / "service-worker.js"
_HOME: Final = "/"


@routes.get("/")
def show_start(request: Request, me: MaybeMe) -> Response:
    """Lead everybody to where their work begins."""
    return back_to(request, home_of(me))


@routes.get("/login")
def show_login(request: Request, me: MaybeMe, next: str = _HOME) -> Response:  # noqa: A002
    """Return the log-in form; who is signed in already goes on."""
    home = home_of(me)
    if me is not None and home != "/login":
        return back_to(request, _inside(next))
    return shown("login.html", LoginPage(page=page_of(request, None), next_path=_inside(next)))


async def _presented(
    email: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=1024)],
    house: HouseDep,
) -> Presented:
    return await house.compare(email, password)  # before any transaction: it takes its time


@routes.post("/login", dependencies=[StrangerForm])
def log_in(
    request: Request,
    email: Annotated[str, Form(max_length=254)],
    given: Annotated[Presented, Depends(_presented)],
    session: Write,
    house: HouseDep,
    now: Now,
    next: Annotated[str, Form()] = _HOME,  # noqa: A002
) -> Response:
    """Sign in; a failed try is counted, and never told which part was wrong."""
    signed_in = sign_in(session, presented=given, tokens=house.tokens, now=now)
    if signed_in is None:
        view = LoginPage(
            page=page_of(request, None), email=email, next_path=_inside(next), fault="refused"
        )
        return shown("login.html", view, status=401)
    begin_session(request, signed_in)
    me = identify(session, house.tokens.read(signed_in.access, now=now), now=now)
    target = _inside(next)
    return back_to(request, home_of(me) if target == _HOME else target)


@routes.post("/logout")
def log_out(request: Request, session: Write, me: Me, now: Now) -> Response:
    """Sign out; the tokens stop at once."""
    sign_out(session, account_id=me.account_id, family_id=me.family_id, now=now)
    end_session(request)
    end_marks(request)
    return back_to(request, "/login", Sentence("flash.logged_out"))


@routes.get("/offline")
def show_offline(request: Request) -> Response:
    """Return the page that a phone keeps for places without a network."""
    return shown("offline.html", LoginPage(page=page_of(request, None)))


@routes.get("/service-worker.js")
def read_service_worker() -> Response:
    """Return the script that keeps the agent's pages; served here so that it reaches them."""
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return FileResponse(_WORKER, media_type="text/javascript", headers=headers)


def _inside(path: str) -> str:
    """Return a path on this site, whatever the address said."""
    is_ours = path.startswith("/") and path.isprintable() and not path.startswith(("//", "/\\"))
    return path if is_ours and "\\" not in path else _HOME
