"""Fills the page of conduct: what is to be reviewed, what people said, and what rules were broken."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from api.pages.conduct_views import BreachView, ConductPage, ReviewView, SaidView
from api.pages.incident_words import incident_word
from api.pages.views import BranchChoice, Page
from api.wording import Translator, translator
from dispatch.access.identity import Identity
from dispatch.clock import local_time
from dispatch.fieldwork.review import REVIEWED_FOR, Finding, ToReview, to_review
from dispatch.model import Agent, Branch, Case, Feedback, Person, Role, Visit
from dispatch.reporting.breaches import Breach, register
from dispatch.store import branches
from dispatch.store.feedback import feedback_of_branch
from dispatch.store.itineraries import reporters_of
from dispatch.store.rows import get_many
from dispatch.vault import Vault

MOST: Final = 100
"""Cards in one section; dealing with the first ones brings the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Who reads, and whose words the rows hold."""

    session: Session
    vault: Vault
    me: Identity
    t: Translator
    visits: Mapping[UUID, Visit]
    people: Mapping[UUID, Person]


def conduct_page(
    session: Session, *, vault: Vault, me: Identity, branch: Branch, page: Page, now: datetime
) -> tuple[ConductPage, list[Case]]:
    """Return the page, and the cases of which it tells what people said."""
    since = now - REVIEWED_FOR
    waiting = to_review(session, branch.id, since=since)[:MOST]
    found = register(session, branch)[:MOST]
    said = feedback_of_branch(session, me.scope, branch.id, since=since, limit=MOST)
    rows = [*said, *(row for one in waiting for row in one.said)]
    named = {one.visit_id for one in said} | {one.visit_id for one in found if one.visit_id}
    reader = _Reader(
        session=session,
        vault=vault,
        me=me,
        t=translator(page.locale, branch.time_zone),
        visits=get_many(session, Visit, named | {one.visit.id for one in waiting}),
        people=get_many(session, Person, {one.person_id for one in rows}),
    )
    view = ConductPage(
        page=page,
        branch=BranchChoice.of(branch, page.locale),
        branches=tuple(
            BranchChoice.of(one, page.locale)
            for one in branches.page(session, me.scope, limit=200)
        ),
        days=REVIEWED_FOR.days,
        reviews=tuple(_review(one, reader) for one in waiting),
        breaches=tuple(_breach(one, reader) for one in found),
        said=_said(said, reader),
        felt=dict(Counter(str(one.felt) for one in said if one.felt is not None)),
        findings=tuple(Finding),
        may_change=me.role in {Role.ADMIN, Role.MANAGER},
        now_local=local_time(branch.time_zone, now).strftime("%Y-%m-%dT%H:%M"),
    )
    return view, list(get_many(session, Case, {one.case_id for one in rows}).values())


def _review(one: ToReview, reader: _Reader) -> ReviewView:
    return ReviewView(
        visit_id=one.visit.id,
        reference=one.visit.reference,
        service_on=one.visit.service_date,
        noted=tuple(dict.fromkeys(incident_word(noted.kind, reader.t) for noted in one.incidents)),
        said=_said(one.said, reader),
        is_drawn=not one.stands_out,
    )


def _said(rows: Sequence[Feedback], reader: _Reader) -> tuple[SaidView, ...]:
    sees = reader.me.may_see_people()
    return tuple(
        SaidView(
            visit_id=one.visit_id,
            reference=reader.visits[one.visit_id].reference,
            kind=one.kind,
            felt=one.felt,
            words=reader.vault.read(reader.people[one.person_id], one, "words") if sees else None,
            given_at=one.given_at,
        )
        for one in rows
    )


def _breach(one: Breach, reader: _Reader) -> BreachView:
    visit = reader.visits.get(one.visit_id) if one.visit_id else None
    is_open = one.closed_at is None
    return BreachView(
        id=one.incident_id,
        word=incident_word(one.kind, reader.t),
        visit_id=one.visit_id,
        reference=visit.reference if visit else None,
        lender_name=one.lender_name,
        responsible_name=one.responsible_name,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        remedy=one.remedy,
        person_told_at=one.person_told_at,
        sent=_sent(visit, reader.session) if visit and is_open else (),
    )


def _sent(visit: Visit, session: Session) -> tuple[BranchChoice, ...]:
    """Return who was sent to a visit, by name."""
    agents = get_many(session, Agent, set(reporters_of(session, visit.id).ever))
    rows = sorted(agents.values(), key=lambda one: one.name)
    return tuple(BranchChoice(one.id, one.name) for one in rows)
