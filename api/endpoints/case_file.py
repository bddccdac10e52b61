"""The file of a case: the check of its data, its contacts in one order, and the plan of a visit."""

from uuid import UUID

from api.deps import HouseDep, Me, Now, Read, SeenDep
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.case_file import DataAuditOut, TimelineEntryOut, VisitSheetOut
from api.schemas.schema import Page
from dispatch.eligibility.data_audit import data_issues, is_due
from dispatch.model import Branch, Case, Place, Visit
from dispatch.reporting.timeline import timeline
from dispatch.reporting.visit_sheet import visit_sheet
from dispatch.store.case_stages import reachable
from dispatch.store.rows import find, get, get_any

routes = router("cases", tag="case file")
of_visits = router("visits", tag="case file")


@routes.get("/{case_id}/data-audit", responses=problems(404))
def read_data_audit(case_id: UUID, session: Read, me: Me, seen: SeenDep, now: Now) -> DataAuditOut:
    """Return what stands against a case's data; while anything does, no visit is thought of."""
    case = get(session, Case, case_id, me.scope)
    seen.note(case)
    place = find(session, Place, case.place_id) if case.place_id else None
    issues = data_issues(case, place, reachable=reachable(session, {case.person_id}))
    return DataAuditOut(
        is_valid=not issues and not is_due(case, now),
        audited_until=case.data_audited_until,
        issues=list(issues),
    )


@routes.get("/{case_id}/timeline", responses=problems(404))
def list_case_contacts(
    case_id: UUID, session: Read, me: Me, seen: SeenDep
) -> Page[TimelineEntryOut]:
    """Return every contact with the case's person over all channels, the first first."""
    case = get(session, Case, case_id, me.scope)
    seen.note(case)
    found = timeline(session, case, scope=me.scope)
    return Page(items=[TimelineEntryOut.model_validate(one) for one in found])


@of_visits.get("/{visit_id}/sheet", responses=problems(404))
def read_visit_sheet(
    visit_id: UUID, session: Read, me: Me, house: HouseDep, seen: SeenDep
) -> VisitSheetOut:
    """Return the plan of a visit: what for, when, who, how, what may be offered, what to bring."""
    visit = get(session, Visit, visit_id, me.scope)
    seen.note(get_any(session, Case, visit.case_id))
    law = law_of(house, get_any(session, Branch, visit.branch_id))
    return VisitSheetOut.of(visit_sheet(session, visit, law=law))
