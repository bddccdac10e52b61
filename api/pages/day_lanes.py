"""Fills the lanes of the manager's day: left out, waiting for a decision, not on the map."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlmodel import Session

from api.pages.day_routes import area_of, crew_label
from api.pages.desk import Desk
from api.pages.reasons import reasons_of
from api.pages.views import ApprovalView, Sentence, UnlocatedView, UnservedView
from api.wording import Translator
from dispatch.clock import local_date
from dispatch.intake.locate import waiting
from dispatch.model import Case, LocationState
from dispatch.policy.facts import VisitFacts
from dispatch.reporting.day import DaySeen, Whereabouts, whereabouts
from dispatch.settings import GeocoderKind
from dispatch.store.case_stages import people_with_open_visits, waiting_for_approval
from dispatch.store.facts import case_facts
from dispatch.vault import Vault

MOST: Final = 100
"""Cards in one lane; deciding on the first ones brings the next."""

_RECENT: Final = timedelta(days=30)
_NOWHERE: Final = Whereabouts(None, None)


def unserved_of(
    session: Session, vault: Vault, seen: DaySeen | None, t: Translator
) -> tuple[UnservedView, ...]:
    """Return the visits that the plan leaves out, required ones first."""
    if seen is None:
        return ()
    left_out = sorted(seen.parts.unserved, key=lambda one: (not one.is_required, one.visit_id.hex))
    places = whereabouts(session, vault, [seen.visits[one.visit_id] for one in left_out])
    crews = {str(crew.id): crew_label(crew.name) for crew in seen.crews.values()}
    found = []
    for one in left_out:
        reasons, remedy = reasons_of(one.reasons, crews, t)
        found.append(
            UnservedView(
                visit_id=one.visit_id,
                reference=seen.visits[one.visit_id].reference,
                neighbourhood=area_of(places.get(one.visit_id, _NOWHERE)),
                is_required=one.is_required,
                reasons=reasons,
                remedy=remedy,
            )
        )
    return tuple(found)


def approvals_of(desk: Desk) -> tuple[tuple[ApprovalView, ...], Sequence[Case]]:
    """Return the eligible cases that wait for a human's decision, with what speaks for a visit."""
    session, branch = desk.session, desk.branch
    found = waiting_for_approval(session, desk.me.scope, branch.id, limit=MOST)
    # A second visit is decided on when the first, perhaps about another loan, is over.
    busy = people_with_open_visits(session, {case.person_id for case in found})
    cases = [case for case in found if case.person_id not in busy]
    known = case_facts(session, cases, branch, on=local_date(branch.time_zone, desk.now))
    places = whereabouts(session, desk.house.vault, cases)
    views = tuple(
        ApprovalView(
            case_id=case.id,
            reference=case.reference,
            neighbourhood=area_of(places.get(case.id, _NOWHERE)),
            facts=_ground_facts(known[case.id], desk),
        )
        for case in cases
    )
    return views, cases


def unlocated_of(desk: Desk) -> tuple[tuple[UnlocatedView, ...], list[Case]]:
    """Return the cases whose place is not on the map, and why."""
    rows = waiting(desk.session, desk.me.scope, desk.branch.id, limit=MOST)
    has_search = desk.house.settings.geocoder is not GeocoderKind.NONE
    missing = "no_match" if has_search else "not_geocoded"
    words = {
        LocationState.NEEDS_LOCATING: Sentence(f"unlocated.{missing}"),
        LocationState.DOUBTFUL: Sentence(
            "unlocated.vague", {"precision": desk.words("precision.street")}
        ),
        LocationState.WRONG: Sentence("unlocated.wrong"),
    }
    views = tuple(
        UnlocatedView(row.case.id, row.case.reference, words[row.place.location]) for row in rows
    )
    return views, [row.case for row in rows]


def _ground_facts(known: VisitFacts, desk: Desk) -> tuple[Sentence, ...]:
    t = desk.words
    told: list[Sentence] = []
    if known.dpd is not None:
        told.append(Sentence("ground_fact.past_due", {"count": known.dpd}))
    told += _tries(known, desk)
    if known.ability is not None:
        told.append(Sentence("ground_fact.ability", {"ability": t(f"ability.{known.ability}")}))
    told += _visits(known, desk)
    if not known.holds:
        told.append(Sentence("ground_fact.no_hold"))
    return tuple(told)


def _tries(known: VisitFacts, desk: Desk) -> list[Sentence]:
    zone = desk.branch.time_zone
    contacts = known.contacts or ()
    tries = [
        one
        for one in contacts
        if one.case_id == known.case_id
        and one.channel != "visit"
        and one.is_genuine
        and not one.by_borrower
    ]
    told = []
    if tries:
        counted = {
            "count": len(tries),
            "days": len({local_date(zone, one.at) for one in tries}),
            "channels": len({one.channel for one in tries}),
        }
        told.append(Sentence("ground_fact.attempts", counted))
    spoken = [one.at for one in contacts if one.result == "right_party"]
    if spoken:
        told.append(
            Sentence("ground_fact.last_contact", {"day": desk.words.short_day(max(spoken))})
        )
    else:
        told.append(Sentence("ground_fact.never_reached"))
    return told


def _visits(known: VisitFacts, desk: Desk) -> list[Sentence]:
    made = [one for one in known.visits or () if one.at <= desk.now]
    if not made:
        return [Sentence("ground_fact.first_visit")]
    last = max(one.at for one in made)
    if desk.now - last > _RECENT:
        return [Sentence("ground_fact.earlier_visits", {"count": len(made)})]
    day = desk.words.short_day(last)
    return [Sentence("ground_fact.recent_visits", {"count": len(made), "day": day})]
