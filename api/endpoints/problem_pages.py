"""What a problem's type leads to: its entry in docs/errors.md."""

import html
import re
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import Path as InPath
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.problems import entries, problems
from api.router import router
from dispatch.errors import DispatchError, NotFound

routes = router("", tag="problems")

_DOCS = Path(__file__).parents[2] / "docs" / "errors.md"
_ENTRY = re.compile(r"^### +`?([a-z0-9-]+)`?.*\n((?:(?!^#{1,3} ).*\n?)*)", re.MULTILINE)


@routes.get("/problems/{code}", responses=problems(404))
def read_problem(
    request: Request, code: Annotated[str, InPath(pattern="^[a-z0-9-]+$", max_length=60)]
) -> Response:
    """Return what an error code means and what to do, as JSON or as a page."""
    text = _entries().get(code)
    if text is None:
        msg = f"No problem has the code {code}."
        raise NotFound(msg)
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_page(code, text))
    return JSONResponse({"code": code, "text": text})


@cache
def _entries() -> dict[str, str]:
    text = _DOCS.read_text(encoding="utf-8") if _DOCS.is_file() else ""
    told = {code: body.strip() for code, body in _ENTRY.findall(text)}
    return {**entries(), **_in_code(DispatchError), **told}


def _in_code(kind: type[DispatchError]) -> dict[str, str]:
    """Return what the tree of errors says by itself, for an installation without the docs."""
    entries = {kind.code: f"{kind.title()}."}
    for child in kind.__subclasses__():
        entries |= _in_code(child)
    return entries


def _page(code: str, text: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{code} · Fairvisit</title><main><h1>{code}</h1>{paragraphs}</main></html>"
    )
