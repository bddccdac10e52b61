"""A substitute whom the notice named goes for a member who falls ill; nobody else does."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from dispatch.appointments.answer import confirm
from dispatch.audit import Code
from dispatch.db import Database
from dispatch.fieldwork.itinerary import itinerary
from dispatch.model import (
    Absence,
    AbsenceReason,
    Agent,
    Appointment,
    AppointmentState,
    Branch,
    Commitment,
    CrewMember,
    Evidence,
    Notice,
    NoticeKind,
    Plan,
    PlanRun,
    PlanState,
    Qualification,
    Route,
    RunKind,
    RunState,
    Shift,
    Visit,
    VisitState,
    members_hash,
)
from dispatch.planning.publish import release_breaches
from dispatch.planning.recheck import recheck_published
from dispatch.solver.run import Solver
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from scheduler import work
from tests.support import builders as make
from tests.support.appointments import announce, caller_of, send
from tests.support.planning import World, a_world
from tests.support.scheduling import a_context
from tests.support.told import published


def a_told_world(
    database: Database, vault: Vault, solver: Solver, *, agents: int = 3, names: bool = True
) -> tuple[World, PlanRun]:
    """A day told to people who said yes; with three agents one is in no crew."""
    world = a_world(database, vault, solver, visits=2, agents=agents)
    with database.writing() as session:
        get_any(session, Branch, world.branch.id).names_substitutes = names
    run = world.plan()
    announce(world, run)
    send(world)
    for visit in world.visits:
        caller = caller_of(world, visit)
        caller.open()
        caller.does(confirm)
    return world, run


def rows(world: World, kind: type) -> list:
    with world.database.reading() as session:
        return list(session.exec(select(kind)))


def crew_of(world: World, run: PlanRun) -> list[UUID]:
    with world.database.reading() as session:
        return list(
            session.exec(
                select(CrewMember.agent_id)
                .join(Route, Route.crew_version_id == CrewMember.crew_version_id)
                .where(Route.plan_id == run.plan_id)
            )
        )


def falls_ill(world: World, *agent_ids: UUID) -> None:
    with world.database.writing() as session:
        session.add_all(
            Absence(
                branch_id=world.branch.id,
                agent_id=one,
                from_at=world.clock.now(),
                until_at=world.clock.now() + timedelta(days=20),
                reason=AbsenceReason.SICK,
                recorded_by="test",
            )
            for one in agent_ids
        )


def duty(world: World, solver: Solver) -> None:
    work.withdraw_unmanned(a_context(world.database, world.vault, solver, now=world.clock.now()))


def spare(world: World, crew: Sequence[UUID]) -> UUID:
    (one,) = {agent.id for agent in world.agents} - set(crew)
    return one


def withdrawn(world: World) -> int:
    return [one.state for one in rows(world, Appointment)].count(AppointmentState.WITHDRAWN)


@pytest.fixture
def told(database: Database, vault: Vault, solver: Solver) -> tuple[World, PlanRun]:
    return a_told_world(database, vault, solver)


def test_who_is_free_and_lawful_is_named_in_every_notice(told) -> None:
    world, run = told
    crew = crew_of(world, run)
    other = spare(world, crew)

    assert {one.substitute_id for one in rows(world, Appointment)} == {other}
    expected = sorted(members_hash((kept, other)) for kept in crew)
    for notice in rows(world, Notice):
        assert notice.substitute_hashes == expected


def test_the_person_reads_who_comes_instead_until_they_are_the_crew(told, solver: Solver) -> None:
    world, run = told
    crew = crew_of(world, run)
    names = {one.id: one.name for one in world.agents}
    page = caller_of(world, world.visits[0]).open()
    assert page.substitute.name == names[spare(world, crew)]

    falls_ill(world, crew[0])
    duty(world, solver)
    page = caller_of(world, world.visits[0]).open()
    assert page.substitute is None
    assert {one.name for one in page.crew} == {names[crew[1]], names[spare(world, crew)]}


@pytest.mark.parametrize("why", ["not asked", "nobody free", "not authorised", "off too soon"])
def test_nobody_is_named_where_nobody_may_come(
    sqlite_database: Database, vault: Vault, solver: Solver, why: str
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2, agents=2 + (why != "nobody free"))
    with sqlite_database.writing() as session:
        get_any(session, Branch, world.branch.id).names_substitutes = why != "not asked"
    run = world.plan()
    if why not in {"not asked", "nobody free"}:
        other = spare(world, crew_of(world, run))
        with sqlite_database.writing() as session:
            if why == "not authorised":
                for one in session.exec(
                    select(Qualification).where(Qualification.agent_id == other)
                ):
                    one.revoked_at = world.clock.now()
            else:
                shift = session.exec(select(Shift).where(Shift.agent_id == other)).one()
                shift.ends_at = shift.starts_at + timedelta(minutes=5)
    announce(world, run)

    assert {one.substitute_id for one in rows(world, Appointment)} == {None}
    assert all(one.substitute_hashes == [] for one in rows(world, Notice))


def test_the_substitute_goes_and_the_day_may_be_published_without_a_new_notice(
    told, solver: Solver
) -> None:
    world, run = told
    crew = crew_of(world, run)
    other = spare(world, crew)
    before = len(rows(world, Notice))
    falls_ill(world, crew[0])
    with world.database.reading() as session:
        plan = get_any(session, Plan, run.plan_id)
        branch = get_any(session, Branch, world.branch.id)
        found = release_breaches(session, plan=plan, branch=branch, now=world.clock.now())
    assert {one.code for one in found} == {Code.CREW_PAPERS}

    duty(world, solver)

    assert set(crew_of(world, run)) == {crew[1], other}
    assert withdrawn(world) == 0
    assert len(rows(world, Notice)) == before
    bound = {one.agent_id for one in rows(world, Commitment)}
    assert bound == {crew[1], other}
    assert published(world, run).state is PlanState.PUBLISHED
    with world.database.reading() as session:
        day = itinerary(
            session,
            vault=world.vault,
            agent_id=other,
            on=make.SERVICE_DATE,
            now=world.clock.now(),
        )
    assert len(day.stops) == 2
    told_of = [one for one in rows(world, Evidence) if one.kind == "appointment.taken_over"]
    assert {one.facts["by"] for one in told_of} == {str(other)}


def test_a_day_planned_again_keeps_the_substitute(told, solver: Solver) -> None:
    world, run = told
    crew = crew_of(world, run)
    falls_ill(world, crew[0])
    duty(world, solver)

    again = world.plan(kind=RunKind.RELEASE)

    assert again.state is RunState.DONE
    assert set(crew_of(world, again)) == {crew[1], spare(world, crew)}


def test_a_published_day_is_taken_over_too_and_stands_the_recheck(told, solver: Solver) -> None:
    world, run = told
    published(world, run)
    crew = crew_of(world, run)
    falls_ill(world, crew[1])
    duty(world, solver)

    assert set(crew_of(world, run)) == {crew[0], spare(world, crew)}
    assert {one.state for one in rows(world, Visit)} == {VisitState.RELEASED}
    with world.database.writing() as session:
        branch = get_any(session, Branch, world.branch.id)
        assert recheck_published(session, branch=branch, now=world.clock.now()) == 0


@pytest.mark.parametrize("why", ["both ill", "substitute ill too", "nobody named", "set out"])
def test_else_the_visits_are_withdrawn_with_an_apology(
    sqlite_database: Database, vault: Vault, solver: Solver, why: str
) -> None:
    world, run = a_told_world(sqlite_database, vault, solver, names=why != "nobody named")
    crew = crew_of(world, run)
    other = spare(world, crew)
    if why == "set out":
        published(world, run)
        with sqlite_database.writing() as session:
            first = session.exec(select(Appointment).order_by(Appointment.window_from_at)).first()
            get_any(session, Visit, first.visit_id).state = VisitState.EN_ROUTE
    ill = {"both ill": crew, "substitute ill too": [crew[0], other]}.get(why, [crew[0]])
    falls_ill(world, *ill)
    duty(world, solver)

    assert set(crew_of(world, run)) == set(crew)
    assert withdrawn(world) == (1 if why == "set out" else 2)
    apologies = [one for one in rows(world, Notice) if one.kind is NoticeKind.APOLOGY]
    assert len(apologies) == withdrawn(world)


def test_an_agent_whom_no_notice_named_never_goes(told, solver: Solver) -> None:
    world, run = told
    crew = crew_of(world, run)
    with world.database.writing() as session:
        stranger = make.an_agent(
            session,
            world.vault,
            get_any(session, Branch, world.branch.id),
            world.lender,
        )
        make.a_shift(session, stranger, make.SERVICE_DATE)
        for one in session.exec(select(Appointment)):
            one.substitute_id = stranger.id
    falls_ill(world, crew[0])
    duty(world, solver)

    assert stranger.id not in crew_of(world, run)
    assert withdrawn(world) == 2
    with world.database.reading() as session:
        assert get_any(session, Agent, stranger.id) is not None
