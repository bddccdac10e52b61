"""What a person permits or asks for: relaxations, consents, and times of quiet."""

from uuid import UUID

from fastapi.responses import Response

from api.deps import HouseDep, Me, Now, Read, Write
from api.law import law_of
from api.problems import problems
from api.router import router
from api.schemas.law import (
    ConsentIn,
    ConsentOut,
    QuietTimesIn,
    QuietTimesOut,
    RelaxationIn,
    RelaxationOut,
)
from api.schemas.schema import Page
from dispatch.eligibility.consent import give_consent, revoke_consent, set_quiet_times
from dispatch.eligibility.relax import confirm_relaxation, relax, revoke_relaxation
from dispatch.model import Account, Branch, Case, Person, Place, Relaxation
from dispatch.store import law
from dispatch.store.rows import get, get_any

of_cases = router("cases", tag="permissions")
routes = router("relaxations", tag="permissions")


@of_cases.get("/{case_id}/relaxations", responses=problems(404))
def list_relaxations(case_id: UUID, session: Read, me: Me) -> Page[RelaxationOut]:
    """Return every relaxation ever taken down for the case's person."""
    case = get(session, Case, case_id, me.scope)
    found = law.relaxations_of(session, case.person_id)
    return Page(
        items=[RelaxationOut.of(one) for one in found if me.scope.holds(one.branch_id)], next=None
    )


@of_cases.post("/{case_id}/relaxations", status_code=201, responses=problems(404, 409, 422))
def create_relaxation(
    case_id: UUID,
    body: RelaxationIn,
    response: Response,
    session: Write,
    me: Me,
    house: HouseDep,
    now: Now,
) -> RelaxationOut:
    """Take a relaxation down; it counts once a second person has confirmed it."""
    case = get(session, Case, case_id, me.scope)
    fields = {name: getattr(body, name) for name in type(body).model_fields}
    relaxation = relax(
        session,
        case=case,
        account=get_any(session, Account, me.account_id),
        law=law_of(house, get_any(session, Branch, case.branch_id)),
        now=now,
        **fields,
    )
    response.headers["Location"] = f"/v1/relaxations/{relaxation.id}"
    return RelaxationOut.of(relaxation)


@routes.post("/{relaxation_id}/confirmation", responses=problems(404, 409, 422))
def confirm_a_relaxation(relaxation_id: UUID, session: Write, me: Me, now: Now) -> RelaxationOut:
    """Vouch for a relaxation, as somebody else than who took it down."""
    relaxation = get(session, Relaxation, relaxation_id, me.scope, lock=True)
    account = get_any(session, Account, me.account_id)
    return RelaxationOut.of(
        confirm_relaxation(session, relaxation=relaxation, account=account, now=now)
    )


@routes.delete("/{relaxation_id}", responses=problems(404))
def revoke_a_relaxation(relaxation_id: UUID, session: Write, me: Me, now: Now) -> RelaxationOut:
    """End a relaxation from now on; it stays on record."""
    relaxation = get(session, Relaxation, relaxation_id, me.scope, lock=True)
    revoke_relaxation(session, relaxation=relaxation, actor=me.actor, now=now)
    return RelaxationOut.of(relaxation)


@of_cases.get("/{case_id}/consents", responses=problems(404))
def list_consents(case_id: UUID, session: Read, me: Me) -> Page[ConsentOut]:
    """Return every consent that the case's person ever gave."""
    case = get(session, Case, case_id, me.scope)
    found = law.consents_of(session, case.person_id)
    return Page(items=[ConsentOut.of(one) for one in found], next=None)


@of_cases.post("/{case_id}/consents", status_code=201, responses=problems(404, 422))
def create_consent(case_id: UUID, body: ConsentIn, session: Write, me: Me, now: Now) -> ConsentOut:
    """Take down that the person agrees to be visited at a place."""
    case = get(session, Case, case_id, me.scope)
    place = get_any(session, Place, body.place_id)
    consent = give_consent(
        session,
        case=case,
        place=place,
        given_at=body.given_at,
        given_by=body.given_by,
        actor=me.actor,
        now=now,
    )
    return ConsentOut.of(consent)


@of_cases.delete("/{case_id}/consents/{consent_id}", responses=problems(404))
def revoke_a_consent(
    case_id: UUID, consent_id: UUID, session: Write, me: Me, now: Now
) -> ConsentOut:
    """End a consent from now on; it stays on record."""
    case = get(session, Case, case_id, me.scope)
    consent = law.consent_of(session, case, consent_id)
    revoke_consent(session, consent=consent, actor=me.actor, now=now)
    return ConsentOut.of(consent)


@of_cases.put("/{case_id}/quiet-times", responses=problems(404, 422))
def put_quiet_times(
    case_id: UUID, body: QuietTimesIn, session: Write, me: Me, now: Now
) -> QuietTimesOut:
    """Replace the times at which the person asked not to be disturbed."""
    case = get(session, Case, case_id, me.scope)
    person = get_any(session, Person, case.person_id, lock=True)
    times = [(one.weekday, one.window) for one in body.times]
    set_quiet_times(session, person=person, times=times, actor=me.actor, now=now)
    return QuietTimesOut(times=body.times)
