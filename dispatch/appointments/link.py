"""The borrower's link: its token, the second fact, and the short-lived proof that it was given."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from dispatch.errors import NotFound, StaleVersion, Unauthenticated
from dispatch.model import (
    Appointment,
    Branch,
    Case,
    ContactKind,
    ContactStatus,
    Notice,
    NoticeChannel,
    NoticeState,
    Person,
    Visit,
)
from dispatch.settings import Settings
from dispatch.store import appointments, holds, notices
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault

PROOF_LASTS: Final = timedelta(minutes=20)
LINK_LASTS: Final = timedelta(days=30)
"""How long after the appointment the link still opens: to complain or to ask for help."""

_NEVER_LEFT: Final = frozenset(
    {NoticeState.DRAFTED, NoticeState.CHECKED, NoticeState.SUPPRESSED, NoticeState.EXPIRED}
)


class Challenge(StrEnum):
    """A fact that the person knows and a finder of the link does not."""

    PHONE = "phone_last4"
    BIRTH_YEAR = "birth_year"
    CASE = "case_last4"


COMMON: Final = (Challenge.PHONE, Challenge.BIRTH_YEAR)
"""What is asked of whom we know nothing about: the page looks the same for every token."""


class LinkKeys:
    """Signs proofs and slots; derived from the settings' token key, one per process."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.blake2b(key.encode(), digest_size=32, person=b"borrower-link").digest()

    @classmethod
    def of(cls, settings: Settings) -> "LinkKeys":
        """Return the keys that the settings' token key gives."""
        return cls(settings.token_key.get_secret_value())

    def sign(self, purpose: str, text: str) -> str:
        """Return the signature of a text, good for one purpose only."""
        return hmac.new(self._key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def holds(self, purpose: str, text: str, signature: str) -> bool:
        """Whether a signature is ours, in constant time."""
        return hmac.compare_digest(
            self.sign(purpose, text).encode(), signature.encode("utf-8", "replace")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person who has shown who they are, and what their link is about."""

    notice: Notice
    visit: Visit
    appointment: Appointment
    """The newest version, whether it stands or not."""
    person: Person
    branch: Branch
    shown_number: int
    """The version that the page showed when the proof was given."""

    def ensure_current(self) -> None:
        """Refuse an answer to a version that has been replaced since the page was shown."""
        if self.shown_number != self.appointment.number:
            msg = (
                "The appointment has changed since you opened the page; look at it again, please."
            )
            raise StaleVersion(msg, version=self.appointment.number)


def find_notice_by_token(session: Session, token: str, *, now: datetime) -> Notice | None:
    """Return the notice that a link belongs to; None if unknown, never sent, or long over."""
    notice = notices.by_token(session, token)
    if notice is None or now > notice.expires_at + LINK_LASTS:
        return None
    is_letter = notice.channel is NoticeChannel.LETTER and notice.state is NoticeState.CHECKED
    return None if notice.state in _NEVER_LEFT and not is_letter else notice


def challenges(session: Session, *, vault: Vault, notice: Notice | None) -> tuple[Challenge, ...]:
    """Return the two facts that the page asks for; the usual two for an unknown link."""
    if notice is None:
        return COMMON
    known = _facts(session, vault, notice)
    able = tuple(one for one in Challenge if known[one])
    return able[:2] if len(able) > 1 else COMMON


def is_right(
    session: Session, *, vault: Vault, notice: Notice | None, second_fact: Mapping[str, str]
) -> bool:
    """Whether both facts are right; every comparison is made, each in constant time."""
    asked = challenges(session, vault=vault, notice=notice)
    known = _facts(session, vault, notice) if notice is not None else dict.fromkeys(Challenge, ())
    right = notice is not None
    for one in asked:
        given = "".join(str(second_fact.get(one, "")).split())
        found = False
        for value in known[one] or ("\0",):
            found |= hmac.compare_digest(value.encode(), given.encode("utf-8", "replace"))
        right &= found
    return right


def give_proof(keys: LinkKeys, notice: Notice, number: int, *, now: datetime) -> str:
    """Return the proof that the second fact was given, for the version that the page shows."""
    ends = int((now + PROOF_LASTS).timestamp())
    text = f"{ends}.{number}"
    return f"{text}.{keys.sign('proof', f'{notice.id}.{text}')}"


def recognise(
    session: Session, *, notice: Notice, proof: str, keys: LinkKeys, now: datetime
) -> Known:
    """Return who holds a valid proof, with the person's rows held until the transaction ends.

    Raises
    ------
    Unauthenticated
        If the proof is missing, altered, another link's, or over.
    """
    text, _, signature = proof.rpartition(".")
    if not keys.holds("proof", f"{notice.id}.{text}", signature):
        raise Unauthenticated(_CLOSED)
    ends, _, number = text.partition(".")
    if now.timestamp() >= int(ends):
        raise Unauthenticated(_CLOSED)
    return known_of(session, notice, shown_number=int(number))


_CLOSED: Final = "The page was closed to keep your details private; open the link again, please."


def known_of(session: Session, notice: Notice, *, shown_number: int | None = None) -> Known:
    """Return what a link is about, the person's rows held until the transaction ends."""
    holds.lock_people(session, {notice.person_id})
    visit = get_any(session, Visit, notice.visit_id, lock=True)
    versions = appointments.versions_of(session, visit.id)
    if not versions:
        msg = "There is no such appointment."
        raise NotFound(msg)
    newest = get_any(session, Appointment, versions[-1].id, lock=True)
    return Known(
        notice=get_any(session, Notice, notice.id, lock=True),
        visit=visit,
        appointment=newest,
        person=get_any(session, Person, notice.person_id),
        branch=get_any(session, Branch, notice.branch_id),
        shown_number=newest.number if shown_number is None else shown_number,
    )


def _facts(session: Session, vault: Vault, notice: Notice) -> dict[Challenge, tuple[str, ...]]:
    person = find(session, Person, notice.person_id)
    case = find(session, Case, notice.case_id)
    if person is None or person.data_key is None or case is None:
        return dict.fromkeys(Challenge, ())
    points = notices.contact_points(
        session, person.id, [ContactStatus.VALID, ContactStatus.DOUBTFUL]
    )
    phones = [
        str(vault.read(person, one, "value"))[-4:]
        for one in points
        if one.kind is ContactKind.PHONE
    ]
    year = vault.read(person, person, "birth_year")
    digits = "".join(one for one in case.number if one.isalnum())[-4:]
    return {
        Challenge.PHONE: tuple(dict.fromkeys(phones)),
        Challenge.BIRTH_YEAR: (str(year),) if year is not None else (),
        Challenge.CASE: (digits,) if digits else (),
    }
