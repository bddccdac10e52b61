"""Holds: whoever asked for help, disputes, complains or wants no visits is not visited."""

from datetime import timedelta

from dispatch.policy.facts import HoldFacts, VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Rule, Windows


def _between(visit: VisitFacts, _law: Pack, _day: Day, windows: Windows) -> Windows:
    """Return the time that no hold covers.

    Every hold stops visits, of whatever kind: the pack's list says which it demands, not
    which it tolerates.
    """
    if visit.holds is None:
        return ()
    for hold in visit.holds:
        if _binds(hold, visit):
            windows = _without(windows, hold)
    return windows


def _binds(hold: HoldFacts, visit: VisitFacts) -> bool:
    if hold.case_id is None and hold.place_id is None:
        return True
    return hold.case_id == visit.case_id or hold.place_id == visit.place_id


def _without(windows: Windows, hold: HoldFacts) -> Windows:
    """Return the windows without the hold; a stay may end the second before it begins."""
    before = (
        part
        for window in windows
        for part in window.cut(window.from_at, hold.from_at - timedelta(seconds=1))
    )
    if hold.until_at is None:
        return tuple(before)
    after = (part for window in windows for part in window.cut(hold.until_at, window.until_at))
    return tuple(sorted((*before, *after)))


HOLDS = Rule(code="hold-active", parameters=("holds.kinds",), narrow=_between)
