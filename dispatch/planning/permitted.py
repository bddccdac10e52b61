"""What the law and the roster permit for one visit on one day: windows, crews, or reasons why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dispatch.model import Agent, Appointment, Visit
from dispatch.policy.calendar import Calendar
from dispatch.policy.eligibility import Verdict, visit_permitted
from dispatch.policy.facts import MemberFacts, VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules import Finding
from dispatch.policy.windows import Interval
from dispatch.store.days import FormedCrew

type Reason = dict[str, Any]
"""A code, what its text names (`args`), and where the rule comes from (`source`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every visit of a day is judged by."""

    law: Pack
    on: date
    now: datetime
    calendar: Calendar
    crews: Sequence[FormedCrew]
    agents: Mapping[UUID, Agent]


@dataclass(frozen=True, slots=True)
class Permission:
    """The windows of the whole stay and the crews that may come; or the reasons against it."""

    windows: tuple[Interval, ...] = ()
    crews: tuple[UUID, ...] = ()
    reasons: tuple[Reason, ...] = ()
    may_be_last: bool = True
    """Whether it may be a crew's last visit of the day."""


def permitted(
    ground: Ground,
    visit: Visit,
    facts: VisitFacts,
    appointment: Appointment | None,
    members: Mapping[UUID, tuple[MemberFacts, ...]],
) -> Permission:
    """Let every rule speak about a visit; `members` are the crews' as sent for its lender."""
    verdict = _verdict(ground, facts)
    if verdict.findings:
        return Permission(reasons=tuple(_told(one) for one in verdict.findings))
    named = [
        one for one in ground.crews if appointment is None or one.crew.id == appointment.crew_id
    ]
    if appointment is not None and not any(
        one.version.id == appointment.crew_version_id for one in named
    ):
        return Permission(reasons=({"code": "crew-unavailable", "args": {}, "source": None},))
    able = [
        one
        for one in named
        if _is_able(visit, one, ground.agents, is_named=appointment is not None)
    ]
    if not able:
        code = "no-crew-formed" if not ground.crews else "no-crew-with-skills"
        return Permission(reasons=({"code": code, "args": {}, "source": None},))
    judged = {one.crew.id: _verdict(ground, facts, members[one.crew.id]) for one in able}
    may = tuple(crew_id for crew_id, one in judged.items() if one.is_permitted)
    if not may:
        findings = next(iter(judged.values())).findings
        return Permission(reasons=tuple(_told(one) for one in findings))
    windows = verdict.windows
    if appointment is not None:
        windows = tuple(
            part
            for one in windows
            for part in one.cut(appointment.window_from_at, appointment.window_until_at)
        )
    return Permission(windows=windows, crews=may, may_be_last=_may_be_last(ground, facts))


def _may_be_last(ground: Ground, facts: VisitFacts) -> bool:
    """Whether the rules let a visit be the last of a day; asked only where it is in doubt."""
    return not facts.risks or _verdict(ground, facts, is_last=True).is_permitted


def _verdict(
    ground: Ground,
    facts: VisitFacts,
    crew: tuple[MemberFacts, ...] | None = None,
    *,
    is_last: bool | None = None,
) -> Verdict:
    return visit_permitted(
        facts,
        ground.law,
        on=ground.on,
        now=ground.now,
        calendar=ground.calendar,
        crew=crew,
        is_last=is_last,
    )


def _is_able(
    visit: Visit, formed: FormedCrew, agents: Mapping[UUID, Agent], *, is_named: bool
) -> bool:
    if is_named:  # the notice named them: what they can was decided then
        return True
    members = [agents[agent_id] for agent_id in formed.members]
    languages = {language for one in members for language in one.languages}
    skills = {skill for one in members for skill in one.skills}
    return (not visit.languages or bool(languages & set(visit.languages))) and set(
        visit.skills
    ) <= skills


def _told(finding: Finding) -> Reason:
    source = finding.source
    return {
        "code": finding.code,
        "args": {key: _plain(value) for key, value in finding.args.items()},
        "source": f"{source.instrument}, {source.article}" if source else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain(one) for one in value]
    return value if isinstance(value, int | float | bool | None) else str(value)
