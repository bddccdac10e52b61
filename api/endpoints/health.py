"""Whether the process lives, whether it can work, and what it counted."""

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.deps import HouseDep
from api.metrics import CONTENT_TYPE
from api.problems import answer, problems
from api.router import router
from dispatch import migrations
from dispatch.errors import Unavailable

routes = router("", tag="health")


@routes.get("/healthz")
async def healthz() -> dict[str, str]:
    """Whether the process answers at all; asks nothing of the database."""
    return {"status": "ok"}


@routes.get("/readyz", responses=problems(503))
def readyz(request: Request, house: HouseDep) -> Response:
    """Whether the database answers and stands at the newest migration."""
    with house.database.reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
    if not request.app.state.is_current:
        request.app.state.is_current = migrations.is_current(house.database)
    if not request.app.state.is_current:
        msg = "The database is behind; run `python -m dispatch migrate`."
        return answer(request, Unavailable(msg))
    return JSONResponse({"status": "ready"})


@routes.get("/metrics", response_class=PlainTextResponse)
async def metrics(house: HouseDep) -> Response:
    """Counters of this process in Prometheus's text format."""
    return Response(house.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})
