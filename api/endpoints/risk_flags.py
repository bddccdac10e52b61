"""Risk flags: what crews should know of the way to a place; listed, set and lifted."""

from datetime import date
from uuid import UUID

from api.cursors import Cursor, Limit, cursor_of, paged, read_cursor
from api.deps import HouseDep, Me, Now, Read, SeenDep, Write
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.risk import RiskFlagIn, RiskFlagOut, RiskLiftingIn
from api.schemas.schema import Page
from dispatch.care.risks import lift_flag, set_flag
from dispatch.model import Branch, Case, RiskFlag
from dispatch.store import risks
from dispatch.store.rows import get, get_any

routes = router("risk-flags", tag="care")
of_cases = router("cases", tag="care")


@routes.get("", responses=problems(404))
def list_risk_flags(
    branch_id: UUID,
    session: Read,
    me: Me,
    due_on: date | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RiskFlagOut]:
    """Return the flags that stand at a branch, the first to be looked at again first."""
    branch = get(session, Branch, branch_id, me.scope)
    found = risks.standing(
        session,
        me.scope,
        branch_id=branch.id,
        due_on=due_on,
        after=read_cursor(cursor, date.fromisoformat, UUID),
        limit=limit + 1,
    )
    rows, last = paged(found, limit)
    cases = risks.cases_at(session, me.scope, {one.place_id for one in rows})
    return Page(
        items=[RiskFlagOut.of(one, cases.get(one.place_id, [])) for one in rows],
        next=cursor_of(last.review_on, last.id) if last else None,
    )


@of_cases.get("/{case_id}/risk-flags", responses=problems(404))
def list_case_risk_flags(case_id: UUID, session: Read, me: Me, seen: SeenDep) -> Page[RiskFlagOut]:
    """Return every flag of the place of a case, lifted ones too, the oldest first."""
    case = get(session, Case, case_id, me.scope)
    seen.note(case)
    found = risks.flags_of(session, {case.place_id} if case.place_id else set())
    return Page(items=[RiskFlagOut.of(one, [case]) for rows in found.values() for one in rows])


@of_cases.post("/{case_id}/risk-flags", status_code=201, responses=problems(404))
def create_risk_flag(
    case_id: UUID, body: RiskFlagIn, session: Write, me: Me, house: HouseDep, now: Now
) -> RiskFlagOut:
    """Put a flag on the place of a case; one that stands already is confirmed."""
    case = get(session, Case, case_id, me.scope)
    law = law_of(house, get_any(session, Branch, case.branch_id))
    flag = set_flag(session, case=case, kind=body.kind, law=law, actor=me.actor, now=now)
    return RiskFlagOut.of(flag, [case])


@routes.post("/{flag_id}/lifting", responses=problems(404, 409))
def lift_risk_flag(
    flag_id: UUID, body: RiskLiftingIn, session: Write, me: Me, now: Now
) -> RiskFlagOut:
    """Lift a flag, with a reason of the list."""
    flag = get(session, RiskFlag, flag_id, me.scope, lock=True)
    lifted = lift_flag(session, flag=flag, because=body.because, actor=me.actor, now=now)
    return RiskFlagOut.of(lifted, [])
