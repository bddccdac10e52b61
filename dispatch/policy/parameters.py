"""Parameters: the closed list of what a pack may say, and which of two values is the stricter."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from dispatch.policy.wall import DAY_KEYS, intersect, parse_week, to_text

_PLACE_ORDER: Final = ("with_notice", "only_if_chosen", "never")
_ORDERS: Final[Mapping[str, Sequence[str]]] = {
    "notice.no_reply": ("proceed_once_as_announced", "no_visit"),
    "notice.refused": ("no_visit",),
    "recording.audio": ("announced", "never"),
    "language.of_notice": ("chosen_else_contract", "chosen_only"),
    "language.at_door": ("chosen_else_contract", "chosen_only"),
}


def _most(first: Any, second: Any) -> Any:
    return max(first, second)


def _least(first: Any, second: Any) -> Any:
    return min(first, second)


def _either(first: Any, second: Any) -> Any:
    return bool(first or second)


def _union(first: Any, second: Any) -> Any:
    return [*first, *(name for name in second if name not in first)]


def _common(first: Any, second: Any) -> Any:
    return [name for name in first if name in second]


def _windows(first: Any, second: Any) -> Any:
    ours, theirs = parse_week(first), parse_week(second)
    return {key: to_text(intersect(ours[key], theirs[key])) for key in DAY_KEYS}


def _places(first: Any, second: Any) -> Any:
    """Return the stricter word for each kind; one that only one pack names keeps its word."""
    kinds = [*first, *(kind for kind in second if kind not in first)]
    return {
        kind: max((p[kind] for p in (first, second) if kind in p), key=_PLACE_ORDER.index)
        for kind in kinds
    }


def _caps(first: Any, second: Any) -> Any:
    """Every cap of both; of two over the same span the lower."""
    lowest: dict[tuple[str, int | None], int] = {}
    for cap in (*first, *second):
        key = (cap["scope"], cap["days"])
        lowest[key] = min(cap["visits"], lowest.get(key, cap["visits"]))
    return [{"scope": s, "visits": n, "days": d} for (s, d), n in lowest.items()]


def _contact_caps(first: Any, second: Any) -> Any:
    """Every cap on contacts of both; of two over the same span the lower."""
    lowest: dict[tuple[str, str, int], int] = {}
    for cap in (*first, *second):
        key = (cap["scope"], cap["of"], cap["days"])
        lowest[key] = min(cap["most"], lowest.get(key, cap["most"]))
    return [{"scope": s, "of": o, "most": n, "days": d} for (s, o, d), n in lowest.items()]


def _ordered(name: str) -> Callable[[Any, Any], Any]:
    def stricter(first: Any, second: Any) -> Any:
        return max(first, second, key=_ORDERS[name].index)

    return stricter


PARAMETERS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "visit.windows.residence": _windows,
    "visit.windows.workplace": _windows,
    "visit.windows.other": _windows,
    "call.windows": _windows,
    "message.windows": _windows,
    "visit.margin_minutes": _most,
    "visit.closed_days": _union,
    "visit.places": _places,
    "visit.max_stay_minutes": _least,
    "visit.caps": _caps,
    "visit.cooling_days_after_talk": _most,
    "visit.other_contacts_same_day": _least,
    "contact.caps": _contact_caps,
    "person.quiet_times": _either,
    "call.cooling_days_after_talk": _most,
    "call.answered_per_day": _least,
    "call.attempts_per_day": _least,
    "notice.min_hours": _most,
    "notice.must_be_delivered": _either,
    "notice.in_writing": _either,
    "notice.max_age_days": _least,
    "notice.max_window_minutes": _least,
    "notice.reminder_hours": _common,
    "notice.reminder_min_days": _most,
    "notice.content": _union,
    "notice.no_reply": _ordered("notice.no_reply"),
    "notice.refused": _ordered("notice.refused"),
    "crew.min": _most,
    "crew.mixed_gender_on_request": _either,
    "crew.papers": _union,
    "risk.windows": _windows,
    "risk.crew_min": _most,
    "risk.never_last": _either,
    "risk.review_days": _least,
    "eligibility.min_dpd": _most,
    "eligibility.remote_attempts": _most,
    "eligibility.remote_days": _most,
    "eligibility.remote_channels": _most,
    "eligibility.days_after_demand": _most,
    "eligibility.ability": _common,
    "approval.by_human": _either,
    "approval.ground_in_writing": _either,
    "holds.kinds": _union,
    "holds.review_days": _least,
    "care.call_within_hours": _least,
    "facts.required": _union,
    "cash.forbidden": _either,
    "recording.audio": _ordered("recording.audio"),
    "recording.refusable": _either,
    "recording.never": _union,
    "retention.evidence_years_after_activity": _most,
    "retention.recordings_years": _most,
    "retention.track_points_days": _least,
    "complaint.acknowledge_days": _least,
    "complaint.answer_days": _least,
    "complaint.complex_answer_days": _least,
    "complaint.approved_more_days": _least,
    "language.of_notice": _ordered("language.of_notice"),
    "language.at_door": _ordered("language.at_door"),
}
"""Name of each parameter, and the function that returns the stricter of two values."""
