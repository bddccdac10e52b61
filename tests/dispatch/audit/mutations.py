"""Every kind of change that makes a lawful day unlawful, and the breach that must be named."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dispatch.audit import Code, Profile
from dispatch.policy.facts import (
    ConsentFacts,
    ContactFacts,
    DayClass,
    DayFacts,
    HoldFacts,
    QuietFacts,
    StayFacts,
    VisitMadeFacts,
)
from dispatch.policy.hashes import crew_hash
from tests.dispatch.audit.lawful_day import (
    CREW,
    ON,
    a_member,
    a_visit,
    an_id,
    days_ago,
    moved,
    wall,
    with_notice,
    with_stay,
    with_visit,
)

A, R, X = Profile.ANNOUNCE, Profile.RELEASE, Profile.EXECUTED
ALL = (A, R, X)


@dataclass(frozen=True)
class Mutation:
    name: str
    change: Callable[[DayFacts], DayFacts]
    code: Code
    profiles: tuple[Profile, ...] = ALL


def crewed(*crew: object, keep_hash: bool = False) -> Callable[[StayFacts], StayFacts]:
    def changed(stay: StayFacts) -> StayFacts:
        members = tuple(crew)
        digest = stay.crew_hash if keep_hash else crew_hash(m.agent_id for m in members)
        return replace(stay, crew=members, crew_hash=digest)

    return changed


def one_member(**changes: object) -> Callable[[DayFacts], DayFacts]:
    return with_stay(crewed(CREW[0], replace(CREW[1], **changes)))


def held(**changes: object) -> Callable[[DayFacts], DayFacts]:
    facts = {"kind": "hardship", "from_at": days_ago(5), **changes}
    return with_visit(holds=(HoldFacts(**facts),))


def visited(*days_before: int, case: str = "other") -> Callable[[DayFacts], DayFacts]:
    return with_visit(
        visits=tuple(
            VisitMadeFacts(at=wall(10, on=ON - timedelta(days=d)), case_id=an_id(f"case-{case}"))
            for d in days_before
        )
    )


def contacted(**changes: object) -> Callable[[DayFacts], DayFacts]:
    def changed(stay: StayFacts) -> StayFacts:
        facts = {"at": days_ago(1), "channel": "phone", "result": "right_party", **changes}
        visit = replace(stay.visit, contacts=(*(stay.visit.contacts or ()), ContactFacts(**facts)))
        return replace(stay, visit=visit)

    return with_stay(changed)


def tries(
    keep: Callable[[int, ContactFacts], ContactFacts | None],
) -> Callable[[DayFacts], DayFacts]:
    def changed(stay: StayFacts) -> StayFacts:
        kept = (keep(i, c) for i, c in enumerate(stay.visit.contacts or ()))
        return replace(
            stay, visit=replace(stay.visit, contacts=tuple(c for c in kept if c is not None))
        )

    return with_stay(changed)


def on_date(on: date, day_class: DayClass | None) -> Callable[[DayFacts], DayFacts]:
    """Make the day's date another sort of day, or one that no calendar knows."""

    def changed(day: DayFacts) -> DayFacts:
        calendar = {d: c for d, c in day.calendar.items() if d != on}
        if day_class is not None:
            calendar[on] = day_class
        return replace(day, calendar=calendar)

    return changed


def whole_day_later(days: int) -> Callable[[DayFacts], DayFacts]:
    def changed(day: DayFacts) -> DayFacts:
        stays = tuple(moved(days * 1440)(stay) for stay in day.stays)
        return replace(day, stays=stays, service_date=day.service_date + timedelta(days=days))

    return changed


def same_person_twice(day: DayFacts) -> DayFacts:
    second = replace(day.stays[2].visit, person_id=day.stays[1].visit.person_id)
    return replace(day, stays=(*day.stays[:2], replace(day.stays[2], visit=second)))


def at_once(day: DayFacts) -> DayFacts:
    visit = replace(a_visit("four"), notice=None)
    return replace(day, stays=(*day.stays, replace(day.stays[1], visit=visit)))


def at_work(**changes: object) -> Callable[[DayFacts], DayFacts]:
    return with_visit(place_kind="workplace", **changes)


def agreed(**changes: object) -> tuple[ConsentFacts, ...]:
    facts = {"scope": "place", "given_at": days_ago(9), "place_id": an_id("place-two"), **changes}
    return (ConsentFacts(**facts),)


def unknown(name: str, **changes: object) -> Mutation:
    return Mutation(f"{name} is unknown", with_visit(**changes), Code.FACT_UNKNOWN)


MUTATIONS: Final = (
    # hours
    Mutation("a minute before the margin begins", with_stay(moved(-1), 0), Code.HOURS),
    Mutation("a second before the margin begins", with_stay(moved(-1 / 60), 0), Code.HOURS),
    Mutation("a minute into the evening margin", with_stay(moved(1), 2), Code.HOURS),
    Mutation("deep in the night", with_stay(moved(12 * 60)), Code.HOURS),
    Mutation("a public holiday", on_date(ON, DayClass.HOLIDAY), Code.HOURS),
    Mutation("no calendar for the date", on_date(ON, None), Code.CALENDAR),
    Mutation("a Sunday", whole_day_later(5), Code.HOURS),
    Mutation("a Saturday outside its hours", whole_day_later(4), Code.HOURS),
    Mutation(
        "planned after it began",
        lambda day: replace(day, generated_at=wall(11, 0, 1)),
        Code.DATE,
        (A,),
    ),
    Mutation("stay on another date", with_stay(moved(1440)), Code.DATE),
    Mutation(
        "zone of the place is elsewhere", with_visit(time_zone="America/New_York"), Code.HOURS
    ),
    Mutation(
        "leaves before it arrives",
        with_stay(lambda s: replace(s, leave_at=s.arrive_at - timedelta(seconds=1))),
        Code.HOURS,
    ),
    Mutation(
        "stays a second too long",
        with_stay(lambda s: replace(s, leave_at=s.arrive_at + timedelta(seconds=1801))),
        Code.STAY_LENGTH,
    ),
    # the announced window
    Mutation(
        "arrives before the window", with_stay(moved(-31, window=False)), Code.ANNOUNCED_WINDOW
    ),
    Mutation("leaves after the window", with_stay(moved(66, window=False)), Code.ANNOUNCED_WINDOW),
    Mutation(
        "a window a minute too long",
        with_stay(lambda s: replace(s, window_until=s.window_until + timedelta(minutes=1))),
        Code.WINDOW_LENGTH,
    ),
    # place
    Mutation("workplace without consent", at_work(is_place_chosen=True), Code.CONSENT),
    Mutation("workplace that nobody chose", at_work(consents=agreed()), Code.CONSENT),
    Mutation(
        "consent to another place",
        at_work(is_place_chosen=True, consents=agreed(place_id=an_id("elsewhere"))),
        Code.CONSENT,
    ),
    Mutation(
        "consent revoked",
        at_work(is_place_chosen=True, consents=agreed(revoked_at=days_ago(2))),
        Code.CONSENT,
    ),
    Mutation(
        "consent of the future",
        at_work(is_place_chosen=True, consents=agreed(given_at=wall(10, on=date(2026, 4, 1)))),
        Code.CONSENT,
    ),
    Mutation("a hospital", with_visit(place_kind="hospital"), Code.PLACE),
    Mutation("a kind of place nobody names", with_visit(place_kind="gym"), Code.PLACE),
    Mutation(
        "sent to another address",
        with_stay(lambda s: replace(s, place_id=an_id("elsewhere"))),
        Code.PLACE_DIFFERS,
    ),
    # holds
    Mutation("hold on the person", held(), Code.HOLD),
    Mutation("hold of a kind nobody lists", held(kind="something_new"), Code.HOLD),
    Mutation("hold on the case", held(case_id=an_id("case-two")), Code.HOLD),
    Mutation("hold on the place", held(place_id=an_id("place-two")), Code.HOLD),
    Mutation("hold begins during the stay", held(from_at=wall(11, 20)), Code.HOLD),
    Mutation("hold begins as the crew leaves", held(from_at=wall(11, 25)), Code.HOLD),
    Mutation("hold ends during the stay", held(until_at=wall(11, 0, 1)), Code.HOLD),
    # caps and contacts
    Mutation("visited 29 days ago", visited(29), Code.CAP),
    Mutation("announced elsewhere in 29 days", visited(-29), Code.CAP),
    Mutation("three visits within 179 days", visited(179, 140, 100), Code.CAP),
    Mutation(
        "three visits about the case, years ago", visited(900, 700, 500, case="two"), Code.CAP
    ),
    Mutation("same person twice in the plan", same_person_twice, Code.CAP),
    Mutation("a talk 14 days ago", contacted(at=wall(18, on=date(2026, 2, 24))), Code.COOLING_OFF),
    Mutation("a talk at another agency's door", contacted(channel="visit"), Code.COOLING_OFF),
    Mutation(
        "a message on the same day",
        contacted(at=wall(0, 5), channel="sms", result="none"),
        Code.SAME_DAY_CONTACT,
    ),
    Mutation(
        "a time of which the person asked for quiet",
        with_visit(quiet_times=(QuietFacts(weekday="tue", window="11:20-12:00"),)),
        Code.QUIET_TIME,
    ),
    # eligibility
    Mutation("29 days past due", with_visit(dpd=29), Code.OVERDUE),
    Mutation("two tries only", tries(lambda i, c: c if i else None), Code.REMOTE_FIRST),
    Mutation(
        "three tries on two days",
        tries(lambda i, c: replace(c, at=days_ago(25)) if i == 2 else c),
        Code.REMOTE_FIRST,
    ),
    Mutation(
        "one channel only", tries(lambda _, c: replace(c, channel="phone")), Code.REMOTE_FIRST
    ),
    Mutation(
        "a try that reached no network",
        tries(lambda i, c: replace(c, is_genuine=bool(i))),
        Code.REMOTE_FIRST,
    ),
    Mutation(
        "a try about another loan",
        tries(lambda i, c: c if i else replace(c, case_id=an_id("case-x"))),
        Code.REMOTE_FIRST,
    ),
    Mutation(
        "the person's own call counted as a try",
        tries(lambda i, c: replace(c, by_borrower=not i)),
        Code.REMOTE_FIRST,
    ),
    Mutation("no ability to pay now", with_visit(ability="none_now"), Code.ABILITY),
    Mutation("a minor", with_visit(is_adult=False), Code.NOT_AN_ADULT),
    # approval
    Mutation("nobody approved", with_visit(approved_by=None), Code.APPROVAL),
    Mutation("a machine approved", with_visit(is_approver_human=False), Code.APPROVAL),
    Mutation(
        "approved after the fact",
        with_visit(approved_at=wall(12, on=date(2026, 5, 1))),
        Code.APPROVAL,
    ),
    Mutation("no ground", with_visit(ground=" "), Code.GROUND),
    # unknown facts
    unknown("time zone", time_zone="Nowhere/Land"),
    unknown("place", is_place_located=False),
    unknown("age", is_adult=None),
    unknown("language", language=None),
    unknown("days past due", dpd=None),
    unknown("ability", ability=None),
    unknown("contact history", contacts=None),
    unknown("visit history", visits=None),
    unknown("holds", holds=None),
    unknown("data audit", data_audit_until=None),
    Mutation(
        "data audit ends during the stay",
        with_visit(data_audit_until=wall(11, 10)),
        Code.DATA_AUDIT,
    ),
    # crew
    Mutation("a member dropped", with_stay(crewed(CREW[0])), Code.CREW_SIZE),
    Mutation("no crew", with_stay(crewed()), Code.CREW_SIZE),
    Mutation("the same agent twice", with_stay(crewed(CREW[0], CREW[0])), Code.CREW_REPEATED),
    Mutation(
        "a member changed, the hash kept",
        with_stay(crewed(CREW[0], a_member("agent-3"), keep_hash=True)),
        Code.CREW_HASH,
    ),
    Mutation(
        "certificate expired the day before",
        one_member(certificate_until=ON - timedelta(days=1)),
        Code.CREW_PAPERS,
    ),
    Mutation("no training on record", one_member(training_until=None), Code.CREW_PAPERS),
    Mutation(
        "authorisation of the lender expired",
        one_member(authorised_until=date(2026, 3, 1)),
        Code.CREW_PAPERS,
    ),
    Mutation("a suspended agent", one_member(is_active=False), Code.CREW_PAPERS),
    Mutation(
        "a mixed crew asked for",
        lambda day: with_visit(wants_mixed_crew=True)(one_member(gender="f")(day)),
        Code.CREW_MIX,
    ),
    Mutation(
        "a crew without the person's language",
        with_visit(language="hi"),
        Code.CREW_LANGUAGE,
    ),
    Mutation(
        "an agent of whose languages nothing is known",
        with_stay(crewed(*(replace(one, languages=()) for one in CREW))),
        Code.CREW_LANGUAGE,
    ),
    Mutation("a crew at two places", at_once, Code.CREW_OVERLAP),
    Mutation(
        "a visit planned twice",
        lambda day: replace(day, stays=(*day.stays, moved(120)(day.stays[1]))),
        Code.VISIT_REPEATED,
    ),
    # answers
    Mutation("declined", with_visit(appointment="declined"), Code.APPOINTMENT),
    Mutation("another time asked for", with_visit(appointment="countered"), Code.APPOINTMENT),
    # notice, before it is sent
    Mutation(
        "71 h 59 min left",
        lambda day: replace(day, generated_at=wall(9, 15, 2, on=ON - timedelta(days=3))),
        Code.NOTICE_LATE,
        (A,),
    ),
    Mutation(
        "no message hours left in time",
        lambda day: replace(day, generated_at=wall(19, on=date(2026, 3, 6))),
        Code.NOTICE_LATE,
        (A,),
    ),
    Mutation(
        "a slow gateway",
        lambda day: replace(day, sending_delay_s=6 * 86400),
        Code.NOTICE_LATE,
        (A,),
    ),
    Mutation(
        "announced 15 days ahead",
        lambda day: replace(day, generated_at=wall(9, 30, on=ON - timedelta(days=15))),
        Code.NOTICE_STALE,
        (A,),
    ),
    # notice, once it has left
    Mutation("no notice", with_visit(notice=None), Code.NOTICE_MISSING, (R, X)),
    Mutation("notice failed", with_notice(state="failed"), Code.NOTICE_MISSING, (R, X)),
    Mutation("notice superseded", with_notice(state="superseded"), Code.NOTICE_MISSING, (R, X)),
    Mutation(
        "accepted by the gateway only",
        with_notice(state="accepted", delivered_at=None, delivered_proof=None),
        Code.NOTICE_UNDELIVERED,
        (R, X),
    ),
    Mutation(
        "delivered, says the gateway, without proof",
        with_notice(delivered_proof="gateway"),
        Code.NOTICE_UNDELIVERED,
        (R, X),
    ),
    Mutation(
        "delivered a second too late",
        with_notice(delivered_at=wall(10, 30, 1, on=ON - timedelta(days=3))),
        Code.NOTICE_LATE,
        (R, X),
    ),
    Mutation(
        "delivered too long ago",
        with_notice(delivered_at=wall(12, 29, on=ON - timedelta(days=14))),
        Code.NOTICE_STALE,
        (R, X),
    ),
    Mutation(
        "notice expires before", with_notice(expires_at=wall(12)), Code.NOTICE_EXPIRED, (R, X)
    ),
    Mutation(
        "notice of another date",
        with_notice(date_on=ON + timedelta(days=1)),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
    Mutation("other window than announced", with_stay(moved(15)), Code.NOTICE_DIFFERS, (R, X)),
    Mutation(
        "notice of another place", with_notice(place_id=an_id("x")), Code.NOTICE_DIFFERS, (R, X)
    ),
    Mutation("other purpose", with_visit(purpose="collect_papers"), Code.NOTICE_DIFFERS, (R, X)),
    Mutation("other hash", with_notice(content_hash="0" * 64), Code.NOTICE_DIFFERS, (R, X)),
    Mutation(
        "an agent swapped after the notice",
        with_stay(crewed(CREW[0], a_member("agent-3"))),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
    Mutation(
        "notice in another language", with_notice(language="en"), Code.NOTICE_LANGUAGE, (R, X)
    ),
    Mutation(
        "no notice is written in the language",
        with_visit(is_language_written=None),
        Code.NOTICE_LANGUAGE,
        (A,),
    ),
    Mutation("notice used before", with_visit(is_notice_used=True), Code.NOTICE_USED, (R, X)),
    # the day
    Mutation("another pack version", lambda d: replace(d, pack_version="2020"), Code.PACK),
    Mutation(
        "a pack not yet valid",
        lambda day: replace(day, service_date=date(2025, 12, 31)),
        Code.PACK,
    ),
)
