"""ETags: the version somebody saw, so that nobody overwrites what they did not see."""

import hashlib
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from dispatch.errors import StaleVersion

_STALE = "It has been changed since you looked; read it again and repeat your change."


@dataclass(frozen=True, slots=True)
class Tag:
    """An entity tag as a client sent it."""

    value: str

    @classmethod
    def parse(cls, header: str) -> "Tag":
        """Return the tag of an If-Match header; weak ones, lists and `*` match nothing of ours."""
        return cls(header.strip())

    def require(self, current: str) -> None:
        """Refuse when the tag is not the current one.

        Raises
        ------
        StaleVersion
            If something else is there by now.
        """
        if self.value != current:
            raise StaleVersion(_STALE)

    def version(self) -> int:
        """Return the version that a tag made of a version number names.

        Raises
        ------
        StaleVersion
            If the tag names none.
        """
        bare = self.value.strip('"')
        if not (bare.isascii() and bare.isdigit() and len(bare) < 10):  # noqa: PLR2004
            raise StaleVersion(_STALE)
        return int(bare)


def tag_of(shown: BaseModel) -> str:
    """Return the tag of a representation, from its content."""
    content = shown.model_dump_json().encode()
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'


def tag_of_version(version: int) -> str:
    """Return the tag of a row that counts its versions."""
    return f'"{version}"'


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this representation already (If-None-Match)."""
    asked = request.headers.get("if-none-match", "")
    return tag in {one.strip().removeprefix("W/") for one in asked.split(",")}


def tagged(request: Request, shown: BaseModel, tag: str | None = None) -> Response:
    """Return a representation with its tag, or 304 where the client has it already."""
    tag = tag or tag_of(shown)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if is_unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(shown.model_dump_json(), media_type="application/json", headers=headers)
