"""Locations: a person says where the place of a case is."""

from uuid import UUID

from api.deps import Me, Now, VaultDep, Write
from api.problems import problems
from api.router import router
from api.schemas.visits import LocationIn
from dispatch.errors import NotFound
from dispatch.intake.locate import locate_by_hand
from dispatch.model import Case, Place
from dispatch.store.rows import get, get_any

routes = router("cases", tag="locations")


@routes.put("/{case_id}/location", status_code=204, responses=problems(404, 409))
def put_case_location(
    case_id: UUID, body: LocationIn, session: Write, me: Me, vault: VaultDep, now: Now
) -> None:
    """Set the position of a case's place, as somebody pointed it out on a map."""
    case = get(session, Case, case_id, me.scope)
    if case.place_id is None:
        msg = "The case has no place yet; import it with an address first."
        raise NotFound(msg)
    place = get_any(session, Place, case.place_id, lock=True)
    locate_by_hand(session, vault=vault, place=place, actor=me.actor, now=now, **body.model_dump())
