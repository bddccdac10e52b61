"""Notices that a person must tell, and those of which nobody knows whether they left."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from api.deps import HouseDep, Me, Now, Read, Write
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.notices import ClearingIn, NoticeOut, ToldIn, tell_by
from api.schemas.schema import Page
from dispatch.messaging import desk
from dispatch.model import Appointment, Branch, Notice, Visit
from dispatch.policy.pack import Pack
from dispatch.store.rows import get, get_any, get_many

routes = router("notices", tag="notices")
of_branches = router("branches", tag="notices")


@of_branches.get("/{branch_id}/notices/to-tell", responses=problems(404))
def list_notices_to_tell(
    branch_id: UUID, session: Read, me: Me, house: HouseDep, now: Now
) -> Page[NoticeOut]:
    """Return what somebody must tell by phone or send by letter now, the most urgent first."""
    branch = get(session, Branch, branch_id, me.scope)
    law = law_of(house, branch)
    return _page(session, desk.to_tell(session, me.scope, branch.id, law=law, now=now), law)


@of_branches.get("/{branch_id}/notices/in-doubt", responses=problems(404))
def list_notices_in_doubt(
    branch_id: UUID, session: Read, me: Me, house: HouseDep
) -> Page[NoticeOut]:
    """Return the notices of which nobody knows whether they left: find out, never send again."""
    branch = get(session, Branch, branch_id, me.scope)
    law = law_of(house, branch)
    return _page(session, desk.to_clear_up(session, me.scope, branch.id), law)


@routes.post("/{notice_id}/telling", responses=problems(404, 409))
def create_telling(
    notice_id: UUID, body: ToldIn, session: Write, me: Me, house: HouseDep, now: Now
) -> NoticeOut:
    """Note that the person was told in person, which is proof; or that the call reached nobody."""
    notice = get(session, Notice, notice_id, me.scope)
    law = law_of(house, get_any(session, Branch, notice.branch_id))
    done = desk.record_told if body.result == "told" else desk.record_not_reached
    done(session, notice=notice, law=law, account_id=me.account_id, now=now)
    return _page(session, [notice], law).items[0]


@routes.post("/{notice_id}/clearing", responses=problems(404, 409))
def create_clearing(
    notice_id: UUID, body: ClearingIn, session: Write, me: Me, house: HouseDep, now: Now
) -> NoticeOut:
    """Note whether a notice in doubt has left; one that has not goes another way."""
    notice = get(session, Notice, notice_id, me.scope)
    law = law_of(house, get_any(session, Branch, notice.branch_id))
    cleared = desk.clear_up(
        session, notice=notice, has_left=body.has_left, account_id=me.account_id, now=now
    )
    return _page(session, [cleared], law).items[0]


def _page(session: Session, found: Sequence[Notice], law: Pack) -> Page[NoticeOut]:
    visits = get_many(session, Visit, {one.visit_id for one in found})
    appointments = get_many(
        session, Appointment, {one.appointment_id for one in found if one.appointment_id}
    )
    items = []
    for one in found:
        appointment = appointments.get(one.appointment_id) if one.appointment_id else None
        items.append(NoticeOut.of(one, visits[one.visit_id], tell_by(one, appointment, law)))
    return Page(items=items)
