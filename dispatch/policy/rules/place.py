"""Place: the residence, or a place that the person chose and still agrees to; nowhere else."""

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, finding


def _check(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if visit.place_kind is None:
        return None
    # A kind of place that no pack names is a kind that no pack permits.
    word = law["visit.places"].get(visit.place_kind, "never")
    if word == "never":
        return finding("place-forbidden", law, "visit.places", kind=visit.place_kind)
    if word == "only_if_chosen" and not (visit.is_place_chosen and _is_agreed(visit, day)):
        return finding("place-not-chosen", law, "visit.places", kind=visit.place_kind)
    return None


def _is_agreed(visit: VisitFacts, day: Day) -> bool:
    """Whether a consent to this place is in force; one dated in the future is none."""
    return any(
        consent.scope == "place"
        and consent.place_id == visit.place_id
        and consent.given_at <= day.now
        and consent.revoked_at is None
        for consent in visit.consents
    )


PLACE = Rule(code="place-forbidden", parameters=("visit.places",), check=_check)
