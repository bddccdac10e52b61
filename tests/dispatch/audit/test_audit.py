"""The auditor on executed days, on packs of its own reading, and on what it cites."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dispatch.audit import Code, Profile, audit
from dispatch.audit.crew import digest_of
from dispatch.model.crew import members_hash
from dispatch.policy.facts import ConsentFacts, ContactFacts, DayFacts, StayFacts
from dispatch.policy.hashes import crew_hash
from dispatch.policy.pack import Pack, load_pack, read_pack
from tests.dispatch.audit.lawful_day import (
    a_day,
    a_noticed_day,
    a_visit,
    an_executed_day,
    an_id,
    days_ago,
    moved,
    wall,
    with_notice,
    with_stay,
    with_visit,
)
from tests.dispatch.policy.test_pack import HEAD, entry

BASELINE = load_pack("baseline")


def codes(day: DayFacts, profile: Profile, pack: Pack = BASELINE) -> set[Code]:
    day = replace(day, pack_id=pack.id, pack_version=pack.version)
    return {breach.code for breach in audit(day, pack, profile)}


executed = an_executed_day


def own(*entries: str) -> Pack:
    return read_pack(HEAD + "".join(entries))


def test_an_executed_day_as_announced_has_no_breach() -> None:
    assert codes(executed(), Profile.EXECUTED) == set()


@pytest.mark.parametrize("state", ["kept", "missed_borrower", "missed_agent", "expired"])
def test_appointments_end_in_many_ways_on_an_executed_day(state: str) -> None:
    assert codes(with_visit(appointment=state)(executed()), Profile.EXECUTED) == set()


def test_the_contact_that_the_visit_was_does_not_count_against_it() -> None:
    talk = ContactFacts(at=wall(11, 10), channel="visit", result="right_party")

    def record(stay: StayFacts) -> StayFacts:
        contacts = (*(stay.visit.contacts or ()), talk)
        return replace(stay, visit=replace(stay.visit, contacts=contacts))

    assert codes(with_stay(record)(executed()), Profile.EXECUTED) == set()
    later = replace(talk, at=wall(15))
    talk = later
    assert codes(with_stay(record)(executed()), Profile.EXECUTED) == {Code.SAME_DAY_CONTACT}


def test_a_shorter_stay_than_planned_is_fine_and_a_longer_one_is_not() -> None:
    day = with_visit(service_s=1800)(executed())
    late = with_stay(lambda s: replace(s, leave_at=s.arrive_at + timedelta(minutes=31)))

    assert codes(day, Profile.EXECUTED) == set()
    assert Code.STAY_LENGTH in codes(late(day), Profile.EXECUTED)


def test_a_consent_revoked_after_the_crew_left_was_in_force() -> None:
    def agreed(hour: int) -> DayFacts:
        consent = ConsentFacts(
            scope="place",
            given_at=days_ago(9),
            place_id=an_id("place-two"),
            revoked_at=wall(hour),
        )
        changes = {"place_kind": "workplace", "is_place_chosen": True, "consents": (consent,)}
        return with_visit(**changes)(executed())

    assert codes(agreed(13), Profile.EXECUTED) == set()
    assert codes(agreed(11), Profile.EXECUTED) == {Code.CONSENT}


def test_release_needs_an_answer_where_the_pack_asks_for_one() -> None:
    pack = own(entry("notice.no_reply", "no_visit"))
    silent = with_visit(appointment="offered")(a_noticed_day())

    assert codes(silent, Profile.RELEASE) == set()
    assert codes(silent, Profile.RELEASE, pack) == {Code.APPOINTMENT}
    assert codes(a_noticed_day(), Profile.RELEASE, pack) == set()


def test_an_executed_day_needs_the_answer_on_which_the_crew_came() -> None:
    pack = own(entry("notice.no_reply", "no_visit"))

    assert codes(executed(), Profile.EXECUTED, pack) == set()
    silent = with_visit(appointment="kept")(executed())
    assert codes(silent, Profile.EXECUTED, pack) == {Code.APPOINTMENT}


def test_release_accepts_a_crew_with_the_substitute_that_the_notice_named() -> None:
    day = a_noticed_day()
    crew = (day.stays[1].crew[0], replace(day.stays[1].crew[1], agent_id=uuid4()))
    digest = crew_hash(member.agent_id for member in crew)
    changed = with_stay(lambda s: replace(s, crew=crew, crew_hash=digest))(day)

    assert codes(changed, Profile.RELEASE) == {Code.NOTICE_DIFFERS}
    named = with_notice(substitute_hashes=frozenset({digest}))(changed)
    assert codes(named, Profile.RELEASE) == set()


def test_announce_waits_for_a_notice_on_its_way_but_not_too_long() -> None:
    on_its_way = with_notice(state="sent", delivered_at=None, delivered_proof=None)(
        a_noticed_day()
    )
    in_time = replace(
        on_its_way, stays=on_its_way.stays[1:2], generated_at=wall(10, 30) - timedelta(3)
    )

    assert codes(in_time, Profile.ANNOUNCE) == set()
    late = replace(in_time, generated_at=in_time.generated_at + timedelta(seconds=1))
    assert codes(late, Profile.ANNOUNCE) == {Code.NOTICE_LATE}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("visit.windows.residence", '{mon-sun: ["12:00-22:00"], public_holiday: []}', Code.HOURS),
        ("visit.closed_days", '["03-10"]', Code.HOURS),
        ("visit.margin_minutes", "20", Code.HOURS),
        ("visit.max_stay_minutes", "24", Code.STAY_LENGTH),
        ("visit.places", "{residence: never}", Code.PLACE),
        ("visit.caps", "[{scope: case, visits: 1, days: 365}]", Code.CAP),
        ("crew.min", "3", Code.CREW_SIZE),
        ("notice.max_window_minutes", "60", Code.WINDOW_LENGTH),
        ("notice.min_hours", "170", Code.NOTICE_LATE),
        ("eligibility.min_dpd", "90", Code.OVERDUE),
        ("eligibility.ability", "[adequate]", Code.ABILITY),
        ("eligibility.remote_days", "4", Code.REMOTE_FIRST),
        ("message.windows", "{mon-sun: [], public_holiday: []}", Code.NOTICE_LATE),
    ],
)
def test_a_stricter_pack_binds_beside_the_baseline(name: str, value: str, code: Code) -> None:
    assert codes(a_day(), Profile.ANNOUNCE) == set()
    assert code in codes(a_day(), Profile.ANNOUNCE, own(entry(name, value)))


def test_a_laxer_pack_does_not_free_from_the_baseline() -> None:
    lax = own(
        entry(
            "visit.windows.residence",
            '{mon-sun: ["00:00-24:00"], public_holiday: ["00:00-24:00"]}',
        ),
        entry("crew.min", "1"),
        entry("visit.margin_minutes", "0"),
    )
    early = with_stay(moved(-1), 0)(a_day())
    alone = with_stay(
        lambda s: replace(s, crew=s.crew[:1], crew_hash=crew_hash([s.crew[0].agent_id]))
    )

    assert codes(early, Profile.ANNOUNCE, lax) == {Code.HOURS}
    assert codes(alone(a_day()), Profile.ANNOUNCE, lax) == {Code.CREW_SIZE}


def test_a_breach_names_visit_and_source() -> None:
    (breach,) = audit(with_visit(dpd=3)(a_day()), BASELINE, Profile.ANNOUNCE)

    assert breach.visit_id == a_visit("two").visit_id
    assert breach.reference == a_visit("two").reference
    assert breach.source == "Fairvisit strict baseline, visit.eligibility [P]"
    assert "3 days" in breach.detail


def test_an_empty_day_has_no_breach() -> None:
    assert audit(replace(a_day(), stays=()), BASELINE, Profile.ANNOUNCE) == ()


def test_three_writers_of_the_crew_hash_agree() -> None:
    members = [UUID(int=n) for n in (3, 1, 2)]

    assert digest_of(members) == crew_hash(members) == members_hash(members)
    assert crew_hash(members) == crew_hash(reversed(members))
