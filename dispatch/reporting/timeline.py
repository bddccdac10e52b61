"""The timeline: every contact about a person's cases, over all channels, in one order.

It tells that there was a contact, by what means and whom it reached, never what was said.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Appointment, Case, ContactAttempt, Hold, Notice, Outcome
from dispatch.store.contacts import contacts_of_person
from dispatch.store.scope import Scope


class What(StrEnum):
    """What sort of contact it was."""

    CONTACT = "contact"
    """A try of the lender's or ours to reach the person, a visit among them."""
    NOTICE = "notice"
    ANSWER = "answer"
    """The person's own, to an appointment."""
    REQUEST = "request"
    """The person asked for something that stops visits."""
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One contact."""

    at: datetime
    what: What
    channel: str
    result: str
    case_id: UUID | None
    is_from_person: bool = False
    source_id: UUID = field(repr=False)


def timeline(session: Session, case: Case, *, scope: Scope) -> tuple[Entry, ...]:
    """Return what is on record for the case's person in branches in sight, the first first."""
    kept = contacts_of_person(session, case.person_id, scope)
    found = [
        *map(_attempt, kept.attempts),
        *(one for notice in kept.notices for one in _notice(notice)),
        *(one for appointment in kept.appointments for one in _answer(appointment)),
        *map(_request, kept.requests),
        *(_report(one) for one in kept.outcomes),
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.what, str(one.source_id))))


def _attempt(row: ContactAttempt) -> Entry:
    return Entry(
        at=row.occurred_at,
        what=What.CONTACT,
        channel=row.channel,
        result=row.result,
        case_id=row.case_id,
        source_id=row.id,
    )


def _notice(row: Notice) -> list[Entry]:
    if row.sent_at is None:
        return []
    return [
        Entry(
            at=row.sent_at,
            what=What.NOTICE,
            channel=row.channel,
            result=row.state,
            case_id=row.case_id,
            source_id=row.id,
        )
    ]


def _answer(row: Appointment) -> list[Entry]:
    if row.answered_at is None:
        return []
    return [
        Entry(
            at=row.answered_at,
            what=What.ANSWER,
            channel="page",
            result=row.state,
            case_id=row.case_id,
            is_from_person=True,
            source_id=row.id,
        )
    ]


def _request(row: Hold) -> Entry:
    return Entry(
        at=row.from_at,
        what=What.REQUEST,
        channel="page",
        result=row.kind,
        case_id=row.case_id,
        is_from_person=True,
        source_id=row.id,
    )


def _report(row: Outcome) -> Entry:
    return Entry(
        at=row.occurred_at,
        what=What.REPORT,
        channel="visit",
        result=row.code,
        case_id=row.case_id,
        source_id=row.id,
    )
