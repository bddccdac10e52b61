"""What the law asks about cases and visits, read in bulk: the read models of dispatch.policy."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col

from dispatch.model import (
    Account,
    Agent,
    AgentState,
    Appointment,
    AppointmentState,
    Approval,
    Assessment,
    Branch,
    CapEntry,
    CapKind,
    CapState,
    Case,
    Consent,
    ContactAttempt,
    ContactResult,
    Hold,
    HoldState,
    Notice,
    NoticeKind,
    NoticeState,
    Person,
    Place,
    Qualification,
    QualificationKind,
    Relaxation,
    Role,
    Topic,
    Visit,
)
from dispatch.policy.facts import (
    ConsentFacts,
    ContactFacts,
    HoldFacts,
    MemberFacts,
    NoticeFacts,
    QuietFacts,
    RelaxationFacts,
    VisitFacts,
    VisitMadeFacts,
)
from dispatch.store.place_facts import place_facts
from dispatch.store.risks import risks_of
from dispatch.store.rows import get_many, grouped
from dispatch.wording.library import is_written

_APPOINTMENT = {
    AppointmentState.OFFERED: "offered",
    AppointmentState.CONFIRMED: "confirmed",
    AppointmentState.COUNTERED: "countered",
    AppointmentState.DECLINED: "declined",
    AppointmentState.EXPIRED: "unanswered",
}


def case_facts(
    session: Session, cases: Sequence[Case], branch: Branch, *, on: date
) -> dict[UUID, VisitFacts]:
    """Return the facts of each case, as of a visit not yet decided, by the case's id."""
    people = {case.person_id for case in cases}
    persons = get_many(session, Person, people)
    places = get_many(session, Place, {case.place_id for case in cases if case.place_id})
    contacts = grouped(session, ContactAttempt, col(ContactAttempt.person_id), people)
    holds = grouped(
        session,
        Hold,
        col(Hold.person_id),
        people,
        col(Hold.state).in_([HoldState.ACTIVE, HoldState.REQUESTED]),
    )
    relaxed = grouped(session, Relaxation, col(Relaxation.person_id), people)
    consents = grouped(session, Consent, col(Consent.person_id), people)
    counted = grouped(
        session,
        CapEntry,
        col(CapEntry.person_id),
        people,
        col(CapEntry.kind) == CapKind.VISIT,
        col(CapEntry.state) != CapState.RELEASED,
    )
    learnt = grouped(session, Assessment, col(Assessment.case_id), {case.id for case in cases})
    risks = risks_of(session, set(places))
    return {
        case.id: _case(
            case,
            persons[case.person_id],
            places.get(case.place_id) if case.place_id else None,
            branch,
            on,
            risks=risks.get(case.place_id, ()) if case.place_id else (),
            contacts=contacts[case.person_id],
            holds=holds[case.person_id],
            consents=consents[case.person_id],
            relaxed=relaxed[case.person_id],
            counted=counted[case.person_id],
            learnt=learnt[case.id],
        )
        for case in cases
    }


def visit_facts(
    session: Session, visits: Sequence[Visit], branch: Branch, *, on: date
) -> dict[UUID, VisitFacts]:
    """Return the facts of each visit, by its id."""
    ids = {visit.id for visit in visits}
    cases = get_many(session, Case, {visit.case_id for visit in visits})
    of_case = case_facts(session, list(cases.values()), branch, on=on)
    places = get_many(session, Place, {visit.place_id for visit in visits})
    approvals = get_many(session, Approval, {v.approval_id for v in visits if v.approval_id})
    approvers = get_many(session, Account, {one.approver_id for one in approvals.values()})
    appointments = newest_appointments(session, ids)
    notices = newest_notices(session, {one.id for one in appointments.values()})
    risks = risks_of(session, set(places))
    return {
        visit.id: _visit(
            visit,
            of_case[visit.case_id],
            places.get(visit.place_id),
            branch,
            risks=risks.get(visit.place_id, ()),
            approval=approvals.get(visit.approval_id) if visit.approval_id else None,
            approvers=approvers,
            appointment=appointments.get(visit.id),
            notices=notices,
        )
        for visit in visits
    }


def newest_appointments(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, Appointment]:
    """Return the newest appointment of each visit, by the visit's id."""
    found = grouped(session, Appointment, col(Appointment.visit_id), visit_ids)
    return {visit_id: max(rows, key=lambda row: row.number) for visit_id, rows in found.items()}


def newest_notices(session: Session, appointment_ids: Collection[UUID]) -> dict[UUID, Notice]:
    """Return the newest announcement of each appointment that says what still holds."""
    found = grouped(
        session,
        Notice,
        col(Notice.appointment_id),
        appointment_ids,
        col(Notice.kind).in_([NoticeKind.ANNOUNCEMENT, NoticeKind.CORRECTION]),
        col(Notice.state).not_in([NoticeState.SUPERSEDED, NoticeState.REPLACED]),
    )
    return {key: max(rows, key=_proof_first) for key, rows in found.items()}


def member_facts(
    session: Session,
    agent_ids: Collection[UUID],
    *,
    lender_id: UUID | None,
    at: datetime | None = None,
) -> dict[UUID, MemberFacts]:
    """Return what the law asks of each agent when sent for a lender, by the agent's id.

    `at`: what was revoked later was still held then; None is now.
    """
    agents = get_many(session, Agent, set(agent_ids))
    held = grouped(session, Qualification, col(Qualification.agent_id), agent_ids)
    return {
        agent_id: MemberFacts(
            agent_id=agent_id,
            certificate_until=_until(held[agent_id], QualificationKind.CERTIFICATE, at=at),
            training_until=_trained_until(held[agent_id], at=at),
            authorised_until=_until(
                held[agent_id], QualificationKind.AUTHORISATION, lender_id, at=at
            ),
            is_active=agent.state is AgentState.ACTIVE,
            gender=agent.gender,
            languages=tuple(agent.languages),
        )
        for agent_id, agent in agents.items()
    }


def _until(
    held: list[Qualification],
    kind: QualificationKind,
    lender_id: UUID | None = None,
    *,
    at: datetime | None,
) -> date | None:
    dates = [
        one.valid_until
        for one in held
        if one.kind is kind
        and (one.revoked_at is None or (at is not None and one.revoked_at > at))
        and (kind is not QualificationKind.AUTHORISATION or one.lender_id == lender_id)
    ]
    return max(dates, default=None)


def _trained_until(held: list[Qualification], *, at: datetime | None) -> date | None:
    """Return the last date on which an agent is trained in every topic; None if one is missing."""
    covers = {
        topic: _until(
            [one for one in held if not one.topics or topic in one.topics],
            QualificationKind.TRAINING,
            at=at,
        )
        for topic in Topic
    }
    known = [until for until in covers.values() if until is not None]
    return min(known) if len(known) == len(covers) else None


def _proof_first(notice: Notice) -> tuple[bool, Any]:
    return (notice.delivered_at is not None, notice.drafted_at)


def _case(
    case: Case,
    person: Person,
    place: Place | None,
    branch: Branch,
    on: date,
    *,
    risks: tuple[str, ...],
    contacts: list[ContactAttempt],
    holds: list[Hold],
    consents: list[Consent],
    relaxed: list[Relaxation],
    counted: list[CapEntry],
    learnt: list[Assessment],
) -> VisitFacts:
    newest = max(learnt, key=lambda one: one.assessed_at, default=None)
    return VisitFacts(
        visit_id=case.id,
        reference=case.reference,
        case_id=case.id,
        person_id=case.person_id,
        place_id=place.id if place else case.id,
        **place_facts(place, branch, risks),
        dpd=case.dpd(on),
        ability=newest.ability if newest else None,
        willingness=newest.willingness if newest else None,
        is_adult=person.is_adult,
        language=person.language,
        product=_class_of(case.product),
        is_language_written=is_written(person.language),
        purpose="talk_about_options",
        service_s=case.service_minutes * 60,
        contacts=tuple(
            _contact(one)
            for one in sorted(contacts, key=lambda row: (row.occurred_at, str(row.id)))
        ),
        visits=tuple(
            VisitMadeFacts(at=one.at, case_id=one.case_id, visit_id=one.source_id)
            for one in sorted(counted, key=lambda row: (row.at, str(row.id)))
        ),
        holds=tuple(
            HoldFacts(
                kind=one.kind,
                from_at=one.from_at,
                until_at=one.until_at,
                case_id=one.case_id,
                place_id=one.place_id,
            )
            for one in sorted(holds, key=lambda row: (row.from_at, str(row.id)))
        ),
        consents=tuple(
            ConsentFacts(
                scope=one.scope,
                given_at=one.given_at,
                place_id=one.place_id,
                revoked_at=one.revoked_at,
            )
            for one in sorted(consents, key=lambda row: (row.given_at, str(row.id)))
        ),
        relaxations=tuple(
            relaxation_facts(one)
            for one in sorted(relaxed, key=lambda row: (row.recorded_at, str(row.id)))
        ),
        quiet_times=tuple(
            QuietFacts(weekday=weekday, window=window)
            for weekday, window in person.quiet_times or ()
        ),
        data_audit_until=case.data_audited_until,
    )


def relaxation_facts(row: Relaxation) -> RelaxationFacts:
    """Return a relaxation as the law reads it."""
    return RelaxationFacts(
        parameter=row.parameter,
        value=row.value["is"],
        given_by=row.given_by,
        given_at=row.given_at,
        until_at=row.until_at,
        first_by=row.first_by,
        second_by=row.second_by,
        decided_at=row.decided_at,
        revoked_at=row.revoked_at,
        case_id=row.case_id,
    )


def _class_of(product: str | None) -> str | None:
    """Return a product as packs name its class: `Credit card` is `credit_card`."""
    return "_".join(product.lower().replace("-", " ").split()) if product else None


def _contact(row: ContactAttempt) -> ContactFacts:
    return ContactFacts(
        at=row.occurred_at,
        channel=row.channel,
        result=row.result,
        case_id=row.case_id,
        is_genuine=not row.is_reminder,
        # A talk about the visit itself is no talk about the debt: it starts no cooling-off.
        by_borrower=row.is_reminder and row.result is ContactResult.RIGHT_PARTY,
    )


def _visit(
    visit: Visit,
    facts: VisitFacts,
    place: Place | None,
    branch: Branch,
    *,
    risks: tuple[str, ...],
    approval: Approval | None,
    approvers: dict[UUID, Account],
    appointment: Appointment | None,
    notices: dict[UUID, Notice],
) -> VisitFacts:
    approver = approvers.get(approval.approver_id) if approval else None
    notice = notices.get(appointment.id) if appointment else None
    is_standing = approval is not None and approval.withdrawn_at is None
    return replace(
        facts,
        visit_id=visit.id,
        reference=visit.reference,
        place_id=visit.place_id,
        **place_facts(place, branch, risks),
        purpose=visit.purpose,
        service_s=visit.service_s,
        # A visit does not count against itself.
        visits=tuple(one for one in facts.visits or () if one.visit_id != visit.id),
        ground=visit.ground,
        approved_by=approval.approver_id if approval and is_standing else None,
        is_approver_human=approver.role is not Role.SERVICE if approver else None,
        approved_at=approval.decided_at if approval and is_standing else None,
        appointment=_APPOINTMENT.get(appointment.state) if appointment else None,
        notice=_notice(visit, appointment, notice) if appointment and notice else None,
    )


def _notice(visit: Visit, appointment: Appointment, notice: Notice) -> NoticeFacts:
    return NoticeFacts(
        state=notice.state,
        date_on=appointment.service_date,
        window_from=appointment.window_from_at,
        window_until=appointment.window_until_at,
        place_id=appointment.place_id,
        crew_hash=notice.crew_hash or "",
        substitute_hashes=frozenset(notice.substitute_hashes),
        purpose=visit.purpose,
        content_hash=notice.content_hash,
        sent_at=notice.sent_at,
        language=notice.language,
        channel=notice.channel,
        delivered_at=notice.delivered_at,
        delivered_proof=notice.delivered_proof,
        opened_at=notice.opened_at,
        expires_at=notice.expires_at,
    )
