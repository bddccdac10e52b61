"""Outcomes: facts from the field, put under the device's own id; a correction names what it amends."""

from uuid import UUID

from fastapi.responses import Response

from api.field_facts import DeskDep
from api.problems import problems
from api.router import router
from api.schemas.field import OutcomeIn, ReceiptOut
from dispatch.fieldwork.outcome import record_outcome

routes = router("outcomes", tag="field")


@routes.put(
    "/{uuid}",
    response_model=ReceiptOut,
    responses={201: {"model": ReceiptOut, "description": "Stored."}, **problems(404, 409)},
)
def put_outcome(uuid: UUID, body: OutcomeIn, desk: DeskDep) -> Response:
    """Store what came of a visit: 201 first, 200 for the same bytes again, 409 for others (both kept)."""
    return desk.take(
        uuid,
        body.id,
        lambda: record_outcome(
            desk.session,
            vault=desk.vault,
            outcome_id=uuid,
            raw=desk.raw,
            payload=body.payload(),
            account=desk.account,
            device=desk.device(body.device_id),
            now=desk.now,
            pack_folder=desk.house.settings.pack_folder,
            base_url=desk.house.settings.base_url,
        ),
    )
