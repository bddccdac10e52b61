"""The borrower's link: closed to everybody, open for two facts, and every answer takes effect."""

import re
import shutil
from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.appointments import slot_id
from dispatch.appointments.link import LinkKeys
from dispatch.db import Database
from dispatch.model import (
    AppointmentState,
    Complaint,
    Hold,
    HoldKind,
    Notice,
    NoticeState,
    VisitState,
)
from dispatch.store import appointments
from tests.support.appointments import announced, caller_of, send
from tests.support.planning import a_world
from tests.support.web import a_web, copied


@pytest.fixture(scope="module")
def told(sqlite_template, tmp_path_factory, vault, solver):
    """A day that was announced and sent; each test gets a copy."""
    path = tmp_path_factory.mktemp("told") / "told.db"
    shutil.copy(sqlite_template, path)
    world = a_world(Database(f"sqlite:///{path}"), vault, solver, visits=3)
    announced(world)
    send(world)
    world.database.dispose()
    return world


@pytest.fixture
def web(told, tmp_path, quick_passwords):
    """A stranger's browser."""
    with copied(told, tmp_path) as world, a_web(world, quick_passwords) as web:
        yield web


@pytest.fixture
def caller(web):
    return caller_of(web.world, web.world.visits[0])


def opened(web, caller, **given):
    return web.client.post(f"/b/{caller.token}", data={**caller.facts, **given})


def proof_in(page):
    return re.search(r'name="proof" value="([^"]+)"', page.text)[1]


def replied(web, caller, reply, **given):
    proof = given.pop("proof", None) or proof_in(opened(web, caller))
    form = {"proof": proof, "reply": reply, **given}
    return web.client.post(f"/b/{caller.token}/replies", data=form)


def appointment_of(web, visit):
    with web.world.database.reading() as session:
        return appointments.versions_of(session, visit.id)[-1]


def state_of(web):
    visit = web.visits()[0]
    return visit.state, appointment_of(web, visit).state


def holds_in(web):
    with web.world.database.reading() as session:
        return {hold.kind for hold in session.exec(select(Hold))}


# --- the closed door --------------------------------------------------------------------------


@pytest.mark.fault("S4")
def test_opening_the_link_tells_nothing_and_changes_nothing(web, caller):
    before = web.row(Notice, notice_of(web).id)
    answer = web.client.get(f"/b/{caller.token}")
    assert answer.status_code == 200
    for secret in (web.visits()[0].reference, "Willow", "Lantern Bank", "Agent"):
        assert secret not in answer.text
    assert web.row(Notice, before.id) == before
    assert web.reads() == []


def notice_of(web):
    with web.world.database.reading() as session:
        return session.exec(select(Notice).where(Notice.visit_id == web.world.visits[0].id)).one()


def test_unknown_link_looks_like_any_other(web, caller):
    known = web.client.get(f"/b/{caller.token}")
    unknown = web.client.get(f"/b/{caller.token[::-1]}")
    assert unknown.status_code == known.status_code
    assert unknown.text.replace(caller.token[::-1], "T") == known.text.replace(caller.token, "T")
    wrong = {"phone_last4": "0000", "birth_year": "1900"}
    tried = [web.client.post(f"/b/{one}", data=wrong) for one in (caller.token, "x" * 32)]
    assert tried[0].status_code == tried[1].status_code == 403
    assert tried[0].text.replace(caller.token, "T") == tried[1].text.replace("x" * 32, "T")


def test_page_sets_no_cookie_runs_no_script_and_sends_no_referrer(web, caller):
    for answer in (web.client.get(f"/b/{caller.token}?lang=zh-CN"), opened(web, caller)):
        assert "set-cookie" not in answer.headers
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "Fairvisit" not in answer.text


def test_five_wrong_answers_pause_the_link_for_the_right_one_too(web, caller):
    for _ in range(5):
        assert opened(web, caller, birth_year="1901").status_code == 403
    answer = opened(web, caller)
    assert answer.status_code == 429
    assert "This link is paused" in answer.text
    web.world.clock.advance(timedelta(minutes=16))
    assert opened(web, caller).status_code == 200


@pytest.mark.parametrize("field", ["phone_last4", "birth_year"])
def test_one_right_fact_is_not_enough(web, caller, field):
    answer = web.client.post(f"/b/{caller.token}", data={field: caller.facts[field]})
    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["x", "é" * 20, "a" * 2000, "%2e%2e", "' or 1=1 --"])
def test_odd_links_are_closed_doors(web, token):
    answer = web.client.get(f"/b/{token}")
    assert answer.status_code in {200, 404}
    assert "Willow" not in answer.text


def test_too_long_a_fact_is_a_closed_door_not_a_fault(web, caller):
    answer = web.client.post(
        f"/b/{caller.token}", data={"birth_year": "1" * 5000}, headers=web.headers
    )
    assert answer.status_code == 422
    assert "This link is no longer open" in answer.text


# --- the appointment --------------------------------------------------------------------------


def test_two_right_facts_show_the_appointment_and_prove_the_notice(web, caller):
    page = opened(web, caller)
    assert page.status_code == 200
    for shown in (web.visits()[0].reference, "Willow Lane", "Lantern Bank", "Agent"):
        assert shown in page.text
    assert notice_of(web).state is NoticeState.OPENED
    (read,) = web.reads()
    assert (read.case_id, read.actor) == (web.visits()[0].case_id, "link")


def test_proof_shows_it_again_until_it_is_over(web, caller):
    proof = proof_in(opened(web, caller))
    again = web.client.post(f"/b/{caller.token}", data={"proof": proof, "lang": "zh-CN"})
    assert web.visits()[0].reference in again.text
    assert "您的预约" in again.text
    web.world.clock.advance(timedelta(minutes=21))
    late = web.client.post(f"/b/{caller.token}", data={"proof": proof})
    assert web.visits()[0].reference not in late.text
    assert "It took a while" in late.text


@pytest.mark.fault("S4")
def test_proof_of_one_link_opens_no_other(web, caller):
    proof = proof_in(opened(web, caller))
    other = caller_of(web.world, web.world.visits[1])
    for forged in (proof, proof[:-1] + "0", "1.2.3", "x"):
        page = web.client.post(f"/b/{other.token}", data={"proof": forged})
        assert web.visits()[1].reference not in page.text
        assert replied(web, other, "confirm", proof=forged).status_code == 200
    assert appointment_of(web, web.visits()[1]).state is AppointmentState.OFFERED


# --- answers ----------------------------------------------------------------------------------


def test_confirming(web, caller):
    page = replied(web, caller, "confirm")
    assert "it is confirmed" in page.text
    assert state_of(web) == (VisitState.CONFIRMED, AppointmentState.CONFIRMED)
    assert "You have confirmed this time." in opened(web, caller).text


def test_confirming_twice_says_the_same(web, caller):
    proof = proof_in(opened(web, caller))
    pages = [replied(web, caller, "confirm", proof=proof) for _ in range(2)]
    assert pages[0].status_code == pages[1].status_code == 200


def test_refusing_needs_no_reason_and_nobody_comes(web, caller):
    page = replied(web, caller, "refuse")
    assert "Nobody will come" in page.text
    assert state_of(web) == (VisitState.CANCELLED, AppointmentState.DECLINED)
    again = opened(web, caller).text
    assert "You have declined" in again
    assert "Their code must be" not in again
    assert "we come once" not in again


def test_moving_to_a_time_on_offer(web, caller):
    page = opened(web, caller)
    offered = re.findall(r'name="slot" value="([^"]+)"', page.text)
    assert len(offered) > 1
    assert offered[-1] == "none"
    done = replied(web, caller, "move", slot=offered[0])
    assert "Your new time is noted" in done.text
    assert appointment_of(web, web.visits()[0]).state is AppointmentState.CONFIRMED
    assert appointment_of(web, web.visits()[0]).number == 2
    assert "You have chosen a new time." in opened(web, caller).text


def slots_in(web, page):
    """Return the slots on a page by the crew that they rest on."""
    keys = LinkKeys.of(web.app.state.house.settings)
    offered = re.findall(r'name="slot" value="([^"]+)"', page.text)[:-1]
    return {slot_id.read(one, keys, now=web.world.clock.now()).crew_id: one for one in offered}


def test_slot_that_somebody_took_is_said_and_others_are_offered(web, caller):
    page, other = opened(web, caller), caller_of(web.world, web.world.visits[1])
    mine, theirs = slots_in(web, page), slots_in(web, opened(web, other))
    crew_id = next(iter(mine.keys() & theirs.keys()))
    replied(web, other, "move", slot=theirs[crew_id])
    answer = replied(web, caller, "move", slot=mine[crew_id], proof=proof_in(page))
    assert "Someone else has just taken that time" in answer.text
    assert 'name="slot"' in answer.text
    assert appointment_of(web, web.visits()[0]).number == 1


def test_slot_of_nobody_is_refused(web, caller):
    answer = replied(web, caller, "move", slot="made-up")
    assert "Something is missing" in answer.text
    assert state_of(web) == (VisitState.NOTICED, AppointmentState.OFFERED)


def test_no_time_suits(web, caller):
    page = replied(web, caller, "move", slot="none", words="After the harvest, please.")
    assert "We will ask you again" in page.text
    assert state_of(web) == (VisitState.DRAFT, AppointmentState.WITHDRAWN)


@pytest.mark.parametrize(
    ("reply", "given", "kind"),
    [
        ("hardship", {"words": "I lost my work."}, HoldKind.HARDSHIP),
        ("dispute", {"words": "I have paid."}, HoldKind.DISPUTE),
        ("complain", {"kind": "conduct", "words": ""}, HoldKind.COMPLAINT),
        ("stop", {"scope": "visits"}, HoldKind.STOP_VISITS),
        ("stop", {"scope": "all"}, HoldKind.STOP_CONTACT),
    ],
)
def test_asking_for_help_stops_the_visit_at_once(web, caller, reply, given, kind):
    page = replied(web, caller, reply, **given)
    assert page.status_code == 200
    assert holds_in(web) == {kind}
    assert web.visits()[0].state is VisitState.CANCELLED
    assert "All visits are paused" in opened(web, caller).text


def test_complaint_is_kept_with_what_it_is_about(web, caller):
    replied(web, caller, "complain", kind="privacy", words="My neighbour read it.")
    with web.world.database.reading() as session:
        assert session.exec(select(Complaint)).one().visit_id == web.world.visits[0].id


@pytest.mark.parametrize(
    "form", [{"reply": "pay"}, {"reply": "stop", "scope": "nothing"}, {"reply": ""}, {}]
)
def test_answers_that_are_none_change_nothing(web, caller, form):
    proof = proof_in(opened(web, caller))
    answer = web.client.post(
        f"/b/{caller.token}/replies", data={"proof": proof, **form}, headers=web.headers
    )
    assert answer.status_code in {200, 422}
    assert state_of(web) == (VisitState.NOTICED, AppointmentState.OFFERED)
    assert holds_in(web) == set()


def test_answer_to_what_has_changed_shows_how_it_stands(web, caller):
    page = opened(web, caller)
    stale = proof_in(page)
    slot = re.findall(r'name="slot" value="([^"]+)"', page.text)[0]
    replied(web, caller, "move", slot=slot, proof=stale)
    answer = replied(web, caller, "confirm", proof=stale)
    assert "has changed in the meantime" in answer.text
