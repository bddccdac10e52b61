"""An executed day: a day done as announced is lawful, and what was done otherwise is named."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.appointments.answer import confirm
from dispatch.audit import Code
from dispatch.care.risks import lift_flag, set_flag
from dispatch.db import Database
from dispatch.fieldwork.check_in import record_check_in
from dispatch.fieldwork.outcome import record_outcome
from dispatch.fieldwork.payloads import CheckInPayload, Flag
from dispatch.model import (
    Absence,
    AbsenceReason,
    Account,
    Agent,
    AgentState,
    Branch,
    Case,
    CheckInKind,
    ContactAttempt,
    ContactChannel,
    ContactResult,
    CrewMember,
    Hold,
    HoldKind,
    Notice,
    OutcomeCode,
    Plan,
    PlanState,
    Qualification,
    RiskFlag,
    RiskKind,
    RiskLifted,
    Role,
    Route,
    Stop,
    Visit,
)
from dispatch.planning.executed import executed_breaches
from dispatch.planning.publish import publish
from dispatch.policy.pack import effective, load_pack
from dispatch.solver.run import Solver
from dispatch.store.hold_ends import release_one
from dispatch.store.holds import apply_hold
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import announce, caller_of, send
from tests.support.field import a_payload, bytes_of
from tests.support.planning import World, a_world

K = CheckInKind
SCRIPT = ((K.EN_ROUTE, -10), (K.ARRIVED, 0), (K.IDENTITY, 1), (K.TALK, 2), (K.LEFT, 20))


@dataclass
class Done:
    """A published day and those who were sent, to be acted out step by step."""

    world: World
    stops: list[Stop]
    accounts: dict[Any, list[Account]]
    """By visit: those of its crew, the lead first."""
    stranger: Account

    def step(self, kind: CheckInKind, at: datetime, *, number: int = 0, **given: Any) -> None:
        by = given.pop("by", None) or self.accounts[self.stops[number].visit_id][0]
        with self.world.database.writing() as session:
            record_check_in(
                session,
                vault=self.world.vault,
                check_in_id=uuid4(),
                raw=str(uuid4()).encode(),
                payload=CheckInPayload(
                    visit_id=self.stops[number].visit_id, kind=kind, occurred_at=at, **given
                ),
                account=get_any(session, Account, by.id),
                now=at + timedelta(seconds=5),
            )

    def report(self, code: OutcomeCode, at: datetime, *, number: int = 0, **given: Any) -> None:
        payload = a_payload(self.stops[number].visit_id, code, occurred_at=at, **given)
        outcome_id = uuid4()
        with self.world.database.writing() as session:
            record_outcome(
                session,
                vault=self.world.vault,
                outcome_id=outcome_id,
                raw=bytes_of(outcome_id, payload),
                payload=payload,
                account=get_any(
                    session, Account, self.accounts[self.stops[number].visit_id][0].id
                ),
                now=at + timedelta(seconds=5),
            )

    def act(
        self,
        script: tuple[tuple[CheckInKind, float], ...] = SCRIPT,
        code: OutcomeCode = OutcomeCode.DISPUTE,
        *,
        number: int = 0,
        late: float = 0,
        **given: Any,
    ) -> None:
        """Act a whole visit out, so many minutes later than planned."""
        begin = self.stops[number].arrive_at + timedelta(minutes=late)
        for kind, minute in script:
            self.step(kind, begin + timedelta(minutes=minute), number=number)
        self.report(code, begin + timedelta(minutes=25), number=number, **given)

    def found(self) -> set[Code]:
        return {one.code for one in self.breaches()}

    def breaches(self) -> Any:
        world = self.world
        with world.database.reading() as session:
            _, found = executed_breaches(
                session,
                branch=get_any(session, Branch, world.branch.id),
                on=make.SERVICE_DATE,
                now=self.stops[0].arrive_at + timedelta(days=2),
            )
        return found

    def change(self, work: Callable[..., None]) -> None:
        with self.world.database.writing() as session:
            work(session)


@pytest.fixture
def day(sqlite_database: Database, vault: Vault, solver: Solver) -> Done:
    return a_published_day(sqlite_database, vault, solver)


def a_published_day(database: Database, vault: Vault, solver: Solver, *, visits: int = 1) -> Done:
    world = a_world(database, vault, solver, visits=visits)
    run = world.plan()
    announce(world, run)
    send(world)
    for visit in world.visits:
        caller = caller_of(world, visit)
        caller.open()
        caller.does(confirm)
    with database.writing() as session:
        plan = get_any(session, Plan, run.plan_id, lock=True)
        publish(
            session,
            plan=plan,
            version=plan.version,
            actor="test",
            now=world.clock.now(),
            account_id=world.manager.id,
        )
        made = select(Stop).where(Stop.plan_id == plan.id).order_by(Stop.arrive_at)
        stops = list(session.exec(made))
        sent, everyone = {}, {}
        for agent in world.agents:
            everyone[agent.id] = make.an_account(
                session,
                get_any(session, Branch, world.branch.id),
                role=Role.AGENT,
                agent_id=agent.id,
            )
        for stop in stops:
            route = get_any(session, Route, stop.route_id)
            members = session.exec(
                select(CrewMember).where(CrewMember.crew_version_id == route.crew_version_id)
            )
            ids = [one.agent_id for one in sorted(members, key=lambda one: not one.is_lead)]
            sent[stop.visit_id] = [everyone[agent_id] for agent_id in ids]
        of_crew = {one.id for group in sent.values() for one in group}
        stranger = next(one for one in everyone.values() if one.id not in of_crew)
    return Done(world, stops, sent, stranger)


def test_both_databases_tell_the_same(database: Database, vault: Vault, solver: Solver) -> None:
    day = a_published_day(database, vault, solver)
    day.act(without(K.IDENTITY), flags=(Flag.WENT_INSIDE,))

    assert day.found() == {Code.DOOR_STEP_MISSING, Code.WENT_INSIDE}


@pytest.mark.parametrize(
    "code",
    [
        OutcomeCode.PTP,
        OutcomeCode.HARDSHIP,  # puts a hold in force while the crew is there
        OutcomeCode.PAID_FULL,
    ],
)
def test_a_day_done_as_announced_has_no_breach(day: Done, code: OutcomeCode) -> None:
    day.act(code=code)

    assert day.breaches() == ()


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (K.NO_ONE, OutcomeCode.NO_ANSWER),
        (K.NO_ONE, OutcomeCode.BAD_ADDRESS),  # marks the place as wrong
        (K.THIRD_PARTY, OutcomeCode.TP_MOVED),
    ],
)
def test_nobody_there_is_a_visit_without_breach(
    day: Done, step: CheckInKind, code: OutcomeCode
) -> None:
    day.act(((K.ARRIVED, 0), (step, 2), (K.LEFT, 5)), code)

    assert day.breaches() == ()


def test_what_was_learnt_at_the_door_and_what_changed_later_is_not_held_against_it(
    day: Done,
) -> None:
    from dispatch.model import Ability, Willingness

    day.act(code=OutcomeCode.HARDSHIP, ability=Ability.NONE_NOW, willingness=Willingness.UNSURE)

    def later(session) -> None:
        at = day.stops[0].arrive_at + timedelta(days=1)
        for row in session.exec(select(Qualification)):
            row.revoked_at = at
            session.add(row)
        for agent in session.exec(select(Agent)):
            agent.advance(AgentState.SUSPENDED, actor="test", now=at)
            session.add(agent)

    day.change(later)
    assert day.breaches() == ()


def test_a_visit_that_is_not_yet_reported_is_named(day: Done) -> None:
    for kind, minute in SCRIPT:
        day.step(kind, day.stops[0].arrive_at + timedelta(minutes=minute))

    assert day.found() == {Code.NOT_REPORTED}


def test_a_day_on_which_nobody_came_has_no_breach(day: Done) -> None:
    day.step(K.EN_ROUTE, day.stops[0].arrive_at)

    assert day.breaches() == ()


def without(*kinds: CheckInKind) -> tuple[tuple[CheckInKind, float], ...]:
    return tuple(one for one in SCRIPT if one[0] not in kinds)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (without(K.IDENTITY), Code.DOOR_STEP_MISSING),
        (without(K.ARRIVED), Code.DOOR_STEP_MISSING),
        (without(K.LEFT), Code.DOOR_STEP_MISSING),
        ((), Code.DOOR_STEP_MISSING),
        ((*without(K.IDENTITY), (K.IDENTITY, 3)), Code.DOOR_ORDER),
        ((*without(K.TALK), (K.TALK, 21)), Code.DOOR_ORDER),
        ((*without(K.ARRIVED), (K.ARRIVED, 1.5)), Code.DOOR_ORDER),
        ((*without(K.LEFT), (K.LEFT, 31)), Code.STAY_LENGTH),
        ((*SCRIPT, (K.ASKED_TO_LEAVE, 10)), Code.SLOW_TO_LEAVE),
        ((*without(K.TALK), (K.ASKED_TO_LEAVE, 17), (K.TALK, 18)), Code.SLOW_TO_LEAVE),
    ],
)
def test_steps_at_the_door(
    day: Done, script: tuple[tuple[CheckInKind, float], ...], code: Code
) -> None:
    day.act(script)

    assert code in day.found()


@pytest.mark.parametrize("late", [-121, 121])
def test_early_and_late_are_named(day: Done, late: float) -> None:
    day.act(late=late)

    assert Code.ANNOUNCED_WINDOW in day.found()


def test_a_stranger_at_the_door_is_named(day: Done) -> None:
    def join(session) -> None:
        """Let the stranger be sent by another version of the plan, so that they may speak of it."""
        stop = day.stops[0]
        route = get_any(session, Route, stop.route_id)
        plan = get_any(session, Plan, route.plan_id)
        crew, version = make.a_crew(session, [get_any(session, Agent, day.stranger.agent_id)])
        other = make.add(
            session,
            Plan(
                **{
                    **plan.model_dump(exclude={"id"}),
                    "number": plan.number + 1,
                    "state": PlanState.RECALLED,
                }
            ),
        )
        their = make.add(
            session,
            Route(
                plan_id=other.id,
                crew_id=crew.id,
                crew_version_id=version.id,
                starts_at=route.starts_at,
                ends_at=route.ends_at,
            ),
        )
        make.add(
            session,
            Stop(
                **{
                    **stop.model_dump(exclude={"id"}),
                    "plan_id": other.id,
                    "route_id": their.id,
                }
            ),
        )

    day.change(join)
    day.step(K.ARRIVED, day.stops[0].arrive_at, by=day.stranger)
    day.act()

    assert day.found() == {Code.DOOR_CREW}


def test_another_place_is_named_and_one_sign_of_the_right_one_is_enough(day: Done) -> None:
    at = day.stops[0].arrive_at
    day.step(K.ARRIVED, at, lat=30.7, lon=119.9)
    day.act()
    assert day.found() == {Code.DOOR_PLACE}
    day.step(K.ARRIVED, at, lat=30.6, lon=119.9)
    assert day.breaches() == ()


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        ((Flag.WENT_INSIDE,), {Code.WENT_INSIDE}),
        ((Flag.WENT_INSIDE, Flag.ASKED_INSIDE), set()),
        ((Flag.TALKED_OF_DEBT,), set()),
    ],
)
def test_conduct(day: Done, flags: tuple[Flag, ...], code: set[Code]) -> None:
    day.act(flags=flags)

    assert day.found() == code


def test_talk_of_the_matter_with_somebody_else_is_named(day: Done) -> None:
    script = ((K.ARRIVED, 0), (K.THIRD_PARTY, 2), (K.LEFT, 5))
    day.act(script, OutcomeCode.TP_ABSENT, flags=(Flag.TALKED_OF_DEBT,))

    assert day.found() == {Code.TOLD_OTHERS}


@pytest.mark.parametrize("is_lifted", [False, True])
def test_a_hold_that_was_in_force_is_named_even_if_it_was_lifted_since(
    day: Done, is_lifted: bool
) -> None:
    day.act(code=OutcomeCode.NO_ANSWER)
    at = day.stops[0].arrive_at

    def hold(session) -> None:
        visit = get_any(session, Visit, day.stops[0].visit_id)
        one = Hold(
            branch_id=visit.branch_id,
            person_id=visit.person_id,
            kind=HoldKind.HARDSHIP,
            from_at=at - timedelta(hours=3),
            requested_by="borrower",
        )
        apply_hold(session, one, actor="test", now=at + timedelta(hours=1))
        if is_lifted:
            release_one(session, one, reason="a plan", actor="test", now=at + timedelta(hours=2))

    day.change(hold)
    assert day.found() == {Code.HOLD}


def test_a_hold_lifted_before_the_crew_came_is_none(day: Done) -> None:
    at = day.stops[0].arrive_at
    day.act(code=OutcomeCode.NO_ANSWER)

    def hold(session) -> None:
        visit = get_any(session, Visit, day.stops[0].visit_id)
        one = Hold(
            branch_id=visit.branch_id,
            person_id=visit.person_id,
            kind=HoldKind.HARDSHIP,
            from_at=at - timedelta(hours=3),
            requested_by="borrower",
        )
        session.add(one)
        session.flush()
        release_one(session, one, reason="a plan", actor="test", now=at - timedelta(minutes=1))

    day.change(hold)
    assert day.breaches() == ()


def altered(kind: type, **values: Any) -> Callable[[Done], Callable[..., None]]:
    def of(day: Done) -> Callable[..., None]:
        def work(session) -> None:
            for row in session.exec(select(kind)):
                for name, value in values.items():
                    setattr(row, name, value)
                session.add(row)

        return work

    return of


def a_call(day: Done) -> Callable[..., None]:
    def work(session) -> None:
        earlier = session.exec(select(ContactAttempt)).first()
        session.add(
            ContactAttempt(
                **{
                    **earlier.model_dump(exclude={"id"}),
                    "number": "other",
                    "channel": ContactChannel.PHONE,
                    "result": ContactResult.NONE,
                    "occurred_at": day.stops[0].arrive_at + timedelta(hours=1),
                }
            )
        )

    return work


def an_absence(day: Done) -> Callable[..., None]:
    def work(session) -> None:
        for agent in session.exec(select(Agent)):
            session.add(
                Absence(
                    branch_id=agent.branch_id,
                    agent_id=agent.id,
                    from_at=day.stops[0].arrive_at,
                    until_at=day.stops[0].arrive_at + timedelta(hours=1),
                    reason=AbsenceReason.OTHER,
                    recorded_by="test",
                )
            )

    return work


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (altered(Notice, content_hash="0" * 64), Code.NOTICE_DIFFERS),
        (altered(Notice, crew_hash="0" * 64), Code.NOTICE_DIFFERS),
        (
            altered(Notice, delivered_at=None, delivered_proof=None, opened_at=None),
            Code.NOTICE_UNDELIVERED,
        ),
        (altered(Qualification, valid_until=make.NOW.date()), Code.CREW_PAPERS),
        (altered(Plan, state=PlanState.RECALLED), Code.NOT_PUBLISHED),
        (altered(Plan, pack_version="2020"), Code.PACK),
        (a_call, Code.SAME_DAY_CONTACT),
        (an_absence, Code.CREW_PAPERS),
    ],
    ids=[
        "content hash",
        "crew hash",
        "undelivered",
        "papers",
        "recalled",
        "pack",
        "a call",
        "an absence",
    ],
)
def test_what_is_on_record_otherwise_is_named(
    day: Done, change: Callable[[Done], Callable[..., None]], code: Code
) -> None:
    day.act(code=OutcomeCode.NO_ANSWER)
    assert day.breaches() == ()
    day.change(change(day))

    assert code in day.found()


def test_the_command_tells_breaches_and_exits_as_documented(
    day: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRVISIT_DATABASE_URL", str(day.world.database.url))
    words = ["audit", "--branch", day.world.branch.name, "--date", str(make.SERVICE_DATE)]

    def run(*more: str) -> Any:
        return CliRunner().invoke(app, [*words, "--profile", "executed", *more])

    day.act(code=OutcomeCode.NO_ANSWER)
    done = run()
    assert (done.exit_code, done.output) == (
        0,
        f"Nothing stands against the 1 visit(s) made of {make.SERVICE_DATE}.\n",
    )
    day.change(altered(Notice, content_hash="0" * 64)(day))
    done = run("--json")
    (row,) = json.loads(done.output)
    assert done.exit_code == 1
    assert row["visit"] == day.world.visits[0].reference
    assert row["code"] == "notice-differs"
    assert "Fairvisit strict baseline" in row["source"]
    assert CliRunner().invoke(app, [*words, "--profile", "x"]).exit_code == 2


@dataclass
class Flagged:
    """A day of two visits of one crew, the place of one of which bears a risk flag."""

    day: Done
    flag: RiskFlag


def with_a_flag(day: Done, number: int, *, after: float) -> Flagged:
    """Put a flag on a place, so many minutes after the crew is to come there."""
    stop, world = day.stops[number], day.world
    with world.database.writing() as session:
        return Flagged(
            day,
            set_flag(
                session,
                case=get_any(session, Case, get_any(session, Visit, stop.visit_id).case_id),
                kind=RiskKind.LOOSE_DOG,
                law=effective(load_pack("baseline")),
                actor="test",
                now=stop.arrive_at + timedelta(minutes=after),
            ),
        )


def lifted(flagged: Flagged, number: int, *, after: float) -> None:
    at = flagged.day.stops[number].arrive_at + timedelta(minutes=after)
    flagged.day.change(
        lambda session: lift_flag(
            session,
            flag=get_any(session, RiskFlag, flagged.flag.id),
            because=RiskLifted.GONE,
            actor="test",
            now=at,
        )
    )


@pytest.fixture
def pair(sqlite_database: Database, vault: Vault, solver: Solver) -> Done:
    day = a_published_day(sqlite_database, vault, solver, visits=2)
    assert len({stop.route_id for stop in day.stops}) == 1
    return day


def test_a_flagged_place_with_a_visit_after_it_is_no_breach(pair: Done) -> None:
    with_a_flag(pair, 0, after=-60)
    pair.act(number=0)
    assert pair.breaches() == ()  # the other is still ahead, whatever becomes of it

    pair.act(number=1)
    assert pair.breaches() == ()


def test_a_flagged_place_made_last_is_one_even_if_the_flag_is_lifted_since(pair: Done) -> None:
    flagged = with_a_flag(pair, 1, after=-60)
    for number in (0, 1):
        pair.act(number=number)
    assert pair.found() == {Code.RISK_LAST}

    lifted(flagged, 1, after=60)
    assert pair.found() == {Code.RISK_LAST}


def test_visits_made_in_another_order_than_planned_are_found(pair: Done) -> None:
    with_a_flag(pair, 0, after=-60)
    first, second = pair.stops
    pair.act(number=1, late=-10)
    pair.act(number=0, late=(second.leave_at - first.arrive_at) / timedelta(minutes=1) + 15)

    assert Code.RISK_LAST in pair.found()


@pytest.mark.parametrize("after", [2, 30], ids=["by the crew", "later"])
def test_a_flag_that_came_after_the_crew_is_no_breach(pair: Done, after: float) -> None:
    with_a_flag(pair, 1, after=after)
    for number in (0, 1):
        pair.act(number=number)

    assert pair.breaches() == ()


def test_a_flag_lifted_before_the_crew_came_binds_no_more(pair: Done) -> None:
    lifted(with_a_flag(pair, 1, after=-60), 1, after=-30)
    for number in (0, 1):
        pair.act(number=number)

    assert pair.breaches() == ()
