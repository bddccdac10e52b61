"""Conduct: visits to review, what people said of them, and the register of breaches."""

from uuid import UUID

from api.deps import Me, Now, Read, SeenDep, VaultDep, Write
from api.problems import problems
from api.router import router
from api.schemas.follow_up import BreachOut, FeedbackOut, ReviewIn
from api.schemas.schema import Page
from api.schemas.visits import VisitOut
from dispatch.fieldwork.review import REVIEWED_FOR, review_visit, to_review
from dispatch.model import Account, Branch, Case, Person, Visit
from dispatch.reporting.breaches import register
from dispatch.store.feedback import feedback_on
from dispatch.store.rows import get, get_any

routes = router("visits", tag="conduct")
of_branches = router("branches", tag="conduct")


@of_branches.get("/{branch_id}/reviews", responses=problems(404))
def list_visits_to_review(branch_id: UUID, session: Read, me: Me, now: Now) -> Page[VisitOut]:
    """Return the reported visits to review: all on which something stands out, and a sample."""
    branch = get(session, Branch, branch_id, me.scope)
    waiting = to_review(session, branch.id, since=now - REVIEWED_FOR)
    return Page(items=[VisitOut.of(one.visit) for one in waiting])


@of_branches.get("/{branch_id}/breaches", responses=problems(404))
def list_breaches(branch_id: UUID, session: Read, me: Me) -> Page[BreachOut]:
    """Return the register of breaches, the newest first: who answers, what was done, who was told."""
    branch = get(session, Branch, branch_id, me.scope)
    found = register(session, branch)
    return Page(items=[BreachOut.model_validate(one) for one in found])


@routes.post("/{visit_id}/review", responses=problems(404, 409))
def create_review(visit_id: UUID, body: ReviewIn, session: Write, me: Me, now: Now) -> VisitOut:
    """Take down what a reviewer found; anything but `in_order` goes to the register."""
    visit = get(session, Visit, visit_id, me.scope, lock=True)
    account = get_any(session, Account, me.account_id)
    return VisitOut.of(
        review_visit(session, visit=visit, finding=body.finding, account=account, now=now)
    )


@routes.get("/{visit_id}/feedback", responses=problems(404))
def list_feedback(
    visit_id: UUID, session: Read, me: Me, vault: VaultDep, seen: SeenDep
) -> Page[FeedbackOut]:
    """Return what the person said of a visit and of its record."""
    visit = get(session, Visit, visit_id, me.scope)
    person = get_any(session, Person, visit.person_id)
    sees = me.may_see_people()
    seen.note(get_any(session, Case, visit.case_id))
    return Page(
        items=[
            FeedbackOut(
                **one.model_dump(include={"kind", "felt", "given_at"}),
                words=vault.read(person, one, "words") if sees else None,
            )
            for one in feedback_on(session, visit.id)
        ]
    )
