"""Window: the whole stay lies within the hours that the pack permits at this kind of place."""

from datetime import timedelta

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, Windows, finding
from dispatch.policy.windows import legal_windows, meet


def _known_day(_visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if day.calendar.day_class(day.on) is not None:
        return None
    return finding("calendar-missing", law, "visit.windows.residence", on=day.on)


def _within(visit: VisitFacts, law: Pack, day: Day, windows: Windows) -> Windows:
    if visit.time_zone is None:
        return ()
    legal = legal_windows(
        law,
        place_kind=visit.place_kind,
        time_zone=visit.time_zone,
        on=day.on,
        calendar=day.calendar,
    )
    return meet(windows, legal)


def _short(visit: VisitFacts, law: Pack, _day: Day) -> Finding | None:
    most = law["visit.max_stay_minutes"]
    if visit.service_s <= timedelta(minutes=most).total_seconds():
        return None
    return finding("stay-too-long", law, "visit.max_stay_minutes", most=most)


def _to_come(_visit: VisitFacts, _law: Pack, day: Day, windows: Windows) -> Windows:
    return tuple(part for w in windows for part in w.cut(day.now, w.until_at))


CALENDAR = Rule(code="calendar-missing", parameters=("visit.windows.residence",), check=_known_day)
WINDOW = Rule(
    code="no-window",
    parameters=(
        "visit.windows.residence",
        "visit.windows.workplace",
        "visit.windows.other",
        "visit.margin_minutes",
        "visit.closed_days",
    ),
    narrow=_within,
)
STAY_LENGTH = Rule(code="stay-too-long", parameters=("visit.max_stay_minutes",), check=_short)
NOT_PAST = Rule(code="day-past", parameters=("visit.windows.residence",), narrow=_to_come)
