"""Draft a notice: its words, its hashes, its link; sealed at once, still to be added and checked."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from dispatch.ids import new_token
from dispatch.model import (
    Appointment,
    Branch,
    ContactKind,
    ContactPoint,
    Notice,
    NoticeChannel,
    NoticeKind,
    Person,
    Visit,
)
from dispatch.policy.hashes import notice_hash
from dispatch.vault import Vault
from dispatch.wording.library import language_of, values_of, words

_TEMPLATE: Final = {
    NoticeKind.ANNOUNCEMENT: "announcement",
    NoticeKind.CORRECTION: "receipt",
    NoticeKind.RECEIPT: "receipt",
    NoticeKind.REMINDER: "reminder",
    NoticeKind.CANCELLATION: "cancellation",
    NoticeKind.APOLOGY: "apology",
}
_BY_KIND: Final = {
    ContactKind.EMAIL: NoticeChannel.EMAIL,
    ContactKind.PHONE: NoticeChannel.SMS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a notice is about, and to whom."""

    visit: Visit
    appointment: Appointment
    person: Person
    branch: Branch
    time_zone: str
    """Of the place."""
    crew_hash: str
    substitute_hashes: tuple[str, ...] = ()
    """Of the crews with the substitute that is named."""


def draft(
    about: About,
    kind: NoticeKind,
    *,
    vault: Vault,
    base_url: str,
    point: ContactPoint | None,
    by_hand: NoticeChannel = NoticeChannel.PHONE_DESK,
    send_after_at: datetime,
    now: datetime,
    again: int = 0,
) -> Notice:
    """Return a notice in words, for a contact point or, where there is none, for a person to bring.

    Parameters
    ----------
    by_hand
        What a person does where there is no contact point.
    again
        Counts the notices after the first of its kind, such as those that replace it: each is a message
        of its own.

    Raises
    ------
    Refused
        If the content guard objects.
    ValueError
        If the person was erased.
    """
    appointment, visit = about.appointment, about.visit
    token = new_token()
    language = language_of(about.person.language, about.branch.language)
    channel = _BY_KIND[point.kind] if point is not None else by_hand
    values = values_of(
        language=language,
        time_zone=about.time_zone,
        service_date=appointment.service_date,
        window_from_at=appointment.window_from_at,
        window_until_at=appointment.window_until_at,
        reference=visit.reference,
        link=f"{base_url.rstrip('/')}/b/{token}",
    )
    told = words(_TEMPLATE[kind], str(channel), language, values)
    key = f"{visit.id}/{appointment.number}/{kind}" + (f"/{again}" if again else "")
    notice = Notice(
        branch_id=visit.branch_id,
        case_id=visit.case_id,
        person_id=visit.person_id,
        visit_id=visit.id,
        appointment_id=appointment.id,
        appointment_number=appointment.number,
        kind=kind,
        dedup_key=key,
        language=language,
        channel=channel,
        contact_point_id=point.id if point is not None else None,
        content_hash=notice_hash(
            window_from=appointment.window_from_at,
            window_until=appointment.window_until_at,
            place_id=appointment.place_id,
            crew=about.crew_hash,
            purpose=visit.purpose,
        ),
        crew_hash=about.crew_hash,
        substitute_hashes=list(about.substitute_hashes),
        template=told.template,
        template_version=told.template_version,
        body_hash=told.hash,
        token_hash=sha256(token.encode()).hexdigest(),
        drafted_at=now,
        send_after_at=send_after_at,
        expires_at=appointment.window_until_at,
    )
    vault.write(about.person, notice, "token", token)
    vault.write(
        about.person,
        notice,
        "body",
        {"subject": told.subject, "text": told.text, "link": values["link"], "values": values},
    )
    return notice
