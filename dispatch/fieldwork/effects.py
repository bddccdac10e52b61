"""Effects: what each outcome code changes, in one table (domain: "What must follow")."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.fieldwork.payloads import Flag
from dispatch.model import (
    AppointmentState,
    ContactResult,
    HoldKind,
    LocationState,
    OutcomeCode,
    Stage,
)
from dispatch.model.outcome import ABORTED, CAPPED


class Reach(StrEnum):
    """Where a hold stops visits."""

    PERSON = "person"
    CASE = "case"
    PLACE = "place"


class Until(StrEnum):
    """How long a hold lasts, counted from when the fact occurred."""

    OPEN = "open"
    """Until somebody with the right lifts it."""
    COOLING = "cooling"
    """As many days as the pack leaves people alone after a talk."""
    PROMISE = "promise"
    """The promised day and its days of grace."""
    POSTING = "posting"
    """14 days: until a payment should have been booked."""
    REVIEW = "review"
    """90 days: a mark on a place that runs out unless it is renewed."""


@dataclass(frozen=True, slots=True)
class HoldRule:
    """A hold that a code puts in force."""

    kind: HoldKind
    reach: Reach
    until: Until = Until.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """All that one code changes."""

    is_made: bool
    """A visit was made, be it to a closed door; else it was broken off or never begun."""
    is_capped: bool
    contact: ContactResult | None
    appointment: AppointmentState
    holds: tuple[HoldRule, ...] = ()
    place: LocationState | None = None
    stage: Stage = Stage.FOLLOW_UP
    incident: str | None = None


_C, _A, _H = OutcomeCode, AppointmentState, HoldKind
_RPC, _TPC, _NONE = ContactResult.RIGHT_PARTY, ContactResult.THIRD_PARTY, ContactResult.NONE
_PERSON, _CASE, _PLACE = Reach.PERSON, Reach.CASE, Reach.PLACE


def _contact(result: ContactResult) -> dict[OutcomeCode, ContactResult]:
    return dict.fromkeys(_BY_CONTACT[result], result)


_BY_CONTACT: Final = {
    _TPC: (
        _C.ID_UNVERIFIED,
        _C.TP_ABSENT,
        _C.TP_UNKNOWN,
        _C.TP_MOVED,
        _C.TP_DECEASED,
        _C.TP_AWAY,
        _C.TP_OBJECTS,
        _C.MINOR_ONLY,
        _C.WORK_BARRED,
    ),
    _NONE: (_C.NO_ANSWER, _C.NO_ACCESS, _C.BAD_ADDRESS, _C.VACANT, _C.APPT_MISSED_B),
}
_CLASS: Final[Mapping[OutcomeCode, ContactResult]] = {**_contact(_TPC), **_contact(_NONE)}

_HOLDS: Final[Mapping[OutcomeCode, tuple[HoldRule, ...]]] = {
    _C.PAID_FULL: (HoldRule(_H.PAID_UNPOSTED, _CASE, Until.POSTING),),
    _C.PAID_PART: (HoldRule(_H.PAID_UNPOSTED, _CASE, Until.POSTING),),
    _C.PTP: (HoldRule(_H.PROMISE_OPEN, _CASE, Until.PROMISE),),
    _C.PLAN_SIGNED: (HoldRule(_H.SIGNED_PLAN, _CASE),),
    _C.PLAN_REQUEST: (HoldRule(_H.PLAN_REQUEST, _CASE),),
    _C.HARDSHIP: (HoldRule(_H.HARDSHIP, _PERSON),),
    _C.DISPUTE: (HoldRule(_H.DISPUTE, _CASE),),
    _C.ALREADY_PAID: (HoldRule(_H.PAID_UNPOSTED, _CASE),),
    _C.REFUSED_PAY: (HoldRule(_H.STOP_VISITS, _CASE),),
    _C.DECLINED_TALK: (HoldRule(_H.COOLING_OFF, _PERSON, Until.COOLING),),
    _C.STOP_VISITS: (HoldRule(_H.STOP_VISITS, _PERSON),),
    _C.STOP_ALL: (HoldRule(_H.STOP_CONTACT, _PERSON),),
    _C.REPRESENTED: (HoldRule(_H.REPRESENTED, _PERSON),),
    _C.COMPLAINT: (HoldRule(_H.COMPLAINT, _PERSON),),
    _C.DISTRESS: (HoldRule(_H.DISTRESS, _PERSON),),
    _C.VULNERABLE: (HoldRule(_H.VULNERABLE, _PERSON),),
    _C.LANGUAGE: (HoldRule(_H.LANGUAGE, _PERSON),),
    _C.ID_UNVERIFIED: (HoldRule(_H.IDENTITY_DOUBT, _CASE),),
    _C.TP_DECEASED: (HoldRule(_H.DECEASED, _PERSON),),
    _C.TP_AWAY: (HoldRule(_H.AWAY, _PERSON),),
    _C.TP_OBJECTS: (HoldRule(_H.PLACE_BARRED, _PLACE),),
    _C.MINOR_ONLY: (HoldRule(_H.MINOR_ONLY, _PERSON, Until.COOLING),),
    _C.WORK_BARRED: (HoldRule(_H.PLACE_BARRED, _PLACE),),
    _C.ABORT_SAFETY: (HoldRule(_H.PLACE_BARRED, _PLACE, Until.REVIEW),),
    _C.INCIDENT: (HoldRule(_H.PLACE_BARRED, _PLACE, Until.REVIEW),),
    _C.PAID_EN_ROUTE: (HoldRule(_H.PAID_UNPOSTED, _CASE, Until.POSTING),),
}

_APPOINTMENT: Final[Mapping[OutcomeCode, AppointmentState]] = {
    _C.RESCHEDULE: _A.COUNTERED,
    _C.APPT_MISSED_B: _A.MISSED_BORROWER,
    _C.ABORT_LATE: _A.MISSED_AGENT,
    _C.CANCELLED_B: _A.DECLINED,
}

_PLACES: Final[Mapping[OutcomeCode, LocationState]] = {
    _C.TP_UNKNOWN: LocationState.DOUBTFUL,
    _C.TP_MOVED: LocationState.WRONG,
    _C.BAD_ADDRESS: LocationState.WRONG,
    _C.VACANT: LocationState.WRONG,
}

_INCIDENTS: Final[Mapping[OutcomeCode, str]] = {
    _C.DISTRESS: "distress",
    _C.ABORT_SAFETY: "safety",
    _C.INCIDENT: "safety",
    _C.ABORT_POLICY: "found-unlawful-at-the-door",
}


def _effect(code: OutcomeCode) -> Effect:
    is_made = code not in ABORTED
    return Effect(
        is_made=is_made,
        is_capped=code in CAPPED,
        contact=_CLASS.get(code, _RPC) if is_made else None,
        appointment=_APPOINTMENT.get(code, _A.KEPT if is_made else _A.WITHDRAWN),
        holds=_HOLDS.get(code, ()),
        place=_PLACES.get(code),
        stage=Stage.LEGAL_REVIEW if code is _C.REFUSED_PAY else Stage.FOLLOW_UP,
        incident=_INCIDENTS.get(code),
    )


EFFECTS: Final[Mapping[OutcomeCode, Effect]] = {code: _effect(code) for code in OutcomeCode}
"""What each code changes; a code that is missing in a part of the table changes nothing there."""

FLAG_HOLDS: Final[Mapping[Flag, HoldRule]] = {
    Flag.DISTRESS: HoldRule(_H.DISTRESS, _PERSON),
    Flag.VULNERABLE: HoldRule(_H.VULNERABLE, _PERSON),
}
"""Holds that a flag puts in force beside any code."""
