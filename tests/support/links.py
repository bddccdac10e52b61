"""A borrower's link to a visit that was announced, and what its holder knows."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, select

from dispatch.ids import new_token
from dispatch.model import (
    Appointment,
    ContactKind,
    ContactPoint,
    Notice,
    NoticeChannel,
    NoticeKind,
    NoticeState,
    Person,
    Visit,
)
from dispatch.store.notices import token_hash
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support.builders import NOW, add


@dataclass(frozen=True)
class Link:
    """The token in the link, and the two facts that open it."""

    token: str
    facts: dict[str, str]


def a_link(session: Session, vault: Vault, visit: Visit) -> Link:
    """Return the link of a notice that was sent about the visit's appointment."""
    appointment = session.exec(select(Appointment).where(Appointment.visit_id == visit.id)).one()
    token = new_token()
    add(
        session,
        Notice(
            branch_id=visit.branch_id,
            case_id=visit.case_id,
            person_id=visit.person_id,
            visit_id=visit.id,
            appointment_id=appointment.id,
            appointment_number=appointment.number,
            kind=NoticeKind.ANNOUNCEMENT,
            state=NoticeState.SENT,
            dedup_key=f"link/{visit.id}",
            language="zh-CN",
            channel=NoticeChannel.EMAIL,
            content_hash="0" * 64,
            token_hash=token_hash(token),
            drafted_at=NOW,
            send_after_at=NOW,
            sent_at=NOW,
            expires_at=appointment.window_until_at + timedelta(days=1),
        ),
    )
    return Link(token, facts_of(session, vault, visit))


def facts_of(session: Session, vault: Vault, visit: Visit) -> dict[str, str]:
    """Return the two facts that a person knows and a finder of the link does not."""
    person = get_any(session, Person, visit.person_id)
    phone = session.exec(
        select(ContactPoint).where(
            ContactPoint.person_id == person.id, ContactPoint.kind == ContactKind.PHONE
        )
    ).one()
    return {
        "phone_last4": vault.read(person, phone, "value")[-4:],
        "birth_year": str(vault.read(person, person, "birth_year")),
    }
