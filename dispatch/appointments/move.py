"""Move: the person chooses another time on offer; the database decides who was first."""

from datetime import datetime

from sqlmodel import Session

from dispatch.appointments import slot_id
from dispatch.appointments.allowed import Answer
from dispatch.appointments.answer import ACTOR, Answered, ensure_allowed
from dispatch.appointments.draft import put_notice
from dispatch.appointments.link import Known, LinkKeys, recognise
from dispatch.appointments.slot_day import calendar_for, lawful_windows, wanted_of
from dispatch.appointments.slot_id import SlotTerms
from dispatch.appointments.wall_time import note_wall_time
from dispatch.clock import local_date
from dispatch.errors import Invalid, SlotTaken, StaleVersion
from dispatch.ids import new_id
from dispatch.model import (
    Appointment,
    AppointmentState,
    ContactPoint,
    Crew,
    Notice,
    NoticeKind,
    NoticeState,
    RunReason,
    VisitState,
    record,
)
from dispatch.policy.pack import Pack
from dispatch.store import appointments, days
from dispatch.store.days import FormedCrew
from dispatch.store.notices import about_of, time_zone_of
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault
from dispatch.wording.draft import About, draft


def move(
    session: Session,
    *,
    vault: Vault,
    notice: Notice,
    proof: str,
    keys: LinkKeys,
    slot: str,
    law: Pack,
    base_url: str,
    now: datetime,
) -> Answered:
    """Replace the appointment by one at a slot that was offered; it counts as confirmed.

    The page that the person chose from told them time, place, purpose and crew, so the new notice
    is proven in person; a message with the same content goes out besides.

    Raises
    ------
    SlotTaken
        If somebody was faster, or the slot is no longer lawful or feasible. Roll back, then offer
        slots anew.
    Unauthenticated, StaleVersion, WrongState, Invalid
        With cause and remedy; nothing is changed.
    """
    known = recognise(session, notice=notice, proof=proof, keys=keys, now=now)
    terms = slot_id.read(slot, keys, now=now)
    if terms.visit_id != known.visit.id:
        msg = "This time was offered for another appointment; choose one from the page."
        raise Invalid(msg)
    if terms.number != known.appointment.number:
        msg = "The appointment has changed since you opened the page; look at it again, please."
        raise StaleVersion(msg, version=known.appointment.number)
    ensure_allowed(session, known, Answer.MOVE, now=now)
    formed = _crew_as_offered(session, known, terms)
    _ensure_lawful(session, known, terms, formed, vault=vault, law=law, now=now)
    old_on = known.appointment.service_date
    _end_old(session, known, now=now)
    appointment = _new(session, known, terms, formed, now=now)
    if not appointments.bind(session, appointment, formed.members):
        raise SlotTaken(_TAKEN)
    appointments.reserve_visit(session, known.visit, terms.stay_from_at)
    _move_visit(session, known, appointment, now=now)
    _tell(session, known, appointment, vault=vault, law=law, base_url=base_url, now=now)
    for on in sorted({old_on, appointment.service_date}):
        appointments.queue_refill(
            session, known.branch.id, on, reason=RunReason.ANSWER, actor=ACTOR, now=now
        )
    return Answered(known.visit.reference, now, appointment)


_TAKEN = "That time is no longer free; choose another, please."


def _crew_as_offered(session: Session, known: Known, terms: SlotTerms) -> FormedCrew:
    """Return the crew if it is still the one on offer, its day held until the transaction ends."""
    crew = find(session, Crew, terms.crew_id, lock=True)
    crews = (
        {}
        if crew is None
        else {
            one.crew.id: one for one in days.crews_of(session, crew.branch_id, crew.service_date)
        }
    )
    formed = crews.get(terms.crew_id)
    if formed is None or formed.version.id != terms.crew_version_id:
        raise SlotTaken(_TAKEN)
    standing = appointments.standing_with(session, terms.crew_id)
    if slot_id.ground_of(standing, known.visit.id) != terms.ground:
        raise SlotTaken(_TAKEN)
    return formed


def _ensure_lawful(
    session: Session,
    known: Known,
    terms: SlotTerms,
    formed: FormedCrew,
    *,
    vault: Vault,
    law: Pack,
    now: datetime,
) -> None:
    on = formed.crew.service_date
    wanted = wanted_of(session, vault=vault, visit=known.visit, branch=known.branch, now=now)
    present = {one.agent.id for one in days.on_shift(session, known.branch.id, on)}
    windows = (
        lawful_windows(
            session,
            wanted,
            formed,
            on,
            law=law,
            calendar=calendar_for(session, known.branch, on, now=now),
            now=now,
        )
        if wanted is not None and set(formed.members) <= present
        else ()
    )
    is_inside = any(
        one.holds(terms.stay_from_at, terms.stay_until_at)
        and one.holds(terms.window_from_at, terms.window_until_at)
        for one in windows
    )
    if not is_inside:
        raise SlotTaken(_TAKEN)


def _end_old(session: Session, known: Known, *, now: datetime) -> None:
    known.appointment.answered_at, known.appointment.answered_by = now, ACTOR
    appointments.end_appointment(
        session,
        visit=known.visit,
        appointment=known.appointment,
        state=AppointmentState.COUNTERED,
        actor=ACTOR,
        now=now,
        why="moved by the person",
    )


def _new(
    session: Session, known: Known, terms: SlotTerms, formed: FormedCrew, *, now: datetime
) -> Appointment:
    visit = known.visit
    appointment = Appointment(
        id=new_id(),
        branch_id=visit.branch_id,
        visit_id=visit.id,
        case_id=visit.case_id,
        number=known.appointment.number + 1,
        service_date=formed.crew.service_date,
        window_from_at=terms.window_from_at,
        window_until_at=terms.window_until_at,
        stay_from_at=terms.stay_from_at,
        stay_until_at=terms.stay_until_at,
        place_id=visit.place_id,
        crew_id=formed.crew.id,
        crew_version_id=formed.version.id,
        offered_at=now,
        answered_at=now,
        answered_by=ACTOR,
    )
    note_wall_time(appointment, time_zone_of(session, appointment, known.branch))
    session.add(appointment)
    session.flush()
    record(appointment, "appointment.offered", actor=ACTOR, now=now, number=appointment.number)
    appointment.move_to(AppointmentState.CONFIRMED, actor=ACTOR, now=now, why="chosen")
    return appointment


def _move_visit(
    session: Session, known: Known, appointment: Appointment, *, now: datetime
) -> None:
    visit = known.visit
    if visit.state is VisitState.AUDITED:
        visit.move_to(VisitState.NOTICED, actor=ACTOR, now=now, why="told on the page")
    if visit.state is not VisitState.CONFIRMED:
        visit.move_to(VisitState.CONFIRMED, actor=ACTOR, now=now, why="moved by the person")
    visit.service_date = appointment.service_date
    visit.version += 1
    session.add(visit)


def _tell(
    session: Session,
    known: Known,
    appointment: Appointment,
    *,
    vault: Vault,
    law: Pack,
    base_url: str,
    now: datetime,
) -> None:
    about = about_of(session, visit=known.visit, appointment=appointment, branch=known.branch)
    _prove_told(session, known, about, vault=vault, base_url=base_url, now=now)
    put_notice(
        session,
        about,
        NoticeKind.RECEIPT,
        vault=vault,
        law=law,
        base_url=base_url,
        actor=ACTOR,
        now=now,
        calendar=calendar_for(
            session,
            known.branch,
            max(appointment.service_date, local_date(known.branch.time_zone, now)),
            now=now,
        ),
    )


def _prove_told(
    session: Session, known: Known, about: About, *, vault: Vault, base_url: str, now: datetime
) -> None:
    """Put on record that the page told the new appointment, and that the person chose it."""
    point = (
        get_any(session, ContactPoint, known.notice.contact_point_id)
        if known.notice.contact_point_id
        else None
    )
    told = draft(
        about,
        NoticeKind.CORRECTION,
        vault=vault,
        base_url=base_url,
        point=point,
        by_hand=known.notice.channel,
        send_after_at=now,
        now=now,
    )
    session.add(told)
    session.flush()
    told.move_to(NoticeState.CHECKED, actor=ACTOR, now=now)
    told.move_to(NoticeState.SENDING, actor=ACTOR, now=now, why="shown on the page")
    told.sent_at = now
    told.prove_delivered("personal", actor=ACTOR, now=now)
