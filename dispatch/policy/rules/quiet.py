"""Quiet: the times of the week at which the person asked not to be disturbed."""

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Rule, Windows
from dispatch.policy.wall import WEEKDAYS, parse_window
from dispatch.policy.windows import SECOND, wall_instants


def _undisturbed(visit: VisitFacts, law: Pack, day: Day, windows: Windows) -> Windows:
    if not law.get("person.quiet_times"):
        return windows
    if visit.time_zone is None:
        return ()
    for quiet in visit.quiet_times:
        if quiet.weekday != WEEKDAYS[day.on.weekday()]:
            continue
        first, last = parse_window(quiet.window)
        begins_at = min(wall_instants(visit.time_zone, day.on, first))
        ends_at = max(wall_instants(visit.time_zone, day.on, last))
        before = [p for w in windows for p in w.cut(w.from_at, begins_at - SECOND)]
        after = [p for w in windows for p in w.cut(ends_at, w.until_at)]
        windows = tuple(sorted((*before, *after)))
    return windows


QUIET = Rule(code="asked-for-quiet", parameters=("person.quiet_times",), narrow=_undisturbed)
