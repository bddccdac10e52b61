"""A journey: one branch and a few people, from intake to follow-up, on the real use cases.

Everything goes the way users go: files come in over HTTP, duties do what the scheduler does, people
answer on their page, phones put facts. Roads are estimated, the planner's child process is the real one.

    journey.open(...)                       a branch, its manager, four agents with shifts
    journey.bring_in("cases", [a_case(1)])  a lender's file
    journey.sweep()                         the stages before a visit
    journey.approve(1)                      a human, in writing
    journey.announce()                      plan, announce, send; every notice proven to have arrived
    journey.answer(1, "confirm")            the person's page
    journey.publish()                       the evening before: release and publish
    journey.to(SERVICE_DATE, 9, 30)         the clock, by local time
    journey.step(1, "arrived"), journey.report(1, "PTP", ...)    the agent's phone
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from httpx2 import Response
from sqlmodel import Session, select

from dispatch.clock import local_instant
from dispatch.demo.answers import second_fact
from dispatch.ids import new_id
from dispatch.messaging.receipts import Delivery, record_receipt
from dispatch.model import (
    Account,
    Appointment,
    Branch,
    Case,
    Evidence,
    Hold,
    Incident,
    Notice,
    NoticeKind,
    Person,
    Visit,
)
from dispatch.policy.pack import Pack, effective, load_pack
from dispatch.store.rows import get_any
from scheduler import work
from tests.journeys.service import MONDAY, SERVICE_DATE, Service, a_file_of_agents

ZONE = "Asia/Shanghai"
MANAGER = "manager@example.org"
LENDER = "Lantern Bank"
DEPOT = (30.60, 119.90)
GROUND = "Calls and messages on several days reached nobody; a talk may find a plan that fits."


def number(of: int) -> str:
    """Return the lender's number of a case."""
    return f"LN-{of:04d}"


def a_case(of: int, **given: Any) -> dict[str, Any]:
    """Return a row of the lender's file, right by default: 45 days overdue on MONDAY."""
    return {
        "case_number": number(of),
        "lender": LENDER,
        "person_number": f"P{of:04d}",
        "name": f"Person {of}",
        "language": "zh-CN",
        "phone": f"+86572010{of:04d}",
        "email": f"p{of}@example.org",
        "address": f"No. {of} Willow Lane",
        "place_kind": "residence",
        "lat": DEPOT[0] + of * 0.003,
        "lon": DEPOT[1] + of % 3 * 0.004,
        "currency": "CNY",
        "principal": "12000.00",
        "interest": "340.50",
        "fees": "50.00",
        "paid": "200.00",
        "oldest_unpaid_due_on": str(MONDAY.date() - timedelta(days=45)),
        "product": "consumer loan",
        "ability": "unknown",
        "willingness": "not_discussed",
        "arrears_reason": "job_loss",
        "assessed_on": str(MONDAY.date() - timedelta(days=12)),
        "service_minutes": 20,
        "value": 80,
        "birth_year": 1980,
        "preferred_channel": "",
        **given,
    }


def attempts(of: int, *, days_ago: tuple[int, ...] = (25, 21, 17)) -> list[dict[str, Any]]:
    """Return remote attempts on so many days before MONDAY, over two channels, reaching nobody."""
    return [
        {
            "attempt_number": f"T{of:04d}-{days}",
            "case_number": number(of),
            "channel": ("phone", "sms")[step % 2],
            "result": "none",
            "occurred_at": (MONDAY - timedelta(days=days)).isoformat(),
        }
        for step, days in enumerate(days_ago)
    ]


@dataclass
class Journey:
    """A branch on its way, and everybody's hands."""

    service: Service
    branch_id: str = ""
    crew: list[str] = field(default_factory=list)
    """Log-ins of the agents."""

    # ---- the manager -----------------------------------------------------------------------

    def open(self, *, agents: int = 4, **branch: Any) -> None:
        """Open a branch with its manager, and agents on shift on the service date."""
        made = self.service.call(
            "admin@example.org",
            "POST",
            "/v1/branches",
            status=201,
            json={
                "name": "First",
                "time_zone": ZONE,
                "country": "CN",
                "depot_lat": DEPOT[0],
                "depot_lon": DEPOT[1],
                "lender_name": LENDER,
                "pack_id": "cn",
                **branch,
            },
        )
        self.branch_id = made.json()["id"]
        self.invite("admin@example.org", MANAGER, role="manager")
        self.bring_in("agents", a_file_of_agents(agents, DEPOT))
        self.bring_in("shifts", [a_shift(one, SERVICE_DATE) for one in range(1, agents + 1)])
        listed = self.ask("GET", "/v1/agents", params={"branch_id": self.branch_id}).json()
        for agent in sorted(listed["items"], key=lambda one: one["number"]):
            login = f"{agent['number'].lower()}@example.org"
            self.invite(MANAGER, login, role="agent", agent_id=agent["id"])
            self.crew.append(login)

    def invite(self, by: str, login: str, **given: Any) -> None:
        """Give somebody an account of the branch, as an invitation does."""
        body = {"login": login, "name": "Somebody", "branch_id": self.branch_id, **given}
        offer = self.service.call(by, "POST", "/v1/invitations", status=201, json=body).json()
        token = offer["link"].rsplit("/", 1)[-1]
        self.service.call(
            None,
            "POST",
            f"/v1/invitations/{token}/acceptance",
            status=201,
            json={"password": "nine calm willows bending"},
        )

    def ask(self, method: str, path: str, *, status: int = 200, **given: Any) -> Response:
        """Ask as the manager."""
        return self.service.call(MANAGER, method, path, status=status, **given)

    def bring_in(self, kind: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Import rows, none of which may be refused."""
        report = self.service.bring_in(MANAGER, self.branch_id, kind, rows)
        assert report["refused"] == 0, report
        return report

    def sweep(self) -> None:
        """Let the stages before a visit move on."""
        work.sweep_cases(self.service.context)

    def approve(self, of: int, *, ground: str = GROUND, status: int = 201) -> dict[str, Any]:
        """Decide on a visit, in writing."""
        path = f"/v1/cases/{self.case(of).id}/approval"
        return self.ask("POST", path, status=status, json={"ground": ground}).json()

    def plan(self, kind: str | None = None, *, on: date = SERVICE_DATE) -> dict[str, Any]:
        """Ask for a plan, let the scheduler work, and return the plan."""
        body = {"branch_id": self.branch_id, "service_date": str(on)}
        body |= {"kind": kind} if kind else {}
        run = self.ask("POST", "/v1/plan-runs", status=202, json=body)
        work.drain_plan_runs(self.service.context)
        told = self.ask("GET", run.headers["location"]).json()
        assert told["state"] == "done", told
        return self.ask("GET", f"/v1/plans/{told['plan_id']}").json()

    def announce(self, *, on: date = SERVICE_DATE, proven: bool = True) -> dict[str, Any]:
        """Plan, announce and send; prove each notice to have arrived. Return the plan."""
        plan = self.plan(on=on)
        self._of_plan(plan, "announcement")
        work.send_messages(self.service.context)
        if proven:
            now = self.service.clock.now()
            with self.service.database.writing() as session:
                for one in session.exec(select(Notice)).all():
                    if one.sent_at is not None and one.delivered_at is None:
                        record_receipt(
                            session, state=Delivery.DELIVERED, at=now, now=now, notice_id=one.id
                        )
        return plan

    def publish(self, *, on: date = SERVICE_DATE) -> dict[str, Any]:
        """Release and publish, at seven in the evening before. Return the plan."""
        self.to(on - timedelta(days=1), 19)
        plan = self.plan("release", on=on)
        self._of_plan(plan, "publication", json={})
        return plan

    def _of_plan(self, plan: dict[str, Any], what: str, **given: Any) -> None:
        tag = self.ask("GET", f"/v1/plans/{plan['id']}").headers["etag"]
        headers = {"If-Match": tag}
        self.ask("POST", f"/v1/plans/{plan['id']}/{what}", headers=headers, **given)

    def to(self, on: date, hour: int, minute: int = 0) -> None:
        """Let it be this local time."""
        self.service.clock.at = local_instant(ZONE, on, time(hour, minute))

    # ---- the person ------------------------------------------------------------------------

    def page(self, of: int) -> str:
        """Open the person's page by the newest announcement's link; the HTML behind the door."""
        token, facts = self._link(of)
        answer = self.service.client.post(f"/b/{token}", data=facts)
        assert answer.status_code == 200, answer.text[:300]
        return answer.text

    def answer(self, of: int, reply: str, *, status: int = 200, **form: Any) -> str:
        """Answer on the person's page; the HTML that closes it."""
        token, _ = self._link(of)
        proof = re.search(r'name="proof" value="([^"]+)"', self.page(of))
        assert proof is not None
        given = {"proof": html.unescape(proof[1]), "reply": reply, **form}
        answer = self.service.client.post(f"/b/{token}/replies", data=given)
        assert answer.status_code == status, answer.text[:300]
        return answer.text

    def _link(self, of: int) -> tuple[str, dict[str, str]]:
        notice = self.notices(of)[-1]
        vault = self.service.vault
        with self.service.database.reading() as session:
            person = get_any(session, Person, notice.person_id)
            return vault.read(person, notice, "token"), second_fact(session, vault, notice)

    # ---- the crew at the door --------------------------------------------------------------

    def agent_of(self, of: int) -> str:
        """Return the log-in of a member of the crew that goes to the person."""
        for login in self.crew:
            if any(one["visit_id"] == str(self.visit(of).id) for one in self.stops(login)):
                return login
        raise AssertionError(f"nobody goes to case {of}")

    def stops(self, login: str, *, on: date = SERVICE_DATE) -> list[dict[str, Any]]:
        """Return what an agent's phone is told of the day."""
        answer = self.service.call(login, "GET", "/v1/me/itinerary", params={"date": str(on)})
        stops: list[dict[str, Any]] = answer.json()["stops"]
        return stops

    def step(self, of: int, kind: str, *, login: str | None = None, **body: Any) -> Response:
        """Mark a step at the door."""
        return self._put("check-ins", of, login, {"kind": kind, **body})

    def report(
        self, of: int, code: str, *, login: str | None = None, status: int = 201, **body: Any
    ) -> Response:
        """Report what came of a visit."""
        return self._put("outcomes", of, login, {"code": code, **body}, status=status)

    def _put(
        self, what: str, of: int, login: str | None, body: dict[str, Any], *, status: int = 201
    ) -> Response:
        fact = {
            "visit_id": str(self.visit(of).id),
            "occurred_at": self.service.clock.now().isoformat(),
            **body,
        }
        return self.service.call(
            login or self.agent_of(of), "PUT", f"/v1/{what}/{new_id()}", status=status, json=fact
        )

    def round(self, *cases: int) -> Iterator[int]:
        """Yield the cases in the order in which crews reach them, the clock at each arrival."""
        planned = {
            datetime.fromisoformat(stop["arrive_at"]): of
            for of in cases
            for stop in self.stops(self.agent_of(of))
            if stop["visit_id"] == str(self.visit(of).id)
        }
        assert len(planned) == len(cases)
        for at, of in sorted(planned.items()):
            self.service.clock.at = at
            yield of

    def stop_of(self, of: int) -> dict[str, Any]:
        """Return what the crew's phone is told of a visit."""
        visit_id = str(self.visit(of).id)
        [stop] = [one for one in self.stops(self.agent_of(of)) if one["visit_id"] == visit_id]
        return stop

    def statement(self, of: int, *, status: int = 200) -> dict[str, Any]:
        """Ask, as the crew, what is owed."""
        path = f"/v1/visits/{self.visit(of).id}/statement"
        told: dict[str, Any] = self.service.call(
            self.agent_of(of), "GET", path, status=status
        ).json()
        return told

    # ---- what is on record -----------------------------------------------------------------

    def reading(self) -> Any:
        """Return a session to look with."""
        return self.service.database.reading()

    def rows(self, kind: type, *where: Any) -> list[Any]:
        """Return rows as they are now."""
        with self.reading() as session:
            return list(session.exec(select(kind).where(*where)).all())

    def branch(self, session: Session) -> Branch:
        """Return the branch."""
        return get_any(session, Branch, UUID(self.branch_id))

    def body(self, notice: Notice) -> dict[str, str]:
        """Return the words of a notice."""
        with self.reading() as session:
            person = get_any(session, Person, notice.person_id)
            told: dict[str, str] = self.service.vault.read(person, notice, "body")
            return told

    def law(self) -> Pack:
        """Return what binds the branch."""
        with self.reading() as session:
            return effective(load_pack(self.branch(session).pack_id))

    def case(self, of: int) -> Case:
        """Return a case as it is now."""
        [found] = self.rows(Case, Case.number == number(of))
        return found

    def visit(self, of: int) -> Visit:
        """Return the case's newest visit as it is now."""
        found = self.rows(Visit, Visit.case_id == self.case(of).id)
        return max(found, key=lambda one: one.created_at)

    def appointment(self, of: int) -> Appointment:
        """Return the newest version of the visit's appointment."""
        found = self.rows(Appointment, Appointment.visit_id == self.visit(of).id)
        return max(found, key=lambda one: one.number)

    def notices(self, of: int, kind: NoticeKind = NoticeKind.ANNOUNCEMENT) -> list[Notice]:
        """Return the notices to the case's person, the oldest first."""
        found = self.rows(Notice, Notice.case_id == self.case(of).id, Notice.kind == kind)
        return sorted(found, key=lambda one: one.drafted_at)

    def holds(self, of: int) -> list[str]:
        """Return the kinds of hold that stop visits to the person now."""
        now = self.service.clock.now()
        found = self.rows(Hold, Hold.person_id == self.case(of).person_id)
        return sorted(str(one.kind) for one in found if one.is_active(now))

    def incidents(self, of: int) -> list[str]:
        """Return the kinds of incident about the case's newest visit."""
        return [
            str(one.kind) for one in self.rows(Incident, Incident.visit_id == self.visit(of).id)
        ]

    def evidence(self, subject_id: UUID) -> list[str]:
        """Return the kinds of evidence about a row, in order."""
        found = self.rows(Evidence, Evidence.subject_id == subject_id)
        return [one.kind for one in sorted(found, key=lambda one: one.at)]

    def account(self, session: Session, login: str) -> Account:
        """Return an account."""
        return session.exec(select(Account).where(Account.login == login)).one()


def a_shift(agent: int, on: date) -> dict[str, Any]:
    """Return a day's shift with lunch."""
    return {
        "employee_number": f"A{agent:02d}",
        "service_date": str(on),
        "starts": "09:00",
        "ends": "18:00",
        "break_from": "11:30",
        "break_to": "14:00",
        "break_minutes": 45,
    }


__all__ = ["MONDAY", "SERVICE_DATE", "Journey", "a_case", "attempts", "datetime", "number"]
