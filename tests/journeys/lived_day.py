"""A branch's first days in a process of its own, with the gateways that its environment asks for.

    python -m tests.journeys.lived_day

The clock is moved by hand; web, duties, planner and every gateway are those of the service.
"""

from dataclasses import dataclass, field, replace

from dispatch import migrations
from dispatch.db import Database
from dispatch.gateways.geocoder import geocoder_of
from dispatch.gateways.message import Message, Messenger, Receipt
from dispatch.gateways.messenger import messenger_of
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from scheduler.duties import DUTIES
from tests.journeys.journey import MONDAY, SERVICE_DATE, Journey, a_case, attempts
from tests.journeys.service import Service, running

PAGES = ("/login", "/day", "/care", "/desk", "/metrics", "/readyz", "/v1/openapi.json")


@dataclass
class Remembering:
    """Hands messages to the real messenger, and keeps what became of each."""

    messenger: Messenger
    at_once: int = 1
    became: list[Receipt] = field(default_factory=list)

    def send(self, message: Message) -> Receipt:
        self.became.append(self.messenger.send(message))
        return self.became[-1]

    def close(self) -> None:
        self.messenger.close()


def live(service: Service) -> None:
    """Live from the lender's file to the evening of the visits, with everybody at work."""
    journey = Journey(service)
    journey.open()
    lost = {"lat": "", "lon": ""}  # the geocoder is asked where this one lives
    journey.bring_in("cases", [a_case(1), a_case(2, language="en"), a_case(3), a_case(4, **lost)])
    for of in (1, 2, 3, 4):
        journey.bring_in("attempts", attempts(of))
    ring(service)
    for of in (1, 2, 3):
        journey.approve(of)
    journey.announce()
    journey.answer(1, "confirm")
    journey.answer(2, "hardship", words="I was ill.")
    look_around(service, journey)
    ring(service)
    journey.publish()
    journey.to(SERVICE_DATE, 10)
    for kind in ("arrived", "identity"):
        journey.step(1, kind)
    journey.report(1, "DECLINED_TALK")
    look_around(service, journey)
    journey.to(SERVICE_DATE, 21)
    ring(service)


def ring(service: Service) -> None:
    """Ring every duty, twice: what one leaves another picks up."""
    for duty in (*DUTIES, *DUTIES):
        duty.ring(service.context)


def look_around(service: Service, journey: Journey) -> None:
    """Let the manager open pages and the map."""
    given = {"date": str(SERVICE_DATE), "branch": journey.branch_id}
    for page in PAGES:
        service.client.get(page, params=given, headers={"Accept": "text/html"})
    journey.ask("GET", f"/v1/branches/{journey.branch_id}/map.geojson", status=404)
    plan = journey.ask(
        "GET",
        "/v1/plans",
        params={"branch_id": journey.branch_id, "service_date": str(SERVICE_DATE)},
    ).json()
    plan_id = plan["items"][0]["id"]
    journey.ask("GET", f"/v1/plans/{plan_id}/routes.geojson")


def main() -> None:
    """Live the days on a fresh database."""
    settings = Settings(_env_file=None)
    database = Database(settings.database_url)
    migrations.upgrade(database)
    solver = Solver(memory_mb=settings.plan_memory_mb)
    messenger = Remembering(messenger_of(settings))
    with running(database, Vault.of(settings), solver, settings, at=MONDAY) as service:
        service.context = replace(
            service.context, messenger=messenger, geocoder=geocoder_of(settings)
        )
        live(service)
        service.context.close()
    print("sent", [one.state.value for one in messenger.became])


if __name__ == "__main__":
    main()
