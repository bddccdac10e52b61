"""A published day in the field: one crew of two on its way, without solver or notices."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from dispatch.clock import local_instant
from dispatch.db import Database
from dispatch.fieldwork.check_in import record_check_in
from dispatch.fieldwork.outcome import record_outcome
from dispatch.fieldwork.payloads import CheckInPayload, OutcomePayload, PromisePayload, Replay
from dispatch.ids import new_id
from dispatch.model import (
    Account,
    Agent,
    Appointment,
    AppointmentState,
    Branch,
    CapEntry,
    CapKind,
    CapState,
    Case,
    CheckInKind,
    Crew,
    CrewVersion,
    Lender,
    Outcome,
    OutcomeCode,
    Plan,
    PlanRun,
    PlanState,
    Role,
    Route,
    RunKind,
    RunReason,
    RunState,
    Stage,
    Stop,
    Visit,
    VisitState,
)
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import builders as make

ON = make.SERVICE_DATE
ZONE = "Asia/Shanghai"


def at(hour: int, minute: int = 0, *, on: date = ON) -> datetime:
    """Return an instant of the service date's local time."""
    return local_instant(ZONE, on, time(hour, minute))


@dataclass
class Field:
    """A branch on its service date: a crew of two, its accounts, and released visits in order."""

    database: Database
    vault: Vault
    branch: Branch
    lender: Lender
    manager: Account
    agents: list[Agent]
    accounts: list[Account]
    crew: Crew
    crew_version: CrewVersion
    cases: list[Case]
    visits: list[Visit]
    plan: Plan

    def report(
        self,
        code: OutcomeCode,
        *,
        visit: int = 0,
        by: int = 0,
        outcome_id: UUID | None = None,
        occurred_at: datetime | None = None,
        now: datetime | None = None,
        raw: bytes | None = None,
        base_url: str = "https://visits.example.org",
        **given: Any,
    ) -> tuple[Outcome, Replay]:
        """Record an outcome in a transaction of its own, as a phone sent it."""
        occurred_at = occurred_at or at(10, 20)
        payload = a_payload(self.visits[visit].id, code, occurred_at=occurred_at, **given)
        outcome_id = outcome_id or uuid4()
        with self.database.writing() as session:
            return record_outcome(
                session,
                vault=self.vault,
                outcome_id=outcome_id,
                raw=raw or bytes_of(outcome_id, payload),
                payload=payload,
                account=get_any(session, Account, self.accounts[by].id),
                now=now or occurred_at + timedelta(minutes=1),
                base_url=base_url,
            )

    def check_in(
        self,
        kind: CheckInKind,
        *,
        visit: int = 0,
        by: int = 0,
        check_in_id: UUID | None = None,
        occurred_at: datetime | None = None,
        raw: bytes = b"{}",
        **given: Any,
    ) -> Any:
        """Record a check-in in a transaction of its own."""
        occurred_at = occurred_at or at(10)
        payload = CheckInPayload(
            visit_id=self.visits[visit].id, kind=kind, occurred_at=occurred_at, **given
        )
        with self.database.writing() as session:
            return record_check_in(
                session,
                vault=self.vault,
                check_in_id=check_in_id or uuid4(),
                raw=raw,
                payload=payload,
                account=get_any(session, Account, self.accounts[by].id),
                now=occurred_at + timedelta(seconds=10),
            )


def a_payload(
    visit_id: UUID, code: OutcomeCode, *, occurred_at: datetime | None = None, **given: Any
) -> OutcomePayload:
    """Return a payload that is right by default: PTP comes with a promise."""
    if code is OutcomeCode.PTP:
        given.setdefault(
            "promise",
            PromisePayload(amount=50_000, currency="CNY", due_on=ON + timedelta(days=7)),
        )
    return OutcomePayload(
        visit_id=visit_id, code=code, occurred_at=occurred_at or at(10, 20), **given
    )


def bytes_of(outcome_id: UUID, payload: OutcomePayload) -> bytes:
    """Return bytes as a phone would send them: the same payload, the same bytes."""
    body = {"id": str(outcome_id), "code": payload.code, "at": payload.occurred_at.isoformat()}
    return json.dumps(body).encode()


def a_field(
    database: Database, vault: Vault, *, visits: int = 2, one_person: bool = False
) -> Field:
    """Return a published day with released visits, an hour apart from ten o'clock on."""
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        manager = make.an_account(session, branch)
        agents = [make.an_agent(session, vault, branch, lender) for _ in range(2)]
        accounts = [
            make.an_account(session, branch, role=Role.AGENT, agent_id=agent.id)
            for agent in agents
        ]
        crew, version = make.a_crew(session, agents)
        plan, route = _plan(session, branch, crew, version)
        person = make.a_person(session, vault) if one_person else None
        cases, made = [], []
        for number in range(visits):
            case = make.a_case(session, vault, branch, lender, person=person)
            visit = make.a_visit(session, case, manager, service_date=ON)
            _release(session, visit, case, plan, route, number)
            cases.append(case)
            made.append(visit)
    return Field(
        database=database,
        vault=vault,
        branch=branch,
        lender=lender,
        manager=manager,
        agents=agents,
        accounts=accounts,
        crew=crew,
        crew_version=version,
        cases=cases,
        visits=made,
        plan=plan,
    )


def a_released_visit(
    session: Session,
    vault: Vault,
    branch: Branch,
    lender: Lender,
    manager: Account,
    agents: list[Agent],
    on: date = ON,
) -> Visit:
    """Return the one visit of a published day of its own for a crew of these agents."""
    crew, version = make.a_crew(session, agents, on)
    plan, route = _plan(session, branch, crew, version, on)
    case = make.a_case(session, vault, branch, lender)
    visit = make.a_visit(session, case, manager, service_date=on)
    _release(session, visit, case, plan, route, 0)
    return visit


def _plan(
    session: Session, branch: Branch, crew: Crew, version: CrewVersion, on: date = ON
) -> tuple[Plan, Route]:
    run = make.add(
        session,
        PlanRun(
            branch_id=branch.id,
            kind=RunKind.RELEASE,
            reason=RunReason.MANUAL,
            from_on=on,
            to_on=on,
            state=RunState.DONE,
            requested_by="test",
            requested_at=make.NOW,
        ),
    )
    plan = make.add(
        session,
        Plan(
            branch_id=branch.id,
            plan_run_id=run.id,
            service_date=on,
            number=1,
            state=PlanState.PUBLISHED,
            kind=RunKind.RELEASE,
            pack_id="baseline",
            pack_version="1",
            origin_at=at(0, on=on),
            engine="test",
            planned_at=make.NOW,
            published_at=make.NOW,
        ),
    )
    route = Route(
        plan_id=plan.id,
        crew_id=crew.id,
        crew_version_id=version.id,
        starts_at=at(9, on=on),
        ends_at=at(18, on=on),
        breaks=[{"from_at": at(12, on=on).isoformat(), "until_at": at(12, 45, on=on).isoformat()}],
    )
    return plan, make.add(session, route)


def _release(
    session: Session, visit: Visit, case: Case, plan: Plan, route: Route, number: int
) -> None:
    case.advance(Stage.VISITING, actor="test", now=make.NOW)
    visit.state = VisitState.RELEASED
    on = plan.service_date
    begin = at(10 + number, on=on)
    appointment = make.add(
        session,
        Appointment(
            branch_id=visit.branch_id,
            visit_id=visit.id,
            case_id=case.id,
            number=1,
            state=AppointmentState.CONFIRMED,
            service_date=on,
            window_from_at=begin,
            window_until_at=begin + timedelta(hours=1),
            stay_from_at=begin,
            stay_until_at=begin + timedelta(minutes=25),
            place_id=visit.place_id,
            crew_id=route.crew_id,
            crew_version_id=route.crew_version_id,
            offered_at=make.NOW,
        ),
    )
    make.add(
        session,
        CapEntry(
            id=new_id(),
            person_id=visit.person_id,
            case_id=case.id,
            kind=CapKind.VISIT,
            state=CapState.RESERVED,
            at=begin,
            source_id=visit.id,
        ),
    )
    make.add(
        session,
        Stop(
            plan_id=plan.id,
            route_id=route.id,
            visit_id=visit.id,
            appointment_id=appointment.id,
            position=number + 1,
            arrive_at=begin,
            leave_at=begin + timedelta(minutes=25),
            window_from_at=begin,
            window_until_at=begin + timedelta(hours=1),
        ),
    )
