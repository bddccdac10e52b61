"""Replace a notice that failed: the person's next contact point, else somebody who calls or writes."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.messaging.settle import ACTOR
from dispatch.model import (
    Appointment,
    Branch,
    ContactKind,
    ContactStatus,
    Notice,
    NoticeChannel,
    NoticeKind,
    NoticeState,
    Visit,
)
from dispatch.store import notices
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from dispatch.wording.draft import draft

MOST: Final = 4
"""Notices that may replace one: a person has few contact points, and each try is a contact."""


def replace_notice(
    session: Session, notice: Notice, *, vault: Vault, base_url: str, now: datetime
) -> Notice | None:
    """Draft the notice anew for where it has not been tried yet; None if nobody is left to tell."""
    notice.move_to(NoticeState.REPLACED, actor=ACTOR, now=now)
    session.add(notice)
    if notice.appointment_id is None or notice.kind is NoticeKind.REMINDER:
        return None  # whoever is not reminded was told all the same
    alike = [
        one
        for one in notices.of_appointment(session, notice.appointment_id)
        if one.kind is notice.kind
    ]
    branch = get_any(session, Branch, notice.branch_id)
    about = notices.about_of(
        session,
        visit=get_any(session, Visit, notice.visit_id),
        appointment=get_any(session, Appointment, notice.appointment_id),
        branch=branch,
    )
    if about.person.data_key is None or len(alike) > MOST:
        return None
    tried = {one.contact_point_id for one in alike}
    points = [
        one
        for one in notices.contact_points(session, about.person.id, [ContactStatus.VALID])
        if one.id not in tried
    ]
    fresh = draft(
        about,
        notice.kind,
        vault=vault,
        base_url=base_url,
        point=points[0] if points else None,
        by_hand=_by_hand(session, notice),
        send_after_at=now,
        now=now,
        again=len(alike),
    )
    session.add(fresh)
    session.flush()
    fresh.move_to(NoticeState.CHECKED, actor=ACTOR, now=now, why="replaces one that failed")
    return fresh


def _by_hand(session: Session, notice: Notice) -> NoticeChannel:
    points = notices.contact_points(
        session, notice.person_id, [ContactStatus.VALID, ContactStatus.DOUBTFUL]
    )
    has_number = any(one.kind is ContactKind.PHONE for one in points)
    return NoticeChannel.PHONE_DESK if has_number else NoticeChannel.LETTER
