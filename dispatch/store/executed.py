"""Executed days: what the field recorded of each visit, and the facts as they were when it came."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, or_, select

from dispatch.model import (
    Appointment,
    AppointmentState,
    Assessment,
    Case,
    CheckIn,
    CheckInKind,
    ContactAttempt,
    Hold,
    HoldState,
    Outcome,
    Place,
    Plan,
    PlanState,
    ReportRole,
    RiskFlag,
    Stop,
    Visit,
)
from dispatch.model.outcome import ABORTED
from dispatch.policy.facts import ContactFacts, DoneFacts, HoldFacts, StepFacts, VisitFacts
from dispatch.store import evidence as log
from dispatch.store.facts import newest_appointments
from dispatch.store.outcomes import check_ins_of, outcomes_of
from dispatch.store.risks import flags_of
from dispatch.store.rows import get_many, grouped

_DOOR: Final = frozenset(CheckInKind) - {
    CheckInKind.EN_ROUTE,
    CheckInKind.DURESS,
    CheckInKind.SAFE,
}
_OVER: Final = frozenset(
    {AppointmentState.KEPT, AppointmentState.MISSED_BORROWER, AppointmentState.MISSED_AGENT}
)
_LAST: Final = (PlanState.PUBLISHED, PlanState.SUPERSEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One visit as the field recorded it."""

    visit: Visit
    steps: tuple[CheckIn, ...]
    """At the door, in the order in which they happened."""
    told: tuple[Outcome, ...]
    """Every report and statement, in the order in which they came."""

    @property
    def arrived_at(self) -> datetime:
        """When the crew came: its first mark, else the first it told of."""
        marks = [one.occurred_at for one in self.steps if one.kind is CheckInKind.ARRIVED]
        return min(marks or self._moments())

    @property
    def left_at(self) -> datetime:
        """When the crew was gone: its last mark, else the last it told of."""
        marks = [one.occurred_at for one in self.steps if one.kind is CheckInKind.LEFT]
        return max(marks or self._moments())

    def _moments(self) -> list[datetime]:
        return [*(one.occurred_at for one in self.steps), *(one.occurred_at for one in self.told)]


def records_of(session: Session, branch_id: UUID, on: date) -> list[Record]:
    """Return each visit of a branch's day at which a crew was, or says that it was."""
    visits = session.exec(
        select(Visit)
        .where(
            Visit.branch_id == branch_id,
            Visit.service_date == on,
            or_(
                col(Visit.id).in_(select(CheckIn.visit_id).where(col(CheckIn.kind).in_(_DOOR))),
                col(Visit.id).in_(
                    select(Outcome.visit_id).where(col(Outcome.code).not_in(ABORTED))
                ),
            ),
        )
        .order_by(col(Visit.reference))
    ).all()
    ids = {visit.id for visit in visits}
    steps, told = check_ins_of(session, ids), outcomes_of(session, ids)
    return [
        Record(
            visit=visit,
            steps=tuple(one for one in steps.get(visit.id, ()) if one.kind in _DOOR),
            told=tuple(told.get(visit.id, ())),
        )
        for visit in visits
    ]


def stops_of(session: Session, records: Collection[Record]) -> dict[UUID, tuple[Stop, Plan, bool]]:
    """Return the stop that sent each crew, by visit, its plan, and whether that was published.

    Where no published plan held the visit when the crew came, the newest that knows of it.
    """
    arrivals = {one.visit.id: one.arrived_at for one in records}
    stops = grouped(session, Stop, col(Stop.visit_id), arrivals)
    plans = get_many(session, Plan, {stop.plan_id for rows in stops.values() for stop in rows})

    def sent(stop: Stop) -> tuple[bool, int]:
        plan = plans[stop.plan_id]
        was_out = plan.published_at is not None and plan.published_at <= arrivals[stop.visit_id]
        return plan.state in _LAST and was_out, plan.number

    chosen = {visit_id: max(rows, key=sent) for visit_id, rows in stops.items()}
    return {
        visit_id: (stop, plans[stop.plan_id], sent(stop)[0]) for visit_id, stop in chosen.items()
    }


def done_of(
    session: Session,
    records: Sequence[Record],
    *,
    published: Collection[UUID],
    stops: Mapping[UUID, Stop],
) -> dict[UUID, DoneFacts]:
    """Return what came of each visit, by its id.

    `published` are those that a published plan sent, `stops` the stop of each.
    """
    contacts = _own_contacts(session, records)
    ahead = _still_ahead(session, records, stops)
    found = {}
    for one in records:
        reports = [row for row in one.told if row.role is ReportRole.REPORT]
        last = reports[-1] if reports else None
        own = contacts.get(one.visit.id)
        agents = {row.agent_id for row in one.steps} | {row.agent_id for row in one.told}
        found[one.visit.id] = DoneFacts(
            steps=tuple(
                StepFacts(kind=row.kind, at=row.occurred_at, is_near=row.is_near)
                for row in one.steps
            ),
            agents=frozenset(agent_id for agent_id in agents if agent_id is not None),
            is_reported=last is not None,
            is_made=last is not None and last.code not in ABORTED,
            reached=own.result if own is not None else None,
            flags=frozenset(last.flags if last else ()),
            was_published=one.visit.id in published,
            still_ahead=ahead.get(one.visit.id, 0),
        )
    return found


def _still_ahead(
    session: Session, records: Sequence[Record], stops: Mapping[UUID, Stop]
) -> dict[UUID, int]:
    """Return how many stops of its route each crew had not been to yet when it came, by visit."""
    arrived = {one.visit.id: one.arrived_at for one in records}
    ways = grouped(session, Stop, col(Stop.route_id), {one.route_id for one in stops.values()})
    return {
        visit_id: sum(
            other.visit_id not in arrived or arrived[other.visit_id] > arrived[visit_id]
            for other in ways[stop.route_id]
            if other.visit_id != visit_id and other.arrive_at > stop.arrive_at
        )
        for visit_id, stop in stops.items()
        if visit_id in arrived
    }


def as_it_was(
    session: Session, records: Sequence[Record], known: Mapping[UUID, VisitFacts]
) -> dict[UUID, VisitFacts]:
    """Return the facts of each visit without what it, or anything later, brought about.

    A report puts holds in force, learns of the person's means, marks a wrong address, and is a
    contact itself: none of that was so when the crew came.
    """
    people = {one.visit.person_id for one in records}
    cases = {one.visit.case_id for one in records}
    holds = grouped(session, Hold, col(Hold.person_id), people)
    learnt = grouped(session, Assessment, col(Assessment.case_id), cases)
    places = get_many(session, Place, {one.visit.place_id for one in records})
    flags = flags_of(session, set(places))
    appointments = newest_appointments(session, {one.visit.id for one in records})
    contacts = _own_contacts(session, records)
    found = {}
    for one in records:
        visit, facts = one.visit, known[one.visit.id]
        marked = places[visit.place_id].located_by in {"visit", "amendment"}
        found[visit.id] = replace(
            facts,
            holds=tuple(_holds(session, one, holds.get(visit.person_id, []))),
            ability=_ability(one, learnt.get(visit.case_id, [])),
            is_place_located=True if marked and one.told else facts.is_place_located,
            dpd=_overdue(session, visit, facts.dpd),
            appointment=_answer(appointments.get(visit.id), facts.appointment, one),
            contacts=_without(facts.contacts, contacts.get(visit.id)),
            risks=_risks(one, flags.get(visit.place_id, [])),
        )
    return found


def _holds(session: Session, record: Record, rows: Sequence[Hold]) -> list[HoldFacts]:
    """Return the holds that were in force, those lifted since among them, but the visit's own."""
    own = {row.id for row in (*record.steps, *record.told)}
    found = []
    for row in sorted(rows, key=lambda one: (one.from_at, str(one.id))):
        if row.source_id in own:
            continue
        until_at = row.until_at
        if row.state is HoldState.RELEASED:
            lifted = log.last_of_kind(session, row.id, "hold.released")
            if lifted is not None:
                until_at = min(lifted.at, until_at or lifted.at)
        found.append(
            HoldFacts(
                kind=row.kind,
                from_at=row.from_at,
                until_at=until_at,
                case_id=row.case_id,
                place_id=row.place_id,
            )
        )
    return found


def _risks(record: Record, rows: Sequence[RiskFlag]) -> tuple[str, ...]:
    """Return the flags of which the crew could know when it came; its own report came after."""
    at = record.arrived_at
    return tuple(
        sorted(
            str(one.kind)
            for one in rows
            if one.set_at < at and (one.lifted_at is None or one.lifted_at > at)
        )
    )


def _ability(record: Record, rows: Sequence[Assessment]) -> str | None:
    before = [one for one in rows if one.assessed_at < record.arrived_at]
    newest = max(before, key=lambda one: one.assessed_at, default=None)
    return newest.ability if newest else None


def _overdue(session: Session, visit: Visit, dpd: int | None) -> int | None:
    """Return the days past due; what was paid since the decision does not unmake its ground."""
    entry = log.last_of_kind(session, visit.id, "visit.approved")
    told = dict(entry.facts.get("decision", {}).get("facts", ())) if entry else {}
    decided = str(told.get("dpd", ""))
    return max(int(decided), dpd or 0) if decided.isdigit() else dpd


def _answer(appointment: Appointment | None, state: str | None, record: Record) -> str | None:
    """Return the answer on which the crew came; how it ended hides it."""
    if appointment is None or appointment.state not in _OVER:
        return state
    # Kept after an answer: no other answer than a yes leads there.
    answered = appointment.answered_at
    is_yes = answered is not None and answered <= record.arrived_at
    return "confirmed" if is_yes else str(appointment.state)


def _without(
    contacts: tuple[ContactFacts, ...] | None, own: ContactAttempt | None
) -> tuple[ContactFacts, ...] | None:
    if contacts is None or own is None:
        return contacts
    mine = next(
        (
            one
            for one in contacts
            if (one.channel, one.case_id, one.at) == ("visit", own.case_id, own.occurred_at)
        ),
        None,
    )
    return tuple(one for one in contacts if one is not mine)


def _own_contacts(session: Session, records: Collection[Record]) -> dict[UUID, ContactAttempt]:
    """Return the contact that each visit was, by visit; none where it was broken off."""
    numbers = {f"visit:{one.visit.id}": one.visit.id for one in records}
    cases = get_many(session, Case, {one.visit.case_id for one in records})
    lenders = {one.visit.id: cases[one.visit.case_id].lender_id for one in records}
    found = grouped(session, ContactAttempt, col(ContactAttempt.number), numbers)
    return {
        numbers[row.number]: row
        for rows in found.values()
        for row in rows
        if row.lender_id == lenders[numbers[row.number]]
    }
