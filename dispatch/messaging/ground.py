"""What notices of one branch are judged by when they are about to leave, read once for many."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Appointment, Branch, ContactPoint, Hold, Notice, Person, Place, Visit
from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.store import days, facts, holds, notices
from dispatch.store.rows import get_many


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Facts, holds, law and calendar at one instant, in the transaction that sends."""

    branch: Branch
    law: Pack
    now: datetime
    is_stopped: bool
    held: Mapping[UUID, Sequence[Hold]]
    """By the person's id."""
    facts: Mapping[UUID, VisitFacts]
    """By the visit's id."""
    calendar: Calendar
    lately: Mapping[UUID, int]
    """Tries to reach each person in the last 24 hours, by the person's id."""
    rows: Sequence[Any]
    """What was read ahead: the session finds it again as long as somebody holds it."""

    @property
    def today(self) -> date:
        """The branch's date."""
        return local_date(self.branch.time_zone, self.now)


def ground_of(
    session: Session, branch: Branch, leaving: Collection[Notice], *, law: Pack, now: datetime
) -> Ground:
    """Read what these notices of a branch are judged by; their people are locked already."""
    today = local_date(branch.time_zone, now)
    visits = get_many(session, Visit, {one.visit_id for one in leaving})
    told = get_many(session, Appointment, {n.appointment_id for n in leaving if n.appointment_id})
    points = {n.contact_point_id for n in leaving if n.contact_point_id}
    return Ground(
        branch=branch,
        law=law,
        now=now,
        is_stopped=notices.is_sending_stopped(session, branch),
        held=holds.holds_of_many(session, {one.person_id for one in leaving}),
        facts=facts.visit_facts(session, list(visits.values()), branch, on=today),
        calendar=days.calendar_of(
            session,
            branch,
            from_on=today - timedelta(days=1),
            to_on=max([today, *(one.service_date for one in told.values())]),
        ),
        lately=notices.tries_to_people(
            session, {one.person_id for one in leaving}, now - timedelta(days=1)
        ),
        rows=(
            visits,
            told,
            get_many(session, ContactPoint, points),
            get_many(session, Person, {one.person_id for one in leaving}),
            get_many(session, Place, {one.place_id for one in told.values()}),
        ),
    )
