"""From a lender's file to a followed-up visit, on real streets, on both databases."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from dispatch.appointments.answer import confirm, refuse
from dispatch.appointments.link import LinkKeys, find_notice_by_token
from dispatch.appointments.page import Opened, open_notice
from dispatch.demo.answers import second_fact
from dispatch.evidence.verify import verify
from dispatch.ids import new_id
from dispatch.messaging.receipts import Delivery, record_receipt
from dispatch.model import (
    Appointment,
    AppointmentState,
    Case,
    Notice,
    Person,
    Promise,
    PromiseState,
    Stage,
    Visit,
    VisitState,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.store import evidence
from dispatch.store.rows import get_any
from scheduler import work
from tests.journeys.service import (
    SERVICE_DATE,
    Service,
    a_file_of_agents,
    a_file_of_attempts,
    a_file_of_cases,
    a_file_of_shifts,
    points_of,
)

CASES, AGENTS = 200, 6
MANAGER = "manager@example.org"
GROUND = "Remote attempts on several days reached nobody."


def test_from_a_file_to_a_followed_up_visit(service: Service, extract: Path) -> None:
    branch_id = open_the_branch(service, extract)
    import_the_files(service, branch_id, extract)
    approve_and_plan(service, branch_id)
    announce_and_answer(service, branch_id)
    release_and_publish(service, branch_id)
    record_and_follow_up(service, branch_id)
    work.seal_evidence(service.context)
    with service.database.reading() as session:
        assert all(verify(session, chain).is_sound for chain in evidence.chains(session))


def open_the_branch(service: Service, extract: Path) -> str:
    depot = points_of(extract, 1)[0]
    branch = service.call(
        "admin@example.org",
        "POST",
        "/v1/branches",
        status=201,
        json={
            "name": "First",
            "time_zone": "Asia/Shanghai",
            "country": "CN",
            "depot_lat": depot[0],
            "depot_lon": depot[1],
            "lender_name": "Lantern Bank",
            "pack_id": "cn",
        },
    ).json()
    invited(service, "admin@example.org", MANAGER, role="manager", branch_id=branch["id"])
    return str(branch["id"])


def invited(service: Service, by: str, login: str, **given: Any) -> None:
    offer = service.call(
        by,
        "POST",
        "/v1/invitations",
        status=201,
        json={"login": login, "name": "Somebody", **given},
    ).json()
    token = offer["link"].rsplit("/", 1)[-1]
    service.call(
        None,
        "POST",
        f"/v1/invitations/{token}/acceptance",
        status=201,
        json={"password": "nine calm willows bending"},
    )


def import_the_files(service: Service, branch_id: str, extract: Path) -> None:
    points = points_of(extract, CASES)
    files = {
        "agents": a_file_of_agents(AGENTS, points[0]),
        "shifts": a_file_of_shifts(AGENTS),
        "cases": a_file_of_cases(points),
        "attempts": a_file_of_attempts(CASES),
    }
    for kind, rows in files.items():
        report = service.bring_in(MANAGER, branch_id, kind, rows)
        assert (report["created"], report["refused"]) == (len(rows), 0), report
        again = service.bring_in(MANAGER, branch_id, kind, rows)
        assert again["unchanged"] == len(rows)
    work.sweep_cases(service.context)


def approve_and_plan(service: Service, branch_id: str) -> None:
    page = service.call(
        MANAGER,
        "GET",
        "/v1/cases",
        params={"branch_id": branch_id, "stage": "eligible", "limit": 60},
    ).json()
    assert len(page["items"]) == 60
    for case in page["items"][:40]:
        service.call(
            MANAGER,
            "POST",
            f"/v1/cases/{case['id']}/approval",
            status=201,
            json={"ground": GROUND},
        )
    plan = planned(service, branch_id)
    visits = [stop for route in plan["routes"] for stop in route["stops"]]
    assert len(visits) >= 20
    assert len(plan["routes"]) == 3
    assert len(visits) + len(plan["unserved"]) == 40
    assert all(one["reasons"] for one in plan["unserved"])


def planned(service: Service, branch_id: str, kind: str | None = None) -> dict[str, Any]:
    """Ask for a plan, let the scheduler work, and return the day's newest plan."""
    body = {
        "branch_id": branch_id,
        "service_date": str(SERVICE_DATE),
        **({"kind": kind} if kind else {}),
    }
    run = service.call(MANAGER, "POST", "/v1/plan-runs", status=202, json=body)
    work.drain_plan_runs(service.context)
    told = service.call(MANAGER, "GET", run.headers["location"]).json()
    assert told["state"] == "done", told
    return service.call(MANAGER, "GET", f"/v1/plans/{told['plan_id']}").json()


def newest_plan(service: Service, branch_id: str) -> tuple[str, str]:
    """Return the id and the ETag of the day's newest plan."""
    plans = service.call(
        MANAGER,
        "GET",
        "/v1/plans",
        params={"branch_id": branch_id, "service_date": str(SERVICE_DATE)},
    ).json()["items"]
    answer = service.call(MANAGER, "GET", f"/v1/plans/{plans[0]['id']}")
    return plans[0]["id"], answer.headers["etag"]


def announce_and_answer(service: Service, branch_id: str) -> None:
    plan_id, tag = newest_plan(service, branch_id)
    service.call(
        MANAGER,
        "POST",
        f"/v1/plans/{plan_id}/publication",
        status=409,
        headers={"If-Match": tag},
        json={},
    )
    service.call(MANAGER, "POST", f"/v1/plans/{plan_id}/announcement", headers={"If-Match": tag})
    work.send_messages(service.context)
    assert len(service.messenger.sent) >= 20
    service.clock.advance(timedelta(hours=3))
    with service.database.reading() as session:
        sent = [notice.id for notice in session.exec(select(Notice).order_by(Notice.id))]
    answers = ["silence", "refuse", *["confirm"] * 9, *["receipt"] * len(sent)]
    for notice_id, what in zip(sent, answers, strict=False):
        answered(service, notice_id, what)


def answered(service: Service, notice_id: Any, what: str) -> None:
    now, keys = service.clock.now(), LinkKeys.of(service.context.settings)
    with service.database.writing() as session:
        notice = get_any(session, Notice, notice_id)
        if what == "receipt":
            record_receipt(session, state=Delivery.DELIVERED, at=now, now=now, notice_id=notice_id)
        if what not in {"confirm", "refuse"}:
            return
        token = service.vault.read(get_any(session, Person, notice.person_id), notice, "token")
        found = find_notice_by_token(session, token, now=now)
        opened = open_notice(
            session,
            vault=service.vault,
            notice=found,
            second_fact=second_fact(session, service.vault, notice),
            keys=keys,
            law=effective(load_pack("cn")),
            now=now,
        )
        assert isinstance(opened, Opened)
        act = confirm if what == "confirm" else refuse
        act(session, notice=notice, proof=opened.proof, keys=keys, now=now)


def release_and_publish(service: Service, branch_id: str) -> None:
    work.drain_plan_runs(service.context)
    service.clock.advance(timedelta(days=6, hours=6))  # Sunday evening
    plan = planned(service, branch_id, "release")
    served = {UUID(stop["visit_id"]) for route in plan["routes"] for stop in route["stops"]}
    with service.database.reading() as session:
        refused = session.exec(
            select(Appointment).where(Appointment.state == AppointmentState.DECLINED)
        ).one()
        confirmed = set(
            session.exec(
                select(Appointment.visit_id).where(Appointment.state == AppointmentState.CONFIRMED)
            )
        )
    assert refused.visit_id not in served
    assert confirmed <= served
    plan_id, tag = newest_plan(service, branch_id)
    service.call(
        MANAGER,
        "POST",
        f"/v1/plans/{plan_id}/publication",
        status=409,
        headers={"If-Match": tag},
        json={},
    )
    service.call(
        MANAGER,
        "POST",
        f"/v1/plans/{plan_id}/publication",
        headers={"If-Match": tag},
        json={
            "explanation": "One notice was never proven to have arrived; that visit is not made."
        },
    )
    assert service.call(MANAGER, "GET", f"/v1/plans/{plan_id}/routes.geojson").json()["features"]


def record_and_follow_up(service: Service, branch_id: str) -> None:
    agents = service.call(MANAGER, "GET", "/v1/agents", params={"branch_id": branch_id}).json()[
        "items"
    ]
    for agent in agents:
        invited(
            service,
            MANAGER,
            f"{agent['number'].lower()}@example.org",
            role="agent",
            branch_id=branch_id,
            agent_id=agent["id"],
        )
    login = f"{agents[0]['number'].lower()}@example.org"
    service.clock.advance(timedelta(hours=14))  # Monday morning
    answer = service.call(login, "GET", "/v1/me/itinerary", params={"date": str(SERVICE_DATE)})
    first, second = answer.json()["stops"][:2]
    assert "12000" not in answer.text
    service.call(
        login,
        "GET",
        "/v1/me/itinerary",
        params={"date": str(SERVICE_DATE)},
        status=304,
        headers={"If-None-Match": answer.headers["etag"]},
    )
    for kind in ("arrived", "identity"):
        put_fact(service, login, "check-ins", first["visit_id"], kind=kind)
    assert service.call(login, "GET", f"/v1/visits/{first['visit_id']}/statement").json()
    due_on = str(SERVICE_DATE + timedelta(days=5))
    promise = {"amount": "500.00", "currency": "CNY", "due_on": due_on, "is_read_back": True}
    put_fact(
        service,
        login,
        "outcomes",
        first["visit_id"],
        code="PTP",
        attitude="cooperative",
        willingness="willing",
        own_words="工资发下来就还。",
        promise=promise,
    )
    put_fact(
        service, login, "outcomes", second["visit_id"], code="HARDSHIP", own_words="家里有人住院。"
    )
    with service.database.reading() as session:
        visit = get_any(session, Visit, UUID(first["visit_id"]))
        case = get_any(session, Case, visit.case_id)
        held = get_any(session, Case, get_any(session, Visit, UUID(second["visit_id"])).case_id)
    assert visit.state is VisitState.REPORTED
    assert held.stage is Stage.ON_HOLD
    service.clock.advance(timedelta(days=1))
    service.bring_in(
        MANAGER,
        branch_id,
        "payments",
        [
            {
                "payment_number": "PAY-1",
                "case_number": case.number,
                "amount": "500.00",
                "currency": "CNY",
                "paid_on": str(SERVICE_DATE),
            }
        ],
    )
    work.sweep_promises(service.context)
    with service.database.reading() as session:
        assert [one.state for one in session.exec(select(Promise))] == [PromiseState.KEPT]


def put_fact(service: Service, login: str, what: str, visit_id: str, **body: Any) -> None:
    """Send a fact as a phone does: by an id of its own, twice, since the first reply was lost."""
    fact = {"visit_id": visit_id, "occurred_at": service.clock.now().isoformat(), **body}
    path = f"/v1/{what}/{new_id()}"
    created = service.call(login, "PUT", path, status=201, json=fact)
    again = service.call(login, "PUT", path, status=200, json=fact)
    assert again.json()["hash"] == created.json()["hash"]
    service.call(
        login,
        "PUT",
        path,
        status=409,
        json={**fact, "occurred_at": (service.clock.now() - timedelta(minutes=1)).isoformat()},
    )
