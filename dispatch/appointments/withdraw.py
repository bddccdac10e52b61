"""Withdraw: we can't keep what was announced. Nobody comes, we apologise, another day is proposed."""

from datetime import datetime

from sqlmodel import Session

from dispatch.appointments.draft import put_notice
from dispatch.errors import WrongState
from dispatch.model import (
    Appointment,
    AppointmentState,
    Branch,
    Notice,
    NoticeChannel,
    NoticeKind,
    NoticeState,
    RunReason,
    TakenBack,
    Visit,
    VisitState,
)
from dispatch.model.visit import OPEN
from dispatch.policy.pack import Pack
from dispatch.store import appointments, holds, notices
from dispatch.store.notices import about_of
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from dispatch.wording.draft import draft


def withdraw(
    session: Session,
    *,
    vault: Vault,
    visit: Visit,
    reason: TakenBack,
    law: Pack,
    base_url: str,
    actor: str,
    now: datetime,
    kind: NoticeKind = NoticeKind.APOLOGY,
    why_replan: RunReason = RunReason.ABSENCE,
) -> Notice | None:
    """Take back an announced visit: its slot is free, the visit waits to be planned anew.

    Returns the notice that tells the person; None where nobody had been told yet. Where no
    sendable moment is left before the window, the phone desk has it.

    Raises
    ------
    WrongState
        If the visit was not announced, or has begun.
    """
    visit = holds.locked_visits(session, {visit.id})[visit.id]
    appointment = appointments.standing_of(session, visit.id, lock=True)
    if appointment is None or visit.state not in OPEN:
        msg = f"The visit {visit.reference} is {visit.state} and has no appointment to withdraw."
        raise WrongState(msg, state=str(visit.state))
    was_told = any(
        one.sent_at is not None or one.state in {NoticeState.SENDING, NoticeState.UNKNOWN}
        for one in notices.of_appointment(session, appointment.id)
    )
    appointments.end_appointment(
        session,
        visit=visit,
        appointment=appointment,
        state=AppointmentState.WITHDRAWN,
        actor=actor,
        now=now,
        why=reason,
    )
    visit.move_to(VisitState.DRAFT, actor=actor, now=now, why=reason)
    visit.service_date = None
    visit.times_declined_by_us += 1
    session.add(visit)
    appointments.queue_refill(
        session,
        visit.branch_id,
        appointment.service_date,
        reason=why_replan,
        actor=actor,
        now=now,
    )
    if not was_told:
        return None
    return tell(
        session,
        visit,
        appointment,
        kind,
        vault=vault,
        law=law,
        base_url=base_url,
        actor=actor,
        now=now,
    )


def tell(
    session: Session,
    visit: Visit,
    appointment: Appointment,
    kind: NoticeKind,
    *,
    vault: Vault,
    law: Pack,
    base_url: str,
    actor: str,
    now: datetime,
) -> Notice | None:
    """Draft what tells a person that nobody comes: a message, else a call; None if they were erased."""
    about = about_of(
        session,
        visit=visit,
        appointment=appointment,
        branch=get_any(session, Branch, visit.branch_id),
    )
    if about.person.data_key is None:
        return None
    notice = put_notice(
        session, about, kind, vault=vault, law=law, base_url=base_url, actor=actor, now=now
    )
    if notice is not None:
        return notice
    by_phone = draft(
        about,
        kind,
        vault=vault,
        base_url=base_url,
        point=None,
        by_hand=NoticeChannel.PHONE_DESK,
        send_after_at=now,
        now=now,
    )
    session.add(by_phone)
    session.flush()
    by_phone.move_to(NoticeState.CHECKED, actor=actor, now=now, why="too late for a message")
    return by_phone
