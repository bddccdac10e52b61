"""Facts that are missing, wrong or to come: the stricter outcome, a reason in words, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from dispatch.appointments.answer import confirm
from dispatch.db import Database
from dispatch.errors import DispatchError, PlanNotLawful
from dispatch.evidence.seal import seal_pending
from dispatch.evidence.verify import verify
from dispatch.model import (
    Branch,
    Consent,
    Hold,
    HoldKind,
    Person,
    Place,
    PlaceKind,
    Plan,
    PlanState,
    RunState,
    Stop,
    Unserved,
    Visit,
    VisitState,
)
from dispatch.planning.publish import publish
from dispatch.planning.runner import run_next
from dispatch.policy.explain import LANGUAGES, explain
from dispatch.policy.rules.base import Finding
from dispatch.privacy.erase import erase_person
from dispatch.privacy.tombstones import Tombstones
from dispatch.solver.run import Solver
from dispatch.store.holds import apply_hold
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault
from tests.dispatch.policy.test_pack import HEAD, entry
from tests.support.appointments import announce, caller_of, send
from tests.support.planning import World, a_world


def left_out(world: World) -> list[tuple[Any, list[dict[str, Any]]]]:
    with world.database.reading() as session:
        return [(one.visit_id, one.reasons) for one in session.exec(select(Unserved))]


def served(world: World) -> set[Any]:
    with world.database.reading() as session:
        return {one.visit_id for one in session.exec(select(Stop))}


def state(world: World, visit: Visit) -> VisitState:
    with world.database.reading() as session:
        return get_any(session, Visit, visit.id).state


def publish_draft(world: World, plan_id: Any) -> Plan:
    with world.database.writing() as session:
        plan = get_any(session, Plan, plan_id, lock=True)
        return publish(
            session,
            plan=plan,
            version=plan.version,
            actor="test",
            now=world.clock.now(),
            account_id=world.manager.id,
        )


@pytest.mark.parametrize(
    ("table", "changes", "code", "names"),
    [
        (Place, {"time_zone": "Mars/Olympus"}, "facts-unknown", "time_zone"),
        (Person, {"is_adult": None}, "facts-unknown", "is_adult"),
        (Person, {"language": None}, "facts-unknown", "language"),
        (Person, {"language": "xx"}, "notice-language", None),
        (Place, {"time_zone": "Asia/Singapore", "region": "XX"}, "calendar-missing", None),
    ],
    ids=[
        "unknown time zone",
        "missing age",
        "missing language",
        "unknown language",
        "region without calendar",
    ],
)
def test_whom_too_little_is_known_of_is_left_out_with_the_reason_and_planned_once_it_is_known(
    sqlite_database: Database,
    vault: Vault,
    solver: Solver,
    table: Any,
    changes: dict[str, Any],
    code: str,
    names: str | None,
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=3)
    lost = world.visits[0]

    def write(fields: dict[str, Any]) -> dict[str, Any]:
        with sqlite_database.writing() as session:
            row = get_any(session, table, lost.place_id if table is Place else lost.person_id)
            before = {name: getattr(row, name) for name in fields}
            for name, value in fields.items():
                setattr(row, name, value)
            session.add(row)
            return before

    before = write(changes)
    world.plan()

    ((visit_id, reasons),) = left_out(world)
    assert visit_id == lost.id
    told = {one["code"]: one for one in reasons}
    assert code in told
    assert names is None or names in told[code]["args"]["facts"]
    for language in LANGUAGES:
        finding = Finding(code=code, parameter="", source=None, args=told[code]["args"])
        assert all(explain(finding, language))
    assert served(world) == {one.id for one in world.visits[1:]}
    assert state(world, lost) is VisitState.DRAFT

    write(before)
    world.plan()
    assert lost.id in served(world)


def test_a_notice_whose_arrival_nobody_can_prove_releases_no_visit(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2)
    run = world.plan()
    announce(world, run)
    send(world)  # taken by the gateway; no receipt will ever come
    proven, unproven = world.visits
    caller = caller_of(world, proven)
    caller.open()
    caller.does(confirm)

    with pytest.raises(PlanNotLawful) as refused:
        publish_draft(world, run.plan_id)

    (found,) = refused.value.violations
    assert (found["code"], found["reference"]) == ("notice-undelivered", unproven.reference)
    with sqlite_database.reading() as session:
        assert get_any(session, Plan, run.plan_id).state is PlanState.DRAFT
    assert (state(world, proven), state(world, unproven)) == (
        VisitState.CONFIRMED,
        VisitState.AUDITED,
    )


def test_a_pack_that_contradicts_itself_plans_nothing_and_says_what_to_mend(
    sqlite_database: Database, vault: Vault, solver: Solver, tmp_path
) -> None:
    night = '{mon-sun: ["20:00-23:00"], public_holiday: []}'
    (tmp_path / "own.yaml").write_text(
        HEAD.replace('"2027-01-01"', '"2030-01-01"')
        + entry("visit.windows.residence", night)
        + entry("notice.min_hours", "400"),
        "utf-8",
    )
    world = a_world(sqlite_database, vault, solver, visits=2)
    settings = world.planner.settings.model_copy(update={"pack_folder": tmp_path})
    world.planner = replace(world.planner, settings=settings)
    with sqlite_database.writing() as session:
        branch = get_any(session, Branch, world.branch.id)
        branch.pack_id = "own"
        session.add(branch)

    run = world.plan()

    assert run.state is RunState.FAILED
    assert "contradicts itself" in (run.failure or "")
    assert "visit.windows.residence" in (run.failure or "")
    assert "notice.min_hours" in (run.failure or "")
    assert {state(world, one) for one in world.visits} == {VisitState.DRAFT}


def test_a_consent_of_the_future_opens_no_place_yet(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=2)
    early = world.visits[0]
    with sqlite_database.writing() as session:
        place = get_any(session, Place, early.place_id)
        place.kind, place.is_chosen_by_person = PlaceKind.WORKPLACE, True
        consent = Consent(
            person_id=early.person_id,
            scope="place",
            place_id=place.id,
            given_at=world.clock.now() + timedelta(minutes=1),
            given_by="phone",
        )
        session.add_all([place, consent])

    world.plan()
    assert [(one, reasons[0]["code"]) for one, reasons in left_out(world)] == [
        (early.id, "place-not-chosen")
    ]

    world.clock.advance(timedelta(minutes=1))
    world.plan()
    assert early.id in served(world)


@pytest.mark.fault("V3")
def test_two_holds_that_cross_a_publication_both_stand_and_the_visit_is_off(
    database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(database, vault, solver, visits=2)
    run = world.plan()
    announce(world, run)
    send(world)
    for visit in world.visits:
        caller = caller_of(world, visit)
        caller.open()
        caller.does(confirm)
    held, other = world.visits

    def asks(kind: HoldKind) -> None:
        with database.writing() as session:
            hold = Hold(
                branch_id=world.branch.id,
                person_id=held.person_id,
                kind=kind,
                from_at=world.clock.now(),
                requested_by="borrower",
            )
            apply_hold(session, hold, actor="borrower", now=world.clock.now())

    def goes_out() -> None:
        with suppress(DispatchError):
            publish_draft(world, run.plan_id)

    with ThreadPoolExecutor(3) as pool:
        waiting = [
            pool.submit(asks, HoldKind.HARDSHIP),
            pool.submit(goes_out),
            pool.submit(asks, HoldKind.DISPUTE),
        ]
        for one in waiting:
            one.result()

    with database.reading() as session:
        kinds = sorted(one.kind for one in session.exec(select(Hold)))
    assert kinds == [HoldKind.DISPUTE, HoldKind.HARDSHIP]
    assert state(world, held) is VisitState.CANCELLED
    assert state(world, other) in {VisitState.CONFIRMED, VisitState.RELEASED}


@pytest.mark.fault("V3", "S6")
def test_a_borrower_erased_in_mid_plan_is_in_no_plan_and_the_log_still_verifies(
    sqlite_database: Database, vault: Vault, solver: Solver, tmp_path, monkeypatch
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=3)
    gone = world.visits[0]
    asked = world.planner.roads.matrix
    erased: list[int] = []

    def matrix(points: Any) -> Any:
        if not erased:
            with sqlite_database.writing() as session:
                emptied = erase_person(
                    session,
                    person=get_any(session, Person, gone.person_id),
                    ground="She asked for it by letter.",
                    tombstones=Tombstones(tmp_path / "stones.jsonl"),
                    actor="test",
                    now=world.clock.now(),
                )
            erased.append(emptied)
        return asked(points)

    monkeypatch.setattr(world.planner.roads, "matrix", matrix, raising=False)
    states = [world.plan().state]
    while (run := run_next(world.planner)) is not None:
        states.append(run.state)

    assert (states[0], states[-1]) == (RunState.STALE, RunState.DONE)
    assert served(world) == {one.id for one in world.visits[1:]}
    assert state(world, gone) is VisitState.CANCELLED
    with sqlite_database.writing() as session:
        assert find(session, Person, gone.person_id).data_key is None
        seal_pending(session, now=world.clock.now())
        assert verify(session, world.branch.id).is_sound
