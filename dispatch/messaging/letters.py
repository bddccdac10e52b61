"""Letters to print: for whom neither a message nor a call reaches."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.gateways.letter_pdf import Letter, fits
from dispatch.messaging.desk import to_tell
from dispatch.model import Notice, NoticeChannel, Person, Place, Visit, record
from dispatch.policy.pack import Pack
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True)
class Post:
    """Letters to print, and the references of visits whose letter fits no page or window."""

    letters: list[Letter] = field(default_factory=list)
    too_long: list[str] = field(default_factory=list)


def to_print(
    session: Session,
    *,
    vault: Vault,
    scope: Scope,
    branch_id: UUID,
    law: Pack,
    actor: str,
    now: datetime,
) -> Post:
    """Return the letters of a branch that may go out now, and note that they were handed out.

    They stay on the desk's list until somebody says that the person was told.
    """
    waiting = [
        notice
        for notice in to_tell(session, scope, branch_id, law=law, now=now)
        if notice.channel is NoticeChannel.LETTER
    ]
    post = Post()
    for notice in waiting:
        person = get_any(session, Person, notice.person_id)
        if person.data_key is None:
            continue
        visit = get_any(session, Visit, notice.visit_id)
        letter = _letter(session, vault, notice, person, visit)
        if fits(letter):
            post.letters.append(letter)
            record(notice, "notice.printed", actor=actor, now=now)
        else:
            post.too_long.append(visit.reference)
    return post


def _letter(
    session: Session, vault: Vault, notice: Notice, person: Person, visit: Visit
) -> Letter:
    place = get_any(session, Place, visit.place_id)
    body = vault.read(person, notice, "body") or {}
    return Letter(
        name=str(vault.read(person, person, "name") or ""),
        address=str(vault.read(person, place, "address") or ""),
        text=str(body.get("text", "")),
    )
