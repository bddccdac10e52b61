"""Disasters: those that are open, and the people, places and holds that they concern, in chunks."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from dispatch.model import (
    Appointment,
    AppointmentState,
    Case,
    Disaster,
    DisasterState,
    Hold,
    HoldKind,
    HoldState,
    Notice,
    NoticeKind,
    NoticeState,
    Person,
    Place,
    Visit,
    VisitState,
)
from dispatch.model.case import ENDED
from dispatch.model.visit import OPEN
from dispatch.store import evidence as log
from dispatch.store.bulk import pieces
from dispatch.store.rows import grouped
from dispatch.store.scope import Scope, scoped

_BY_HOLD = f"hold: {HoldKind.DISASTER_AREA}"
_AT_WORK = (DisasterState.SPREADING, DisasterState.LIFTING)


def same_as(
    session: Session, *, branch_id: UUID, area_hash: str, until_at: datetime
) -> Disaster | None:
    """Return the disaster of a branch with the same area and end that is not being lifted."""
    return session.exec(
        select(Disaster).where(
            Disaster.branch_id == branch_id,
            Disaster.area_hash == area_hash,
            Disaster.until_at == until_at,
            col(Disaster.state).in_([DisasterState.SPREADING, DisasterState.IN_FORCE]),
        )
    ).first()


def of_branch(session: Session, scope: Scope, branch_id: UUID, *, limit: int) -> list[Disaster]:
    """Return a branch's disasters, the newest first."""
    chosen = scoped(select(Disaster), col(Disaster.branch_id), scope)
    chosen = chosen.where(Disaster.branch_id == branch_id)
    order = (col(Disaster.declared_at).desc(), col(Disaster.id))
    return list(session.exec(chosen.order_by(*order).limit(limit)))


def to_work_on(session: Session, branch_id: UUID) -> list[UUID]:
    """Return the disasters of a branch that are not over, those half done first."""
    rows = session.exec(
        select(Disaster)
        .where(Disaster.branch_id == branch_id, Disaster.state != DisasterState.OVER)
        .order_by(col(Disaster.declared_at), col(Disaster.id))
    ).all()
    return [one.id for one in sorted(rows, key=lambda one: one.state not in _AT_WORK)]


def people_after(
    session: Session, branch_id: UUID, *, after: UUID | None, limit: int
) -> list[Person]:
    """Return the next people with a case at a branch that has not ended, by their identifiers."""
    here = select(Case.person_id).where(
        Case.branch_id == branch_id, col(Case.stage).not_in(list(ENDED))
    )
    chosen = select(Person).where(col(Person.id).in_(here), col(Person.data_key).is_not(None))
    if after is not None:
        chosen = chosen.where(col(Person.id) > after)
    return list(session.exec(chosen.order_by(col(Person.id)).limit(limit)))


def places_of_people(session: Session, person_ids: Collection[UUID]) -> dict[UUID, list[Place]]:
    """Return the places of each of these people."""
    return grouped(session, Place, col(Place.person_id), person_ids)


def held_by(session: Session, disaster: Disaster, person_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these people it has held already; a hold lifted since is not put again."""
    found: set[UUID] = set()
    for some in pieces(list(person_ids)):
        found |= set(
            session.exec(
                select(Hold.person_id).where(
                    Hold.source_id == disaster.id, col(Hold.person_id).in_(some)
                )
            )
        )
    return found


def standing_holds(session: Session, disaster: Disaster, *, limit: int) -> list[Hold]:
    """Return holds of a disaster that are in force, in the order of their people."""
    return list(
        session.exec(
            select(Hold)
            .where(Hold.source_id == disaster.id, Hold.state == HoldState.ACTIVE)
            .order_by(col(Hold.person_id))
            .limit(limit)
        )
    )


def visits_to_come(session: Session, person_ids: Collection[UUID]) -> list[Visit]:
    """Return the visits of these people that have not begun, in whatever branch."""
    chosen = col(Visit.state).in_(list(OPEN))
    found = grouped(session, Visit, col(Visit.person_id), person_ids, chosen)
    return [one for rows in found.values() for one in rows]


def untold(
    session: Session, branch_id: UUID, *, now: datetime, limit: int
) -> list[tuple[Appointment, Visit]]:
    """Return visits that a disaster's hold ended, of which people were told, and not yet of the end.

    Only those whose window is still to come, or not over.
    """
    told = select(Notice.appointment_id).where(
        or_(
            col(Notice.sent_at).is_not(None),
            col(Notice.state).in_([NoticeState.SENDING, NoticeState.UNKNOWN]),
        )
    )
    known = select(Notice.appointment_id).where(
        col(Notice.kind).in_([NoticeKind.CANCELLATION, NoticeKind.APOLOGY]),
        col(Notice.appointment_id).is_not(None),
    )
    held = select(Hold.person_id).where(Hold.kind == HoldKind.DISASTER_AREA)
    chosen = (
        select(Appointment, Visit)
        .join(Visit, col(Visit.id) == col(Appointment.visit_id))
        .where(
            Appointment.branch_id == branch_id,
            Appointment.state == AppointmentState.WITHDRAWN,
            Visit.state == VisitState.CANCELLED,
            col(Appointment.window_until_at) > now,
            col(Visit.person_id).in_(held),
            col(Appointment.id).in_(told),
            col(Appointment.id).not_in(known),
        )
    )
    found = list(session.exec(chosen.order_by(col(Appointment.window_from_at)).limit(limit)))
    return [
        (appointment, visit) for appointment, visit in found if _by_disaster(session, appointment)
    ]


def _by_disaster(session: Session, appointment: Appointment) -> bool:
    entry = log.last_of_kind(session, appointment.id, f"appointment.{AppointmentState.WITHDRAWN}")
    return entry is not None and entry.facts.get("why") == _BY_HOLD
