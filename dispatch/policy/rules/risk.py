"""Risk: a place under a risk flag takes a full crew, by daylight, and another visit after it."""

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, Windows, finding
from dispatch.policy.windows import legal_windows, meet


def _accompanied(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if not visit.risks or day.crew is None:
        return None
    number, least = len({member.agent_id for member in day.crew}), law["risk.crew_min"]
    if number >= least:
        return None
    return finding("risk-crew", law, "risk.crew_min", number=number, least=least)


def _by_daylight(visit: VisitFacts, law: Pack, day: Day, windows: Windows) -> Windows:
    if not visit.risks:
        return windows
    if visit.time_zone is None:
        return ()
    light = legal_windows(
        law, activity="risk", time_zone=visit.time_zone, on=day.on, calendar=day.calendar
    )
    return meet(windows, light)


def _not_last(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    """Nobody waits for a crew after its last visit: it would be missed hours later."""
    if visit.risks and day.is_last and law["risk.never_last"]:
        return finding("risk-last", law, "risk.never_last")
    return None


RISK_CREW = Rule(code="risk-crew", parameters=("risk.crew_min",), check=_accompanied)
RISK_HOURS = Rule(code="risk-hours", parameters=("risk.windows",), narrow=_by_daylight)
RISK_LAST = Rule(code="risk-last", parameters=("risk.never_last",), check=_not_last)
