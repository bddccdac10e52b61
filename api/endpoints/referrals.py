"""Referrals: a branch's list of places that help."""

from datetime import datetime
from uuid import UUID

from api.deps import Me, Now, Read, Write
from api.problems import problems
from api.router import router
from api.schemas.care import ReferralIn, ReferralOut, ReferralsOut
from dispatch.care.referrals import add_referral, missing_topics, remove_referral
from dispatch.clock import local_date
from dispatch.model import Account, Branch, SupportReferral
from dispatch.store import care
from dispatch.store.rows import get, get_any

routes = router("branches", tag="care")


@routes.get("/{branch_id}/referrals", responses=problems(404))
def list_referrals(branch_id: UUID, session: Read, me: Me, now: Now) -> ReferralsOut:
    """Return where people of a branch can be sent for help, and for what nothing is known yet."""
    branch = get(session, Branch, branch_id, me.scope)
    return ReferralsOut(
        items=[_out(one, branch, now) for one in care.referrals(session, branch.id)],
        missing=missing_topics(session, branch=branch, now=now),
    )


@routes.post("/{branch_id}/referrals", status_code=201, responses=problems(404))
def create_referral(
    branch_id: UUID, body: ReferralIn, session: Write, me: Me, now: Now
) -> ReferralOut:
    """Put a place that helps on the list, with who checked it and when."""
    branch = get(session, Branch, branch_id, me.scope)
    added = add_referral(
        session,
        branch=branch,
        by=get_any(session, Account, me.account_id),
        now=now,
        **body.model_dump(),
    )
    return _out(added, branch, now)


@routes.delete("/{branch_id}/referrals/{referral_id}", status_code=204, responses=problems(404))
def delete_referral(branch_id: UUID, referral_id: UUID, session: Write, me: Me, now: Now) -> None:
    """Take a place off the list."""
    get(session, Branch, branch_id, me.scope)
    referral = get(session, SupportReferral, referral_id, me.scope, lock=True)
    remove_referral(session, referral=referral, actor=me.actor, now=now)


def _out(referral: SupportReferral, branch: Branch, now: datetime) -> ReferralOut:
    shown = referral.is_shown(local_date(branch.time_zone, now))
    names = ReferralOut.model_fields.keys() - {"is_shown"}
    return ReferralOut.model_validate({**referral.model_dump(include=names), "is_shown": shown})
