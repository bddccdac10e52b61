"""Figures of a branch: what came of the work and how people were treated; never who collected most.

No figure is kept per agent, and none rises with pressure. A visit that was not needed counts as a
success: cases that came to a good end without one are told first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from dispatch.clock import local_date, local_day
from dispatch.model import (
    ArrearsReason,
    Branch,
    Case,
    Outcome,
    OutcomeCode,
    PromiseState,
    ReasonClass,
    Stage,
)
from dispatch.model.arrears import CLASSES
from dispatch.model.case import ENDED
from dispatch.model.outcome import ABORTED
from dispatch.store.figures import Counted

BUCKET_DAYS: Final = 30
LAST_BUCKET: Final = 7
"""M7 is everything beyond 180 days."""

_UNKNOWN: Final = ArrearsReason.UNKNOWN
_OPEN: Final = frozenset(Stage) - ENDED


class Advice(StrEnum):
    """What the outcomes of a segment suggest; each is milder than more visits."""

    OFFER_RELIEF_FIRST = "offer_relief_first"
    REMIND_ONLY = "remind_only"
    CHECK_THE_ACCOUNT = "check_the_account"
    ASK_BY_OTHER_CHANNELS = "ask_by_other_channels"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Cases of one age and one kind of reason, what came of visits to them, and what to try."""

    bucket: str
    reason_class: ReasonClass
    cases: int
    visits: int
    nobody_met: int
    promises_kept: int
    promises_broken: int
    ended_well: int
    advice: Advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A branch between two local dates, both included."""

    from_on: date
    to_on: date
    # what came of it
    ended_well: int
    ended_well_without_visit: int
    contacts_per_ended_case: float | None
    promises: Mapping[str, int]
    # the work
    visits_made: int
    visits_broken_off: int
    reported_same_day: int
    waiting: Mapping[str, int]
    longest_wait_days: Mapping[str, int]
    portfolio: Mapping[str, int]
    contacts: Mapping[str, int]
    # how people were treated
    confirmed: int
    refusals_honoured: int
    holds: Mapping[str, int]
    complaints: int
    incidents: Mapping[str, int]
    breaches: int
    felt: Mapping[str, int]
    segments: tuple[Segment, ...]


def bucket_of(dpd: int | None) -> str:
    """Return the age of a case's arrears: `M0` not overdue, `M1` 1 to 30 days, and so on."""
    if dpd is None:
        return "unknown"
    return f"M{min(LAST_BUCKET, -(-dpd // BUCKET_DAYS))}"


def figures(
    session: Session, branch: Branch, *, from_on: date, to_on: date, now: datetime
) -> Figures:
    """Return the figures of a branch between two local dates, both included."""
    zone = branch.time_zone
    bounds = local_day(zone, from_on)[0], local_day(zone, to_on)[1]
    seen = Counted(session, branch.id, *bounds)
    made = [one for one in seen.reports if one.code not in ABORTED]
    on = local_date(zone, now)
    waiting = [case for case in seen.cases if case.stage in _OPEN]
    touched = sum(one.case_id in seen.ended for one in seen.contacts)
    return Figures(
        from_on=from_on,
        to_on=to_on,
        ended_well=len(seen.ended),
        ended_well_without_visit=len(seen.ended - {one.case_id for one in made}),
        contacts_per_ended_case=round(touched / len(seen.ended), 2) if seen.ended else None,
        promises=_count(one.state for one in seen.promises),
        visits_made=len(made),
        visits_broken_off=len(seen.reports) - len(made),
        reported_same_day=sum(
            local_date(zone, one.occurred_at) == local_date(zone, one.received_at)
            for one in seen.reports
        ),
        waiting=_count(case.stage for case in waiting),
        longest_wait_days=_longest(waiting, on, zone),
        portfolio=_count(bucket_of(case.dpd(on)) for case in waiting),
        contacts=_count(one.channel for one in seen.contacts),
        confirmed=len(seen.confirmed),
        refusals_honoured=len(seen.declined),
        holds=_count(one.kind for one in seen.holds),
        complaints=len(seen.complaints),
        incidents=_count(one.kind for one in seen.incidents),
        breaches=sum(bool(one.is_breach) for one in seen.incidents),
        felt=_count(one.felt for one in seen.feedback if one.felt is not None),
        segments=_segments(seen, made, on),
    )


def _segments(seen: Counted, made: Sequence[Outcome], on: date) -> tuple[Segment, ...]:
    keys = {
        case.id: (bucket_of(case.dpd(on)), CLASSES[seen.reasons.get(case.id, _UNKNOWN)])
        for case in seen.cases
    }
    visits = Counter(keys[one.case_id] for one in made)
    nobody = Counter(keys[one.case_id] for one in made if one.code is OutcomeCode.NO_ANSWER)
    good = Counter(keys[case_id] for case_id in seen.ended)
    kept, broken = (
        Counter(keys[one.case_id] for one in seen.promises if one.state is wanted)
        for wanted in (PromiseState.KEPT, PromiseState.BROKEN)
    )
    return tuple(
        Segment(
            bucket=key[0],
            reason_class=key[1],
            cases=number,
            visits=visits[key],
            nobody_met=nobody[key],
            promises_kept=kept[key],
            promises_broken=broken[key],
            ended_well=good[key],
            advice=_advice(
                key[1],
                visits=visits[key],
                nobody=nobody[key],
                kept=kept[key],
                broken=broken[key],
            ),
        )
        for key, number in sorted(Counter(keys.values()).items())
    )


def _advice(reason: ReasonClass, *, visits: int, nobody: int, kept: int, broken: int) -> Advice:
    if reason is ReasonClass.CANNOT_PAY or broken > kept:
        return Advice.OFFER_RELIEF_FIRST
    if reason is ReasonClass.DISAGREES:
        return Advice.CHECK_THE_ACCOUNT
    if reason is ReasonClass.SLIPPED:
        return Advice.REMIND_ONLY
    return Advice.ASK_BY_OTHER_CHANNELS if nobody * 2 > visits else Advice.KEEP


def _longest(waiting: list[Case], on: date, zone: str) -> dict[str, int]:
    longest: dict[str, int] = {}
    for case in waiting:
        days = (on - local_date(zone, case.received_at)).days
        longest[str(case.stage)] = max(days, longest.get(str(case.stage), 0))
    return longest


def _count(values: Iterable[object]) -> dict[str, int]:
    return dict(sorted(Counter(map(str, values)).items()))
