"""An example of every operation, for the matrix test.

To add one: write a function named after the operation's id that returns a `Call` on a fresh
object which belongs to `side`, and decorate it with `@example`. The test calls it with every
role, on an own object (must succeed), on a colleague's and a foreign one (must answer 404), and
with random ids in the path (404).
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import count
from typing import Any

from sqlmodel import select

from dispatch.access.tokens import kept_hash
from dispatch.area import Area
from dispatch.care.complaints import receive_complaint
from dispatch.care.disasters import declare
from dispatch.care.referrals import add_referral
from dispatch.followup.agree import draft_agreement
from dispatch.gateways.signed import headers_of
from dispatch.ids import new_id, new_token
from dispatch.model import (
    Absence,
    AbsenceReason,
    Account,
    Agent,
    Branch,
    CareReason,
    Case,
    CheckIn,
    CheckInKind,
    Consent,
    Giver,
    Hold,
    HoldKind,
    Holiday,
    HolidayClass,
    Incident,
    Invitation,
    Notice,
    NoticeChannel,
    NoticeKind,
    NoticeState,
    Plan,
    PlanRun,
    PlanState,
    Promise,
    PromiseState,
    Relaxation,
    RiskFlag,
    RiskKind,
    Role,
    RunKind,
    RunReason,
    RunState,
    SupportTopic,
    VisitState,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.policy.relief import Relief
from dispatch.roster.packs import propose_pack
from dispatch.store.care import open_care_call
from dispatch.store.rows import get_any
from tests.support.builders import (
    NOW,
    SERVICE_DATE,
    a_case,
    a_decision,
    a_shift,
    a_visit,
    add,
    an_account,
    an_agent,
)
from tests.support.field import a_released_visit
from tests.support.links import a_link
from tests.support.streets import a_street_file


class Side(StrEnum):
    """Whose the object is, seen from who asks."""

    OWN = "own"
    COLLEAGUE = "colleague"
    FOREIGN = "foreign"


@dataclass
class Call:
    """One request: path parameters by name, and the rest as the test client takes it."""

    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    json: Any = None
    form: dict[str, Any] | None = None
    files: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)


INBOUND = "whsec_" + "aW5ib3VuZC1vZi10ZXN0cw=="
"""The secret of the tests' gateway."""

EXAMPLES: dict[str, Callable[[Any, Side], Call]] = {}
_numbers = count(1)


def example(make):
    EXAMPLES[make.__name__] = make
    return make


def branch_of(world, side):
    """A colleague's objects lie in the own branch, a foreign one's in another."""
    return world.foreign if side is Side.FOREIGN else world.own


def plain(*names):
    """Operations that need nothing."""
    for name in names:
        EXAMPLES[name] = lambda world, side: Call()


plain("healthz", "readyz", "metrics", "read_me")
plain("list_accounts", "list_invitations", "list_branches", "list_agents", "list_cases")


@example
def read_problem(world, side):
    return Call(path={"code": "not-found"})


@example
def create_token(world, side):
    login = world.account(Role.MANAGER).login
    return Call(form={"grant_type": "password", "username": login, "password": world.password})


@example
def revoke_token(world, side):
    return Call(form={"token": "unknown"})


@example
def change_password(world, side):
    return Call(json={"present": world.password, "new": world.password})


# --- accounts ---------------------------------------------------------------------------------


def an_other_account(world, side):
    with world.database.writing() as session:
        return an_account(session, branch_of(world, side), role=Role.AGENT)


@example
def read_account(world, side):
    return Call(path={"account_id": an_other_account(world, side).id})


EXAMPLES["disable_account"] = EXAMPLES["enable_account"] = read_account


@example
def put_account_branches(world, side):
    return Call(
        path={"account_id": an_other_account(world, side).id},
        json={"branch_ids": [str(branch_of(world, side).id)]},
    )


@example
def create_invitation(world, side):
    branch = branch_of(world, side)
    with world.database.writing() as session:
        agent = an_agent(session, world.vault, branch)
    return Call(
        json={
            "login": f"new{next(_numbers)}@example.org",
            "name": "New Person",
            "role": "agent",
            "branch_id": str(branch.id),
            "agent_id": str(agent.id),
        }
    )


def an_invitation(world, side):
    token = new_token()
    with world.database.writing() as session:
        agent = an_agent(session, world.vault, branch_of(world, side))
        row = add(
            session,
            Invitation(
                login=f"invited{next(_numbers)}@example.org",
                name="Invited Person",
                role=Role.AGENT,
                branch_id=branch_of(world, side).id,
                agent_id=agent.id,
                token_hash=kept_hash(token),
                expires_at=NOW + timedelta(days=7),
            ),
        )
    return row, token


@example
def delete_invitation(world, side):
    return Call(path={"invitation_id": an_invitation(world, side)[0].id})


@example
def accept_invitation(world, side):
    _, token = an_invitation(world, side)
    return Call(path={"token": token}, json={"password": "three calm otters at noon"})


# --- branches ---------------------------------------------------------------------------------


@example
def create_branch(world, side):
    return Call(
        json={
            "name": f"Harbour {next(_numbers)}",
            "time_zone": "Asia/Shanghai",
            "country": "CN",
            "depot_lat": 30.6,
            "depot_lon": 119.9,
            "lender_name": "Lantern Bank",
        }
    )


@example
def read_branch(world, side):
    return Call(path={"branch_id": branch_of(world, side).id})


@example
def read_figures(world, side):
    dates = {"from_on": "2026-03-01", "to_on": "2026-03-31"}
    return Call(path={"branch_id": branch_of(world, side).id}, query=dates)


EXAMPLES["list_visits_to_review"] = EXAMPLES["list_breaches"] = read_branch


@example
def change_branch(world, side):
    branch = branch_of(world, side)
    seen = world.client.get(f"/v1/branches/{branch.id}", headers=world.bearer(Role.ADMIN))
    with world.database.reading() as session:
        is_on = get_any(session, type(branch), branch.id).auto_publish
    return Call(
        path={"branch_id": branch.id},
        json={"auto_publish": not is_on},
        headers={"If-Match": seen.headers["etag"]},
    )


EXAMPLES["list_holidays"] = read_branch


@example
def put_holiday(world, side):
    return Call(
        path={"branch_id": branch_of(world, side).id, "day_on": SERVICE_DATE.isoformat()},
        json={"name": "Founders' day", "kind": "public_holiday"},
    )


@example
def delete_holiday(world, side):
    branch = branch_of(world, side)
    day_on = SERVICE_DATE + timedelta(days=1000 + next(_numbers))  # far from imported ones
    with world.database.writing() as session:
        add(
            session,
            Holiday(branch_id=branch.id, day_on=day_on, name="Fair", kind=HolidayClass.PUBLIC),
        )
    return Call(path={"branch_id": branch.id, "day_on": day_on.isoformat()})


# --- roster -----------------------------------------------------------------------------------


def a_roster_agent(world, side):
    with world.database.writing() as session:
        return an_agent(session, world.vault, branch_of(world, side))


@example
def read_agent(world, side):
    return Call(path={"agent_id": a_roster_agent(world, side).id})


EXAMPLES["list_absences"] = read_agent


@example
def put_agent_standing(world, side):
    body = {"to": "suspended", "reason": "under_review"}
    return Call(path={"agent_id": a_roster_agent(world, side).id}, json=body)


@example
def create_training(world, side):
    with world.database.writing() as session:
        agent = an_agent(session, world.vault, branch_of(world, side))
    body = {"topics": ["law"], "valid_from": "2026-01-01", "valid_until": "2026-12-31"}
    return Call(path={"agent_id": agent.id}, json=body)


@example
def create_absence(world, side):
    return Call(
        path={"agent_id": a_roster_agent(world, side).id},
        json={
            "from_at": "2026-03-09T01:00:00Z",
            "until_at": "2026-03-09T18:00:00+08:00",
            "reason": "leave",
        },
    )


@example
def delete_absence(world, side):
    agent = a_roster_agent(world, side)
    with world.database.writing() as session:
        absence = add(
            session,
            Absence(
                branch_id=agent.branch_id,
                agent_id=agent.id,
                from_at=NOW,
                until_at=NOW + timedelta(days=1),
                reason=AbsenceReason.LEAVE,
                recorded_by="test",
            ),
        )
    return Call(path={"agent_id": agent.id, "absence_id": absence.id})


@example
def list_shifts(world, side):
    return Call(query={"from_on": SERVICE_DATE.isoformat(), "to_on": SERVICE_DATE.isoformat()})


@example
def create_shift(world, side):
    return Call(
        json={
            "agent_id": str(a_roster_agent(world, side).id),
            "starts_at": "2026-03-09T01:00:00Z",
            "ends_at": "2026-03-09T10:00:00Z",
        }
    )


@example
def read_shift(world, side):
    agent = a_roster_agent(world, side)
    with world.database.writing() as session:
        return Call(path={"shift_id": a_shift(session, agent).id})


EXAMPLES["delete_shift"] = read_shift


# --- cases ------------------------------------------------------------------------------------


@example
def read_case(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
    return Call(path={"case_id": case.id})


EXAMPLES["read_data_audit"] = EXAMPLES["list_case_contacts"] = read_case
EXAMPLES["list_assessments"] = EXAMPLES["read_relief"] = read_case


@example
def create_assessment(world, side):
    body = {
        "reason": "illness",
        "ability": "partial",
        "willingness": "willing_if_plan",
        "budget": {"income": 400_000, "essentials": 300_000},
    }
    return Call(path=read_case(world, side).path, json=body)


@example
def import_rows(world, side):
    text = "date,name,kind\n2026-05-01,Labour Day,public_holiday\n"
    return Call(
        path={"kind": "holidays"},
        query={"branch_id": str(branch_of(world, side).id)},
        files={"file": ("days.csv", text.encode(), "text/csv")},
    )


# --- planning ---------------------------------------------------------------------------------


def _put_aside(session, branch, day_on):
    """A day has one published plan."""
    standing = select(Plan).where(
        Plan.branch_id == branch.id,
        Plan.service_date == day_on,
        Plan.state == PlanState.PUBLISHED,
    )
    for plan in session.exec(standing):
        plan.state = PlanState.SUPERSEDED
        session.add(plan)
    session.flush()


def a_plan(world, side, state=PlanState.DRAFT):
    """The newest plan of an empty day, among those for which packs and calendars hold."""
    number = next(_numbers)
    day_on = SERVICE_DATE + timedelta(days=number % 50)
    branch = branch_of(world, side)
    with world.database.writing() as session:
        _put_aside(session, branch, day_on)
        pack = load_pack(get_any(session, Branch, branch.id).pack_id)
        run = add(
            session,
            PlanRun(
                branch_id=branch.id,
                kind=RunKind.ANNOUNCE,
                reason=RunReason.MANUAL,
                from_on=day_on,
                to_on=day_on,
                state=RunState.DONE,
                requested_by="test",
                requested_at=NOW,
            ),
        )
        return add(
            session,
            Plan(
                branch_id=branch.id,
                plan_run_id=run.id,
                service_date=day_on,
                number=number,
                state=state,
                kind=RunKind.ANNOUNCE,
                pack_id=pack.id,
                pack_version=pack.version,
                origin_at=NOW,
                engine="test",
                planned_at=NOW,
            ),
        )


@example
def create_plan_run(world, side):
    day_on = SERVICE_DATE + timedelta(days=next(_numbers) % 50)
    return Call(
        json={"branch_id": str(branch_of(world, side).id), "service_date": day_on.isoformat()}
    )


@example
def read_plan_run(world, side):
    return Call(path={"run_id": a_plan(world, side).plan_run_id})


@example
def list_plans(world, side):
    return Call(
        query={
            "branch_id": str(branch_of(world, side).id),
            "service_date": SERVICE_DATE.isoformat(),
        }
    )


@example
def read_plan(world, side):
    return Call(path={"plan_id": a_plan(world, side).id})


EXAMPLES["read_plan_audit"] = EXAMPLES["read_plan_routes"] = read_plan


@example
def create_announcement(world, side):
    return Call(path={"plan_id": a_plan(world, side).id}, headers={"If-Match": '"1"'})


@example
def publish_plan(world, side):
    return Call(path={"plan_id": a_plan(world, side).id}, json={}, headers={"If-Match": '"1"'})


@example
def recall_plan(world, side):
    return Call(
        path={"plan_id": a_plan(world, side, PlanState.PUBLISHED).id},
        query={"reason": "roads_or_weather"},
        headers={"If-Match": '"1"'},
    )


@example
def read_branch_map(world, side):
    house = world.app.state.house
    file = house.settings.data_folder / "streets.osm.pbf"
    if not file.exists():
        a_street_file(file)
        house.settings = house.settings.model_copy(update={"roads_file": file})
    return Call(path={"branch_id": branch_of(world, side).id})


# --- visits -----------------------------------------------------------------------------------


@example
def approve_case_visit(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
    return Call(
        path={"case_id": case.id},
        json={"ground": "Three calls found nobody; a talk may show a way."},
    )


# --- law on record ----------------------------------------------------------------------------

plain("list_pack_changes")

PACK = """
id: harbour
version: "{}"
title: {{en: Harbour, zh-CN: 港湾}}
jurisdiction: CN
calendar: CN
valid_from: "2026-01-01"
valid_until: null
review_on: "2030-01-01"
signed_by: null
sources:
  own: {{instrument: House rules, version: "1", url: null, mark: P, force: lender, review_on: "2030-01-01"}}
values:
  crew.min: {{value: 3, source: own, article: "1", relaxable_by: borrower}}
"""


@example
def create_pack_change(world, side):
    text = PACK.format(next(_numbers))
    return Call(json={"text": text, "ground": "The house asks for three at every door."})


@example
def decide_pack_change(world, side):
    with world.database.writing() as session:
        proposer = an_account(session, branch_of(world, side), role=Role.ADMIN)
        change = propose_pack(
            session,
            text=PACK.format(next(_numbers)),
            ground="The house asks for three at every door.",
            account=proposer,
            now=NOW,
        )
        return Call(path={"change_id": change.id}, json={"adopt": True})


@example
def create_relaxation(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
    return Call(
        path={"case_id": case.id},
        json={
            "parameter": "cash.forbidden",
            "value": False,
            "given_by": "lender",
            "given_at": "2026-03-01T09:00:00Z",
            "ground": "A letter of the lender, kept with the contract.",
        },
    )


@example
def confirm_a_relaxation(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
        first = an_account(session, branch_of(world, side), role=Role.MANAGER)
        one = add(
            session,
            Relaxation(
                branch_id=case.branch_id,
                person_id=case.person_id,
                case_id=case.id,
                parameter="cash.forbidden",
                value={"is": False},
                given_by=Giver.LENDER,
                given_at=NOW,
                ground="A letter of the lender.",
                first_by=first.id,
                recorded_at=NOW,
            ),
        )
        return Call(path={"relaxation_id": one.id})


EXAMPLES["revoke_a_relaxation"] = confirm_a_relaxation
EXAMPLES["list_relaxations"] = EXAMPLES["list_consents"] = read_case


@example
def create_consent(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
    return Call(
        path={"case_id": case.id},
        json={
            "place_id": str(case.place_id),
            "given_at": "2026-03-01T09:00:00Z",
            "given_by": "phone",
        },
    )


@example
def revoke_a_consent(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
        consent = add(
            session,
            Consent(person_id=case.person_id, scope="place", given_at=NOW, given_by="phone"),
        )
        return Call(path={"case_id": case.id, "consent_id": consent.id})


@example
def put_quiet_times(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
    return Call(
        path={"case_id": case.id},
        json={"times": [{"weekday": "tue", "window": "13:00-15:00"}]},
    )


@example
def put_case_location(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
    return Call(path={"case_id": case.id}, json={"lat": 30.61, "lon": 119.91, "datum": "wgs-84"})


@example
def read_visit(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
        visit = a_visit(session, case, get_any(session, Account, world.accounts[Role.MANAGER]))
    return Call(path={"visit_id": visit.id})


EXAMPLES["read_visit_sheet"] = EXAMPLES["list_feedback"] = read_visit


@example
def create_review(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
        manager = get_any(session, Account, world.accounts[Role.MANAGER])
        visit = a_visit(session, case, manager, state=VisitState.REPORTED)
    return Call(path={"visit_id": visit.id}, json={"finding": "in_order"})


def a_decided_visit(world, side):
    """A visit whose approval is in the log."""
    with world.database.writing() as session:
        branch = branch_of(world, side)
        case = a_case(session, world.vault, branch, world.lender)
        visit = a_visit(session, case, get_any(session, Account, world.accounts[Role.MANAGER]))
        a_decision(session, visit, branch, effective(load_pack("baseline")))
    return Call(path={"visit_id": visit.id})


EXAMPLES["read_visit_decision"] = a_decided_visit
EXAMPLES["show_decision"] = a_decided_visit


@example
def withdraw_visit_approval(world, side):
    call = read_visit(world, side)
    call.query = {"reason": "person_in_touch"}
    return call


# --- pages ------------------------------------------------------------------------------------

plain("show_start", "show_login", "show_offline", "read_service_worker", "show_day", "log_out")


@example
def log_in(world, side):
    world.client.cookies.clear()
    page = world.client.get("/login").text
    mark = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    login = world.account(Role.MANAGER).login
    form = {"email": login, "password": world.password, "csrf_token": mark}
    visitor = world.client.cookies["fairvisit_visitor"]
    return Call(
        form=form, headers={"Cookie": f"fairvisit_visitor={visitor}", "Authorization": "none"}
    )


@example
def plan_this_day(world, side):
    day_on = SERVICE_DATE + timedelta(days=next(_numbers) % 50)
    return Call(form={"branch": str(branch_of(world, side).id), "date": day_on.isoformat()})


@example
def publish_this_day(world, side):
    return Call(form={"plan": str(a_plan(world, side).id), "version": 1})


EXAMPLES["announce_this_day"] = publish_this_day


@example
def repair_this_day(world, side):
    plan = a_plan(world, side, PlanState.PUBLISHED)
    return Call(form={"branch": str(plan.branch_id), "date": plan.service_date.isoformat()})


@example
def recall_this_day(world, side):
    plan = a_plan(world, side, PlanState.PUBLISHED)
    return Call(form={"plan": str(plan.id), "version": 1, "reason": "roads_or_weather"})


@example
def approve_on_day(world, side):
    with world.database.writing() as session:
        case = a_case(session, world.vault, branch_of(world, side), world.lender)
    return Call(
        form={
            "case": str(case.id),
            "date": SERVICE_DATE.isoformat(),
            "ground": "Three calls found nobody; a talk may show a way.",
        }
    )


# --- the field --------------------------------------------------------------------------------


def a_field_visit(world, side):
    """A released visit on a day of its own: of the agent's crew, a colleague's, or elsewhere."""
    branch = branch_of(world, side)
    day_on = SERVICE_DATE + timedelta(days=50 + next(_numbers))  # after the days of `a_plan`
    with world.database.writing() as session:
        own = get_any(session, Account, world.accounts[Role.AGENT]).agent_id
        agents = [an_agent(session, world.vault, branch, world.lender) for _ in range(2)]
        if side is Side.OWN:
            agents[0] = get_any(session, Agent, own)
        manager = get_any(session, Account, world.accounts[Role.MANAGER])
        return a_released_visit(
            session, world.vault, branch, world.lender, manager, agents, day_on
        )


def a_fact(visit, **body):
    occurred_at = NOW.isoformat().replace("+00:00", "Z")
    return Call(
        path={"uuid": new_id()},
        json={"visit_id": str(visit.id), "occurred_at": occurred_at, **body},
    )


plain("read_my_itinerary", "list_incidents")


@example
def withdraw_appointment(world, side):
    visit = a_field_visit(world, side)
    return Call(path={"visit_id": visit.id}, query={"reason": "crew_away"})


@example
def put_outcome(world, side):
    return a_fact(a_field_visit(world, side), code="NO_ANSWER")


@example
def put_check_in(world, side):
    return a_fact(a_field_visit(world, side), kind="arrived")


@example
def read_statement(world, side):
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        add(
            session,
            CheckIn(
                branch_id=visit.branch_id,
                visit_id=visit.id,
                case_id=visit.case_id,
                person_id=visit.person_id,
                account_id=world.accounts[Role.AGENT],
                kind=CheckInKind.IDENTITY,
                occurred_at=NOW,
                received_at=NOW,
                raw_hash="0" * 64,
            ),
        )
    return Call(path={"visit_id": visit.id})


# --- after a visit ----------------------------------------------------------------------------


@example
def list_promises(world, side):
    return Call(query={"branch_id": str(branch_of(world, side).id)})


@example
def release_one_hold(world, side):
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        hold = add(
            session,
            Hold(
                branch_id=visit.branch_id,
                person_id=visit.person_id,
                kind=HoldKind.HARDSHIP,
                from_at=NOW,
                requested_by="test",
            ),
        )
    return Call(path={"hold_id": hold.id}, json={"reason": "The hardship is over, as they said."})


@example
def close_one_incident(world, side):
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        incident = add(
            session,
            Incident(branch_id=visit.branch_id, visit_id=visit.id, kind="test", opened_at=NOW),
        )
    return Call(path={"incident_id": incident.id}, json={"remedy": "Talked to both of them."})


# --- pages of agent and borrower --------------------------------------------------------------

plain("show_today")
EXAMPLES["read_visit_amounts"] = read_statement


@example
def show_visit(world, side):
    return Call(path={"visit_id": a_field_visit(world, side).id})


@example
def report_visit(world, side):
    form = {"outcome_id": str(new_id()), "code": "NO_ANSWER", "currency": "CNY"}
    return Call(path={"visit_id": a_field_visit(world, side).id}, form=form)


def a_borrowers_link(world):
    visit = a_field_visit(world, Side.FOREIGN)
    with world.database.writing() as session:
        return a_link(session, world.vault, visit)


@example
def show_link(world, side):
    return Call(path={"link": a_borrowers_link(world).token})


@example
def open_link(world, side):
    link = a_borrowers_link(world)
    return Call(path={"link": link.token}, form=link.facts)


@example
def reply_by_link(world, side):
    link = a_borrowers_link(world)
    page = world.client.post(f"/b/{link.token}", data=link.facts).text
    proof = re.search(r'name="proof" value="([^"]+)"', page)[1]
    return Call(path={"link": link.token}, form={"proof": proof, "reply": "refuse"})


A_REQUEST = {
    "vehicles": [{"id": 1, "start_index": 0}],
    "jobs": [{"id": 1, "location_index": 1}],
    "matrix": [[0, 7], [7, 0]],
    "options": {"l": 0},
}


@example
def create_optimization(world, side):
    return Call(json=A_REQUEST)


@example
def read_optimization(world, side):
    operation = world.app.state.house.operations.queue(lambda tell: {"code": 0})
    return Call(path={"operation_id": operation.id})


# --- care -------------------------------------------------------------------------------------

plain("list_complaints")


def a_complaint(world, side):
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        return receive_complaint(
            session,
            vault=world.vault,
            case=get_any(session, Case, visit.case_id),
            words="They came at the wrong time.",
            law=effective(load_pack("cn")),
            actor="test",
            now=NOW,
        )


@example
def create_complaint(world, side):
    visit = a_field_visit(world, side)
    return Call(json={"case_id": str(visit.case_id), "words": "They came at the wrong time."})


@example
def step_one_complaint(world, side):
    complaint = a_complaint(world, side)
    return Call(
        path={"complaint_id": complaint.id}, json={"to": "acknowledged", "told_by": "letter"}
    )


@example
def extend_one_complaint(world, side):
    complaint = a_complaint(world, side)
    with world.database.writing() as session:
        get_any(session, Branch, complaint.branch_id).pack_id = "cn"
    return Call(
        path={"complaint_id": complaint.id},
        json={"extension": "complex", "reason": "Two witnesses have to be heard."},
    )


plain("list_care_calls")


@example
def put_care_training(world, side):
    with world.database.writing() as session:
        other = an_account(session, branch_of(world, side))
    return Call(path={"account_id": other.id}, json={"until": "2027-03-02"})


@example
def step_one_care_call(world, side):
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        for role in (Role.ADMIN, Role.MANAGER):
            get_any(session, Account, world.accounts[role]).care_trained_until = SERVICE_DATE
        call = open_care_call(
            session,
            case=get_any(session, Case, visit.case_id),
            reason=CareReason.DISTRESS,
            source_id=None,
            law=effective(load_pack("cn")),
            at=NOW,
            actor="test",
            now=NOW,
        )
    return Call(path={"call_id": call.id}, json={"to": "taken"})


@example
def list_holds(world, side):
    return Call(query={"branch_id": str(branch_of(world, side).id)})


@example
def create_hold(world, side):
    visit = a_field_visit(world, side)
    return Call(json={"case_id": str(visit.case_id), "kind": "bereavement"})


def an_area(world, side):
    return {"branch_id": str(branch_of(world, side).id), "area": {"names": ["Willow Lane"]}}


@example
def list_disasters(world, side):
    return Call(query={"branch_id": str(branch_of(world, side).id)})


@example
def count_disaster_reach(world, side):
    return Call(json=an_area(world, side))


@example
def create_disaster(world, side):
    return Call(json={**an_area(world, side), "until_at": "2026-03-20T00:00:00Z"})


@example
def lift_disaster(world, side):
    with world.database.writing() as session:
        disaster = declare(
            session,
            branch=branch_of(world, side),
            area=Area(names=(f"Lane {next(_numbers)}",)),
            from_at=NOW,
            until_at=NOW + timedelta(days=9),
            actor="test",
            now=NOW,
        )
    return Call(path={"disaster_id": disaster.id})


@example
def list_risk_flags(world, side):
    return Call(query={"branch_id": str(branch_of(world, side).id)})


@example
def list_case_risk_flags(world, side):
    flag = a_risk_flag(world, side)
    return Call(path={"case_id": flag.source_id})


@example
def create_risk_flag(world, side):
    visit = a_field_visit(world, side)
    return Call(path={"case_id": visit.case_id}, json={"kind": "loose_dog"})


@example
def lift_risk_flag(world, side):
    return Call(path={"flag_id": a_risk_flag(world, side).id}, json={"because": "made_safe"})


def a_risk_flag(world, side):
    """A flag on the place of a case, which it names as its source."""
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        return add(
            session,
            RiskFlag(
                branch_id=visit.branch_id,
                place_id=visit.place_id,
                kind=RiskKind.NO_LIGHT,
                set_at=NOW,
                set_by="test",
                source_id=visit.case_id,
                review_on=SERVICE_DATE,
            ),
        )


REFERRAL = {
    "topic": "money_advice",
    "name": "Advice at the town hall",
    "contact": "Second floor, weekdays 9 to 17",
    "language": "zh-CN",
    "source": "Asked at the desk",
    "checked_on": NOW.date().isoformat(),
}


@example
def list_referrals(world, side):
    return Call(path={"branch_id": branch_of(world, side).id})


@example
def create_referral(world, side):
    return Call(path={"branch_id": branch_of(world, side).id}, json=REFERRAL)


@example
def delete_referral(world, side):
    branch = branch_of(world, side)
    with world.database.writing() as session:
        given = {**REFERRAL, "topic": SupportTopic.MONEY_ADVICE, "checked_on": NOW.date()}
        by = get_any(session, Account, world.accounts[Role.MANAGER])
        referral = add_referral(session, branch=branch, by=by, now=NOW, **given)
    return Call(path={"branch_id": branch.id, "referral_id": referral.id})


plain("read_my_timers")


def a_notice(world, side, **given):
    """A notice about an announced visit: to be told by phone, or in doubt."""
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        return add(
            session,
            Notice(
                branch_id=visit.branch_id,
                case_id=visit.case_id,
                person_id=visit.person_id,
                visit_id=visit.id,
                kind=NoticeKind.CANCELLATION,
                dedup_key=f"{visit.id}/desk",
                language="en",
                content_hash="0" * 64,
                drafted_at=NOW,
                send_after_at=NOW,
                expires_at=NOW + timedelta(days=9),
                **given,
            ),
        )


def to_be_told(world, side):
    return a_notice(world, side, channel=NoticeChannel.PHONE_DESK, state=NoticeState.CHECKED)


def in_doubt(world, side):
    return a_notice(world, side, channel=NoticeChannel.SMS, state=NoticeState.UNKNOWN)


@example
def take_message_event(world, side):
    notice = a_notice(world, side, channel=NoticeChannel.SMS, state=NoticeState.SENT, sent_at=NOW)
    event = {"kind": "delivered", "at": NOW.isoformat(), "message_id": str(notice.id)}
    body = {"event": event}
    signed = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Call(json=body, headers=headers_of(INBOUND, "evt_1", signed, now=world.clock.now()))


@example
def create_telling(world, side):
    return Call(path={"notice_id": to_be_told(world, side).id}, json={"result": "told"})


@example
def create_clearing(world, side):
    return Call(path={"notice_id": in_doubt(world, side).id}, json={"has_left": True})


@example
def list_notices_to_tell(world, side):
    return Call(path={"branch_id": branch_of(world, side).id})


@example
def read_night(world, side):
    return Call(path={"branch_id": branch_of(world, side).id, "on": str(NOW.date())})


EXAMPLES["list_notices_in_doubt"] = list_notices_to_tell


@example
def tell_at_desk(world, side):
    return Call(form={"notice": str(to_be_told(world, side).id), "result": "told"})


@example
def clear_up_at_desk(world, side):
    return Call(form={"notice": str(in_doubt(world, side).id), "left": "true"})


@example
def show_desk(world, side):
    return Call(query={"branch": str(branch_of(world, side).id)})


@example
def show_care(world, side):
    return Call(query={"branch": str(branch_of(world, side).id)})


EXAMPLES["show_alerts"] = show_care


def a_form_of(make, name):
    """The same act as a form of the page: the row's id comes with it."""

    def form(world, side):
        call = make(world, side)
        (row_id,) = call.path.values()
        return Call(form={name: str(row_id), **call.json})

    return form


@example
def show_branch_permissions(world, side):
    return Call(query={"branch": str(branch_of(world, side).id)})


EXAMPLES["show_permissions"] = read_case


@example
def take_consent_down(world, side):
    call = create_consent(world, side)
    call.json["given_at"] = "2026-03-01T17:00"
    return Call(path=call.path, form={"place": call.json.pop("place_id"), **call.json})


@example
def withdraw_consent(world, side):
    call = revoke_a_consent(world, side)
    consent_id = call.path.pop("consent_id")
    return Call(path=call.path, form={"consent": str(consent_id)})


@example
def take_relaxation_down(world, side):
    call = create_relaxation(world, side)
    return Call(
        path=call.path, form={**call.json, "value": "false", "given_at": "2026-03-01T17:00"}
    )


@example
def vouch_for_relaxation(world, side):
    relaxation_id = confirm_a_relaxation(world, side).path["relaxation_id"]
    with world.database.reading() as session:
        case_id = get_any(session, Relaxation, relaxation_id).case_id
    return Call(path={"case_id": case_id}, form={"relaxation": str(relaxation_id)})


EXAMPLES["withdraw_relaxation"] = vouch_for_relaxation


@example
def keep_quiet_times(world, side):
    form = {"weekday": ["tue"], "begins": ["13:00"], "ends": ["15:00"]}
    return Call(path=read_case(world, side).path, form=form)


@example
def review_on_page(world, side):
    call = create_review(world, side)
    return Call(form={"visit": str(call.path["visit_id"]), **call.json})


EXAMPLES["put_breach_right"] = a_form_of(close_one_incident, "incident")
EXAMPLES["show_conduct"] = EXAMPLES["show_figures"] = EXAMPLES["show_law"] = (
    show_branch_permissions
)


@example
def propose_on_page(world, side):
    return Call(
        form={"branch": str(branch_of(world, side).id), **create_pack_change(world, side).json}
    )


@example
def decide_on_page(world, side):
    change_id = decide_pack_change(world, side).path["change_id"]
    branch_id = str(branch_of(world, side).id)
    return Call(form={"branch": branch_id, "change": str(change_id), "adopt": "true"})


@example
def set_holiday_on_page(world, side):
    call = put_holiday(world, side)
    branch_id, day_on = str(call.path["branch_id"]), call.path["day_on"]
    return Call(form={"branch": branch_id, "day_on": day_on, "reason": "announced", **call.json})


@example
def remove_holiday_on_page(world, side):
    day_on = SERVICE_DATE + timedelta(days=1000 + next(_numbers))
    with world.database.writing() as session:
        line = add(
            session,
            Holiday(
                branch_id=branch_of(world, side).id,
                day_on=day_on,
                name="Fair",
                kind=HolidayClass.PUBLIC,
            ),
        )
        return Call(form={"holiday": str(line.id), "reason": "mistake"})


@example
def read_pack_text(world, side):
    return Call(path=decide_pack_change(world, side).path)


EXAMPLES["close_alert_at_desk"] = a_form_of(close_one_incident, "alert")
EXAMPLES["step_complaint_at_desk"] = a_form_of(step_one_complaint, "complaint")
EXAMPLES["step_call_at_desk"] = a_form_of(step_one_care_call, "call")
EXAMPLES["release_hold_at_desk"] = a_form_of(release_one_hold, "hold")
EXAMPLES["lift_risk_at_desk"] = a_form_of(lift_risk_flag, "flag")


@example
def set_risk_at_desk(world, side):
    visit = a_field_visit(world, side)
    with world.database.reading() as session:
        reference = get_any(session, Case, visit.case_id).reference
    branch_id = str(visit.branch_id)
    return Call(form={"branch": branch_id, "reference": reference, "kind": "no_light"})


@example
def list_agreements(world, side):
    return Call(query={"branch_id": str(branch_of(world, side).id)})


@example
def create_agreement(world, side):
    visit = a_field_visit(world, side)
    body = {"case_id": str(visit.case_id), "option": "deferral", "months": 3, "monthly_minor": 0}
    return Call(json=body)


@example
def step_one_agreement(world, side):
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        agreement = draft_agreement(
            session,
            vault=world.vault,
            case=get_any(session, Case, visit.case_id),
            option=Relief.DEFERRAL,
            months=3,
            monthly=0,
            actor="test",
            now=NOW,
        )
    return Call(path={"agreement_id": agreement.id}, json={"to": "read_back", "told_by": "phone"})


@example
def put_agreement_copy(world, side):
    call = step_one_agreement(world, side)
    return Call(path=call.path, json={"by": "letter"})


def a_promise(world, side, state):
    visit = a_field_visit(world, side)
    with world.database.writing() as session:
        return add(
            session,
            Promise(
                branch_id=visit.branch_id,
                case_id=visit.case_id,
                person_id=visit.person_id,
                currency="CNY",
                due_on=SERVICE_DATE,
                state=state,
                recorded_at=NOW,
            ),
        )


@example
def renegotiate_promise(world, side):
    promise = a_promise(world, side, PromiseState.RECORDED)
    body = {"amount_minor": 5_000, "due_on": "2026-03-20"}
    return Call(path={"promise_id": promise.id}, json=body)


@example
def put_break_reason(world, side):
    promise = a_promise(world, side, PromiseState.BROKEN)
    return Call(path={"promise_id": promise.id}, json={"reason": "illness"})
