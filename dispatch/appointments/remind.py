"""Remind: who was told of a visit and has not answered is reminded, as often as the pack permits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.appointments.draft import put_notice
from dispatch.appointments.one_by_one import one_by_one
from dispatch.model import Appointment, Branch, ContactStatus, NoticeKind
from dispatch.model.visit import UNDECIDED
from dispatch.policy.pack import Pack
from dispatch.store import appointments, holds, notices
from dispatch.vault import Vault

ACTOR: Final = "duty:remind"


def remind(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    law: Pack,
    base_url: str,
    now: datetime,
    limit: int = 100,
) -> int:
    """Draft the reminders that are due, and return how many.

    Each rung of the ladder is one message, and one contact that counts toward every cap; it leaves
    before the next rung, the last one before half its hours are over, or never. Rungs that were
    missed are not made up for. Who answered, was told late, or has no address that is held to be
    right is not reminded; a call or a letter would be more than a reminder is worth.

    Parameters
    ----------
    law
        The effective pack of the branch: the hours before the window at which to remind, and how many
        days before it a visit must have been announced.
    """
    rungs = sorted(law["notice.reminder_hours"], reverse=True)
    if not rungs:
        return 0
    ahead = timedelta(days=int(law["notice.reminder_min_days"]))
    coming = [
        one
        for one in appointments.standing_between(
            session, branch.id, now, now + timedelta(hours=rungs[0]), visit_states=UNDECIDED
        )
        if one.offered_at + ahead <= one.window_from_at
    ]
    ladder = _Ladder(session, vault, branch, law, base_url, rungs, now)
    due = ladder.waiting(coming)[:limit]
    holds.lock_people(session, appointments.people_of(session, due))
    # Asked again, now that nobody else can answer or remind.
    return one_by_one(session, ladder.waiting(due), ladder.put, actor=ACTOR, now=now)


@dataclass(frozen=True, slots=True)
class _Ladder:
    """The rungs, in hours before the window, the earliest first; and what a notice needs."""

    session: Session
    vault: Vault
    branch: Branch
    law: Pack
    base_url: str
    rungs: Sequence[int]
    now: datetime

    def waiting(self, coming: Sequence[Appointment]) -> list[Appointment]:
        """Return those of whose last rung that has come nobody was reminded yet."""
        newest = notices.last_reminders(self.session, {one.id for one in coming})
        return [
            one for one in coming if one.id not in newest or newest[one.id] < self._came_at(one)
        ]

    def put(self, appointment: Appointment) -> bool:
        """Draft the reminder of one appointment; whether there is one."""
        session, now = self.session, self.now
        visit = holds.locked_visits(session, {appointment.visit_id})[appointment.visit_id]
        is_known = notices.contact_points(session, visit.person_id, [ContactStatus.VALID])
        about = notices.about_of(session, visit=visit, appointment=appointment, branch=self.branch)
        if visit.state not in UNDECIDED or not is_known or about.person.data_key is None:
            return False
        rung = self._rung(appointment)
        notice = put_notice(
            session,
            about,
            NoticeKind.REMINDER,
            vault=self.vault,
            law=self.law,
            base_url=self.base_url,
            actor=ACTOR,
            now=now,
            again=rung,
        )
        if notice is None:
            return False
        hours = [*self.rungs, self.rungs[-1] / 2]
        notice.expires_at = appointment.window_from_at - timedelta(hours=hours[rung + 1])
        session.add(notice)
        return True

    def _rung(self, appointment: Appointment) -> int:
        left = appointment.window_from_at - self.now
        return sum(left <= timedelta(hours=hours) for hours in self.rungs) - 1

    def _came_at(self, appointment: Appointment) -> datetime:
        hours = self.rungs[self._rung(appointment)]
        return appointment.window_from_at - timedelta(hours=hours)
