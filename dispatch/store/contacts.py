"""Contacts: every row that tells of a contact with one person, in branches in sight."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.model import Appointment, Case, ContactAttempt, Hold, Notice, Outcome
from dispatch.store.scope import Scope, scoped

BORROWER = "borrower"
"""Who requested a hold that the person asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is on record."""

    attempts: list[ContactAttempt]
    notices: list[Notice]
    appointments: list[Appointment]
    outcomes: list[Outcome]
    requests: list[Hold]


def contacts_of_person(session: Session, person_id: UUID, scope: Scope) -> Kept:
    """Return the contacts with a person, across their cases."""
    cases = select(Case.id).where(Case.person_id == person_id)

    def rows(kind: Any, *conditions: Any) -> list[Any]:
        return list(session.exec(scoped(select(kind), kind.branch_id, scope).where(*conditions)))

    return Kept(
        attempts=rows(ContactAttempt, ContactAttempt.person_id == person_id),
        notices=rows(Notice, Notice.person_id == person_id),
        appointments=rows(Appointment, col(Appointment.case_id).in_(cases)),
        outcomes=rows(Outcome, Outcome.person_id == person_id),
        requests=rows(Hold, Hold.person_id == person_id, Hold.requested_by == BORROWER),
    )
