"""After a visit: the person sees what was noted, may contest it, and may say how it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.appointments.allowed import IS_OVER
from dispatch.appointments.link import Known, LinkKeys, recognise
from dispatch.appointments.words import plain
from dispatch.errors import Invalid, WrongState
from dispatch.model import (
    Ability,
    Attitude,
    Feedback,
    FeedbackKind,
    Felt,
    Notice,
    Visit,
    Willingness,
    record,
)
from dispatch.store.incidents import open_incident
from dispatch.store.outcomes import reports_of
from dispatch.vault import Vault

ACTOR: Final = "borrower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What the crew noted about the person, and the person's own words as they were taken down."""

    at: datetime
    attitude: Attitude | None
    willingness: Willingness | None
    ability: Ability | None
    words: str | None


def noted(session: Session, known: Known, *, vault: Vault) -> Noted | None:
    """Return what is noted about a visit that is over; None where nothing is yet."""
    reports = reports_of(session, known.visit.id) if is_over(known.visit) else []
    if not reports:
        return None
    newest = reports[-1]
    return Noted(
        at=newest.occurred_at,
        attitude=newest.attitude,
        willingness=newest.willingness,
        ability=newest.ability,
        words=vault.read(known.person, newest, "words"),
    )


def is_over(visit: Visit) -> bool:
    """Whether a visit has been made and reported."""
    return visit.state in IS_OVER


def say_how_it_was(
    session: Session,
    *,
    vault: Vault,
    notice: Notice,
    proof: str,
    keys: LinkKeys,
    felt: Felt | None,
    words: str,
    now: datetime,
) -> Feedback:
    """Take down how the visit was. Who did not feel respected is looked after by a reviewer.

    Raises
    ------
    Unauthenticated, WrongState, Invalid
        With cause and remedy; nothing is changed.
    """
    known = recognise(session, notice=notice, proof=proof, keys=keys, now=now)
    if felt is None:
        msg = "Choose one of the answers, please."
        raise Invalid(msg)
    row = _keep(session, vault, known, FeedbackKind.HOW_IT_WAS, words, felt=felt, now=now)
    if felt is Felt.NOT_RESPECTED:
        _flag(session, known, row, "felt-not-respected", now=now)
    return row


def contest(
    session: Session,
    *,
    vault: Vault,
    notice: Notice,
    proof: str,
    keys: LinkKeys,
    words: str,
    now: datetime,
) -> Feedback:
    """Attach what the person objects to in the record of the visit; somebody looks at it.

    Raises
    ------
    Unauthenticated, WrongState, Invalid
        With cause and remedy; nothing is changed.
    """
    known = recognise(session, notice=notice, proof=proof, keys=keys, now=now)
    if not plain(words):
        msg = "Write what is not right, please; a few words are enough."
        raise Invalid(msg)
    row = _keep(session, vault, known, FeedbackKind.CONTEST, words, felt=None, now=now)
    _flag(session, known, row, "record-contested", now=now)
    return row


def _keep(
    session: Session,
    vault: Vault,
    known: Known,
    kind: FeedbackKind,
    words: str,
    *,
    felt: Felt | None,
    now: datetime,
) -> Feedback:
    visit = known.visit
    if not is_over(visit):
        msg = "There is no record of a visit yet; come back once it is over."
        raise WrongState(msg, state=str(visit.state))
    row = Feedback(
        branch_id=visit.branch_id,
        case_id=visit.case_id,
        person_id=visit.person_id,
        visit_id=visit.id,
        kind=kind,
        felt=felt,
        given_at=now,
    )
    vault.write(known.person, row, "words", plain(words) or None)
    session.add(row)
    session.flush()
    record(row, f"feedback.{kind}", actor=ACTOR, now=now, felt=felt)
    return row


def _flag(session: Session, known: Known, row: Feedback, kind: str, *, now: datetime) -> None:
    open_incident(session, visit=known.visit, kind=kind, source_id=row.id, actor=ACTOR, now=now)
