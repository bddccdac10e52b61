"""Notices of an appointment: to whom, by what means, from when on; drafted, checked, stored."""

from datetime import datetime, timedelta

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import (
    ContactKind,
    ContactStatus,
    Notice,
    NoticeChannel,
    NoticeKind,
    NoticeState,
)
from dispatch.policy.calendar import Calendar
from dispatch.policy.pack import Pack
from dispatch.policy.windows import next_sendable
from dispatch.store import days
from dispatch.store.notices import contact_points, region_of_place
from dispatch.vault import Vault
from dispatch.wording.draft import About, draft


def put_notice(
    session: Session,
    about: About,
    kind: NoticeKind,
    *,
    vault: Vault,
    law: Pack,
    base_url: str,
    actor: str,
    now: datetime,
    calendar: Calendar | None = None,
    again: int = 0,
) -> Notice | None:
    """Store a notice ready to leave; None if no moment is left at which it may.

    `again` counts the notices of its kind that went before it.

    It goes to the person's preferred valid contact point. Where there is none a person brings it:
    by phone if a number of any sort is known, else by letter.
    """
    calendar = calendar or calendar_until(session, about, now=now)
    region = region_of_place(session, about.appointment, about.branch)
    send_after_at = next_sendable(
        law,
        time_zones=(about.time_zone,),
        from_at=now,
        until_at=about.appointment.window_from_at,
        calendar=calendar.at(region),
    )
    if send_after_at is None:
        return None
    valid = contact_points(session, about.person.id, [ContactStatus.VALID])
    doubtful = contact_points(session, about.person.id, [ContactStatus.DOUBTFUL])
    has_number = any(one.kind is ContactKind.PHONE for one in (*valid, *doubtful))
    notice = draft(
        about,
        kind,
        vault=vault,
        base_url=base_url,
        point=valid[0] if valid else None,
        by_hand=NoticeChannel.PHONE_DESK if has_number else NoticeChannel.LETTER,
        send_after_at=send_after_at,
        now=now,
        again=again,
    )
    session.add(notice)
    session.flush()
    notice.move_to(NoticeState.CHECKED, actor=actor, now=now)
    return notice


def calendar_until(session: Session, about: About, *, now: datetime) -> Calendar:
    """Return the branch's calendar from yesterday to the appointment."""
    today = local_date(about.branch.time_zone, now)
    return days.calendar_of(
        session,
        about.branch,
        from_on=today - timedelta(days=1),
        to_on=max(about.appointment.service_date, today),
    )
