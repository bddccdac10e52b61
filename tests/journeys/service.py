"""The whole service as its people reach it: web, scheduler, one clock that is moved by hand; and the files they bring."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from httpx2 import Response
from sqlmodel import select
from starlette.testclient import TestClient

from api.app import create_app
from dispatch.access.accounts import first_admin
from dispatch.access.passwords import Passwords
from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.gateways.roadmap import roads_geojson_from_pbf
from dispatch.gateways.roads import roads_of
from dispatch.ids import new_id
from dispatch.model import Account
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from scheduler.context import Context

MONDAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""Monday 2 March 2026, 09:30 in China."""

SERVICE_DATE = date(2026, 3, 9)


@dataclass
class Service:
    """What a branch runs on, and how its people reach it."""

    client: TestClient
    database: Database
    vault: Vault
    clock: SetClock
    context: Context
    messenger: FakeMessenger

    def call(
        self, login: str | None, method: str, path: str, *, status: int = 200, **given: Any
    ) -> Response:
        """Send a request as somebody and return the answer, which must have this status."""
        headers = given.pop("headers", {})
        if login is not None:
            headers = {**headers, "Authorization": f"Bearer {self.token(login)}"}
        answer = self.client.request(method, path, headers=headers, **given)
        assert answer.status_code == status, (
            f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        )
        return answer

    def token(self, login: str) -> str:
        """Return a fresh access token, as signing in again would."""
        with self.database.reading() as session:
            account = session.exec(select(Account).where(Account.login == login)).one()
        tokens = self.client.app.state.house.tokens
        return tokens.access(account, family_id=new_id(), now=self.clock.now())

    def bring_in(
        self, login: str, branch_id: str, kind: str, rows: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Import rows as a CSV file over HTTP."""
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        file = {"file": (f"{kind}.csv", out.getvalue().encode(), "text/csv")}
        return self.call(
            login, "POST", f"/v1/imports/{kind}", params={"branch_id": branch_id}, files=file
        ).json()


@contextmanager
def running(
    database: Database, vault: Vault, solver: Solver, settings: Settings, *, at: datetime
) -> Iterator[Service]:
    """Run the service, with one administrator and a clock that stands still."""
    clock, messenger = SetClock(at), FakeMessenger()
    roads = roads_of(settings)
    context = Context(
        settings=settings,
        database=database,
        vault=vault,
        clock=clock,
        roads=roads,
        solver=solver,
        messenger=messenger,
        worker="journey",
    )
    quick = Passwords(time_cost=1, memory_kib=8, parallelism=1)
    app = create_app(settings, database=database, vault=vault, clock=clock, passwords=quick)
    with database.writing() as session:
        first_admin(
            session,
            login="admin@example.org",
            name="Admin",
            password_hash=quick.hash("seven quiet herons"),
            now=clock.now(),
        )
    with TestClient(app) as client:
        yield Service(client, database, vault, clock, context, messenger)
    roads.close()


def points_of(extract: Path, number: int) -> list[tuple[float, float]]:
    """Return points (lat, lon) spread over the streets of an extract."""
    streets = [
        feature["geometry"]["coordinates"]
        for feature in roads_geojson_from_pbf(extract)["features"]
        if feature["properties"]["kind"] == "road" and feature["geometry"]["type"] == "LineString"
    ]
    dice = Random(7)
    found = []
    for _ in range(number):
        lon, lat = dice.choice(dice.choice(streets))
        found.append(
            (round(lat + dice.uniform(-2e-4, 2e-4), 6), round(lon + dice.uniform(-2e-4, 2e-4), 6))
        )
    return found


def a_file_of_cases(points: list[tuple[float, float]]) -> list[dict[str, Any]]:
    """Return a lender's rows for these places."""
    return [
        {
            "case_number": f"LN-{number:04d}",
            "lender": "Lantern Bank",
            "person_number": f"P{number:04d}",
            "name": f"Person {number}",
            "language": "zh-CN" if number % 3 else "en",
            "phone": f"+86572010{number:04d}",
            "email": f"p{number}@example.org",
            "address": f"No. {number} Willow Lane",
            "place_kind": "residence",
            "lat": lat,
            "lon": lon,
            "currency": "CNY",
            "principal": "12000.00",
            "interest": "340.50",
            "fees": "50.00",
            "paid": "200.00",
            "oldest_unpaid_due_on": str(MONDAY.date() - timedelta(days=40 + number % 50)),
            "product": "consumer loan",
            "ability": "unknown" if number % 4 else "adequate",
            "willingness": "not_discussed",
            "arrears_reason": "job_loss",
            "assessed_on": str(MONDAY.date() - timedelta(days=12)),
            "service_minutes": 20 + number % 3 * 5,
            "value": 30 + number % 60,
            "birth_year": 1970 + number % 30,
        }
        for number, (lat, lon) in enumerate(points)
    ]


def a_file_of_attempts(cases: int) -> list[dict[str, Any]]:
    """Return three remote attempts a case, over two channels; every tenth case has only one."""
    return [
        {
            "attempt_number": f"T{case:04d}-{step}",
            "case_number": f"LN-{case:04d}",
            "channel": ("phone", "sms", "phone")[step],
            "result": "none",
            "occurred_at": (MONDAY - timedelta(days=25 - 4 * step, hours=-case % 6)).isoformat(),
        }
        for case in range(cases)
        for step in range(3 if case % 10 else 1)
    ]


def a_file_of_agents(number: int, home: tuple[float, float]) -> list[dict[str, Any]]:
    """Return certified, trained and authorised agents."""
    return [
        {
            "employee_number": f"A{one:02d}",
            "name": f"Agent {one}",
            "email": f"agent{one}@example.org",
            "phone": f"+86572090{one:04d}",
            "gender": "female" if one % 2 else "male",
            "languages": "zh-CN;en",
            "skills": "",
            "home_lat": home[0],
            "home_lon": home[1],
            "certificate_until": "2027-12-31",
            "training_until": "2027-12-31",
            "authorised_lender": "Lantern Bank",
            "authorised_until": "2027-12-31",
        }
        for one in range(1, number + 1)
    ]


def a_file_of_shifts(agents: int) -> list[dict[str, Any]]:
    """Return a day's shifts with lunch."""
    return [
        {
            "employee_number": f"A{one:02d}",
            "service_date": str(SERVICE_DATE),
            "starts": "09:00",
            "ends": "18:00",
            "break_from": "11:30",
            "break_to": "14:00",
            "break_minutes": 45,
        }
        for one in range(1, agents + 1)
    ]
