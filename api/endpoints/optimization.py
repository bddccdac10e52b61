"""Optimisation in the VROOM dialect: a problem in, a plan out; nothing is stored."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from anyio import to_thread
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from api.deps import HouseDep, Me
from api.house import House
from api.operations import Operation
from api.problems import problem_body, problems
from api.router import router
from dispatch.solver.optimization import Limits

routes = router("optimization")

LARGEST: Final = 64 * 1024 * 1024
_ASK_AGAIN_S: Final = 2
_BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "A job-only VROOM request, or one with the superset's keys; see docs/formats.md.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@routes.post("", max_body_size=LARGEST, responses=problems(413), openapi_extra=_BODY)
async def create_optimization(request: Request, _me: Me, house: HouseDep) -> Response:
    """Answer a small request at once (200), a large one with an operation (202)."""
    content = await request.body()
    settings = house.settings
    if len(content) > 1024 * settings.optimization_small_kib:
        operation = house.operations.queue(_later(house, content))
        return _told(request, operation, 202)
    limits = Limits(settings.optimization_seconds)
    async with house.optimizers.turn():
        answer = await to_thread.run_sync(house.optimizer.answer, content, limits)
    return JSONResponse(answer)


@routes.get("/{operation_id}", responses=problems(404))
def read_optimization(request: Request, operation_id: UUID, _me: Me, house: HouseDep) -> Response:
    """Return how far a large request has come, and its answer or what went wrong."""
    return _told(request, house.operations.get(operation_id), 200)


def _later(house: House, content: bytes) -> Callable[..., dict[str, Any]]:
    limits = Limits(house.settings.optimization_most_seconds)
    return lambda tell: house.large_optimizer.answer(content, limits, on_progress=tell)


def _told(request: Request, operation: Operation, status: int) -> Response:
    """An operation as a resource."""
    body: dict[str, Any] = {
        "id": str(operation.id),
        "status": operation.status,
        "progress": operation.progress,
    }
    if operation.answer is not None:
        body["answer"] = operation.answer
    if operation.error is not None:
        body["problem"] = problem_body(request, operation.error)
    headers = {"Location": f"/v1/optimization/{operation.id}"}
    if not operation.is_over:
        headers["Retry-After"] = str(_ASK_AGAIN_S)
    return JSONResponse(body, status, headers=headers)
