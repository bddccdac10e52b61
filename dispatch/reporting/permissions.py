"""Permissions of a case as a read model: what stands, who took it down, and what it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Account, Branch, Case, Consent, Evidence, Person, Place, Relaxation
from dispatch.policy.facts import RelaxationFacts, VisitFacts
from dispatch.policy.law import law_for
from dispatch.policy.pack import Pack
from dispatch.policy.parameters import PARAMETERS
from dispatch.store import law as on_record
from dispatch.store.accounts import branch_ids_of_each
from dispatch.store.facts import case_facts, relaxation_facts
from dispatch.store.people import places_of
from dispatch.store.rows import get_any, get_many

_ACCOUNT: Final = "account:"
_SOMEBODY: Final = UUID(int=0)
"""Stands for the second person while nobody has vouched for a relaxation yet."""


class Standing(StrEnum):
    """Where a permission stands."""

    WAITING = "waiting"
    """For a second person."""
    TO_COME = "to_come"
    IN_FORCE = "in_force"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What binds the case's visits without a relaxation, and with it."""

    parameter: str
    before: Any
    after: Any

    @property
    def is_felt(self) -> bool:
        """Whether anything changes: what else binds may be stricter all the same."""
        return bool(self._plain(self.before) != self._plain(self.after))

    def _plain(self, raw: Any) -> Any:
        """Return a value in one spelling: a week may be written in many."""
        return None if raw is None else PARAMETERS[self.parameter](raw, raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """Everything that a case's person permits or asks for, with who took it down."""

    case: Case
    branch: Branch
    law: Pack
    """What binds the case's visits today: its class of products and what was loosened included."""
    person: Person
    places: Mapping[UUID, Place]
    consents: Sequence[Consent]
    relaxations: Sequence[Relaxation]
    effects: Mapping[UUID, Effect]
    acts: Mapping[UUID, Sequence[Evidence]]
    names: Mapping[UUID, str]

    def act_on(self, row_id: UUID, kind: str) -> Evidence | None:
        """Return the last act of a kind on a row."""
        return next((one for one in reversed(self.acts.get(row_id, ())) if one.kind == kind), None)

    def name_of(self, act: Evidence | None) -> str | None:
        """Return who acted; None where it was the person, the program, or somebody out of sight."""
        account_id = account_of(act.actor) if act else None
        return self.names.get(account_id) if account_id else None


def permissions_of(session: Session, case: Case, *, law: Pack, now: datetime) -> Permissions:
    """Return what a case's person permits or asks for.

    Parameters
    ----------
    law
        The effective pack of the case's branch.
    """
    branch = get_any(session, Branch, case.branch_id)
    consents = on_record.consents_of(session, case.person_id)
    relaxations = [
        one
        for one in on_record.relaxations_of(session, case.person_id)
        if one.case_id in {None, case.id}
    ]
    told = {one.id for one in (*consents, *relaxations)} | {case.person_id}
    acts = on_record.acts_on(session, told)
    on = local_date(branch.time_zone, now)
    facts = case_facts(session, [case], branch, on=on)[case.id]
    people = {one for row in relaxations for one in (row.first_by, row.second_by) if one}
    people |= {one for row in acts.values() for act in row if (one := account_of(act.actor))}
    return Permissions(
        case=case,
        branch=branch,
        law=law_for(law, facts, on=on, now=now),
        person=get_any(session, Person, case.person_id),
        places={one.id: one for one in places_of(session, [case.person_id]).values()},
        consents=consents,
        relaxations=relaxations,
        effects={
            one.id: effect_of(one, law=law, facts=facts, on=on, now=now)
            for one in relaxations
            if standing_of(one, now) in {Standing.WAITING, Standing.TO_COME, Standing.IN_FORCE}
        },
        acts=acts,
        names=colleagues(session, branch, people),
    )


def colleagues(session: Session, branch: Branch, account_ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of those accounts that work for a branch, or for all of them."""
    accounts = get_many(session, Account, account_ids)
    held = branch_ids_of_each(session, list(accounts))
    return {
        one.id: one.name
        for one in accounts.values()
        if not held[one.id] or branch.id in held[one.id]
    }


def standing_of(one: Consent | Relaxation, now: datetime) -> Standing:
    """Return where a consent or a relaxation stands."""
    if one.revoked_at is not None:
        return Standing.WITHDRAWN
    if isinstance(one, Relaxation):
        if one.until_at is not None and one.until_at <= now:
            return Standing.OVER
        if one.decided_at is None:
            return Standing.WAITING
    return Standing.TO_COME if one.given_at > now else Standing.IN_FORCE


def effect_of(one: Relaxation, *, law: Pack, facts: VisitFacts, on: date, now: datetime) -> Effect:
    """Return what a relaxation changes for a visit on a date, once a second person vouches for it."""
    given = relaxation_facts(one)
    begins = max(now, given.given_at)
    day = max(on, local_date(facts.time_zone or "UTC", begins))
    alone = replace(facts, relaxations=(_vouched_for(given, begins),))
    without = replace(facts, relaxations=())
    return Effect(
        parameter=one.parameter,
        before=law_for(law, without, on=day, now=begins).get(one.parameter),
        after=law_for(law, alone, on=day, now=begins).get(one.parameter),
    )


def _vouched_for(given: RelaxationFacts, at: datetime) -> RelaxationFacts:
    if given.decided_at is not None:
        return given
    return replace(given, second_by=_SOMEBODY, decided_at=at)


def account_of(actor: str) -> UUID | None:
    """Return whose account acted; None where it was the person, a file or the program itself."""
    return UUID(actor.removeprefix(_ACCOUNT)) if actor.startswith(_ACCOUNT) else None
