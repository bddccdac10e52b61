"""Notices: what is to be sent, what was, and what proves that it arrived."""

import hashlib
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from dispatch.model import (
    Appointment,
    Branch,
    ContactPoint,
    ContactStatus,
    CrewVersion,
    Notice,
    NoticeChannel,
    NoticeKind,
    NoticeState,
    Person,
    Place,
    SendAttempt,
    SendState,
    Switch,
    Visit,
    VisitState,
)
from dispatch.model.notice import PROVEN
from dispatch.policy.pack import Pack
from dispatch.policy.regions import region_of
from dispatch.store.rows import find, get_any, grouped
from dispatch.store.scope import Scope, scoped
from dispatch.store.substitutes import hashes_named
from dispatch.wording.draft import About

SEND_NOTHING = "send_nothing"
"""The name of the switch that stops every message, everywhere or in one branch."""

_OVER = frozenset({NoticeState.SUPERSEDED, NoticeState.SUPPRESSED, NoticeState.REPLACED})
_BY_MACHINE = (NoticeChannel.EMAIL, NoticeChannel.SMS)
_BY_HAND = (NoticeChannel.PHONE_DESK, NoticeChannel.LETTER)


def token_hash(token: str) -> str:
    """Return the hash under which a link's token is kept; the token itself is sealed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def by_token(session: Session, token: str) -> Notice | None:
    """Return the notice whose link carries the token."""
    return session.exec(select(Notice).where(Notice.token_hash == token_hash(token))).first()


def by_dedup_key(session: Session, dedup_key: str) -> Notice | None:
    """Return the notice that was drafted under a key."""
    return session.exec(select(Notice).where(Notice.dedup_key == dedup_key)).first()


def by_provider_id(session: Session, provider: str, provider_id: str) -> Notice | None:
    """Return the notice that a gateway knows by its own number."""
    return session.exec(
        select(Notice)
        .join(SendAttempt, col(SendAttempt.notice_id) == col(Notice.id))
        .where(SendAttempt.provider == provider, SendAttempt.provider_id == provider_id)
    ).first()


def newest_sent_to(
    session: Session, value_index: str, *, by_any_means: bool = False
) -> list[Notice]:
    """Return of each person who was written to at a contact point (keyed hash) the newest notice.

    `by_any_means`: of each person who has that contact point, wherever they were written to.
    """
    theirs = ContactPoint.person_id if by_any_means else ContactPoint.id
    written = Notice.person_id if by_any_means else Notice.contact_point_id
    rows = session.exec(
        select(Notice)
        .join(ContactPoint, col(theirs) == col(written))
        .where(
            ContactPoint.value_index == value_index,
            col(Notice.sent_at).is_not(None),
            col(Notice.appointment_id).is_not(None),
        )
        .order_by(col(Notice.sent_at), col(Notice.id))
    )
    return list({one.person_id: one for one in rows}.values())


def of_appointment(session: Session, appointment_id: UUID) -> list[Notice]:
    """Return the notices about one version of an appointment, oldest first."""
    return list(
        session.exec(
            select(Notice)
            .where(Notice.appointment_id == appointment_id)
            .order_by(col(Notice.drafted_at), col(Notice.dedup_key))
        )
    )


def last_reminders(session: Session, appointment_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when the newest reminder of each appointment was drafted; none where there is none."""
    found = grouped(
        session,
        Notice,
        col(Notice.appointment_id),
        appointment_ids,
        Notice.kind == NoticeKind.REMINDER,
    )
    return {key: max(one.drafted_at for one in rows) for key, rows in found.items() if rows}


def of_visit(session: Session, visit_id: UUID) -> list[Notice]:
    """Return the notices about a visit, oldest first."""
    return list(
        session.exec(
            select(Notice)
            .where(Notice.visit_id == visit_id)
            .order_by(col(Notice.drafted_at), col(Notice.dedup_key))
        )
    )


def contact_points(
    session: Session, person_id: UUID, statuses: Collection[ContactStatus]
) -> list[ContactPoint]:
    """Return a person's contact points of these statuses, the preferred first."""
    return list(
        session.exec(
            select(ContactPoint)
            .where(
                ContactPoint.person_id == person_id, col(ContactPoint.status).in_(list(statuses))
            )
            .order_by(
                col(ContactPoint.is_preferred).desc(),
                col(ContactPoint.kind),
                col(ContactPoint.value_index),
            )
        )
    )


def due(
    session: Session, now: datetime, *, limit: int, channel: NoticeChannel | None = None
) -> list[UUID]:
    """Return notices that may leave now, the oldest first, save where sending is switched off.

    `channel`: by this means alone; None are all that need nobody to bring them.
    """
    stopped = select(Switch.branch_id).where(_is_stopping(), col(Switch.branch_id).is_not(None))
    return list(
        session.exec(
            select(Notice.id)
            .join(Branch, col(Branch.id) == col(Notice.branch_id))
            .where(
                Notice.state == NoticeState.CHECKED,
                col(Notice.channel).in_(_BY_MACHINE if channel is None else (channel,)),
                col(Notice.send_after_at) <= now,
                col(Branch.sends_nothing).is_(False),
                col(Branch.id).not_in(stopped),
            )
            .order_by(col(Notice.send_after_at), col(Notice.id))
            .limit(limit)
        )
    )


def failed(session: Session, *, limit: int) -> list[UUID]:
    """Return notices that failed and that nothing has replaced yet."""
    return list(
        session.exec(
            select(Notice.id)
            .where(Notice.state == NoticeState.FAILED)
            .order_by(col(Notice.drafted_at), col(Notice.id))
            .limit(limit)
        )
    )


def locked(session: Session, notice_id: UUID, state: NoticeState) -> Notice | None:
    """Return a notice in a state, held for this transaction; None where another is at it."""
    return session.exec(
        select(Notice)
        .where(Notice.id == notice_id, Notice.state == state)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()


def locked_many(
    session: Session, notice_ids: Collection[UUID], state: NoticeState
) -> dict[UUID, Notice]:
    """Return notices in a state, held for this transaction, by id; without those another is at."""
    rows = session.exec(
        select(Notice)
        .where(col(Notice.id).in_(list(notice_ids)), Notice.state == state)
        .order_by(col(Notice.id))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {one.id: one for one in rows}


def by_hand(
    session: Session, scope: Scope, branch_id: UUID, now: datetime, *, limit: int = 200
) -> list[Notice]:
    """Return the notices that a person must bring: told by phone or sent by letter."""
    chosen = scoped(select(Notice), Notice.branch_id, scope).where(
        Notice.branch_id == branch_id,
        Notice.state == NoticeState.CHECKED,
        col(Notice.channel).in_(_BY_HAND),
        col(Notice.expires_at) > now,
    )
    return list(session.exec(chosen.order_by(col(Notice.expires_at)).limit(limit)))


def in_doubt(session: Session, scope: Scope, branch_id: UUID, *, limit: int = 200) -> list[Notice]:
    """Return the notices of which nobody knows whether they left: a person must find out."""
    chosen = scoped(select(Notice), Notice.branch_id, scope).where(
        Notice.branch_id == branch_id, Notice.state == NoticeState.UNKNOWN
    )
    return list(session.exec(chosen.order_by(col(Notice.expires_at)).limit(limit)))


def attempts_of(session: Session, notice_id: UUID) -> list[SendAttempt]:
    """Return the tries to send a notice, the first first."""
    return list(
        session.exec(
            select(SendAttempt)
            .where(SendAttempt.notice_id == notice_id)
            .order_by(col(SendAttempt.number))
        )
    )


def tries_of(session: Session, notice_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how often each notice was tried, by its id; none where it never was."""
    found = grouped(session, SendAttempt, col(SendAttempt.notice_id), notice_ids)
    return {key: len(rows) for key, rows in found.items()}


def refusals_of(session: Session, notice_id: UUID) -> int:
    """Return how many of a notice's tries were refused, save by a gateway that was down."""
    return session.exec(
        select(func.count()).where(
            SendAttempt.notice_id == notice_id,
            SendAttempt.state == SendState.REJECTED,
            col(SendAttempt.is_spent).is_(True),
        )
    ).one()


def tries_since(session: Session, since: datetime) -> Counter[tuple[UUID, str]]:
    """Return how many tries began after an instant that may have cost, by branch and channel."""
    rows = session.exec(
        select(SendAttempt.branch_id, SendAttempt.provider, func.count())
        .where(col(SendAttempt.started_at) > since, col(SendAttempt.is_spent).is_(True))
        .group_by(col(SendAttempt.branch_id), col(SendAttempt.provider))
    )
    return Counter({(branch_id, channel): number for branch_id, channel, number in rows})


def tries_to_people(
    session: Session, person_ids: Collection[UUID], since: datetime
) -> Counter[UUID]:
    """Return how many tries to reach each person began after an instant, by the person's id."""
    rows = session.exec(
        select(Notice.person_id, func.count())
        .join(SendAttempt, col(SendAttempt.notice_id) == col(Notice.id))
        .where(
            col(Notice.person_id).in_(list(person_ids)),
            col(SendAttempt.started_at) > since,
            col(SendAttempt.is_spent).is_(True),
        )
        .group_by(col(Notice.person_id))
    )
    return Counter(dict(rows.all()))


def lost_attempts(session: Session, before: datetime, *, limit: int) -> list[SendAttempt]:
    """Return tries that began before an instant and never ended: their process died."""
    return list(
        session.exec(
            select(SendAttempt)
            .where(SendAttempt.state == SendState.STARTED, col(SendAttempt.started_at) < before)
            .order_by(col(SendAttempt.started_at))
            .limit(limit)
        )
    )


def is_sending_stopped(session: Session, branch: Branch | None = None) -> bool:
    """Whether the operator has switched off every message: everywhere, or in this branch."""
    if branch is not None and branch.sends_nothing:
        return True
    where: Any = col(Switch.branch_id).is_(None)
    if branch is not None:
        where = or_(where, Switch.branch_id == branch.id)
    return session.exec(select(Switch).where(_is_stopping(), where)).first() is not None


def _is_stopping() -> Any:
    return (
        (col(Switch.name) == SEND_NOTHING)
        & col(Switch.is_on).is_(True)
        & col(Switch.ended_at).is_(None)
    )


def about_of(session: Session, *, visit: Visit, appointment: Appointment, branch: Branch) -> About:
    """Return what a notice about an appointment needs to know."""
    return About(
        visit=visit,
        appointment=appointment,
        person=get_any(session, Person, visit.person_id),
        branch=branch,
        time_zone=time_zone_of(session, appointment, branch),
        crew_hash=get_any(session, CrewVersion, appointment.crew_version_id).members_hash,
        substitute_hashes=tuple(hashes_named(session, appointment)),
    )


def time_zone_of(session: Session, appointment: Appointment, branch: Branch) -> str:
    """Return the zone of an appointment's place."""
    return get_any(session, Place, appointment.place_id).time_zone or branch.time_zone


def region_of_place(session: Session, appointment: Appointment, branch: Branch) -> str | None:
    """Return the region whose calendar binds at an appointment's place beside the branch's."""
    place = get_any(session, Place, appointment.place_id)
    return region_of(
        region=place.region,
        time_zone=place.time_zone,
        branch_region=branch.country,
        branch_time_zone=branch.time_zone,
    )


def end_notices(
    session: Session, appointment_id: UUID, *, actor: str, now: datetime, why: str
) -> None:
    """End what was told about an appointment: what has not left never will, the rest is void."""
    for notice in of_appointment(session, appointment_id):
        end_notice(notice, actor=actor, now=now, why=why)


def end_notice(notice: Notice, *, actor: str, now: datetime, why: str) -> None:
    """End one notice; one that is over already stays as it is."""
    if notice.state in _OVER:
        return
    for state in (NoticeState.SUPPRESSED, NoticeState.SUPERSEDED):
        if notice.may_become(state):
            notice.move_to(state, actor=actor, now=now, why=why)
            return


def settle_proof(
    session: Session, notice: Notice, *, law: Pack, actor: str, now: datetime
) -> bool:
    """Move the visit on when its notice is proven to have arrived in time; whether it now has.

    In time means: the pack's notice hours lie between the proof and the window's beginning.
    """
    if notice.appointment_id is None or notice.state not in PROVEN:
        return False
    appointment = find(session, Appointment, notice.appointment_id)
    visit = find(session, Visit, notice.visit_id)
    if appointment is None or visit is None or notice.delivered_at is None:
        return False
    lead = timedelta(hours=int(law["notice.min_hours"]))
    is_in_time = notice.delivered_at + lead <= appointment.window_from_at
    if is_in_time and visit.state is VisitState.AUDITED:
        visit.move_to(VisitState.NOTICED, actor=actor, now=now, why="delivered in time")
    return is_in_time


def sent_for(session: Session, branch_id: UUID, on: date) -> list[Notice]:
    """Return the notices that have left for appointments of a date, and are not proven yet."""
    return list(
        session.exec(
            select(Notice)
            .join(Appointment, col(Appointment.id) == col(Notice.appointment_id))
            .where(
                Notice.branch_id == branch_id,
                Appointment.service_date == on,
                Notice.state == NoticeState.SENT,
            )
            .order_by(col(Notice.dedup_key))
        )
    )
