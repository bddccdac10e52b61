"""Random situations: a visit with anything about it changed, under any pack, at any moment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from dispatch.audit import Breach, Profile, audit
from dispatch.clock import local_instant
from dispatch.policy.calendar import calendars_of
from dispatch.policy.eligibility import visit_permitted
from dispatch.policy.facts import (
    ConsentFacts,
    ContactFacts,
    HoldFacts,
    QuietFacts,
    RelaxationFacts,
    StayFacts,
    VisitFacts,
    VisitMadeFacts,
)
from dispatch.policy.hashes import crew_hash
from dispatch.policy.pack import effective, load_pack, shipped_packs
from tests.dispatch.audit.lawful_day import (
    CALENDAR,
    CREW,
    a_day,
    a_member,
    a_notice,
    a_visit,
    an_id,
    wall,
)

ZONES = ["Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns"]
BAD_ZONE = "Not/AZone"
LAWS = {name: (load_pack(name), effective(load_pack(name))) for name in shipped_packs()}
UNDER = [
    (name, product)
    for name, (pack, _) in sorted(LAWS.items())
    for product in (None, "of no class", *sorted(pack.classes))
]
"""Every pack, with every class of products that it names, one that it doesn't, and none known."""

REACH = 20 * 86400
"""Twenty days, in seconds."""


def seconds(low: int, high: int, step: int = 60) -> st.SearchStrategy[timedelta]:
    """Spans of whole minutes, and a second to either side of them."""
    minutes = st.integers(low // step, high // step)
    return st.builds(
        lambda n, second: timedelta(seconds=n * step + second),
        minutes,
        st.sampled_from([0, 0, -1, 1]),
    )


def mostly(usual: Any, *rare: Any) -> st.SearchStrategy[Any]:
    """The usual value eight times in ten, else one of the rare ones."""
    return st.integers(0, 9).flatmap(lambda n: st.sampled_from(rare) if n > 7 else st.just(usual))


type Change = Callable[["Scene"], dict[str, Any]]


@dataclass(frozen=True)
class Scene:
    """What a change of facts may look at."""

    draw: st.DrawFn
    base: VisitFacts
    now: datetime
    noon: datetime

    def near(self, days: int) -> datetime:
        return self.noon - timedelta(days=days) + self.draw(seconds(-43200, 43200))


def other_visits(scene: Scene) -> dict[str, Any]:
    cases = st.sampled_from([scene.base.case_id, an_id("x")])
    days = scene.draw(st.lists(st.integers(-40, 200), max_size=3))
    return {
        "visits": tuple(
            VisitMadeFacts(at=scene.near(number), case_id=scene.draw(cases)) for number in days
        )
    }


def another_contact(scene: Scene) -> dict[str, Any]:
    contact = ContactFacts(
        at=min(scene.near(scene.draw(st.integers(0, 16))), scene.now),
        channel=scene.draw(st.sampled_from(["phone", "sms", "chat", "visit"])),
        result=scene.draw(st.sampled_from(["right_party", "third_party", "none"])),
        by_borrower=scene.draw(st.booleans()),
    )
    return {"contacts": (*(scene.base.contacts or ()), contact)}


def some_holds(scene: Scene) -> dict[str, Any]:
    def hold() -> HoldFacts:
        begin = scene.near(scene.draw(st.integers(-1, 2)))
        lasts = scene.draw(st.none() | seconds(0, 172800))
        return HoldFacts(
            kind="dispute",
            from_at=begin,
            until_at=None if lasts is None else begin + lasts,
            case_id=scene.draw(st.sampled_from([None, scene.base.case_id, an_id("x")])),
            place_id=scene.draw(st.sampled_from([None, scene.base.place_id, an_id("y")])),
        )

    return {"holds": tuple(hold() for _ in range(scene.draw(st.integers(1, 2))))}


def another_place(scene: Scene) -> dict[str, Any]:
    consent = ConsentFacts(
        scope="place",
        given_at=scene.now + scene.draw(seconds(-86400, 3600)),
        place_id=scene.draw(mostly(scene.base.place_id, an_id("y"))),
        revoked_at=scene.draw(mostly(None, scene.now)),
    )
    kinds = ["residence", "workplace", "other", "school", "gym", None]
    return {
        "place_kind": scene.draw(st.sampled_from(kinds)),
        "is_place_chosen": scene.draw(mostly(True, False, None)),
        "consents": (consent,),
    }


def another_case(scene: Scene) -> dict[str, Any]:
    return {
        "dpd": scene.draw(st.sampled_from([None, 0, 29, 30, 31])),
        "ability": scene.draw(mostly("adequate", None, "unknown", "partial")),
        "service_s": scene.draw(st.sampled_from([60, 1800, 1801])),
    }


def another_answer(scene: Scene) -> dict[str, Any]:
    states = [None, "offered", "expired", "confirmed", "declined", "countered"]
    data_until = scene.noon + scene.draw(seconds(-43200, 43200))
    return {
        "appointment": scene.draw(st.sampled_from(states)),
        "data_audit_until": scene.draw(st.sampled_from([None, data_until])),
        "contact_time_zones": scene.draw(st.lists(st.sampled_from(ZONES), max_size=2).map(tuple)),
        "wants_mixed_crew": scene.draw(st.booleans()),
    }


def a_letter(scene: Scene) -> dict[str, Any]:
    letter = ContactFacts(
        at=scene.near(scene.draw(st.integers(8, 13))),
        channel="letter",
        result="none",
        case_id=scene.draw(mostly(scene.base.case_id, an_id("x"))),
    )
    return {"contacts": (*(scene.base.contacts or ()), letter)}


def many_contacts(scene: Scene) -> dict[str, Any]:
    days = scene.draw(st.lists(st.integers(0, 9), min_size=5, max_size=8))
    calls = tuple(
        ContactFacts(
            at=min(scene.near(number), scene.now),
            channel=scene.draw(st.sampled_from(["phone", "sms", "visit"])),
            result="none",
            case_id=scene.draw(mostly(scene.base.case_id, an_id("x"))),
            by_borrower=scene.draw(mostly(False, True)),
        )
        for number in days
    )
    return {"contacts": (*(scene.base.contacts or ()), *calls)}


def a_wish(scene: Scene) -> dict[str, Any]:
    hours = st.sampled_from(["09:00-12:00", "12:00-12:01", "00:00-24:00", "14:00-24:00"])
    days = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat"])
    return {
        "quiet_times": tuple(
            QuietFacts(weekday=scene.draw(days), window=scene.draw(hours)) for _ in range(3)
        ),
        "language": scene.draw(mostly("zh", "en-GB", "hi", "")),
        "is_language_written": scene.draw(mostly(True, False, None)),
    }


def a_relaxation(scene: Scene) -> dict[str, Any]:
    """More hours, or another place: of force only where a pack lets its giver relax it."""
    parameter, value = scene.draw(
        st.sampled_from(
            [
                ("visit.windows.residence", {"mon-sun": ["10:00-12:00"], "public_holiday": []}),
                ("visit.windows.residence", {"mon-sun": ["06:00-23:00"], "public_holiday": []}),
                ("visit.places", {"residence": "never"}),
                ("message.windows", {"mon-sun": ["15:00-16:00"], "public_holiday": []}),
                ("crew.min", 1),
            ]
        )
    )
    one = RelaxationFacts(
        parameter=parameter,
        value=value,
        given_by=scene.draw(st.sampled_from(["borrower", "borrower", "contract", "nobody"])),
        given_at=scene.now + scene.draw(mostly(timedelta(days=-1), timedelta(seconds=1))),
        first_by=an_id("first"),
        second_by=scene.draw(mostly(an_id("second"), an_id("first"), None)),
        decided_at=scene.draw(mostly(scene.now, None, scene.now + timedelta(seconds=1))),
        until_at=scene.draw(mostly(None, scene.noon, scene.noon + timedelta(days=2))),
        revoked_at=scene.draw(mostly(None, scene.now)),
        case_id=scene.draw(mostly(None, scene.base.case_id, an_id("x"))),
    )
    other = replace(one, value=one.value if parameter == "crew.min" else value)
    return {"relaxations": scene.draw(st.sampled_from([(one,), (one, other)]))}


def another_region(scene: Scene) -> dict[str, Any]:
    return {"region": scene.draw(st.sampled_from(["IN", "DE", "US-CA", "XX", "unknown"]))}


def a_risk(scene: Scene) -> dict[str, Any]:
    return {"risks": scene.draw(mostly(("loose_dog",), (), ("earlier_threat", "no_light")))}


def nothing(_scene: Scene) -> dict[str, Any]:
    return {}


CHANGES = [
    nothing,
    other_visits,
    another_contact,
    some_holds,
    another_place,
    another_case,
    another_answer,
    a_letter,
    many_contacts,
    a_wish,
    a_relaxation,
    another_region,
    a_risk,
]


def named(change: Change) -> str:
    """Return a sort of change in words."""
    return change.__name__.replace("_", " ")


@dataclass(frozen=True)
class Situation:
    """A stay, when it is asked for, under which pack, and what about it was changed."""

    pack_id: str
    now: datetime
    on: date
    stay: StayFacts
    change: str
    next: StayFacts | None = None
    """Where the crew goes after it; of this stay nothing is asked."""

    def is_permitted(self) -> bool:
        """Whether the rules permit the stay."""
        verdict = visit_permitted(
            self.stay.visit,
            LAWS[self.pack_id][1],
            on=self.on,
            now=self.now,
            calendar=CALENDAR,
            crew=self.stay.crew,
            is_last=self.next is None,
        )
        return verdict.is_permitted and any(
            window.holds(self.stay.arrive_at, self.stay.leave_at) for window in verdict.windows
        )

    def breaches(self) -> tuple[Breach, ...]:
        """Return what the auditor finds against it."""
        pack = LAWS[self.pack_id][0]
        stays = (self.stay,) if self.next is None else (self.stay, self.next)
        day = replace(
            a_day(*stays, now=self.now, on=self.on),
            calendar=CALENDAR.days,
            pack_id=pack.id,
            pack_version=pack.version,
            regions=calendars_of([self.stay.visit.region], CALENDAR),
        )
        mine = {None, self.stay.visit.visit_id}
        return tuple(one for one in audit(day, pack, Profile.ANNOUNCE) if one.visit_id in mine)


@st.composite
def situations(
    draw: st.DrawFn, under: tuple[str, str | None] | None = None, change: Change | None = None
) -> Situation:
    """A visit with anything about it changed, a moment, a date, a crew and a stay.

    `under` a pack and a class of products, and with one sort of `change`; None: any.
    """
    pack_id, product = under or draw(st.sampled_from(UNDER))
    on = draw(st.dates(date(2026, 2, 1), date(2026, 12, 20)))
    now = wall(20, on=on) - draw(st.one_of(seconds(5 * 86400, 12 * 86400), seconds(0, REACH)))
    zone = draw(mostly(ZONES[0], *ZONES[1:], BAD_ZONE))
    base = a_visit("one", now, time_zone=zone)
    scene = Scene(draw, base, now, wall(12, on=on))
    change = change or draw(st.sampled_from(CHANGES))
    visit = replace(base, **{"product": product, **change(scene)})
    crew = draw(mostly(CREW, CREW[:1], (CREW[0], a_member("x-2", gender="f"))))
    arrive_at = wall(0, on=on) + draw(
        seconds(10 * 3600, 17 * 3600) | seconds(0, 86399) | near_bounds()
    )
    if zone != BAD_ZONE:
        # The drawn wall time was Shanghai's; make it the place's.
        arrive_at += local_instant(zone, on, time.min) - wall(0, on=on)
    stay = StayFacts(
        visit=visit,
        arrive_at=arrive_at,
        leave_at=arrive_at + timedelta(seconds=visit.service_s),
        crew=crew,
        crew_hash=crew_hash(m.agent_id for m in crew),
        window_from=arrive_at,
        window_until=arrive_at + timedelta(hours=2),
    )
    if draw(st.booleans()):
        stay = announced(draw, stay, on)
    after = following(stay) if visit.risks and draw(st.booleans()) else None
    return Situation(pack_id, now, on, stay, named(change), after)


def following(stay: StayFacts) -> StayFacts:
    """A stay of the same crew an hour after it has left, with somebody else."""
    begins_at = stay.leave_at + timedelta(hours=1)
    return replace(
        stay,
        visit=a_visit("after", time_zone=stay.visit.time_zone),
        arrive_at=begins_at,
        leave_at=begins_at + (stay.leave_at - stay.arrive_at),
        window_from=begins_at,
        window_until=begins_at + timedelta(hours=2),
    )


def near_bounds() -> st.SearchStrategy[timedelta]:
    bounds = [9 * 60 + 15, 10 * 60 + 15, 18 * 60 + 19, 18 * 60 + 20, 15 * 60 + 20]
    return st.builds(
        lambda minute, second: timedelta(minutes=minute, seconds=second),
        st.sampled_from(bounds),
        st.integers(-2, 2),
    )


def announced(draw: st.DrawFn, stay: StayFacts, on: date) -> StayFacts:
    """The stay with a notice that left, more or less in time, more or less the same."""
    sent_at = stay.window_from - draw(seconds(60 * 3600, 16 * 86400, step=1800))
    notice = a_notice(
        stay,
        on=draw(mostly(on, on + timedelta(days=1))),
        state=draw(
            mostly("delivered", "drafted", "sending", "sent", "accepted", "opened", "failed")
        ),
        delivered_at=draw(mostly(sent_at, None)),
        delivered_proof=draw(mostly("receipt", None, "gateway")),
        opened_at=draw(mostly(None, sent_at)),
        expires_at=draw(mostly(None, stay.window_until, stay.window_from)),
    )
    notice = replace(
        notice,
        channel=draw(mostly("sms", "phone_desk", None)),
        language=draw(mostly("zh-CN", "en", None)),
    )
    used = draw(mostly(False, True))
    return replace(stay, visit=replace(stay.visit, notice=notice, is_notice_used=used))
