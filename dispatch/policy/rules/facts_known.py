"""Unknown facts: what nobody knows of a person, a place or a case permits no visit."""

from collections.abc import Callable, Mapping
from typing import Final

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, Windows, finding
from dispatch.policy.windows import is_known_zone

_IS_KNOWN: Final[Mapping[str, Callable[[VisitFacts], bool]]] = {
    "time_zone": lambda visit: all(
        is_known_zone(name) for name in (visit.time_zone, *visit.contact_time_zones)
    ),
    "place": lambda visit: visit.place_kind is not None and visit.is_place_located is True,
    "is_adult": lambda visit: visit.is_adult is not None,
    "language": lambda visit: bool(visit.language and visit.language.strip()),
    "dpd": lambda visit: visit.dpd is not None,
    "ability": lambda visit: visit.ability is not None,
    "contacts": lambda visit: visit.contacts is not None,
    "visits": lambda visit: visit.visits is not None,
    "holds": lambda visit: visit.holds is not None,
    "data_audit": lambda visit: visit.data_audit_until is not None,
}


def _check(visit: VisitFacts, law: Pack, _day: Day) -> Finding | None:
    unknown = [name for name in law["facts.required"] if not _IS_KNOWN[name](visit)]
    if not unknown:
        return None
    return finding("facts-unknown", law, "facts.required", facts=tuple(unknown))


def _is_minor(visit: VisitFacts, law: Pack, _day: Day) -> Finding | None:
    return finding("not-an-adult", law, "facts.required") if visit.is_adult is False else None


def _while_audited(visit: VisitFacts, _law: Pack, _day: Day, windows: Windows) -> Windows:
    until_at = visit.data_audit_until
    if until_at is None:
        return ()
    return tuple(part for w in windows for part in w.cut(w.from_at, until_at))


FACTS_KNOWN = Rule(code="facts-unknown", parameters=("facts.required",), check=_check)
ADULT = Rule(code="not-an-adult", parameters=("facts.required",), check=_is_minor)
DATA_AUDIT = Rule(code="data-audit-expired", parameters=("facts.required",), narrow=_while_audited)
