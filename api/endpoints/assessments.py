"""What is learnt of a person's means, and what may be offered to them."""

from uuid import UUID

from api.deps import Me, Now, Read, SeenDep, VaultDep, Write
from api.problems import problems
from api.router import router
from api.schemas.assessments import AssessmentIn, AssessmentOut, ReliefOut
from api.schemas.schema import Page
from dispatch.eligibility.assess import assess
from dispatch.model import Case, Person
from dispatch.store.assessments import assessments_of
from dispatch.store.relief import relief_of
from dispatch.store.rows import get, get_any

routes = router("cases", tag="assessments")


@routes.get("/{case_id}/assessments", responses=problems(404))
def list_assessments(
    case_id: UUID, session: Read, me: Me, vault: VaultDep, seen: SeenDep
) -> Page[AssessmentOut]:
    """Return what was learnt of reason, ability and willingness, the newest first."""
    case = get(session, Case, case_id, me.scope)
    person = get_any(session, Person, case.person_id)
    seen.note(case)
    rows = assessments_of(session, case.id)
    return Page(items=[AssessmentOut.of(one, vault.read(person, one, "note")) for one in rows])


@routes.post("/{case_id}/assessments", status_code=201, responses=problems(404, 409))
def create_assessment(
    case_id: UUID, body: AssessmentIn, session: Write, me: Me, vault: VaultDep, now: Now
) -> AssessmentOut:
    """Take down what was learnt in a talk or a letter; the newest counts."""
    case = get(session, Case, case_id, me.scope)
    row = assess(session, vault=vault, case=case, actor=me.actor, now=now, **body.given())
    person = get_any(session, Person, case.person_id)
    return AssessmentOut.of(row, vault.read(person, row, "note"))


@routes.get("/{case_id}/relief", responses=problems(404))
def read_relief(case_id: UUID, session: Read, me: Me, vault: VaultDep, seen: SeenDep) -> ReliefOut:
    """Return what may be offered to the person, within what they can afford."""
    case = get(session, Case, case_id, me.scope)
    seen.note(case)
    found = relief_of(session, vault=vault, case=case)
    return ReliefOut.of(case.currency, found.total, found.budget, found.options)
