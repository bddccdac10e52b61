"""Check-ins: the steps at the door, put under the device's own id."""

from uuid import UUID

from fastapi.responses import Response

from api.field_facts import DeskDep
from api.problems import problems
from api.router import router
from api.schemas.field import CheckInIn, ReceiptOut
from dispatch.fieldwork.check_in import record_check_in

routes = router("check-ins", tag="field")


@routes.put(
    "/{uuid}",
    response_model=ReceiptOut,
    responses={201: {"model": ReceiptOut, "description": "Stored."}, **problems(404, 409)},
)
def put_check_in(uuid: UUID, body: CheckInIn, desk: DeskDep) -> Response:
    """Store a step at the door: 201 first, 200 for the same bytes again, 409 for others (both kept)."""
    return desk.take(
        uuid,
        body.id,
        lambda: record_check_in(
            desk.session,
            vault=desk.vault,
            check_in_id=uuid,
            raw=desk.raw,
            payload=body.payload(),
            account=desk.account,
            device=desk.device(body.device_id),
            now=desk.now,
        ),
    )
