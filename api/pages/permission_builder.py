"""Fills the pages of permissions from what is on record of a case's person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from api.house import House
from api.pages.day_routes import area_of
from api.pages.permission_views import (
    BranchPermissionsPage,
    ConsentView,
    LoosenForm,
    PermissionsPage,
    PlaceChoice,
    QuietView,
    RelaxationLine,
    RelaxationView,
)
from api.pages.rule_form import controls_of
from api.pages.rule_words import rule_name, rule_value
from api.pages.views import BranchChoice, Page, Sentence
from api.wording import Translator, translator
from dispatch.access.identity import Identity
from dispatch.clock import local_time
from dispatch.eligibility.consent import GIVEN_BY
from dispatch.model import Branch, Case, Consent, Place, Relaxation, Role
from dispatch.policy.law import relaxable
from dispatch.policy.pack import Pack
from dispatch.reporting.day import Whereabouts
from dispatch.reporting.permissions import (
    Permissions,
    Standing,
    colleagues,
    permissions_of,
    standing_of,
)
from dispatch.store import branches, law
from dispatch.store.rows import get_many
from dispatch.vault import Vault

MOST: Final = 100
"""Relaxations in one list; those that end or are withdrawn make room."""

_MINUTE: Final = timedelta(minutes=1)
_LIVE: Final = frozenset({Standing.WAITING, Standing.TO_COME, Standing.IN_FORCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Who reads what is on record, and when."""

    found: Permissions
    vault: Vault
    me: Identity
    now: datetime
    t: Translator


def permissions_page(
    session: Session,
    *,
    house: House,
    me: Identity,
    case: Case,
    law: Pack,
    page: Page,
    now: datetime,
) -> PermissionsPage:
    """Return the page of a case's permissions."""
    found = permissions_of(session, case, law=law, now=now)
    zone = found.branch.time_zone
    reader = _Reader(
        found=found, vault=house.vault, me=me, now=now, t=translator(page.locale, zone)
    )
    may_change = me.role in {Role.ADMIN, Role.MANAGER}
    set_by = found.act_on(found.person.id, "person.quiet_times_set")
    return PermissionsPage(
        page=page,
        branch=BranchChoice.of(found.branch, page.locale),
        branches=_choices(session, me, page),
        case_id=case.id,
        reference=case.reference,
        consents=tuple(_consent(one, reader) for one in found.consents),
        relaxations=tuple(_relaxation(one, reader) for one in found.relaxations),
        quiet=tuple(_quiet(*one) for one in found.person.quiet_times or ()),
        quiet_by=found.name_of(set_by),
        quiet_at=set_by.at if set_by else None,
        places=_places(reader) if may_change else (),
        ways=tuple(sorted(GIVEN_BY)) if may_change else (),
        forms=_forms(law, found.law, reader.t) if may_change else (),
        may_change=may_change,
        now_local=local_time(zone, now).strftime("%Y-%m-%dT%H:%M"),
    )


def branch_permissions_page(
    session: Session,
    *,
    me: Identity,
    branch: Branch,
    page: Page,
    now: datetime,
    missing: str | None,
) -> tuple[BranchPermissionsPage, list[Case]]:
    """Return the page of a branch's relaxations, and the cases that it tells of."""
    rows = law.relaxations_of_branch(session, me.scope, branch.id, now=now, limit=MOST)
    cases = get_many(session, Case, {one.case_id for one in rows if one.case_id})
    names = colleagues(session, branch, {one.first_by for one in rows})
    t = translator(page.locale, branch.time_zone)
    lines = [
        _line(one, cases[one.case_id], names, me, t, now)
        for one in rows
        if one.case_id is not None
    ]
    waiting = tuple(one for one in lines if one.standing == Standing.WAITING)
    view = BranchPermissionsPage(
        page=page,
        branch=BranchChoice.of(branch, page.locale),
        branches=_choices(session, me, page),
        waiting=waiting,
        standing=tuple(one for one in lines if one.standing != Standing.WAITING),
        missing=missing,
    )
    return view, list(cases.values())


def _choices(session: Session, me: Identity, page: Page) -> tuple[BranchChoice, ...]:
    return tuple(
        BranchChoice.of(one, page.locale) for one in branches.page(session, me.scope, limit=200)
    )


def _consent(one: Consent, reader: _Reader) -> ConsentView:
    found, standing = reader.found, standing_of(one, reader.now)
    place = found.places.get(one.place_id) if one.place_id else None
    taken = found.act_on(one.id, "consent.given")
    withdrawn = found.act_on(one.id, "consent.revoked")
    return ConsentView(
        id=one.id,
        standing=standing,
        place_kind=place.kind if place else None,
        neighbourhood=_neighbourhood(place, reader),
        given_at=one.given_at,
        given_by=one.given_by,
        taken_by=found.name_of(taken),
        taken_at=taken.at if taken else None,
        withdrawn_by=found.name_of(withdrawn),
        withdrawn_at=one.revoked_at,
        effect=_consent_effect(place, found.law) if standing in _LIVE else None,
    )


def _consent_effect(place: Place | None, law: Pack) -> Sentence | None:
    """Return what a consent changes, as the branch's rules have it."""
    if place is None:
        return None
    word = (law.get("visit.places") or {}).get(place.kind)
    return Sentence(f"permission.consent_effect.{word}") if word else None


def _relaxation(one: Relaxation, reader: _Reader) -> RelaxationView:
    found, t = reader.found, reader.t
    effect = found.effects.get(one.id)
    return RelaxationView(
        id=one.id,
        standing=standing_of(one, reader.now),
        rule=rule_name(one.parameter, t),
        giver=one.given_by,
        given_at=one.given_at,
        until=_until(one, t),
        ground=one.ground,
        first_name=found.names.get(one.first_by),
        recorded_at=one.recorded_at,
        second_name=found.names.get(one.second_by) if one.second_by else None,
        decided_at=one.decided_at,
        withdrawn_by=found.name_of(found.act_on(one.id, "relaxation.revoked")),
        withdrawn_at=one.revoked_at,
        value=rule_value(one.parameter, one.value["is"], t),
        before=rule_value(one.parameter, effect.before, t) if effect else None,
        after=rule_value(one.parameter, effect.after, t) if effect else None,
        is_felt=effect is not None and effect.is_felt,
        is_own=one.first_by == reader.me.account_id,
    )


def _line(
    one: Relaxation,
    case: Case,
    names: dict[UUID, str],
    me: Identity,
    t: Translator,
    now: datetime,
) -> RelaxationLine:
    return RelaxationLine(
        case_id=case.id,
        reference=case.reference,
        rule=rule_name(one.parameter, t),
        giver=one.given_by,
        first_name=names.get(one.first_by),
        recorded_at=one.recorded_at,
        until=_until(one, t),
        standing=standing_of(one, now),
        is_own=one.first_by == me.account_id,
    )


def _until(one: Relaxation, t: Translator) -> Sentence:
    """Return until when a relaxation lasts: its last day where it ends with one."""
    if one.until_at is None:
        return Sentence("permission.until.withdrawn")
    if t.time(one.until_at) == "00:00":
        return Sentence("permission.until.day", {"day": t.dated(one.until_at - _MINUTE)})
    return Sentence("permission.until.moment", {"at": t.dated_moment(one.until_at)})


def _quiet(weekday: str, window: str) -> QuietView:
    begins, _, ends = window.partition("-")
    return QuietView(weekday, begins, "00:00" if ends == "24:00" else ends)


def _places(reader: _Reader) -> tuple[PlaceChoice, ...]:
    rows: Sequence[Place] = sorted(reader.found.places.values(), key=lambda one: one.kind)
    return tuple(PlaceChoice(one.id, one.kind, _neighbourhood(one, reader)) for one in rows)


def _neighbourhood(place: Place | None, reader: _Reader) -> str | None:
    """Return where about a place is, for who may see people; nothing of an erased person's."""
    if place is None or not reader.me.may_see_people():
        return None
    address = reader.vault.read(reader.found.person, place, "address")
    return area_of(Whereabouts(address, None)) if address else None


def _forms(law: Pack, bound: Pack, t: Translator) -> tuple[LoosenForm, ...]:
    forms = []
    for parameter, values in relaxable(law).items():
        givers = dict.fromkeys(one.source.relaxable_by for one in values)
        forms.append(
            LoosenForm(
                parameter=parameter,
                rule=rule_name(parameter, t),
                value=rule_value(parameter, bound.get(parameter), t),
                givers=tuple(givers),
                controls=controls_of(parameter, values[0].raw, t),
            )
        )
    return tuple(forms)
