"""Whether a visit may be planned on a date, and within which windows: what planning asks."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from dispatch.clock import local_day
from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import SENDING_DELAY_S, MemberFacts, VisitFacts
from dispatch.policy.law import law_for
from dispatch.policy.pack import Pack
from dispatch.policy.rules import RULES, Day, Finding
from dispatch.policy.windows import Interval, is_known_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules say of one visit on one date.

    `windows` bound the whole stay, both ends included; empty wherever there is a finding. A
    window announced by a new notice must lie in them as well.
    """

    findings: tuple[Finding, ...]
    windows: tuple[Interval, ...]

    @property
    def is_permitted(self) -> bool:
        """Whether the visit may be planned."""
        return not self.findings


def visit_permitted(
    visit: VisitFacts,
    law: Pack,
    *,
    on: date,
    now: datetime,
    calendar: Calendar,
    crew: tuple[MemberFacts, ...] | None = None,
    sending_delay_s: int = SENDING_DELAY_S,
    is_last: bool | None = None,
) -> Verdict:
    """Ask every rule about a visit on a date.

    Parameters
    ----------
    law
        The effective pack: `effective(load_pack(...))`.
    on
        The local date at the place.
    calendar
        The branch's; must reach from today to `on`, since a notice has to be sent before. Beside
        it binds the place's own, where that lies in another region.
    crew
        The members who would go; None while no crew is chosen.
    sending_delay_s
        How long a notice takes to arrive once it may be sent.
    is_last
        Whether the crew would have no visit after this one; None while the order is open.

    Returns
    -------
    Verdict
        Every finding, not only the first; the legal windows where there is none.
    """
    day = Day(
        on=on,
        now=now,
        calendar=calendar.at(visit.region),
        crew=crew,
        sending_delay_s=sending_delay_s,
        is_last=is_last,
    )
    if not is_known_zone(visit.time_zone):
        visit = replace(visit, time_zone=None)
    law = law_for(law, visit, on=on, now=now)
    found = [f for rule in RULES if (f := rule.check(visit, law, day)) is not None]
    windows = _whole_day(visit, on)
    for rule in RULES:
        left = tuple(w for w in rule.narrow(visit, law, day, windows) if w.fits(visit.service_s))
        if windows and not left and rule.code not in {f.code for f in found}:
            found.append(_nothing_left(rule.code, rule.parameters[0], law, day))
        windows = left
    return Verdict(findings=tuple(found), windows=() if found else windows)


def _whole_day(visit: VisitFacts, on: date) -> tuple[Interval, ...]:
    if visit.time_zone is None:
        return ()
    return (Interval(*local_day(visit.time_zone, on)),)


def _nothing_left(code: str, parameter: str, law: Pack, day: Day) -> Finding:
    return Finding(
        code=code, parameter=parameter, source=law.source(parameter), args={"on": day.on}
    )
