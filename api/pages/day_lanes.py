"""Fills the lanes of the manager's day: left out, waiting for a decision, not on the map."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from api.pages.day_routes import area_of, crew_label
from api.pages.desk import Desk
from api.pages.ground_facts import ground_facts
from api.pages.reasons import reasons_of
from api.pages.views import ApprovalView, Sentence, UnlocatedView, UnservedView
from api.wording import Translator
from dispatch.clock import local_date
from dispatch.intake.locate import waiting
from dispatch.model import Case, LocationState
from dispatch.reporting.day import DaySeen, Whereabouts, whereabouts
from dispatch.settings import GeocoderKind
from dispatch.store.case_stages import people_with_open_visits, waiting_for_approval
from dispatch.store.facts import case_facts
from dispatch.vault import Vault

MOST: Final = 100
"""Cards in one lane; deciding on the first ones brings the next."""

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
            facts=ground_facts(known[case.id], desk.words, now=desk.now),
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
