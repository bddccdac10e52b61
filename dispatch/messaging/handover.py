"""Handing over: notices are judged once more, marked as being sent, and put into messages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.gateways.message import Channel, Message
from dispatch.messaging.budget import WAITS, Budget, tell_reached
from dispatch.messaging.ground import Ground, ground_of
from dispatch.messaging.settle import ACTOR
from dispatch.messaging.suppress import ban, contact_point
from dispatch.model import Branch, ContactPoint, Notice, NoticeState, Person, SendAttempt, Visit
from dispatch.policy.pack import effective, load_pack
from dispatch.store import notices
from dispatch.store.holds import lock_people
from dispatch.store.incidents import open_incident
from dispatch.store.rows import get_any, get_many
from dispatch.vault import Vault

PUT_OFF: Final = timedelta(minutes=15)
"""How long a notice waits that could not be made ready."""

UNREADY: Final = "notice-unready"
"""The alert about it."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A notice marked as being sent, and the message that says it."""

    notice_id: UUID
    attempt_id: UUID
    message: Message


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be handed over, and in words what came of the others."""

    ready: list[Handover] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Prepared") -> "Prepared":
        """Return both together."""
        return Prepared(self.ready + other.ready, self.counts + other.counts)


def prepare(
    session: Session,
    notice_ids: Sequence[UUID],
    *,
    vault: Vault,
    budget: Budget,
    now: datetime,
) -> Prepared:
    """Mark notices as being sent, or note why they aren't; those that another sender holds are left.

    Two notices of one person never go together: the first counts before the second is judged.
    """
    done = Prepared()
    mine = _locked(session, notice_ids)
    for branch in get_many(session, Branch, {one.branch_id for one in mine}).values():
        law = effective(load_pack(branch.pack_id, budget.settings.pack_folder))
        leaving = [one for one in mine if one.branch_id == branch.id]
        ground = ground_of(session, branch, leaving, law=law, now=now)
        tries = notices.tries_of(session, {one.id for one in leaving})
        for notice in leaving:
            came = _held(session, notice, ground, budget) or _noted(
                session, notice, ground.now, tries.get(notice.id, 0), vault
            )
            if isinstance(came, str):
                done.counts[came] += 1
            else:
                done.ready.append(came)
    return done


def put_off(session: Session, notice_id: UUID, *, now: datetime) -> None:
    """Let a notice wait that can't be made ready, and have somebody look at it."""
    notice = notices.locked(session, notice_id, NoticeState.CHECKED)
    if notice is None:
        return
    notice.send_after_at = now + PUT_OFF
    visit = get_any(session, Visit, notice.visit_id)
    open_incident(session, visit=visit, kind=UNREADY, source_id=notice.id, actor=ACTOR, now=now)


def _locked(session: Session, notice_ids: Sequence[UUID]) -> list[Notice]:
    """Return the notices that may be sent and are ours, one a person, the oldest first."""
    wanted = get_many(session, Notice, set(notice_ids))
    first = {wanted[one].person_id: one for one in reversed(notice_ids) if one in wanted}
    # The person first, as everywhere: a hold that is being put in force is waited for.
    lock_people(session, set(first))
    ours = notices.locked_many(session, set(first.values()), NoticeState.CHECKED)
    return [ours[one] for one in notice_ids if one in ours]


def _held(session: Session, notice: Notice, ground: Ground, budget: Budget) -> str | None:
    """Note why a notice doesn't leave now, and return it in a word; None if it does."""
    now = ground.now
    against = ban(session, notice, ground)
    if against is not None and against.state is not None:
        notice.move_to(against.state, actor=ACTOR, now=now, why=against.why)
        notice.failure = against.why
        return str(against.state)
    if against is not None:
        notice.send_after_at = against.until_at or notice.send_after_at
        return "later"
    if contact_point(session, notice) is None:
        notice.move_to(NoticeState.FAILED, actor=ACTOR, now=now, why="contact point not valid")
        return "failed"
    cap = budget.reached(notice, to_person=ground.lately.get(notice.person_id, 0))
    if cap is not None:
        tell_reached(session, ground.branch, cap, settings=budget.settings, now=now)
        notice.send_after_at = now + WAITS
        return "capped"
    budget.spend(notice)
    return None


def _noted(session: Session, notice: Notice, now: datetime, tries: int, vault: Vault) -> Handover:
    """Put the try on record, and return the message."""
    point = get_any(session, ContactPoint, notice.contact_point_id or notice.id)
    attempt = SendAttempt(
        branch_id=notice.branch_id,
        notice_id=notice.id,
        number=tries + 1,
        started_at=now,
        provider=str(notice.channel),
    )
    session.add(attempt)
    notice.move_to(NoticeState.SENDING, actor=ACTOR, now=now)
    person = get_any(session, Person, notice.person_id)
    body = vault.read(person, notice, "body")
    message = Message(
        id=str(notice.id),
        channel=Channel(str(notice.channel)),
        to=vault.read(person, point, "value"),
        subject=body["subject"],
        text=body["text"],
        language=notice.language,
        template=notice.template,
        values=body.get("values", {}),
    )
    return Handover(notice.id, attempt.id, message)
