"""Moving to another time: lawful slots, one winner, old and new day planned again, publishable."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.appointments.allowed import Standing
from dispatch.appointments.answer import confirm
from dispatch.appointments.move import move
from dispatch.appointments.page import show_again
from dispatch.appointments.slots import OfferedSlot, offer_slots
from dispatch.db import Database
from dispatch.errors import Conflict, Invalid, SlotTaken, WrongState
from dispatch.model import (
    Appointment,
    AppointmentState,
    CapEntry,
    CapKind,
    Commitment,
    Notice,
    NoticeKind,
    NoticeState,
    Plan,
    PlanRun,
    RunReason,
    RunState,
    Visit,
    VisitState,
)
from dispatch.model.appointment import STANDING, on_grid
from dispatch.planning.publish import publish
from dispatch.planning.runner import run_next
from dispatch.policy.windows import legal_windows
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import BASE, KEYS, LAW, Caller, announced, caller_of, send
from tests.support.planning import World, a_world


def a_told_world(database: Database, vault: Vault, solver: Solver, *, visits: int = 3) -> World:
    world = a_world(database, vault, solver, visits=visits)
    announced(world)
    send(world)
    return world


def slots_for(world: World, visit: Visit, limit: int = 6) -> tuple[OfferedSlot, ...]:
    with world.database.reading() as session:
        return offer_slots(
            session,
            vault=world.vault,
            visit=find(session, Visit, visit.id),
            branch=world.branch,
            law=LAW,
            roads=world.planner.roads,
            keys=KEYS,
            now=world.clock.now(),
            limit=limit,
        )


def moves(caller: Caller, slot: str):
    return caller.does(move, vault=caller.world.vault, slot=slot, law=LAW, base_url=BASE)


def test_slots_are_lawful_free_and_spread_over_the_day(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver)
    found = slots_for(world, world.visits[0])
    assert 2 <= len(found) <= 6
    assert len({one.from_at for one in found}) == len(found)
    assert len({one.id for one in found}) == len(found)
    with database.reading() as session:
        from dispatch.store import days

        calendar = days.calendar_of(
            session, world.branch, from_on=make.NOW.date(), to_on=make.SERVICE_DATE
        )
    legal = legal_windows(
        LAW,
        place_kind="residence",
        time_zone="Asia/Shanghai",
        on=make.SERVICE_DATE,
        calendar=calendar,
    )
    for one in found:
        assert any(span.holds(one.from_at, one.until_at) for span in legal)
        assert one.from_at - world.clock.now() >= timedelta(hours=72)
        assert one.until_at - one.from_at <= timedelta(hours=2)
    halves = {one.from_at.hour < 4 for one in found}  # noon in Shanghai is 04:00 UTC
    assert halves == {True, False}


def test_a_moved_visit_is_confirmed_told_in_person_and_the_day_can_be_published(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver)
    for visit in world.visits[1:]:
        other = caller_of(world, visit)
        other.open()
        other.does(confirm)
    caller = caller_of(world, world.visits[0])
    caller.open()
    slot = slots_for(world, world.visits[0])[-1]
    done = moves(caller, slot.id)
    assert (done.appointment.window_from_at, done.appointment.number) == (slot.from_at, 2)
    with database.reading() as session:
        versions = session.exec(
            select(Appointment)
            .where(Appointment.visit_id == world.visits[0].id)
            .order_by(Appointment.number)
        ).all()
        told = session.exec(
            select(Notice).where(Notice.appointment_id == done.appointment.id)
        ).all()
        caps = session.exec(
            select(CapEntry).where(
                CapEntry.kind == CapKind.VISIT, CapEntry.source_id == world.visits[0].id
            )
        ).one()
        bound = session.exec(
            select(Commitment).where(Commitment.appointment_id == versions[0].id)
        ).all()
        reasons = [one.reason for one in session.exec(select(PlanRun))]
    assert [one.state for one in versions] == [
        AppointmentState.COUNTERED,
        AppointmentState.CONFIRMED,
    ]
    by_kind = {one.kind: one for one in told}
    proof = by_kind[NoticeKind.CORRECTION]
    assert (proof.state, proof.delivered_proof) == (NoticeState.DELIVERED, "personal")
    assert by_kind[NoticeKind.RECEIPT].state is NoticeState.CHECKED
    assert proof.content_hash == by_kind[NoticeKind.RECEIPT].content_hash
    assert (caps.at, bound) == (versions[1].stay_from_at, [])
    assert RunReason.ANSWER in reasons
    page = caller.does(show_again, vault=vault, law=LAW)
    assert (page.standing, page.window_from_at) == (Standing.MOVED, slot.from_at)
    run = run_next(world.planner)  # left by the answer
    assert run.state is RunState.DONE
    with database.writing() as session:
        plan = find(session, Plan, run.plan_id)
        assert not plan.is_incomplete
        publish(session, plan=plan, version=plan.version, actor="test", now=world.clock.now())


def test_the_receipt_goes_out_and_its_link_shows_the_new_time(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver, visits=1)
    caller = caller_of(world, world.visits[0])
    caller.open()
    slot = slots_for(world, world.visits[0])[0]
    moves(caller, slot.id)
    messenger = send(world)
    token = messenger.sent[0].text.rpartition("/b/")[2].split()[0]
    fresh = Caller(world, token, caller.facts)
    page = fresh.open()
    assert (page.window_from_at, page.standing) == (slot.from_at, Standing.MOVED)
    assert caller.open().window_from_at == slot.from_at  # the old link leads there as well


def test_only_what_was_offered_for_this_visit_and_not_long_ago_can_be_chosen(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver)
    caller = caller_of(world, world.visits[0])
    caller.open()
    mine, others = (slots_for(world, one)[0].id for one in world.visits[:2])
    for slot in ("", "none", others, mine[:-1] + ("0" if mine[-1] != "0" else "1")):
        with pytest.raises(Invalid):
            moves(caller, slot)
    world.clock.advance(timedelta(minutes=31))
    caller.open()
    with pytest.raises(SlotTaken):
        moves(caller, mine)


def test_a_slot_is_gone_once_the_crew_has_promised_something_else(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver, visits=4)
    first, second = (caller_of(world, one) for one in world.visits[:2])
    first.open()
    second.open()
    theirs = {one.from_at: one for one in slots_for(world, world.visits[1], limit=99)}
    mine = next(
        one for one in slots_for(world, world.visits[0], limit=99) if one.from_at in theirs
    )
    moves(first, mine.id)
    same = [
        one
        for one in theirs.values()
        if one.crew_name == mine.crew_name and one.from_at == mine.from_at
    ]
    for one in same:
        with pytest.raises(SlotTaken):
            moves(second, one.id)
    assert all(one.id not in {o.id for o in same} for one in slots_for(world, world.visits[1]))


def test_of_twenty_who_want_one_slot_at_once_one_gets_it(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver, visits=6)
    callers = [caller_of(world, one) for one in world.visits]
    for one in callers:
        one.open()
    offers = [
        {slot.from_at: slot for slot in slots_for(world, one, limit=99)} for one in world.visits
    ]
    wanted = max(
        {begin for offer in offers for begin in offer},
        key=lambda begin: sum(begin in offer for offer in offers),
    )
    rivals = [
        (caller, offer[wanted].id)
        for caller, offer in zip(callers, offers, strict=True)
        if wanted in offer
    ]
    assert len(rivals) > 1

    def tries(number: int) -> bool:
        caller, slot = rivals[number % len(rivals)]
        try:
            moves(caller, slot)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(tries, range(20)))
    with database.reading() as session:
        bound = session.exec(select(Commitment)).all()
        standing = session.exec(
            select(Appointment).where(Appointment.state.in_(list(STANDING)))
        ).all()
    crews_there = {one.crew_id for one in standing if one.window_from_at == wanted}
    assert (
        sum(won)
        == len(crews_there)
        == len([one for one in standing if one.window_from_at == wanted])
    )
    assert len(standing) == 6
    for one in bound:
        for other in bound:
            if one.agent_id == other.agent_id and one.id != other.id:
                assert one.until_at <= other.from_at or other.until_at <= one.from_at


def test_twenty_clicks_on_yes_confirm_once(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver, visits=1)
    caller = caller_of(world, world.visits[0])
    caller.open()
    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(lambda _: caller.does(confirm).recorded_at, range(20)))
    assert len(set(done)) == 1
    with database.reading() as session:
        appointment = session.exec(select(Appointment)).one()
        assert session.exec(select(Visit.state)).one() is VisitState.CONFIRMED
    assert appointment.version == 2
    assert on_grid(appointment.stay_from_at, appointment.stay_until_at)


def test_nothing_is_moved_once_the_window_has_begun(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(sqlite_database, vault, solver, visits=1)
    caller = caller_of(world, world.visits[0])
    caller.open()
    slot = slots_for(world, world.visits[0])[0]
    with sqlite_database.reading() as session:
        begins = session.exec(select(Appointment.window_from_at)).one()
    world.clock.at = begins
    caller.open()
    with pytest.raises((WrongState, SlotTaken)):
        moves(caller, slot.id)
    assert slots_for(world, world.visits[0]) == ()


@pytest.mark.fault("N4")
@pytest.mark.parametrize("times", [1, 2])
def test_what_leaves_tells_of_the_newest_version_and_a_newer_one_is_told_after_it(
    times: int, database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_told_world(database, vault, solver, visits=1)
    caller = caller_of(world, world.visits[0])
    for turn in range(times):  # the second time before anything about the first has left
        caller.open()
        moves(caller, slots_for(world, world.visits[0])[-1 - turn].id)
    left = send(world).sent
    with database.reading() as session:
        told = {str(one.id): one for one in session.exec(select(Notice))}
    assert [told[one.id].appointment_number for one in left] == [times + 1]
    old = [one for one in told.values() if one.appointment_number <= times]
    assert {one.state for one in old} <= {NoticeState.SUPPRESSED, NoticeState.SUPERSEDED}
    assert send(world).sent == []
