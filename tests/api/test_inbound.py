"""What gateways tell: only signed, lately and unaltered; five times in any order changes nothing more."""

import json
from datetime import timedelta
from itertools import permutations

import pytest
from sqlmodel import select

from dispatch.gateways.signed import SIGNATURE, headers_of
from dispatch.model import (
    Appointment,
    AppointmentState,
    ContactKind,
    ContactPoint,
    Hold,
    HoldKind,
    Incident,
    Notice,
    NoticeState,
    Person,
    Visit,
    VisitState,
)
from dispatch.store.rows import get_any
from tests.api.examples import INBOUND, Side, take_message_event
from tests.support.appointments import announced, send
from tests.support.planning import a_world
from tests.support.web import a_web

PATH = "/v1/inbound/messages"


def posts(client, event: dict, *, now, secret: str = INBOUND, **changed):
    body = json.dumps({"event": event}).encode()
    headers = {"Content-Type": "application/json", **headers_of(secret, "evt", body, now=now)}
    return client.post(
        PATH, content=changed.get("body", body), headers={**headers, **changed.get("headers", {})}
    )


@pytest.mark.fault("D5")
@pytest.mark.parametrize(
    "change",
    [
        {"secret": "whsec_b3RoZXI="},
        {"headers": {SIGNATURE: "v1,AAAA v2,AAAA"}},
        {"headers": {SIGNATURE: ""}},
        {"headers": {"webhook-timestamp": "0"}},
        {"headers": {"webhook-timestamp": "12e3"}},
        {"headers": {"webhook-id": "another"}},
        {"late": 301},
        {"late": -301},
    ],
    ids=str,
)
def test_what_is_forged_altered_or_old_changes_nothing(lite, change) -> None:
    call = take_message_event(lite, Side.OWN)
    now = lite.clock.now() - timedelta(seconds=change.pop("late", 0))
    answer = posts(lite.client, call.json["event"], now=now, **change)
    assert answer.status_code == 401
    with lite.database.reading() as session:
        states = {one.state for one in session.exec(select(Notice))}
    assert states == {NoticeState.SENT}
    again = posts(lite.client, call.json["event"], now=lite.clock.now())
    assert again.status_code == 200


@pytest.mark.fault("D5")
def test_an_altered_byte_and_an_unknown_name_change_nothing(lite) -> None:
    event = take_message_event(lite, Side.OWN).json["event"]
    now = lite.clock.now()
    altered = json.dumps({"event": {**event, "kind": "failed"}}).encode()
    assert posts(lite.client, event, now=now, body=altered).status_code == 401
    unknown = {**event, "message_id": "00000000-0000-4000-8000-000000000000"}
    assert posts(lite.client, unknown, now=now).status_code == 404
    nobody = {"kind": "reply", "sender": "+4912345678", "text": "stop"}
    assert posts(lite.client, nobody, now=now).status_code == 404


@pytest.mark.fault("D4")
@pytest.mark.parametrize(
    "order", sorted(set(permutations(["delivered", "failed", "delivered"]))), ids=str
)
def test_five_fold_and_shuffled_receipts_end_alike(lite, order) -> None:
    event = take_message_event(lite, Side.OWN).json["event"]
    for kind in (*order, *order):
        posts(lite.client, {**event, "kind": kind}, now=lite.clock.now())
    with lite.database.reading() as session:
        (notice,) = session.exec(select(Notice)).all()
    assert notice.state in {NoticeState.DELIVERED, NoticeState.FAILED}
    assert (notice.state is NoticeState.DELIVERED) is (order[0] == "delivered")


def test_without_a_secret_nothing_is_taken(told) -> None:
    world, _ = told
    event = {"kind": "reply", "sender": "+8657201000", "text": "stop"}
    with a_web(world, None) as web:
        for secret in ("", INBOUND):
            answer = posts(web.client, event, now=world.clock.now(), secret=secret)
            assert answer.status_code == 401


@pytest.fixture
def told(sqlite_database, vault, solver, quick_passwords):
    """Two people who were told by text message."""
    world = a_world(sqlite_database, vault, solver, visits=2)
    with sqlite_database.writing() as session:
        for point in session.exec(select(ContactPoint)):
            point.is_preferred = point.kind is ContactKind.PHONE
    announced(world)
    send(world)
    with a_web(world, quick_passwords, inbound_secrets=INBOUND) as web:
        yield world, web


def replies(told, text: str, *, of: int = 0) -> str:
    world, web = told
    with world.database.reading() as session:
        visit = get_any(session, Visit, world.visits[of].id)
        person = get_any(session, Person, visit.person_id)
        (phone,) = session.exec(
            select(ContactPoint).where(
                ContactPoint.person_id == person.id, ContactPoint.kind == ContactKind.PHONE
            )
        ).all()
        sender = world.vault.read(person, phone, "value")
    event = {"kind": "reply", "sender": sender, "text": text}
    answer = posts(web.client, event, now=world.clock.now())
    assert answer.status_code == 200, answer.text
    return answer.json()["taken"]


def look(told, of: int = 0):
    world, _ = told
    with world.database.reading() as session:
        visit = get_any(session, Visit, world.visits[of].id)
        (appointment,) = session.exec(
            select(Appointment).where(Appointment.visit_id == visit.id)
        ).all()
        kinds = {one.kind for one in session.exec(select(Incident))}
        held = {one.kind for one in session.exec(select(Hold)) if one.person_id == visit.person_id}
    return visit.state, appointment.state, kinds, held


@pytest.mark.parametrize("text", ["Y", " yes. ", "确认", "好的！"])
def test_a_plain_yes_confirms(told, text) -> None:
    assert replies(told, text) == "yes"
    assert replies(told, text) == "yes"
    assert look(told)[1] is AppointmentState.CONFIRMED
    assert look(told, 1)[1] is AppointmentState.OFFERED


@pytest.mark.parametrize("text", ["N", "不方便", "no"])
def test_a_plain_no_declines(told, text) -> None:
    assert replies(told, text) == "no"
    visit, appointment, _, held = look(told)
    assert (visit, appointment, held) == (VisitState.CANCELLED, AppointmentState.DECLINED, set())


@pytest.mark.parametrize("text", ["STOP", "td", "退订", "别再联系"])
def test_stop_stops_at_once_and_for_good(told, text) -> None:
    assert replies(told, text) == "stop"
    assert replies(told, text) == "stop"
    visit, appointment, _, held = look(told)
    assert visit is VisitState.CANCELLED
    assert appointment is AppointmentState.WITHDRAWN
    assert held == {HoldKind.STOP_CONTACT}


@pytest.mark.parametrize(
    "text", ["yes but after six please", "我住院了", "no idea who you are", "7"]
)
def test_whatever_else_is_written_a_person_reads(told, text) -> None:
    assert replies(told, text) == "other"
    _, appointment, kinds, held = look(told)
    assert (appointment, held) == (AppointmentState.OFFERED, set())
    assert "reply-to-read" in kinds


@pytest.mark.fault("D11")
def test_of_two_people_at_one_number_nobody_is_taken_to_have_answered(told) -> None:
    world, _ = told
    with world.database.writing() as session:
        first, second = session.exec(
            select(ContactPoint).where(ContactPoint.kind == ContactKind.PHONE)
        ).all()
        second.value_index = first.value_index
        of = next(i for i, v in enumerate(world.visits) if v.person_id == first.person_id)
    replies(told, "yes", of=of)
    assert {look(told, one)[1] for one in (0, 1)} == {AppointmentState.OFFERED}
    assert "reply-to-read" in look(told)[2]
    replies(told, "stop", of=of)
    assert all(look(told, one)[3] == {HoldKind.STOP_CONTACT} for one in (0, 1))


def test_the_same_words_again_are_kept_once(told) -> None:
    world, _ = told
    for _ in range(3):
        assert replies(told, "after six, please") == "other"
    replies(told, "or on Friday")
    with world.database.reading() as session:
        notices = session.exec(select(Notice)).all()
        bodies = [
            world.vault.read(get_any(session, Person, one.person_id), one, "body")
            for one in notices
        ]
        opened = [one for one in session.exec(select(Incident)) if one.kind == "reply-to-read"]
    said = [one["words"] for body in bodies for one in body.get("answers", [])]
    assert said == ["after six, please", "or on Friday"]
    assert len(opened) == 1


def test_who_had_the_number_long_ago_does_not_keep_an_answer_from_counting(told) -> None:
    world, _ = told
    with world.database.writing() as session:
        first, second = session.exec(
            select(ContactPoint).where(ContactPoint.kind == ContactKind.PHONE)
        ).all()
        second.value_index = first.value_index
        for notice in session.exec(select(Notice).where(Notice.person_id == second.person_id)):
            notice.expires_at = world.clock.now() - timedelta(days=400)
        of = next(i for i, v in enumerate(world.visits) if v.person_id == first.person_id)
    assert replies(told, "yes", of=of) == "yes"
    assert look(told, of)[1] is AppointmentState.CONFIRMED
    assert look(told, 1 - of)[1] is AppointmentState.OFFERED


def test_an_unsigned_call_never_waits_for_the_database(lite) -> None:
    event = take_message_event(lite, Side.OWN).json["event"]
    with lite.database.writing():  # somebody else is writing; this thread holds the turn
        answer = posts(lite.client, event, now=lite.clock.now(), secret="whsec_b3RoZXI=")
    assert answer.status_code == 401


@pytest.mark.parametrize(("text", "taken"), [("stop", "stop"), ("yes", "yes")])
def test_from_the_number_of_somebody_who_was_written_to_elsewhere_only_a_stop_binds(
    sqlite_database, vault, solver, quick_passwords, text, taken
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    announced(world)
    send(world)  # by e-mail
    with a_web(world, quick_passwords, inbound_secrets=INBOUND) as web:
        told = world, web
        assert replies(told, text) == taken
        _, appointment, kinds, held = look(told)
    with world.database.reading() as session:
        proofs = {one.delivered_proof for one in session.exec(select(Notice))}
    assert proofs == {None}
    if text == "stop":
        assert held == {HoldKind.STOP_CONTACT}
    else:
        assert (appointment, held) == (AppointmentState.OFFERED, set())
        assert "reply-to-read" in kinds
