"""Random lawful branch-days: any shipped pack, any zone, planned, announced or executed."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from dispatch.audit import Profile, audit
from dispatch.clock import local_instant
from dispatch.policy.facts import (
    ConsentFacts,
    ContactFacts,
    DayClass,
    DayFacts,
    MemberFacts,
    QuietFacts,
    StayFacts,
    VisitFacts,
    VisitMadeFacts,
)
from dispatch.policy.hashes import crew_hash
from dispatch.policy.pack import Pack, load_pack, shipped_packs
from dispatch.policy.wall import WEEKDAYS
from tests.dispatch.audit.lawful_day import a_member, a_notice, a_visit, recorded

ZONES = (
    "Asia/Shanghai",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)
FIRST, LAST = date(2026, 2, 16), date(2026, 11, 30)
STAYS = 3


def pack_of(day: DayFacts) -> Pack:
    """Return the pack under which a random day is planned."""
    return load_pack(day.pack_id)


@cache
def lawful_day(
    profile: Profile,
    number: int,
    zones: tuple[str, ...] = (),
    on: date | None = None,
    pack: str | None = None,
) -> DayFacts:
    """Return the random lawful day of that number: the same number, the same day."""
    rng = Random(f"{profile}/{number}/{zones}/{on}/{pack}")
    for _ in range(200):
        under = load_pack(pack or rng.choice(shipped_packs()))
        day = _draw(rng, profile, under, rng.choice(zones or ZONES), on or _date(rng))
        if audit(day, pack_of(day), profile) == ():
            return day
    msg = f"No lawful day was found for {profile} {number}."
    raise AssertionError(msg)


def _date(rng: Random) -> date:
    on = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
    return on - timedelta(days=on.weekday() == 6)


def _draw(rng: Random, profile: Profile, pack: Pack, zone: str, on: date) -> DayFacts:
    now = _now(rng, zone, on)
    crew = _crew(rng, on)
    # A second crew of other people now and then: agents are bound, not crews.
    crews = rng.choice([(crew,), (crew, _crew(rng, on))])
    stays = [
        _stay(rng, _visit(rng, zone, on, now, pack), rng.choice(crews), arrive_at)
        for arrive_at in _arrivals(rng, zone, on)
    ]
    stays = _some_flagged(stays)
    at = now
    if profile is not Profile.ANNOUNCE:
        stays = [_noticed(rng, stay, on) for stay in stays]
        at = min(stay.window_from for stay in stays) - timedelta(hours=rng.randint(1, 20))
    if profile is Profile.EXECUTED:
        stays = [_made(rng, stay) for stay in stays]
        at = local_instant(zone, on + timedelta(days=1), time(rng.randrange(12)))
    reach = range(-20, 21)
    return DayFacts(
        branch_id=UUID(int=rng.getrandbits(128)),
        service_date=on,
        pack_id=pack.id,
        pack_version=pack.version,
        stays=tuple(stays),
        calendar={d: _day_class(d) for d in (on + timedelta(days=n) for n in reach)},
        generated_at=at,
        sending_delay_s=rng.choice([0, 900, 3600]),
    )


def _now(rng: Random, zone: str, on: date) -> datetime:
    """Return the moment of planning: mostly one at which a notice may leave at once."""
    # The auditor looks for the first moment to send a notice minute by minute: nights take long.
    planned_on = on - timedelta(days=rng.randint(6, 10))
    hour = rng.randrange(10, 16) if rng.random() < 0.9 else rng.randrange(24)
    if planned_on.weekday() > 4 and rng.random() < 0.9:
        planned_on = on - timedelta(days=7 + (on.weekday() == 5))
    return local_instant(zone, planned_on, time(hour)) + timedelta(seconds=rng.randrange(3600))


def _day_class(on: date) -> DayClass:
    return DayClass.REST if on.weekday() > 4 else DayClass.WORKDAY


def _crew(rng: Random, on: date) -> tuple[MemberFacts, ...]:
    names = [f"agent-{rng.getrandbits(32)}-{n}" for n in range(1, rng.choice([3, 3, 4]))]
    return tuple(
        a_member(
            name,
            certificate_until=on + timedelta(days=rng.choice([0, 1, 300])),
            training_until=on + timedelta(days=rng.choice([0, 1, 300])),
            authorised_until=on + timedelta(days=rng.choice([0, 1, 300])),
        )
        for name in names
    )


def _arrivals(rng: Random, zone: str, on: date) -> list[datetime]:
    """Return arrivals an hour or more apart, so that no crew is at two places."""
    is_saturday = on.weekday() == 5
    first, count = (10 * 60 + 15, 5) if is_saturday else (9 * 60 + 15, 9)
    hours = sorted(rng.sample(range(count), STAYS))
    return [
        local_instant(zone, on, time(*divmod(first + hour * 60, 60)))
        + timedelta(minutes=rng.randint(0, 15), seconds=rng.randint(0, 59))
        for hour in hours
    ]


def _visit(rng: Random, zone: str, on: date, now: datetime, pack: Pack) -> VisitFacts:
    name = str(rng.getrandbits(64))
    base = a_visit(name, now)
    days = rng.sample(range(15, 60), rng.randint(3, 5))
    channels = ["phone", "sms", *rng.choices(["phone", "sms", "email", "chat"], k=len(days) - 2)]
    tries = [
        ContactFacts(
            at=now - timedelta(days=number),
            channel=channel,
            result=rng.choice(["none", "third_party"]),
            case_id=base.case_id,
        )
        for number, channel in zip(days, channels, strict=True)
    ]
    letter = replace(tries[0], at=now - timedelta(days=rng.randint(12, 40)), channel="letter")
    return replace(
        base,
        time_zone=zone,
        dpd=rng.randint(91, 400),
        ability=rng.choice(["unknown", "adequate"]),
        language=rng.choice(["zh", "en", "zh-TW"]),
        service_s=rng.randint(10, 28) * 60,
        is_place_chosen=True,
        consents=(
            ConsentFacts(
                scope="place",
                given_at=now - timedelta(days=rng.randint(1, 90)),
                place_id=base.place_id,
            ),
        ),
        contacts=(*tries, letter),
        visits=tuple(
            VisitMadeFacts(at=now - timedelta(days=rng.randint(40, 150)), case_id=base.case_id)
            for _ in range(rng.randint(0, 1))
        ),
        quiet_times=tuple(
            QuietFacts(weekday=day, window="00:00-24:00")
            for day in rng.sample(WEEKDAYS, 2)
            if day != WEEKDAYS[on.weekday()]
        ),
        product=rng.choice([None, *pack.classes]),
        approved_at=now - timedelta(hours=rng.randint(1, 200)),
        data_audit_until=now + timedelta(days=rng.randint(14, 60)),
    )


def _some_flagged(stays: list[StayFacts]) -> list[StayFacts]:
    """Put a risk flag on the first place of a day now and then: it is light, others follow."""
    first, *others = stays
    if first.visit.visit_id.int % 4 == 0:
        first = replace(first, visit=replace(first.visit, risks=("loose_dog",)))
    return [first, *others]


def _stay(
    rng: Random, visit: VisitFacts, crew: tuple[MemberFacts, ...], arrive_at: datetime
) -> StayFacts:
    window_from = arrive_at - timedelta(minutes=rng.randint(0, 45))
    return StayFacts(
        visit=visit,
        arrive_at=arrive_at,
        leave_at=arrive_at + timedelta(seconds=visit.service_s),
        crew=crew,
        crew_hash=crew_hash(member.agent_id for member in crew),
        window_from=window_from,
        window_until=window_from + timedelta(minutes=rng.randint(80, 120)),
    )


def _noticed(rng: Random, stay: StayFacts, on: date) -> StayFacts:
    sent_at = stay.window_from - timedelta(hours=rng.randint(120, 250))
    notice = a_notice(
        stay,
        on=on,
        sent_at=sent_at,
        delivered_at=sent_at + timedelta(minutes=rng.randint(0, 600)),
        language=(stay.visit.language or "")[:2],
        delivered_proof=rng.choice(["receipt", "opened_link", "personal"]),
        expires_at=rng.choice([None, stay.window_until + timedelta(hours=1)]),
        channel=rng.choice(["sms", "email", "letter"]),
    )
    return replace(stay, visit=replace(stay.visit, notice=notice, appointment="confirmed"))


def _made(rng: Random, stay: StayFacts) -> StayFacts:
    """The stay as it was made: a few minutes off the plan, inside its window."""
    slack = int((stay.window_until - stay.leave_at).total_seconds())
    late = timedelta(seconds=rng.randint(0, max(0, min(slack, 600))))
    shorter = timedelta(seconds=rng.randint(0, 240))
    changes: dict[str, Any] = {
        "arrive_at": stay.arrive_at + late,
        "leave_at": stay.leave_at + late - shorter,
    }
    return recorded(replace(stay, **changes))
