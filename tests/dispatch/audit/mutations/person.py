"""Changes of the person's side: place, consent, holds, caps, contacts, eligibility, unknown facts."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, Final

from dispatch.audit import Code
from dispatch.policy.facts import (
    ConsentFacts,
    ContactFacts,
    DayFacts,
    HoldFacts,
    StayFacts,
    VisitMadeFacts,
)
from tests.dispatch.audit.lawful_day import an_id
from tests.dispatch.audit.mutations.base import (
    A,
    Change,
    Mutation,
    R,
    X,
    days,
    minutes,
    stay_with,
    visit,
    wall,
)

ELSEWHERE = an_id("elsewhere")


def _consent(**changes: Any) -> Callable[..., tuple[ConsentFacts, ...]]:
    def of(s: StayFacts, day: DayFacts, rng: Random) -> tuple[ConsentFacts, ...]:
        given = ConsentFacts(
            scope="place", given_at=s.arrive_at - days(20), place_id=s.visit.place_id
        )
        values = {k: v(s, day) if callable(v) else v for k, v in changes.items()}
        return (replace(given, **values),)

    return of


def _at_work(**changes: Any) -> Change:
    return visit(**{"place_kind": "workplace", "consents": _consent(), **changes})


def _held(**changes: Any) -> Change:
    def of(s: StayFacts, day: DayFacts, rng: Random) -> tuple[HoldFacts, ...]:
        begun = HoldFacts(kind="hardship", from_at=s.arrive_at - days(rng.randint(1, 90)))
        values = {k: v(s, day) if callable(v) else v for k, v in changes.items()}
        return (replace(begun, **values),)

    return visit(holds=of)


def _visited(*days_before: int, hour: int = 10, minute: int = 0, own: bool = False) -> Change:
    def of(s: StayFacts, day: DayFacts, _rng: Random) -> tuple[VisitMadeFacts, ...]:
        case_id = s.visit.case_id if own else ELSEWHERE
        return tuple(
            VisitMadeFacts(at=wall(s, day, hour, minute, days=-d), case_id=case_id)
            for d in days_before
        )

    return visit(visits=of)


def _contacted(
    at: Callable[[StayFacts, DayFacts], Any],
    *,
    channel: str = "phone",
    result: str = "right_party",
) -> Change:
    def of(s: StayFacts, day: DayFacts, _rng: Random) -> tuple[ContactFacts, ...]:
        more = ContactFacts(at=at(s, day), channel=channel, result=result)
        return (*(s.visit.contacts or ()), more)

    return visit(contacts=of)


def _tries(keep: Callable[[int, ContactFacts, StayFacts], ContactFacts | None]) -> Change:
    """Leave three tries on three days by two channels, each changed or left out."""

    def of(s: StayFacts, day: DayFacts, _rng: Random) -> tuple[ContactFacts, ...]:
        three = [
            ContactFacts(
                at=wall(s, day, 12, days=-number),
                channel=channel,
                result="none",
                case_id=s.visit.case_id,
            )
            for number, channel in ((30, "phone"), (31, "letter"), (32, "phone"))
        ]
        return tuple(c for i, one in enumerate(three) if (c := keep(i, one, s)) is not None)

    return visit(contacts=of)


def _same_person_twice(day: DayFacts, _rng: Random) -> DayFacts:
    second = replace(day.stays[2].visit, person_id=day.stays[1].visit.person_id)
    return replace(day, stays=(*day.stays[:2], replace(day.stays[2], visit=second)))


def _unknown(name: str, **values: Any) -> Mutation:
    return Mutation(f"{name} is unknown", visit(**values), Code.FACT_UNKNOWN)


def _demanded(*days_before: int, case: bool = True) -> Change:
    """Leave letters of these ages only, beside three tries that are long ago."""

    def of(s: StayFacts, day: DayFacts, _rng: Random) -> tuple[ContactFacts, ...]:
        tries = [c for c in s.visit.contacts or () if c.channel != "letter"]
        letters = [
            ContactFacts(
                at=wall(s, day, 9, days=-number),
                channel="letter",
                result="none",
                case_id=s.visit.case_id if case else ELSEWHERE,
            )
            for number in days_before
        ]
        return (*tries, *letters)

    return visit(contacts=of)


def _called(*days_before: int) -> Change:
    def of(s: StayFacts, day: DayFacts, _rng: Random) -> tuple[ContactFacts, ...]:
        more = [
            ContactFacts(
                at=wall(s, day, 12, days=-number),
                channel="phone",
                result="none",
                case_id=s.visit.case_id,
            )
            for number in days_before
        ]
        return (*(s.visit.contacts or ()), *more)

    return visit(contacts=of)


def _without_consent(name: str, change: Change) -> Mutation:
    """Return a kind that breaks the consent to a workplace, which some packs forbid outright."""
    return Mutation(name, change, Code.CONSENT, or_code=Code.PLACE)


PLACES: Final = (
    _without_consent("workplace without consent", _at_work(consents=())),
    _without_consent("workplace that nobody chose", _at_work(is_place_chosen=False)),
    _without_consent("nobody knows who chose the place", _at_work(is_place_chosen=None)),
    _without_consent("consent to another place", _at_work(consents=_consent(place_id=ELSEWHERE))),
    _without_consent(
        "consent revoked before",
        _at_work(consents=_consent(revoked_at=lambda s, _d: s.arrive_at - days(15))),
    ),
    _without_consent(
        "consent revoked while the crew is there",
        _at_work(consents=_consent(revoked_at=lambda s, _d: s.arrive_at + minutes(1))),
    ),
    _without_consent(
        "consent of the future",
        _at_work(consents=_consent(given_at=lambda s, _d: s.arrive_at + days(1))),
    ),
    _without_consent("consent to something else", _at_work(consents=_consent(scope="time"))),
    Mutation("a school", visit(place_kind="school"), Code.PLACE),
    Mutation("a hospital", visit(place_kind="hospital"), Code.PLACE),
    Mutation("a kind of place that nobody names", visit(place_kind="gym"), Code.PLACE),
    Mutation("sent to another address", stay_with(place_id=ELSEWHERE), Code.PLACE_DIFFERS),
)

HOLDS: Final = (
    Mutation("hold on the person", _held(), Code.HOLD),
    Mutation("hold of a kind that nobody lists", _held(kind="something_new"), Code.HOLD),
    Mutation("hold on the case", _held(case_id=lambda s, _d: s.visit.case_id), Code.HOLD),
    Mutation("hold on the place", _held(place_id=lambda s, _d: s.visit.place_id), Code.HOLD),
    Mutation(
        "hold on the place and another case",
        _held(case_id=ELSEWHERE, place_id=lambda s, _d: s.visit.place_id),
        Code.HOLD,
    ),
    Mutation(
        "hold begins during the stay",
        _held(from_at=lambda s, _d: s.arrive_at + (s.leave_at - s.arrive_at) / 2),
        Code.HOLD,
    ),
    Mutation("hold begins as the crew leaves", _held(from_at=lambda s, _d: s.leave_at), Code.HOLD),
    Mutation(
        "hold ends a second into the stay",
        _held(until_at=lambda s, _d: s.arrive_at + minutes(1 / 60)),
        Code.HOLD,
    ),
    Mutation(
        "hold put in force while the crew is on its way",
        _held(from_at=lambda s, _d: s.arrive_at - minutes(5)),
        Code.HOLD,
    ),
)

OFTEN: Final = (
    Mutation("visited 29 days ago", _visited(29), Code.CAP),
    Mutation(
        "visited 29 dates ago at midnight: 30 by another clock",
        _visited(29, hour=0, minute=1),
        Code.CAP,
    ),
    Mutation("visited the day before", _visited(1), Code.CAP),
    Mutation("announced elsewhere in 29 days", _visited(-29), Code.CAP),
    Mutation("three visits within 179 days", _visited(179, 140, 100), Code.CAP),
    Mutation("three visits around this one in 180 days", _visited(-60, 60, 119), Code.CAP),
    Mutation(
        "three visits about the case, years ago", _visited(900, 700, 500, own=True), Code.CAP
    ),
    Mutation("same person twice in the plan", _same_person_twice, Code.CAP),
    Mutation(
        "a talk 14 dates ago",
        _contacted(lambda s, d: wall(s, d, 0, 1, days=-14)),
        Code.COOLING_OFF,
    ),
    Mutation(
        "a talk at another agency's door",
        _contacted(lambda s, d: wall(s, d, 12, days=-11), channel="visit"),
        Code.COOLING_OFF,
    ),
    Mutation(
        "a talk by chat",
        _contacted(lambda s, d: wall(s, d, 12, days=-11), channel="chat"),
        Code.COOLING_OFF,
    ),
    Mutation(
        "the eighth contact in seven days",
        _called(1, 2, 3, 4, 5, 6, 6),
        Code.CONTACT_CAP,
        pack="kr",
    ),
    Mutation(
        "a message on the same day",
        _contacted(lambda s, d: wall(s, d, 0, 5), channel="sms", result="none"),
        Code.SAME_DAY_CONTACT,
    ),
    Mutation(
        "a message on the same day, the day before by UTC",
        _contacted(lambda s, d: wall(s, d, 0, 5), channel="sms", result="none"),
        Code.SAME_DAY_CONTACT,
        zones=("Asia/Shanghai",),
    ),
    Mutation(
        "a call in the evening after",
        _contacted(lambda s, d: wall(s, d, 23, 55), result="none"),
        Code.SAME_DAY_CONTACT,
        (X,),
    ),
)

ELIGIBLE: Final = (
    Mutation("29 days past due", visit(dpd=29), Code.OVERDUE),
    Mutation("no try at all", visit(contacts=()), Code.REMOTE_FIRST),
    Mutation("two tries only", _tries(lambda i, c, _: c if i else None), Code.REMOTE_FIRST),
    Mutation(
        "three tries on two days",
        _tries(lambda i, c, _: replace(c, at=c.at + days(1)) if i == 2 else c),
        Code.REMOTE_FIRST,
    ),
    Mutation(
        "one channel only",
        _tries(lambda _i, c, _s: replace(c, channel="letter")),
        Code.REMOTE_FIRST,
    ),
    Mutation(
        "a try that reached no network",
        _tries(lambda i, c, _: replace(c, is_genuine=bool(i))),
        Code.REMOTE_FIRST,
    ),
    Mutation(
        "a try about another loan",
        _tries(lambda i, c, _: c if i else replace(c, case_id=ELSEWHERE)),
        Code.REMOTE_FIRST,
    ),
    Mutation(
        "the person's own call counted as a try",
        _tries(lambda i, c, _: replace(c, by_borrower=not i)),
        Code.REMOTE_FIRST,
    ),
    Mutation(
        "a try of the future",
        _tries(lambda i, c, s: c if i else replace(c, at=s.arrive_at + days(2))),
        Code.REMOTE_FIRST,
    ),
    Mutation("no written demand", _demanded(), Code.DEMAND, pack="dk"),
    Mutation("a written demand of ten days", _demanded(10), Code.DEMAND, pack="dk"),
    Mutation("a demand of another loan", _demanded(40, case=False), Code.DEMAND, pack="dk"),
    Mutation("no ability to pay now", visit(ability="none_now"), Code.ABILITY),
    Mutation("able to pay a part only", visit(ability="partial"), Code.ABILITY),
    Mutation("a minor", visit(is_adult=False), Code.NOT_AN_ADULT),
    Mutation("nobody approved", visit(approved_by=None), Code.APPROVAL),
    Mutation("nobody knows when it was approved", visit(approved_at=None), Code.APPROVAL),
    Mutation("a machine approved", visit(is_approver_human=False), Code.APPROVAL),
    Mutation(
        "nobody knows whether a human approved", visit(is_approver_human=None), Code.APPROVAL
    ),
    Mutation(
        "approved after the fact",
        visit(approved_at=lambda s, _d, _r: s.arrive_at + minutes(1)),
        Code.APPROVAL,
    ),
    Mutation("no ground", visit(ground=" "), Code.GROUND),
    Mutation(
        "data audit ends during the stay",
        visit(data_audit_until=lambda s, _d, _r: s.leave_at - minutes(1 / 60)),
        Code.DATA_AUDIT,
    ),
)

UNKNOWN: Final = (
    _unknown("time zone", time_zone="Nowhere/Land"),
    _unknown("another zone in which the person may be", contact_time_zones=("Nowhere/Land",)),
    _unknown("position of the place", is_place_located=False),
    _unknown("whether the place is located", is_place_located=None),
    _unknown("kind of place", place_kind=None),
    _unknown("age", is_adult=None),
    _unknown("language", language=None),
    _unknown("days past due", dpd=None),
    _unknown("ability", ability=None),
    _unknown("contact history", contacts=None),
    _unknown("visit history", visits=None),
    _unknown("holds", holds=None),
    _unknown("data audit", data_audit_until=None),
)

ANSWERS: Final = (
    Mutation("declined", visit(appointment="declined"), Code.APPOINTMENT),
    Mutation("another time asked for", visit(appointment="countered"), Code.APPOINTMENT),
    Mutation("withdrawn by us", visit(appointment="withdrawn"), Code.APPOINTMENT),
    Mutation(
        "planned again after it was kept", visit(appointment="kept"), Code.APPOINTMENT, (A, R)
    ),
)

MUTATIONS: Final = (*PLACES, *HOLDS, *OFTEN, *ELIGIBLE, *UNKNOWN, *ANSWERS)
