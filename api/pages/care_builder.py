"""Fills the page of care from a branch's open incidents, complaints, calls and holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from api.house import House
from api.pages.care_risks import risk_views
from api.pages.care_views import AlertView, CallView, CarePage, ComplaintView, HoldView
from api.pages.views import BranchChoice, Page
from dispatch.access.identity import Identity
from dispatch.care.alerts import URGENT
from dispatch.care.complaints import NEEDS, said
from dispatch.clock import local_date
from dispatch.model import (
    Account,
    Branch,
    CareCall,
    Case,
    Complaint,
    ComplaintState,
    Hold,
    Incident,
    Person,
    Releaser,
    Visit,
    releaser_of,
)
from dispatch.model.care_call import CARE_CALLS
from dispatch.model.complaint import COMPLAINTS, UNANSWERED
from dispatch.store import accounts, branches, care, complaints, incidents
from dispatch.store.rows import get_any, get_many
from dispatch.vault import Vault

MOST: Final = 100
"""Cards in one section; dealing with the first ones brings the next."""


def care_page(
    session: Session, *, house: House, me: Identity, branch: Branch, page: Page, now: datetime
) -> tuple[CarePage, list[Case]]:
    """Return the page, and the cases of which it tells what people said."""
    account = get_any(session, Account, me.account_id)
    today = local_date(branch.time_zone, now)
    trained = account.is_care_trained(today)
    open_complaints = complaints.page(
        session, me.scope, branch_id=branch.id, is_open=True, after=None, limit=MOST
    )
    calls = care.calls(session, me.scope, branch_id=branch.id, is_open=True, limit=MOST)
    desk = {one.id: one.name for one in accounts.desk_of(session, branch.id)}
    named = {one.case_id for one in open_complaints} | {one.case_id for one in calls}
    cases = get_many(session, Case, named)
    view = CarePage(
        page=page,
        branch=BranchChoice.of(branch, page.locale),
        branches=tuple(
            BranchChoice.of(one, page.locale)
            for one in branches.page(session, me.scope, limit=200)
        ),
        alerts=alerts_of(session, branch.id),
        complaints=_complaints(session, house.vault, open_complaints, cases, desk, me, now),
        calls=tuple(_call(one, cases[one.case_id], desk, me, trained, now) for one in calls),
        holds=_holds(session, me, branch, trained),
        risks=risk_views(session, me, branch, today=today),
        handlers=tuple(BranchChoice(id_, name) for id_, name in desk.items()),
        is_trained=trained,
    )
    return view, [cases[one.case_id] for one in open_complaints]


def alerts_of(
    session: Session, branch_id: UUID, *, kinds: Sequence[str] | None = None
) -> tuple[AlertView, ...]:
    """Return a branch's open alerts, those about somebody's safety first."""
    found = incidents.open_of_branch(session, branch_id, kinds=kinds, limit=MOST)
    visits = get_many(session, Visit, {one.visit_id for one in found if one.visit_id})
    order = {kind: position for position, kind in enumerate(URGENT)}
    found.sort(key=lambda one: order.get(one.kind, len(order)))
    return tuple(_alert(one, visits) for one in found)


def _alert(incident: Incident, visits: dict[UUID, Visit]) -> AlertView:
    visit = visits.get(incident.visit_id) if incident.visit_id else None
    return AlertView(
        id=incident.id,
        kind=incident.kind,
        is_urgent=incident.kind in URGENT,
        opened_at=incident.opened_at,
        reference=visit.reference if visit else None,
    )


def _complaints(
    session: Session,
    vault: Vault,
    found: Sequence[Complaint],
    cases: dict[UUID, Case],
    desk: dict[UUID, str],
    me: Identity,
    now: datetime,
) -> tuple[ComplaintView, ...]:
    people = get_many(session, Person, {one.person_id for one in found})
    views = []
    for one in found:
        steps = tuple(state for state in ComplaintState if state in COMPLAINTS[one.state])
        is_received = one.state is ComplaintState.RECEIVED
        clocks = [one.due_at if one.state in UNANSWERED else None]
        clocks += [one.acknowledge_by_at if is_received else None]
        views.append(
            ComplaintView(
                id=one.id,
                reference=cases[one.case_id].reference,
                state=one.state,
                received_at=one.received_at,
                acknowledge_by_at=one.acknowledge_by_at if is_received else None,
                due_at=one.due_at,
                is_late=any(clock is not None and clock <= now for clock in clocks),
                words=said(vault, people[one.person_id], one)[0] or "",
                handler_name=desk.get(one.handler_id) if one.handler_id else None,
                steps=steps,
                needs=frozenset(NEEDS[step] for step in steps if step in NEEDS),
                is_others=one.handler_id not in {None, me.account_id},
            )
        )
    return tuple(views)


def _call(
    call: CareCall,
    case: Case,
    desk: dict[UUID, str],
    me: Identity,
    is_trained: bool,
    now: datetime,
) -> CallView:
    is_free = call.taken_by in {None, me.account_id}
    steps = CARE_CALLS[call.state] if is_trained and is_free else frozenset()
    return CallView(
        id=call.id,
        reference=case.reference,
        reason=call.reason,
        state=call.state,
        due_at=call.due_at,
        is_late=call.due_at <= now,
        tries=call.tries,
        taken_by=desk.get(call.taken_by) if call.taken_by else None,
        steps=tuple(sorted(steps)),
    )


def _holds(
    session: Session, me: Identity, branch: Branch, is_trained: bool
) -> tuple[HoldView, ...]:
    found = care.standing_holds(session, me.scope, branch_id=branch.id, limit=MOST)
    named = get_many(session, Case, {one.case_id for one in found if one.case_id})
    return tuple(_hold(one, named, is_trained=is_trained) for one in found)


def _hold(hold: Hold, named: dict[UUID, Case], *, is_trained: bool) -> HoldView:
    releaser = releaser_of(hold.kind)
    case = named.get(hold.case_id) if hold.case_id else None
    return HoldView(
        id=hold.id,
        reference=case.reference if case else str(hold.person_id)[:8],
        kind=hold.kind,
        from_at=hold.from_at,
        until_at=hold.until_at,
        releaser=releaser,
        may_release=releaser is Releaser.MANAGER
        or (releaser is Releaser.SPECIALIST and is_trained),
    )
