"""The visit's sheet: what is planned for one visit, on one page; no name, address or amount on it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from dispatch.model import Appointment, AppointmentState, Place, Visit
from dispatch.policy.pack import Pack
from dispatch.store import days, facts
from dispatch.store.risks import risks_of
from dispatch.store.rows import get_any

MATERIALS: Final = ("identity_card", "authority", "visit_code", "rights_card", "support_card")
"""What every crew brings to the door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSheet:
    """What for, when, where, who, how and with what: a visit as it is planned."""

    visit: Visit
    place_kind: str
    languages: tuple[str, ...]
    appointment: AppointmentState | None
    on: date | None
    window_from_at: datetime | None
    window_until_at: datetime | None
    crew: tuple[str, ...]
    """Names of those who go; empty while nobody is told."""
    options: tuple[str, ...]
    materials: tuple[str, ...]
    risks: tuple[str, ...]
    """Kinds of the risk flags on the place."""
    longest_stay_minutes: int
    cash: bool
    """Whether the crew may take cash."""
    recording: str


def visit_sheet(session: Session, visit: Visit, *, law: Pack) -> VisitSheet:
    """Return what is planned for a visit (whose branch was checked already)."""
    appointment = facts.newest_appointments(session, {visit.id}).get(visit.id)
    return VisitSheet(
        visit=visit,
        place_kind=str(get_any(session, Place, visit.place_id).kind),
        languages=tuple(visit.languages),
        appointment=appointment.state if appointment else None,
        on=appointment.service_date if appointment else visit.service_date,
        window_from_at=appointment.window_from_at if appointment else None,
        window_until_at=appointment.window_until_at if appointment else None,
        crew=_crew(session, appointment),
        options=tuple(visit.options),
        materials=MATERIALS,
        risks=risks_of(session, {visit.place_id}).get(visit.place_id, ()),
        longest_stay_minutes=int(law["visit.max_stay_minutes"]),
        cash=not law["cash.forbidden"],
        recording=str(law["recording.audio"]),
    )


def _crew(session: Session, appointment: Appointment | None) -> tuple[str, ...]:
    if appointment is None:
        return ()
    members = days.members_of(session, {appointment.crew_version_id})
    return tuple(one.name for one in members[appointment.crew_version_id])
