"""The phone desk: notices that a person brings, and doubts that a person clears up."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import WrongState
from dispatch.messaging.caps import may_be_brought
from dispatch.messaging.suppress import INVITES
from dispatch.model import (
    ContactChannel,
    Notice,
    NoticeChannel,
    NoticeState,
    record,
)
from dispatch.policy.pack import Pack
from dispatch.store import notices
from dispatch.store.contact_counts import count_contact, count_try
from dispatch.store.holds import lock_people
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope


def to_tell(
    session: Session, scope: Scope, branch_id: UUID, *, law: Pack, now: datetime
) -> list[Notice]:
    """Return the notices of a branch that somebody must tell by phone or send by letter now.

    One that would be a contact too many for its person, or a call outside hours, is listed again
    when it may be made. That no visit will come may always be told.
    """
    return [
        notice
        for notice in notices.by_hand(session, scope, branch_id, now)
        if notice.kind not in INVITES or may_be_brought(session, notice, law=law, now=now)
    ]


def to_clear_up(session: Session, scope: Scope, branch_id: UUID) -> list[Notice]:
    """Return the notices of which nobody knows whether they left."""
    return notices.in_doubt(session, scope, branch_id)


def record_told(
    session: Session, *, notice: Notice, law: Pack, account_id: UUID, now: datetime
) -> bool:
    """Note that the person was told in person: proof of delivery; whether it was in time.

    Raises
    ------
    WrongState
        If the notice is not one that somebody is to tell, or has been overtaken.
    """
    lock_people(session, {notice.person_id})
    notice = get_any(session, Notice, notice.id, lock=True)
    if notice.channel not in {NoticeChannel.PHONE_DESK, NoticeChannel.LETTER} or (
        notice.state is not NoticeState.CHECKED
    ):
        msg = f"The notice is {notice.state} by {notice.channel}; look at the list again, it has changed."
        raise WrongState(msg, state=str(notice.state))
    actor = f"account:{account_id}"
    notice.move_to(NoticeState.SENDING, actor=actor, now=now)
    notice.prove_delivered("personal", actor=actor, now=now)
    notice.sent_at = now
    session.add(notice)
    is_call = notice.channel is NoticeChannel.PHONE_DESK
    count_contact(
        session,
        notice,
        channel=ContactChannel.PHONE if is_call else ContactChannel.LETTER,
        now=now,
    )
    return notices.settle_proof(session, notice, law=law, actor=actor, now=now)


def record_not_reached(
    session: Session, *, notice: Notice, law: Pack, account_id: UUID, now: datetime
) -> None:
    """Note a call that nobody took: it counts as a contact, and the notice waits until it may be tried again.

    Raises
    ------
    WrongState
        If the notice is none to be told by phone, or no call may be made now.
    """
    lock_people(session, {notice.person_id})
    notice = get_any(session, Notice, notice.id, lock=True)
    is_to_call = notice.channel is NoticeChannel.PHONE_DESK and notice.state is NoticeState.CHECKED
    if not is_to_call or not (
        notice.kind not in INVITES or may_be_brought(session, notice, law=law, now=now)
    ):
        msg = f"The notice is {notice.state} by {notice.channel}, or no call may be made now; look at the list again."
        raise WrongState(msg, state=str(notice.state))
    tries = count_try(session, notice, now=now)
    record(notice, "notice.not_reached", actor=f"account:{account_id}", now=now, tries=tries)


def clear_up(
    session: Session, *, notice: Notice, has_left: bool, account_id: UUID, now: datetime
) -> Notice:
    """Note what somebody found out about a notice in doubt; one that never left is replaced.

    Raises
    ------
    WrongState
        If the notice is not in doubt (any more).
    """
    notice = get_any(session, Notice, notice.id, lock=True)
    if notice.state is not NoticeState.UNKNOWN:
        msg = f"The notice is {notice.state}; there is no doubt about it to clear up."
        raise WrongState(msg, state=str(notice.state))
    actor = f"account:{account_id}"
    notice.move_to(NoticeState.SENT if has_left else NoticeState.FAILED, actor=actor, now=now)
    session.add(notice)
    record(notice, "notice.cleared_up", actor=actor, now=now, has_left=has_left)
    return notice
