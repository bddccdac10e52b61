"""Drive the real use cases through the demo's story, with the clock set by hand.

A branch opens in the invented city, a lender's files come in, a manager approves, days are planned
and announced, people answer, the next day is released. Nothing is written past the use cases.
"""

import csv
import io
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlmodel import Session

from dispatch.access.accounts import first_admin, open_account
from dispatch.access.passwords import Passwords
from dispatch.appointments.announce import announce_plan
from dispatch.appointments.lapse import lapse_untold
from dispatch.clock import SetClock, local_date, local_instant
from dispatch.db import Database
from dispatch.demo import fixtures
from dispatch.demo.answers import answer
from dispatch.demo.beside import in_one_piece
from dispatch.demo.city import City, build_city
from dispatch.demo.log_ins import PASSWORD, LogIn, log_ins, login_of, on_duty
from dispatch.demo.people import DemoTables, demo_tables
from dispatch.demo.story import BEGAN_DAYS_AGO, ServedDay, service_days
from dispatch.eligibility.approve import approve_visit
from dispatch.eligibility.sweep import sweep_cases
from dispatch.evidence.seal import seal_pending
from dispatch.gateways.messenger_folder import FolderMessenger
from dispatch.gateways.roads import roads_of
from dispatch.intake.run import import_file
from dispatch.messaging.runner import send_due
from dispatch.model import Account, Branch, ImportKind, PlanState, Role, RunKind, RunReason
from dispatch.planning.publish import publish
from dispatch.planning.request import request_plan
from dispatch.planning.runner import Planner, run_next
from dispatch.policy.pack import Pack, effective, load_pack
from dispatch.roster.branches import open_branch
from dispatch.settings import RoadsKind, Settings
from dispatch.solver.run import Solver
from dispatch.store import branches, case_stages, days, plans
from dispatch.store.agents import agents_of
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from dispatch.vault import Vault

log = logging.getLogger(__name__)

BRANCH = "Lanting"
LENDER = "Lanting Demo Finance"
PACK = "cn"
APPROVED = 84
"""Visits that the demo's manager has approved; the rest of the eligible cases wait."""

GROUND = "Several remote attempts on different days reached nobody; a talk in person may find a plan that fits."


@dataclass(slots=True)
class Stage:
    """What the story is played on."""

    settings: Settings
    database: Database
    vault: Vault
    city: City
    clock: SetClock
    planner: Planner
    law: Pack
    tables: DemoTables
    branch: Branch = field(init=False)
    manager: Account = field(init=False)


def demo_settings(settings: Settings) -> Settings:
    """Return the settings with the demo city's roads, where nobody has set other roads."""
    extract = extract_of(settings)
    if settings.roads is not RoadsKind.ESTIMATE or settings.roads_file or not extract.is_file():
        return settings
    return settings.model_copy(update={"roads": RoadsKind.OSRM, "roads_file": extract})


def extract_of(settings: Settings) -> Path:
    """Return where the demo city's street extract lies."""
    return settings.data_folder / "demo" / "lanting.osm.pbf"


def make_demo(
    database: Database, *, vault: Vault, settings: Settings, now: datetime
) -> tuple[LogIn, ...]:
    """Fill an empty database with the demo branch; do nothing where a branch is.

    Returns
    -------
    tuple of LogIn
        The demo's log-ins; none where the database holds other branches.
    """
    with database.reading() as session:
        known = branches.by_name(session, BRANCH)
        if known is not None:
            return log_ins(on_duty(session, known, now))
        if branches.any_branch(session):
            return ()
    with in_one_piece(database) as beside:
        return _play(_set_stage(beside, vault, settings, now), now)


def _play(stage: Stage, now: datetime) -> tuple[LogIn, ...]:
    try:
        _begin(stage)
        for at, step in sorted(_steps(stage, now), key=lambda one: one[0]):
            stage.clock.at = at
            step()
        stage.clock.at = now
        with stage.database.writing("demo.end") as session:
            sweep_cases(session, branch=stage.branch, law=stage.law, actor="demo", now=now)
            while seal_pending(session, now=now):
                continue
            team = on_duty(session, stage.branch, now)
    finally:
        stage.planner.solver.close()
        stage.planner.roads.close()
    return log_ins(team)


def _set_stage(database: Database, vault: Vault, settings: Settings, now: datetime) -> Stage:
    extract = extract_of(settings)
    extract.parent.mkdir(parents=True, exist_ok=True)
    city = build_city(extract, seed=fixtures.seed())
    began_on = local_date(city.time_zone, now) - timedelta(days=BEGAN_DAYS_AGO)
    clock = SetClock(local_instant(city.time_zone, began_on, time(9)))
    played = demo_settings(settings).model_copy(
        update={
            "plan_seconds": min(2, settings.plan_seconds),
            "plan_night_seconds": min(2, settings.plan_night_seconds),
        }
    )
    planner = Planner(
        database=database,
        vault=vault,
        roads=roads_of(played),
        solver=Solver(memory_mb=settings.plan_memory_mb),
        clock=clock,
        settings=played,
        worker="demo",
    )
    return Stage(
        settings=played,
        database=database,
        vault=vault,
        city=city,
        clock=clock,
        planner=planner,
        law=effective(load_pack(PACK, settings.pack_folder)),
        tables=demo_tables(city, seed=fixtures.seed(), today=began_on),
    )


def _begin(stage: Stage) -> None:
    """Open the branch, take the lender's files in, let the manager approve."""
    now, city = stage.clock.now(), stage.city
    hashed = Passwords().hash(PASSWORD)
    with stage.database.writing("demo.open") as session:
        stage.branch, _ = open_branch(
            session,
            vault=stage.vault,
            name=BRANCH,
            name_zh="岚汀网点",
            time_zone=city.time_zone,
            country="CN",
            depot_lat=city.depot.lat,
            depot_lon=city.depot.lon,
            lender_name=LENDER,
            pack_id=PACK,
            language="zh-CN",
            currency="CNY",
            calendar_years=[now.year, now.year + 1],
            lender_name_zh="岚汀示范金融",
            lender_complaint_phone="+86 572 010 0000",
            actor="demo",
            now=now,
        )
        first_admin(
            session, login="admin@example.org", name="Admin", password_hash=hashed, now=now
        )
        stage.manager = _account(session, stage, hashed, "manager", Role.MANAGER)
        _account(session, stage, hashed, "auditor", Role.AUDITOR)
    for kind in (
        ImportKind.HOLIDAYS,
        ImportKind.AGENTS,
        ImportKind.SHIFTS,
        ImportKind.CASES,
        ImportKind.ATTEMPTS,
        ImportKind.PAYMENTS,
    ):
        with stage.database.writing("demo.import") as session:
            import_file(
                session,
                vault=stage.vault,
                branch=stage.branch,
                kind=kind,
                content=_as_csv(getattr(stage.tables, kind.value)),
                filename=f"{kind}.csv",
                actor=f"account:{stage.manager.id}",
                now=now,
            )
    with stage.database.writing("demo.approve") as session:
        for agent in agents_of(session, stage.branch.id):
            open_account(
                session,
                login=login_of(agent),
                name=agent.name,
                role=Role.AGENT,
                password_hash=hashed,
                branch_ids=[stage.branch.id],
                agent_id=agent.id,
                language="zh-CN",
                actor="demo",
                now=now,
            )
        sweep_cases(session, branch=stage.branch, law=stage.law, actor="demo", now=now)
        waiting = case_stages.waiting_for_approval(session, Scope.everything(), stage.branch.id)
        one_each = {case.person_id: case for case in waiting}  # one visit a person at a time
        for case in list(one_each.values())[:APPROVED]:
            approve_visit(
                session, case=case, ground=GROUND, account=stage.manager, law=stage.law, now=now
            )


def _account(session: Session, stage: Stage, hashed: str, name: str, role: Role) -> Account:
    return open_account(
        session,
        login=f"{name}@example.org",
        name=name.capitalize(),
        role=role,
        password_hash=hashed,
        branch_ids=[stage.branch.id],
        language="zh-CN",
        actor="demo",
        now=stage.clock.now(),
    )


def _steps(stage: Stage, now: datetime) -> Iterator[tuple[datetime, "Step"]]:
    for number, day in enumerate(_days(stage, now)):
        yield day.announced_at, Step(stage, "announce", day)
        yield day.answered_at, Step(stage, "answer", day)
        if number == 0:
            is_today = day.on == local_date(stage.city.time_zone, now)
            yield (
                min(day.released_at, now - timedelta(minutes=1)),
                Step(stage, "release", day, is_today),
            )


def _days(stage: Stage, now: datetime) -> list[ServedDay]:
    today = local_date(stage.city.time_zone, now)
    with stage.database.reading() as session:
        working = set(
            days.dates_with_shifts(session, stage.branch.id, today - timedelta(days=1), 30)
        )
        calendar = days.calendar_of(
            session,
            stage.branch,
            from_on=today - timedelta(days=20),
            to_on=today + timedelta(days=30),
        )
    return service_days(
        now, time_zone=stage.city.time_zone, calendar=calendar, works=working.__contains__
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens in the story."""

    stage: Stage
    what: str
    day: ServedDay
    is_published: bool = False

    def __call__(self) -> None:
        """Let it happen, at the instant that the stage's clock shows."""
        stage, on = self.stage, self.day.on
        log.info("demo: %s %s at %s", self.what, on, stage.clock.at)
        if self.what == "announce":
            _plan(stage, on, RunKind.ANNOUNCE)
            _announce(stage, on)
        elif self.what == "answer":
            answer(
                stage.database,
                vault=stage.vault,
                settings=stage.settings,
                law=stage.law,
                branch=stage.branch,
                on=on,
                now=stage.clock.now(),
            )
        else:
            _lapse(stage)
            _plan(stage, on, RunKind.RELEASE)
            if self.is_published:
                _publish(stage, on)


def _plan(stage: Stage, on: date, kind: RunKind) -> None:
    with stage.database.writing("demo.plan") as session:
        request_plan(
            session,
            branch=get_any(session, Branch, stage.branch.id),
            on=on,
            kind=kind,
            reason=RunReason.DEMO,
            requested_by=f"account:{stage.manager.id}",
            now=stage.clock.now(),
        )
    while run_next(stage.planner) is not None:
        continue


def _announce(stage: Stage, on: date) -> None:
    now = stage.clock.now()
    with stage.database.writing("demo.announce") as session:
        plan = plans.newest(session, stage.branch.id, on, [PlanState.DRAFT])
        if plan is None:
            return
        announce_plan(
            session,
            vault=stage.vault,
            plan=plan,
            law=stage.law,
            settings_base_url=stage.settings.base_url,
            actor=f"account:{stage.manager.id}",
            now=now,
        )
    messenger = FolderMessenger(stage.settings.messages_folder)
    send_due(
        stage.database,
        vault=stage.vault,
        messenger=messenger,
        clock=stage.clock,
        settings=stage.settings,
        limit=500,
    )


def _lapse(stage: Stage) -> None:
    """Withdraw the appointments of people whom no notice reached in time, as each day."""
    with stage.database.writing("demo.lapse") as session:
        lapse_untold(
            session,
            vault=stage.vault,
            branch=get_any(session, Branch, stage.branch.id),
            law=stage.law,
            base_url=stage.settings.base_url,
            now=stage.clock.now(),
        )


def _publish(stage: Stage, on: date) -> None:
    with stage.database.writing("demo.publish") as session:
        plan = plans.newest(session, stage.branch.id, on, [PlanState.DRAFT])
        if plan is not None:
            publish(
                session,
                plan=plan,
                version=plan.version,
                actor=f"account:{stage.manager.id}",
                now=stage.clock.now(),
                account_id=stage.manager.id,
                explanation="The notices of these visits were not proven in time.",
            )


def _as_csv(rows: Iterable[dict[str, str]]) -> bytes:
    listed = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(listed[0]))
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode()
