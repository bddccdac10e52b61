"""Maps: the streets of a branch, for pages that draw without a tile server."""

from uuid import UUID

from anyio import to_thread
from fastapi import Request
from fastapi.responses import Response

from api.deps import HouseDep, Me
from api.etags import is_unchanged
from api.geo import GEOJSON, road_map
from api.problems import problems
from api.router import router
from dispatch.errors import NotFound
from dispatch.model import Branch
from dispatch.store.rows import get

routes = router("branches", tag="maps")


@routes.get(
    "/{branch_id}/map.geojson", responses={200: {"content": {GEOJSON: {}}}, **problems(404)}
)
async def read_branch_map(request: Request, branch_id: UUID, me: Me, house: HouseDep) -> Response:
    """Return roads, railways, water and parks of the street file; 404 where none is set."""
    await house.read(lambda session: get(session, Branch, branch_id, me.scope))
    file = house.settings.roads_file
    if file is None or not file.is_file():
        msg = "No street file is set up; set FAIRVISIT_ROADS_FILE to an .osm.pbf to see a map."
        raise NotFound(msg)
    drawn = await to_thread.run_sync(road_map, file)  # no session is held while it is drawn
    headers = {"ETag": drawn.tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if is_unchanged(request, drawn.tag):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(drawn.plain, media_type=GEOJSON, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(drawn.packed, media_type=GEOJSON, headers=headers)
