"""The branch that the twin runs: a real database, the real use cases, a clock that is set by hand.

What the scheduler's duties do in a real branch is done here in their order, in transactions of
its own; nothing is written past the use cases.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch import migrations
from dispatch.access.accounts import open_account
from dispatch.appointments import unkept
from dispatch.appointments.announce import announce_plan
from dispatch.appointments.lapse import expire_unanswered, lapse_untold
from dispatch.appointments.remind import remind
from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.eligibility.approve import approve_visit
from dispatch.eligibility.sweep import sweep_cases
from dispatch.evidence.seal import seal_pending
from dispatch.followup.ends import end_cases
from dispatch.followup.holds import lapse_holds
from dispatch.followup.promises import sweep_promises
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.intake.run import import_file
from dispatch.messaging.receipts import Delivery, record_receipt
from dispatch.messaging.runner import send_due
from dispatch.model import (
    Account,
    Appointment,
    AppointmentState,
    Branch,
    Case,
    ImportKind,
    Plan,
    Role,
    Visit,
    VisitState,
)
from dispatch.planning import night
from dispatch.planning.recheck import recheck_published
from dispatch.planning.runner import Planner, run_next
from dispatch.policy.pack import Pack, effective, load_pack
from dispatch.roster.branches import open_branch
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.store import case_stages, days
from dispatch.store.agents import agents_of
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from dispatch.twin import people
from dispatch.twin.people import Row
from dispatch.vault import Vault

ACTOR: Final = "twin"
GROUND: Final = (
    "Calls and messages on several days reached nobody; a talk may find a plan that fits."
)
HORIZON_DAYS: Final = 6
_GIVEN_BACK: Final = frozenset({AppointmentState.COUNTERED, AppointmentState.DECLINED})
_KEY: Final = "the twin's people are invented and live in no other place"


@dataclass(slots=True)
class Stage:
    """A branch, everything that it needs, and the hands that do its routine."""

    settings: Settings
    database: Database
    solver: Solver
    clock: SetClock
    vault: Vault = field(default_factory=lambda: Vault([_KEY], _KEY))
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    law: Pack = field(default_factory=lambda: effective(load_pack("baseline")))
    branch: Branch = field(init=False)
    manager: Account = field(init=False)
    accounts: dict[UUID, Account] = field(default_factory=dict)
    """Each agent's account."""

    @property
    def now(self) -> datetime:
        """The instant that the clock shows."""
        return self.clock.now()

    @property
    def planner(self) -> Planner:
        """Who plans."""
        return Planner(
            database=self.database,
            vault=self.vault,
            roads=EstimateRoads(Estimate(24.0, 1.35)),
            solver=self.solver,
            clock=self.clock,
            settings=self.settings,
            worker=ACTOR,
        )

    def open(self, *, crews: int, dates: Sequence[date], refills: bool) -> None:
        """Open the branch with its manager and its team, on shift on all dates."""
        migrations.upgrade(self.database)
        with self.database.writing("twin.open") as session:
            self.branch, _ = open_branch(
                session,
                vault=self.vault,
                name="Twin",
                time_zone=people.ZONE,
                country="CN",
                depot_lat=people.DEPOT[0],
                depot_lon=people.DEPOT[1],
                lender_name=people.LENDER,
                lender_complaint_phone="+86 572 010 0000",
                language="zh-CN",
                calendar_years=sorted({on.year for on in dates}),
                horizon_days=HORIZON_DAYS,
                auto_announce=True,
                auto_publish=True,
                refills=refills,
                actor=ACTOR,
                now=self.now,
            )
            self.manager = self._account(session, "manager@example.org", Role.MANAGER)
        team = people.agent_rows(crews, today=dates[0])
        self.bring_in(ImportKind.AGENTS, team)
        self.bring_in(ImportKind.SHIFTS, people.shift_rows(team, dates))
        with self.database.writing("twin.agents") as session:
            for agent in agents_of(session, self.branch.id):
                login = f"{agent.number.lower()}@example.org"
                self.accounts[agent.id] = self._account(session, login, Role.AGENT, agent.id)

    def bring_in(self, kind: ImportKind, rows: Sequence[Row]) -> None:
        """Take a file in."""
        with self.database.writing("twin.import") as session:
            report = import_file(
                session,
                vault=self.vault,
                branch=get_any(session, Branch, self.branch.id),
                kind=kind,
                content=people.as_csv(rows),
                filename=f"{kind}.csv",
                actor=ACTOR,
                now=self.now,
            )
        assert report is not None  # noqa: S101  the files are the twin's own

    def approve(self) -> None:
        """Let the cases move as far as their facts permit, and the manager decide on those that wait."""
        with self.database.writing("twin.approve") as session:
            sweep_cases(session, branch=self.branch, law=self.law, actor=ACTOR, now=self.now)
            waiting = case_stages.waiting_for_approval(session, Scope.everything(), self.branch.id)
            for case in waiting:
                approve_visit(
                    session,
                    case=get_any(session, Case, case.id, lock=True),
                    ground=GROUND,
                    account=self.manager,
                    law=self.law,
                    now=self.now,
                )

    def sweep(self) -> None:
        """Do what is due of holds, promises, cases and appointments."""
        told: dict[str, Any] = {"vault": self.vault, "now": self.now}
        with self.database.writing("twin.sweep") as session:
            branch = get_any(session, Branch, self.branch.id)
            lapse_holds(session, now=self.now)
            sweep_promises(session, branch=branch, **told)
            end_cases(session, branch=branch, **told)
            recheck_published(session, branch=branch, now=self.now)
            expire_unanswered(session, branch=branch, law=self.law, now=self.now)
        for act in (remind, lapse_untold, unkept.withdraw_unmanned, unkept.withdraw_unpublished):
            self._for_people(act)
        with self.database.writing("twin.seal") as session:
            while seal_pending(session, now=self.now):
                continue

    def plan(self) -> None:
        """Plan what waits in the queue, and announce the drafts that are ready."""
        while run_next(self.planner) is not None:
            continue
        with self.database.writing("twin.announce") as session:
            for plan in night.ready_to_announce(session, self.branch, self.now):
                announce_plan(
                    session,
                    vault=self.vault,
                    plan=get_any(session, Plan, plan.id, lock=True),
                    law=self.law,
                    settings_base_url=self.settings.base_url,
                    actor=ACTOR,
                    now=self.now,
                )

    def plan_night(self, on: date) -> None:
        """Queue the night's plans of a business date, plan and announce."""
        with self.database.writing("twin.night") as session:
            night.queue_night(session, branch=self.branch, on=on, now=self.now)
        self.plan()

    def publish(self, on: date) -> None:
        """Publish the next day where nothing stands against it."""
        with self.database.writing("twin.publish") as session:
            ahead = night.next_service_date(session, self.branch, on)
            if ahead is not None:
                branch = get_any(session, Branch, self.branch.id)
                night.publish_if_ready(
                    session, branch=branch, on=ahead, now=self.now, pack_folder=None
                )

    def send(self, is_reached: Callable[[str], bool]) -> None:
        """Send what is due, and note which of it arrived."""
        before = len(self.messenger.sent)
        send_due(
            self.database,
            vault=self.vault,
            messenger=self.messenger,
            clock=self.clock,
            settings=self.settings,
            limit=1000,
        )
        with self.database.writing("twin.receipts") as session:
            for message in self.messenger.sent[before:]:
                if is_reached(message.id):
                    record_receipt(
                        session,
                        state=Delivery.DELIVERED,
                        at=self.now,
                        now=self.now,
                        notice_id=UUID(message.id),
                    )

    def ending_of(self, appointment_id: UUID) -> str:
        """Return why nobody came: given back by the person, called off because of an illness, or late."""
        with self.database.reading() as session:
            appointment = get_any(session, Appointment, appointment_id)
            visit = get_any(session, Visit, appointment.visit_id)
            if appointment.state in _GIVEN_BACK or visit.state is VisitState.CANCELLED:
                return "given_back"
            named = days.members_of(session, {appointment.crew_version_id})
            present = {
                one.agent.id
                for one in days.on_shift(session, self.branch.id, appointment.service_date)
            }
            ids = {one.id for one in named[appointment.crew_version_id]}
            return "late" if ids <= present else "called_off"

    def close(self) -> None:
        """Let go of the database; the solver is the caller's."""
        self.database.dispose()

    def _for_people(self, act: Callable[..., int]) -> None:
        with self.database.writing("twin.tell") as session:
            act(
                session,
                vault=self.vault,
                branch=get_any(session, Branch, self.branch.id),
                law=self.law,
                base_url=self.settings.base_url,
                now=self.now,
            )

    def _account(
        self, session: Session, login: str, role: Role, agent_id: UUID | None = None
    ) -> Account:
        return open_account(
            session,
            login=login,
            name=login.partition("@")[0],
            role=role,
            password_hash="-",  # noqa: S106  nobody signs in to the twin
            branch_ids=[self.branch.id],
            agent_id=agent_id,
            actor=ACTOR,
            now=self.now - timedelta(minutes=1),
        )
