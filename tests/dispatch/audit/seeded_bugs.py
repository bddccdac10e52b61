"""Bugs seeded in the rules, one small patch each; what they let through the auditor must reject."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import pytest

from dispatch.clock import zone
from dispatch.policy import eligibility, windows
from dispatch.policy.calendar import Calendar
from dispatch.policy.facts import DayClass, VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules import approval as approved
from dispatch.policy.rules import (
    base,
    caps,
    crew,
    demand,
    facts_known,
    holds,
    language,
    notice,
    place,
    quiet,
    risk,
    window,
)
from dispatch.policy.rules import contacts as contact_rules
from dispatch.policy.rules import eligibility as eligible
from dispatch.policy.rules.base import Day, Rule
from dispatch.policy.windows import Interval

type Patch = Callable[[pytest.MonkeyPatch], None]

_DAY, _SECOND, _HOUR = timedelta(days=1), timedelta(seconds=1), timedelta(hours=1)


@dataclass(frozen=True)
class Bug:
    """One bug: what a hurried hand could have written instead."""

    name: str
    patch: Patch


def sees(
    *rules: Rule,
    visit: Callable[[VisitFacts], VisitFacts] = lambda visit: visit,
    law: Callable[[Pack], Pack] = lambda law: law,
    day: Callable[[Day], Day] = lambda day: day,
) -> Patch:
    """Let rules see other facts, another law or another day than there are."""

    def wrong(rule: Rule) -> Rule:
        if rule not in rules:
            return rule
        return replace(
            rule,
            check=lambda v, p, d: rule.check(visit(v), law(p), day(d)),
            narrow=lambda v, p, d, w: rule.narrow(visit(v), law(p), day(d), w),
        )

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(eligibility, "RULES", tuple(map(wrong, eligibility.RULES)))

    return patch


def says(name: str, change: Callable[[Any], Any]) -> Callable[[Pack], Pack]:
    """Return a law in which one parameter says something else."""

    def changed(law: Pack) -> Pack:
        value = law.values[name]
        return replace(law, values={**law.values, name: replace(value, raw=change(value.raw))})

    return changed


def calls(module: Any, name: str, wrong: Callable[..., Any]) -> Patch:
    """Put another function in the place of one; it gets the right one first."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        right = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, **k: wrong(right, *a, **k))

    return patch


def is_set(module: Any, name: str, value: Any) -> Patch:
    """Set a name of a module."""
    return lambda monkeypatch: monkeypatch.setattr(module, name, value)


def contacts(**changes: Any) -> Callable[[VisitFacts], VisitFacts]:
    """Return the visit with every contact changed."""
    return lambda v: replace(v, contacts=tuple(replace(c, **changes) for c in v.contacts or ()))


def notices(**changes: Any) -> Callable[[VisitFacts], VisitFacts]:
    """Return the visit with its notice changed."""
    return lambda v: v if v.notice is None else replace(v, notice=replace(v.notice, **changes))


def _widened(from_by: timedelta, until_by: timedelta) -> Patch:
    return calls(
        window,
        "legal_windows",
        lambda right, *a, **k: tuple(
            Interval(w.from_at - from_by, w.until_at + until_by) for w in right(*a, **k)
        ),
    )


def _in_summer(right: Any, *args: Any, **given: Any) -> tuple[Interval, ...]:
    found = right(*args, **given)
    name = zone(given["time_zone"])
    late = [w.until_at.astimezone(name).dst() or timedelta(0) for w in found]
    return tuple(Interval(w.from_at, w.until_at + by) for w, by in zip(found, late, strict=True))


class _Careless(Calendar):
    """A calendar for which an unknown date is a working day."""

    def day_class(self, on: Any) -> DayClass | None:
        return self.days.get(on, DayClass.WORKDAY)


def _no_holidays(day: Day) -> Day:
    known = dict.fromkeys(day.calendar.days, DayClass.WORKDAY)
    return replace(day, calendar=Calendar(known))


def _only_holds(keep: Callable[[VisitFacts, Any], bool]) -> Callable[[VisitFacts], VisitFacts]:
    return lambda v: replace(v, holds=tuple(h for h in v.holds or () if keep(v, h)))


def _begun(visit: VisitFacts, law: Pack, day: Day, left: base.Windows) -> base.Windows:
    """Ask only whether a hold is in force when the day begins."""
    early = tuple(h for h in visit.holds or () if left and h.from_at <= left[0].from_at)
    return holds.HOLDS.narrow(replace(visit, holds=early), law, day, left)


def _rule(rule: Rule, **changes: Any) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(
        eligibility,
        "RULES",
        tuple(replace(r, **changes) if r == rule else r for r in eligibility.RULES),
    )


def _forgotten(*rules: Rule) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(
        eligibility, "RULES", tuple(r for r in eligibility.RULES if r not in rules)
    )


def _flagged_until(hour: str) -> Patch:
    def later(week: dict[str, list[str]]) -> dict[str, list[str]]:
        return {
            day: [f"{span[:5]}-{max(span[6:], hour)}" for span in spans]
            for day, spans in week.items()
        }

    return sees(risk.RISK_HOURS, law=says("risk.windows", later))


def _utc(right: Any, visit: VisitFacts, at: Any, on: Any) -> int:
    return right(replace(visit, time_zone="UTC"), at, on)


def _later(v: VisitFacts) -> VisitFacts:
    until = v.data_audit_until
    return v if until is None else replace(v, data_audit_until=until + _DAY)


BUGS: Final = (
    # hours
    Bug("the evening's bound is closed", _widened(timedelta(0), _SECOND)),
    Bug("the morning's bound is closed", _widened(_SECOND, timedelta(0))),
    Bug(
        "the margin is forgotten",
        sees(window.WINDOW, law=says("visit.margin_minutes", lambda _: 0)),
    ),
    Bug("hours are those of winter all year", calls(window, "legal_windows", _in_summer)),
    Bug(
        "hours are those of the branch's zone",
        calls(
            window,
            "legal_windows",
            lambda right, law, **k: right(law, **{**k, "time_zone": "Asia/Shanghai"}),
        ),
    ),
    Bug(
        "the week begins a day late",
        is_set(windows, "WEEKDAYS", (windows.WEEKDAYS[-1], *windows.WEEKDAYS[:-1])),
    ),
    Bug("holidays are working days", sees(window.WINDOW, day=_no_holidays)),
    Bug(
        "a date without a calendar is a working day",
        sees(
            window.WINDOW,
            window.CALENDAR,
            notice.NOTICE,
            day=lambda d: replace(d, calendar=_Careless(d.calendar.days)),
        ),
    ),
    Bug(
        "the stay's length is rounded down to minutes",
        sees(window.STAY_LENGTH, visit=lambda v: replace(v, service_s=v.service_s // 60 * 60)),
    ),
    Bug(
        "the quiet time is that of the day before",
        is_set(quiet, "WEEKDAYS", (windows.WEEKDAYS[-1], *windows.WEEKDAYS[:-1])),
    ),
    # place
    Bug(
        "a kind of place that nobody names is like home",
        sees(place.PLACE, visit=lambda v: replace(v, place_kind="residence")),
    ),
    Bug(
        "a consent that was revoked still counts",
        sees(
            place.PLACE,
            visit=lambda v: replace(
                v, consents=tuple(replace(c, revoked_at=None) for c in v.consents)
            ),
        ),
    ),
    Bug(
        "a consent counts for every place",
        sees(
            place.PLACE,
            visit=lambda v: replace(
                v, consents=tuple(replace(c, place_id=v.place_id) for c in v.consents)
            ),
        ),
    ),
    # holds
    Bug(
        "holds on a place are ignored",
        sees(holds.HOLDS, visit=_only_holds(lambda _v, h: h.place_id is None)),
    ),
    Bug(
        "holds of a kind that nobody lists are ignored",
        sees(holds.HOLDS, visit=_only_holds(lambda _v, h: h.kind == "hardship")),
    ),
    Bug("a hold that begins during the day is ignored", _rule(holds.HOLDS, narrow=_begun)),
    Bug(
        "a hold ends a second too early",
        sees(
            holds.HOLDS,
            visit=lambda v: replace(
                v,
                holds=tuple(
                    replace(h, until_at=h.until_at and h.until_at - _SECOND) for h in v.holds or ()
                ),
            ),
        ),
    ),
    # how often
    Bug(
        "the cap counts this loan's visits only",
        sees(
            caps.CAPS,
            visit=lambda v: replace(
                v, visits=tuple(m for m in v.visits or () if m.case_id == v.case_id)
            ),
        ),
    ),
    Bug(
        "the cap's span is a day short",
        calls(caps, "most_within", lambda right, d, on, n: right(d, on, n and n - 1)),
    ),
    Bug(
        "the cap is exceeded by one",
        calls(caps, "most_within", lambda right, *a: right(*a) - 1),
    ),
    Bug(
        "the cap looks back only",
        calls(
            caps, "most_within", lambda right, d, on, n: right([x for x in d if x <= on], on, n)
        ),
    ),
    Bug(
        "a cap without a span is forgotten",
        calls(caps, "most_within", lambda right, d, on, n: right(d, on, n) if n else 0),
    ),
    Bug(
        "cooling-off is a day short",
        sees(caps.COOLING, law=says("visit.cooling_days_after_talk", lambda n: n - 1)),
    ),
    Bug("only talks by phone cool off", is_set(caps, "_TALKS", frozenset({"phone"}))),
    Bug(
        "a cap on contacts is exceeded by one",
        calls(contact_rules, "most_within", lambda right, *a: right(*a) - 1),
    ),
    Bug("the contact's day is that of UTC", calls(caps, "days_since", _utc)),
    Bug(
        "one contact more on the day",
        sees(caps.SAME_DAY, law=says("visit.other_contacts_same_day", lambda n: n + 1)),
    ),
    # eligible
    Bug(
        "a day too few past due",
        sees(eligible.OVERDUE, law=says("eligibility.min_dpd", lambda n: n - 1)),
    ),
    Bug(
        "a try that reached no network counts",
        sees(eligible.REMOTE_FIRST, visit=contacts(is_genuine=True)),
    ),
    Bug(
        "the person's own call counts as a try",
        sees(eligible.REMOTE_FIRST, visit=contacts(by_borrower=False)),
    ),
    Bug(
        "tries about another loan count",
        sees(
            eligible.REMOTE_FIRST,
            visit=lambda v: contacts(case_id=v.case_id)(v),
        ),
    ),
    Bug(
        "two tries on two days are enough",
        sees(
            eligible.REMOTE_FIRST,
            law=lambda law: says("eligibility.remote_days", lambda n: n - 1)(
                says("eligibility.remote_attempts", lambda n: n - 1)(law)
            ),
        ),
    ),
    Bug(
        "part of the means is means enough",
        sees(eligible.ABILITY, law=says("eligibility.ability", lambda names: [*names, "partial"])),
    ),
    Bug(
        "an unknown age is an adult's",
        sees(
            facts_known.FACTS_KNOWN,
            law=says("facts.required", lambda names: [n for n in names if n != "is_adult"]),
        ),
    ),
    Bug("a minor may be visited", _forgotten(facts_known.ADULT)),
    Bug("the data's check lasts a day longer", sees(facts_known.DATA_AUDIT, visit=_later)),
    Bug(
        "a machine may approve",
        sees(approved.APPROVAL, visit=lambda v: replace(v, is_approver_human=True)),
    ),
    Bug(
        "an empty ground is a ground",
        sees(approved.APPROVAL, visit=lambda v: replace(v, ground="x")),
    ),
    Bug(
        "the written demand is forgotten",
        _forgotten(demand.DEMAND),
    ),
    # crew
    Bug("one agent is a crew", sees(crew.CREW_SIZE, law=says("crew.min", lambda _: 1))),
    Bug(
        "the same agent twice is a crew",
        _rule(
            crew.CREW_SIZE,
            check=lambda v, law, d: (
                None if len(d.crew or ()) >= law["crew.min"] else crew.CREW_SIZE.check(v, law, d)
            ),
        ),
    ),
    Bug(
        "a certificate holds a day longer",
        sees(crew.CREW_PAPERS, day=lambda d: replace(d, on=d.on - _DAY)),
    ),
    Bug(
        "the yearly training is forgotten",
        sees(
            crew.CREW_PAPERS,
            law=says("crew.papers", lambda names: [n for n in names if n != "training"]),
        ),
    ),
    Bug(
        "a suspended agent may go",
        calls(crew, "lacking", lambda right, m, *a: right(replace(m, is_active=True), *a)),
    ),
    Bug("the wish for a mixed crew is forgotten", _forgotten(crew.CREW_MIX)),
    Bug("anybody speaks the language", _forgotten(language.CREW_LANGUAGE)),
    # risk flags
    Bug(
        "one agent is a crew, at a flagged place too",
        sees(
            crew.CREW_SIZE,
            risk.RISK_CREW,
            law=lambda law: says("risk.crew_min", lambda _: 1)(says("crew.min", lambda _: 1)(law)),
        ),
    ),
    Bug("the dark at a flagged place is forgotten", _forgotten(risk.RISK_HOURS)),
    Bug(
        "the light at a flagged place lasts a minute longer",
        _flagged_until("15:46"),
    ),
    Bug("a flagged place may be the last", _forgotten(risk.RISK_LAST)),
    # notice
    Bug(
        "the lead counts from sending, not from delivery",
        calls(notice, "delivered_at", lambda _right, newest, _now: newest.sent_at),
    ),
    Bug(
        "the lead is an hour short",
        sees(notice.NOTICE, law=says("notice.min_hours", lambda n: n - 1)),
    ),
    Bug(
        "a gateway's word is proof",
        is_set(notice, "_PROOFS", frozenset({"receipt", "opened_link", "personal", "gateway"})),
    ),
    Bug(
        "a notice is good for a day more",
        sees(notice.NOTICE, law=says("notice.max_age_days", lambda n: n + 1)),
    ),
    Bug("the notice's expiry is ignored", sees(notice.NOTICE, visit=notices(expires_at=None))),
    Bug(
        "the notice's crew is not compared",
        sees(notice.NOTICE, day=lambda d: replace(d, crew=None)),
    ),
    Bug(
        "the notice's place is not compared",
        sees(notice.NOTICE, visit=lambda v: notices(place_id=v.place_id)(v)),
    ),
    Bug(
        "messages leave at any hour",
        calls(notice, "next_sendable", lambda _right, _law, **k: k["from_at"]),
    ),
    Bug(
        "a call is as good as a letter",
        is_set(notice, "_WRITTEN", frozenset({"sms", "phone_desk"})),
    ),
    Bug(
        "a used notice is good again",
        sees(notice.NOTICE, visit=lambda v: replace(v, is_notice_used=False)),
    ),
    Bug("a declined visit is made", _forgotten(notice.ANSWER)),
    Bug("the notice's language is not looked at", _forgotten(language.NOTICE_LANGUAGE)),
)
