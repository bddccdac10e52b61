"""How an endpoint is reached: admitted before its body is read, its JSON read strictly.

To add an endpoint:

1. schema: a pydantic `…In`/`…Out` in `api/schemas/` (extra fields are refused by `Schema`);
2. endpoint: a function of at most ten lines in `api/endpoints/<segment>.py` on
   `routes = router("<segment>")`; its name is its operation id; add `routes` to `ROUTERS` in
   `api/app.py`;
3. who may: a row under that name in `api/matrix.py`;
4. test: an `Example` under that name in `tests/api/examples.py` (path, body, own and foreign).
"""

import email.message
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from api import strict_json
from api.problems import problems
from api.security import admit
from dispatch.errors import Invalid

LARGEST_BODY: Final = 1024 * 1024
"""Bytes of any body; an endpoint that takes files names its own `max_body_size`."""


class BodyInvalid(Invalid):
    """The body is not JSON that may come in."""

    code = "invalid-json"


class StrictRequest(Request):
    """A request whose JSON is read strictly, once."""

    async def json(self) -> Any:
        """Return the body's value.

        Raises
        ------
        BodyInvalid
            If it is no JSON that may come in.
        """
        if not hasattr(self, "_json"):
            content = await self.body()
            try:
                self._json = strict_json.parse(content)
            except strict_json.NotStrict as error:
                raise BodyInvalid(
                    str(error), [{"pointer": "/body", "message": str(error)}]
                ) from error
        return self._json


class Endpoint(APIRoute):
    """A route that asks the matrix first, and whose body is bounded."""

    def __init__(self, *args: Any, max_body_size: int | None = None, **others: Any) -> None:
        # Here and not on the app: the app's own limit answers outside our middleware, as text.
        super().__init__(*args, max_body_size=max_body_size or LARGEST_BODY, **others)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler: admit, read the JSON strictly, then what FastAPI does."""
        handle = super().get_route_handler()
        operation = self.name
        has_body = self.body_field is not None

        async def guarded(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            await admit(strict, operation)
            if has_body and _is_json(strict):
                await strict.json()  # here, since FastAPI would turn our refusal into a 400
            return await handle(strict)

        return guarded


def router(prefix: str, *, tag: str | None = None, is_page: bool = False) -> APIRouter:
    """Return a router whose endpoints ask the matrix; `prefix` is the first segment after /v1/."""
    if is_page:
        return APIRouter(prefix=prefix, route_class=Endpoint, include_in_schema=False)
    return APIRouter(
        prefix=f"/v1/{prefix}" if prefix else "",
        tags=[tag or prefix],
        route_class=Endpoint,
        responses=problems(401, 403, 422, 503),
    )


def _is_json(request: Request) -> bool:
    message = email.message.Message()
    message["content-type"] = request.headers.get("content-type", "")
    subtype = message.get_content_subtype()
    return message.get_content_maintype() == "application" and (
        subtype == "json" or subtype.endswith("+json")
    )
