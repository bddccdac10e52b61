"""A lawful branch-day in Shanghai, and small changes to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from dispatch.clock import local_instant
from dispatch.policy.calendar import build_calendar
from dispatch.policy.facts import (
    ContactFacts,
    DayFacts,
    DoneFacts,
    MemberFacts,
    NoticeFacts,
    StayFacts,
    StepFacts,
    VisitFacts,
    VisitMadeFacts,
)
from dispatch.policy.hashes import crew_hash, notice_hash

ZONE = "Asia/Shanghai"
ON = date(2026, 3, 10)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""Monday evening in Shanghai, eight days before."""
CALENDAR = build_calendar("CN", from_on=date(2026, 1, 1), to_on=date(2026, 12, 31))
SPACE = UUID(int=7)


def an_id(name: str) -> UUID:
    return uuid5(SPACE, name)


def days_ago(days: float, now: datetime = NOW) -> datetime:
    return now - timedelta(days=days)


def a_member(name: str, **changes: object) -> MemberFacts:
    until = date(2026, 12, 31)
    facts = MemberFacts(
        agent_id=an_id(name),
        certificate_until=until,
        training_until=until,
        authorised_until=until,
        gender="f" if name.endswith("1") else "m",
        languages=("zh-CN", "en"),
    )
    return replace(facts, **changes)


CREW = (a_member("agent-1"), a_member("agent-2"))


def contacts(case_id: UUID, now: datetime = NOW) -> tuple[ContactFacts, ...]:
    """Three tries on three days by two channels, nobody reached."""
    return tuple(
        ContactFacts(at=days_ago(days, now), channel=channel, result="none", case_id=case_id)
        for days, channel in ((30, "phone"), (25, "sms"), (20, "phone"))
    )


def a_visit(name: str = "one", now: datetime = NOW, **changes: object) -> VisitFacts:
    case_id = an_id(f"case-{name}")
    facts = VisitFacts(
        visit_id=an_id(f"visit-{name}"),
        reference=f"V{name.upper():0>7}"[:8],
        case_id=case_id,
        person_id=an_id(f"person-{name}"),
        place_id=an_id(f"place-{name}"),
        place_kind="residence",
        is_place_located=True,
        is_place_chosen=None,
        time_zone=ZONE,
        dpd=75,
        ability="unknown",
        is_adult=True,
        language="zh",
        is_language_written=True,
        purpose="talk_about_options",
        service_s=1500,
        contacts=contacts(case_id, now),
        visits=(VisitMadeFacts(at=days_ago(90, now), case_id=case_id),),
        holds=(),
        data_audit_until=now + timedelta(days=60),
        ground="No answer from afar; options can't be offered otherwise.",
        approved_by=an_id("manager"),
        is_approver_human=True,
        approved_at=days_ago(1, now),
    )
    return replace(facts, **changes)


def a_stay(
    visit: VisitFacts,
    hour: int,
    minute: int,
    *,
    crew: tuple[MemberFacts, ...] = CREW,
    on: date = ON,
) -> StayFacts:
    arrive_at = wall(hour, minute, on=on)
    return StayFacts(
        visit=visit,
        arrive_at=arrive_at,
        leave_at=arrive_at + timedelta(seconds=visit.service_s),
        crew=crew,
        crew_hash=crew_hash(member.agent_id for member in crew),
        window_from=arrive_at - timedelta(minutes=30),
        window_until=arrive_at + timedelta(minutes=90),
    )


def wall(hour: int, minute: int = 0, second: int = 0, *, on: date = ON) -> datetime:
    at = local_instant(ZONE, on, datetime.min.time().replace(hour=hour, minute=minute))
    return at + timedelta(seconds=second)


def a_notice(stay: StayFacts, *, on: date = ON, **changes: object) -> NoticeFacts:
    facts = NoticeFacts(
        state="delivered",
        date_on=on,
        window_from=stay.window_from,
        window_until=stay.window_until,
        place_id=stay.visit.place_id,
        crew_hash=stay.crew_hash,
        purpose=stay.visit.purpose,
        content_hash=notice_hash(
            window_from=stay.window_from,
            window_until=stay.window_until,
            place_id=stay.visit.place_id,
            crew=stay.crew_hash,
            purpose=stay.visit.purpose,
        ),
        sent_at=stay.window_from - timedelta(days=6),
        delivered_at=stay.window_from - timedelta(days=6),
        delivered_proof="receipt",
        language="zh-CN",
        channel="sms",
    )
    return replace(facts, **changes)


def noticed(stay: StayFacts, **changes: object) -> StayFacts:
    visit = replace(stay.visit, notice=a_notice(stay, **changes), appointment="confirmed")
    return replace(stay, visit=visit)


def a_day(*stays: StayFacts, now: datetime = NOW, on: date = ON) -> DayFacts:
    planned = stays or (
        a_stay(a_visit("one"), 9, 15),
        a_stay(a_visit("two"), 11, 0),
        a_stay(a_visit("three"), 18, 19),
    )
    return DayFacts(
        branch_id=an_id("branch"),
        service_date=on,
        pack_id="baseline",
        pack_version="2026-11-27",
        stays=planned,
        calendar=CALENDAR.days,
        generated_at=now,
    )


def a_noticed_day() -> DayFacts:
    """The same day, a day before it, every notice delivered."""
    day = a_day()
    return replace(
        day,
        stays=tuple(noticed(stay) for stay in day.stays),
        generated_at=wall(12, on=ON - timedelta(days=1)),
    )


def recorded(stay: StayFacts, **changes: object) -> StayFacts:
    """The stay as the field records it when all goes by the script."""
    moments = (("arrived", 0), ("identity", 60), ("talk", 120))
    steps = [
        StepFacts(kind=kind, at=stay.arrive_at + timedelta(seconds=second), is_near=True)
        for kind, second in moments
    ]
    done = DoneFacts(
        steps=(*steps, StepFacts(kind="left", at=stay.leave_at)),
        agents=frozenset(member.agent_id for member in stay.crew),
        is_reported=True,
        is_made=True,
        reached="right_party",
    )
    return replace(stay, done=replace(done, **changes))


def an_executed_day() -> DayFacts:
    """The noticed day, made as announced, in the evening."""
    day = a_noticed_day()
    return replace(day, stays=tuple(recorded(stay) for stay in day.stays), generated_at=wall(22))


def with_stay(
    change: Callable[[StayFacts], StayFacts], index: int = 1
) -> Callable[[DayFacts], DayFacts]:
    def changed(day: DayFacts) -> DayFacts:
        stays = list(day.stays)
        stays[index] = change(stays[index])
        return replace(day, stays=tuple(stays))

    return changed


def with_visit(index: int = 1, **changes: object) -> Callable[[DayFacts], DayFacts]:
    return with_stay(lambda stay: replace(stay, visit=replace(stay.visit, **changes)), index)


def with_notice(index: int = 1, **changes: object) -> Callable[[DayFacts], DayFacts]:
    def changed(stay: StayFacts) -> StayFacts:
        assert stay.visit.notice is not None
        notice = replace(stay.visit.notice, **changes)
        return replace(stay, visit=replace(stay.visit, notice=notice))

    return with_stay(changed, index)


def moved(minutes: float = 0, *, window: bool = True) -> Callable[[StayFacts], StayFacts]:
    by = timedelta(minutes=minutes)

    def changed(stay: StayFacts) -> StayFacts:
        more = (
            {"window_from": stay.window_from + by, "window_until": stay.window_until + by}
            if window
            else {}
        )
        return replace(stay, arrive_at=stay.arrive_at + by, leave_at=stay.leave_at + by, **more)

    return changed
