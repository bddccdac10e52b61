"""Announcing a plan: appointments, bound agents, reserved caps, sealed notices."""

from datetime import timedelta

from sqlmodel import select

from dispatch.db import Database
from dispatch.model import (
    Appointment,
    AppointmentState,
    CapEntry,
    CapKind,
    CapState,
    Commitment,
    CommitmentCell,
    ContactPoint,
    ContactStatus,
    CrewVersion,
    Evidence,
    Hold,
    HoldKind,
    Notice,
    NoticeChannel,
    NoticeState,
    Person,
    Plan,
    Stop,
    Visit,
    VisitState,
)
from dispatch.policy.hashes import notice_hash
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import announce, announced
from tests.support.planning import a_world


def test_each_audited_visit_gets_an_appointment_its_agents_bound_and_a_checked_notice(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver)
    done = announced(world)
    assert (done.count, done.skipped) == (6, ())
    assert done.by_channel == {"email": 6}
    with database.reading() as session:
        appointments = session.exec(select(Appointment)).all()
        bound = session.exec(select(Commitment)).all()
        cells = session.exec(select(CommitmentCell)).all()
        caps = session.exec(select(CapEntry)).all()
        notices = {one.appointment_id: one for one in session.exec(select(Notice))}
        stops = {one.visit_id: one for one in session.exec(select(Stop))}
        visits = {one.id: one for one in session.exec(select(Visit))}
        hashes = {one.id: one.members_hash for one in session.exec(select(CrewVersion))}
        plan = session.exec(select(Plan)).one()
        kinds = set(session.exec(select(Evidence.kind)))
    assert plan.announced_at == make.NOW
    assert {one.state for one in appointments} == {AppointmentState.OFFERED}
    assert len(bound) == 12
    assert bool(cells) == database.is_sqlite
    assert {(one.kind, one.state) for one in caps} == {(CapKind.VISIT, CapState.RESERVED)}
    for one in appointments:
        stop, notice = stops[one.visit_id], notices[one.id]
        assert (one.window_from_at, one.stay_until_at) == (stop.window_from_at, stop.leave_at)
        assert stop.appointment_id == one.id
        assert notice.state is NoticeState.CHECKED
        assert notice.content_hash == notice_hash(
            window_from=one.window_from_at,
            window_until=one.window_until_at,
            place_id=one.place_id,
            crew=hashes[one.crew_version_id],
            purpose=visits[one.visit_id].purpose,
        )
        assert notice.crew_hash == hashes[one.crew_version_id]
        assert notice.expires_at >= one.window_until_at
        assert visits[one.visit_id].state is VisitState.AUDITED
    assert {"appointment.offered", "notice.checked", "plan.announced"} <= kinds


def test_the_notice_is_neutral_sealed_and_leads_to_a_link(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    announced(world)
    with sqlite_database.reading() as session:
        notice = session.exec(select(Notice)).one()
        person = session.get(Person, notice.person_id)
        body, token = vault.read(person, notice, "body"), vault.read(person, notice, "token")
        name = vault.read(person, person, "name")
    assert f"http://127.0.0.1:8000/b/{token}" in body["text"]
    assert token.encode() not in notice.body_sealed
    assert world.lender.name not in body["text"] + body["subject"]
    assert name not in body["text"]
    assert all(agent.name not in body["text"] for agent in world.agents)


def test_announcing_twice_changes_nothing(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=3)
    run = world.plan()
    assert announce(world, run).count == 3
    assert announce(world, run).count == 0
    with sqlite_database.reading() as session:
        assert len(session.exec(select(Notice)).all()) == 3


def test_a_plan_announced_too_late_skips_its_visits_with_the_reason(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2)
    run = world.plan()
    world.clock.advance(timedelta(days=5))
    done = announce(world, run)
    assert done.count == 0
    assert {one.code for one in done.skipped} == {"notice-not-in-time"}


def test_a_hold_since_the_plan_skips_that_visit_alone(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=3)
    run = world.plan()
    with sqlite_database.writing() as session:
        session.add(
            Hold(
                branch_id=world.branch.id,
                person_id=world.visits[0].person_id,
                kind=HoldKind.HARDSHIP,
                from_at=make.NOW,
                requested_by="borrower",
            )
        )
    done = announce(world, run)
    assert done.count == 2
    assert [one.visit_id for one in done.skipped] == [world.visits[0].id]


def test_a_slot_whose_agent_is_bound_already_is_skipped_not_the_whole_plan(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=3)
    run = world.plan()
    assert announce(world, run).count == 3
    with database.writing() as session:
        appointments = session.exec(select(Appointment)).all()
        again = appointments[0]
        session.delete(session.exec(select(Notice).where(Notice.appointment_id == again.id)).one())
        for stop in session.exec(select(Stop).where(Stop.appointment_id == again.id)):
            stop.appointment_id = None
        again.state = AppointmentState.WITHDRAWN  # its agents stay bound: the slot is not free
        others = [one.id for one in appointments[1:]]
    done = announce(world, run)
    assert done.count == 0
    assert [one.code for one in done.skipped] == ["slot-taken"]
    with database.reading() as session:
        standing = session.exec(
            select(Appointment).where(Appointment.state == AppointmentState.OFFERED)
        ).all()
    assert {one.id for one in standing} == set(others)


def test_without_a_valid_contact_point_a_person_brings_the_notice(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2)
    with sqlite_database.writing() as session:
        first, second = (one.person_id for one in world.visits)
        for point in session.exec(select(ContactPoint)):
            is_lost = point.person_id == second and point.kind == "phone"
            point.status = ContactStatus.WRONG if is_lost else ContactStatus.DOUBTFUL
            if point.person_id == second and point.kind == "email":
                point.status = ContactStatus.REVOKED
    announced(world)
    with sqlite_database.reading() as session:
        channels = {one.person_id: one.channel for one in session.exec(select(Notice))}
    assert channels == {first: NoticeChannel.PHONE_DESK, second: NoticeChannel.LETTER}


def test_windows_are_as_wide_as_their_keeping_is_worth(
    database: Database, vault: Vault, solver: Solver
) -> None:
    told = {}
    for width_s in (0.2, 1.0, 20.0):
        world = a_world(
            database, vault, solver, plan_travel_cv=0.2, plan_service_cv=0.2, plan_width_s=width_s
        )
        run = world.plan()
        assert announce(world, run).count == 6
        with database.reading() as session:
            stops = session.exec(select(Stop).where(Stop.plan_id == run.plan_id)).all()
        widths = [one.window_until_at - one.window_from_at for one in stops]
        assert max(widths) <= timedelta(hours=2)
        told[width_s] = sum(widths, timedelta()), sum(one.on_time for one in stops) / 6
    wide, usual, narrow = told.values()
    assert wide[0] >= usual[0] > narrow[0]
    assert wide[1] >= usual[1] > narrow[1]
    assert usual[1] >= 0.97
