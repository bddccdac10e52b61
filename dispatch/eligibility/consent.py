"""Consent: a person's own permission, taken down with its date and revoked at any time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.model import Case, Consent, Person, Place, record
from dispatch.policy.wall import WEEKDAYS, parse_window

PLACE: Final = "place"
"""The scope of a consent to be visited at a place."""

GIVEN_BY: Final = frozenset({"page", "phone", "letter", "email", "in_person"})
"""By what way a consent was given."""


def give_consent(
    session: Session,
    *,
    case: Case,
    place: Place,
    given_at: datetime,
    given_by: str,
    actor: str,
    now: datetime,
) -> Consent:
    """Take down that the person agrees to be visited at a place; the place becomes their choice.

    Raises
    ------
    Invalid
        If the place is another person's, it is not said how the consent was given, or it is
        dated later than now: nobody can have given it yet.
    """
    if given_at > now:
        msg = "The consent is dated in the future; take it down once it has been given."
        raise Invalid(msg)
    if place.person_id != case.person_id:
        msg = "The place is not one of the person's; take down a consent to one that is."
        raise Invalid(msg)
    if given_by not in GIVEN_BY:
        msg = f"Say how the consent was given: {', '.join(sorted(GIVEN_BY))}."
        raise Invalid(msg)
    consent = Consent(
        person_id=case.person_id,
        case_id=case.id,
        scope=PLACE,
        place_id=place.id,
        given_at=given_at,
        given_by=given_by,
    )
    session.add(consent)
    session.flush()
    place.is_chosen_by_person = True
    session.add(place)
    record(
        consent,
        "consent.given",
        actor=actor,
        now=now,
        scope=PLACE,
        given_at=given_at,
        given_by=given_by,
    )
    return consent


def revoke_consent(session: Session, *, consent: Consent, actor: str, now: datetime) -> None:
    """End a consent from now on; a second time changes nothing."""
    if consent.revoked_at is None:
        consent.revoke(actor=actor, now=now)
        session.add(consent)


def set_quiet_times(
    session: Session,
    *,
    person: Person,
    times: Sequence[tuple[str, str]],
    actor: str,
    now: datetime,
) -> None:
    """Replace the times of the week at which the person asked not to be disturbed.

    Parameters
    ----------
    times
        Weekday (mon to sun) and window (`13:00-15:00`); empty: no such wish any more.

    Raises
    ------
    Invalid
        If a weekday or a window can't be read.
    """
    for weekday, window in times:
        try:
            parse_window(window)
        except ValueError as error:
            raise Invalid(str(error)) from error
        if weekday not in WEEKDAYS:
            msg = f"{weekday!r} is no weekday; write mon, tue, wed, thu, fri, sat or sun."
            raise Invalid(msg)
    person.quiet_times = [[weekday, window] for weekday, window in times] or None
    session.add(person)
    record(person, "person.quiet_times_set", actor=actor, now=now, number=len(times))
