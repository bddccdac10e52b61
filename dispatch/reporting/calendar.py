"""A branch's calendar as a read model: what its own lines say, who set them, and what lies ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Branch, CalendarReason, Evidence, Holiday
from dispatch.policy.facts import DayClass
from dispatch.reporting.permissions import account_of, colleagues
from dispatch.store import calendar, days, law
from dispatch.store.scope import Scope

AHEAD_DAYS: Final = 90
"""How far the page looks ahead."""
MOST: Final = 200
MOST_REMOVED: Final = 10

_WORTH_TELLING: Final = frozenset({DayClass.HOLIDAY, DayClass.MAKEUP, None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Dates in a row that are alike; `day_class` None: nobody vouches for them."""

    first_on: date
    last_on: date
    day_class: DayClass | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Who acted on the calendar, when and why; None: the import, or before reasons were kept."""

    name: str | None
    at: datetime
    reason: CalendarReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSeen:
    """A branch's calendar from today on."""

    runs: tuple[Run, ...]
    lines: Sequence[Holiday]
    set_by: Mapping[UUID, Noted]
    """By the line's id; lines from files have none."""
    removed: tuple[tuple[date, Noted], ...]


def calendar_seen(
    session: Session, branch: Branch, *, scope: Scope, now: datetime
) -> CalendarSeen:
    """Return the branch's calendar from today on, with who changed it."""
    today = local_date(branch.time_zone, now)
    lines = calendar.lines_of(session, scope, branch.id, from_on=today, limit=MOST)
    removals = calendar.removals_of(session, branch.id, limit=MOST_REMOVED)
    acts = law.acts_on(session, {one.id for one in lines})
    newest = {row_id: found[-1] for row_id, found in acts.items()}
    actors = {one for act in (*newest.values(), *removals) if (one := account_of(act.actor))}
    names = colleagues(session, branch, actors)
    return CalendarSeen(
        runs=_runs(session, branch, today),
        lines=lines,
        set_by={row_id: _noted(act, names) for row_id, act in newest.items()},
        removed=tuple(
            (date.fromisoformat(act.facts["day_on"]), _noted(act, names)) for act in removals
        ),
    )


def _runs(session: Session, branch: Branch, today: date) -> tuple[Run, ...]:
    """Return holidays, working weekends and unknown dates ahead; ordinary days are not told."""
    last = today + timedelta(days=AHEAD_DAYS)
    found = days.calendar_of(session, branch, from_on=today, to_on=last)
    runs: list[Run] = []
    for offset in range(AHEAD_DAYS + 1):
        on = today + timedelta(days=offset)
        day_class = found.day_class(on)
        if day_class not in _WORTH_TELLING:
            continue
        before = runs[-1] if runs else None
        if before and before.day_class is day_class and (on - before.last_on).days == 1:
            runs[-1] = Run(first_on=before.first_on, last_on=on, day_class=day_class)
        else:
            runs.append(Run(first_on=on, last_on=on, day_class=day_class))
    return tuple(runs)


def _noted(act: Evidence, names: Mapping[UUID, str]) -> Noted:
    actor, reason = account_of(act.actor), act.facts.get("reason")
    return Noted(
        name=names.get(actor) if actor else None,
        at=act.at,
        reason=CalendarReason(reason) if reason in set(CalendarReason) else None,
    )
