"""Unkept: announced visits that nobody can make, or that no published plan holds; the person is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.appointments.one_by_one import one_by_one
from dispatch.appointments.withdraw import withdraw
from dispatch.model import (
    AgentState,
    Appointment,
    Branch,
    NoticeKind,
    RunReason,
    TakenBack,
    Visit,
    VisitState,
)
from dispatch.model.visit import OPEN
from dispatch.policy.pack import Pack
from dispatch.store import appointments, days, holds
from dispatch.store.rows import get_many
from dispatch.vault import Vault

ACTOR: Final = "duty:unkept"

_WAITING: Final = frozenset({VisitState.NOTICED, VisitState.UNANSWERED, VisitState.CONFIRMED})


def withdraw_unmanned(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    law: Pack,
    base_url: str,
    now: datetime,
    limit: int = 100,
) -> int:
    """Withdraw announced visits of which a member of the crew can't come; return how many.

    After the notice a visit is its crew's: nobody comes instead, and never one agent alone. Until
    its day is published a crew stands or falls with its roster; from then on only what overlaps
    an absence falls.
    """
    coming = appointments.standing_after(session, branch.id, now)
    visits = get_many(session, Visit, {one.visit_id for one in coming})
    unmanned = _unmanned(
        session, branch, [one for one in coming if visits[one.visit_id].state in OPEN], visits
    )
    holds.lock_people(session, {visits[one.visit_id].person_id for one in unmanned[:limit]})

    def take_back(appointment: Appointment) -> bool:
        visit = holds.locked_visits(session, {appointment.visit_id})[appointment.visit_id]
        current = appointments.standing_of(session, visit.id, lock=True)
        if visit.state not in OPEN or current is None or current.id != appointment.id:
            return False
        withdraw(
            session,
            vault=vault,
            visit=visit,
            reason=TakenBack.CREW_AWAY,
            law=law,
            base_url=base_url,
            actor=ACTOR,
            now=now,
        )
        return True

    return one_by_one(session, unmanned[:limit], take_back, actor=ACTOR, now=now)


def withdraw_unpublished(
    session: Session,
    *,
    vault: Vault,
    branch: Branch,
    law: Pack,
    base_url: str,
    now: datetime,
    limit: int = 100,
) -> int:
    """Withdraw visits that no published plan sends a crew to; return how many.

    Those whose window begins, and at once those that were published and taken back since: the
    person must not wait in vain.
    """
    # What was taken back may never be made: that nobody comes is all that can be promised.
    taken = appointments.taken_back(session, branch.id, now, visit_states=_WAITING, limit=limit)
    begun = appointments.standing_before(
        session, branch.id, now, visit_states=_WAITING, limit=limit
    )
    begun += taken
    holds.lock_people(session, appointments.people_of(session, begun))

    def take_back(appointment: Appointment) -> bool:
        visit = holds.locked_visits(session, {appointment.visit_id})[appointment.visit_id]
        current = appointments.standing_of(session, visit.id, lock=True)
        if visit.state not in _WAITING or current is None or current.id != appointment.id:
            return False
        withdraw(
            session,
            vault=vault,
            visit=visit,
            reason=TakenBack.NOT_PUBLISHED,
            law=law,
            base_url=base_url,
            actor=ACTOR,
            now=now,
            kind=NoticeKind.CANCELLATION if appointment in taken else NoticeKind.APOLOGY,
            why_replan=RunReason.DELAY,
        )
        return True

    return one_by_one(session, begun, take_back, actor=ACTOR, now=now)


def _unmanned(
    session: Session,
    branch: Branch,
    coming: Sequence[Appointment],
    visits: dict[UUID, Visit],
) -> list[Appointment]:
    members = days.members_of(session, {one.crew_version_id for one in coming})
    agents = {agent.id for group in members.values() for agent in group}
    away = days.absences_of(session, agents)
    present = {
        on: {one.agent.id for one in days.on_shift(session, branch.id, on)}
        for on in {one.service_date for one in coming}
    }

    def can_come(appointment: Appointment) -> bool:
        crew = members.get(appointment.crew_version_id, ())
        if visits[appointment.visit_id].state is not VisitState.RELEASED:
            return {agent.id for agent in crew} <= present[appointment.service_date]
        return all(
            agent.state is AgentState.ACTIVE
            and not any(
                one.from_at < appointment.window_until_at
                and appointment.window_from_at < one.until_at
                for one in away[agent.id]
            )
            for agent in crew
        )

    return [one for one in coming if not can_come(one)]
