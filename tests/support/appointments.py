"""A planned day that has been announced, and what borrowers then do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from dispatch.appointments.announce import Announced, announce_plan
from dispatch.appointments.link import LinkKeys, find_notice_by_token
from dispatch.appointments.page import Opened, Shut, open_notice
from dispatch.gateways.message import Messenger
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.messaging.runner import send_due
from dispatch.model import ContactKind, ContactPoint, Notice, Person, Plan, PlanRun, Visit
from dispatch.policy.pack import effective, load_pack
from dispatch.settings import Settings
from dispatch.store.rows import find
from tests.support.planning import World

BASE = "http://127.0.0.1:8000"
KEYS = LinkKeys("test")
LAW = effective(load_pack("baseline"))


def announce(world: World, run: PlanRun) -> Announced:
    """Announce the run's plan."""
    with world.database.writing() as session:
        return announce_plan(
            session,
            vault=world.vault,
            plan=find(session, Plan, run.plan_id),
            law=LAW,
            settings_base_url=BASE,
            actor="test",
            now=world.clock.now(),
        )


def send(world: World, messenger: Messenger | None = None) -> FakeMessenger | Messenger:
    """Send what is due, once message hours have begun."""
    messenger = messenger or FakeMessenger()
    world.clock.advance(timedelta(minutes=1))
    send_due(
        world.database,
        vault=world.vault,
        messenger=messenger,
        clock=world.clock,
        settings=Settings(_env_file=None),
    )
    return messenger


@dataclass
class Caller:
    """A borrower at the page of a link."""

    world: World
    token: str
    facts: dict[str, str] = field(default_factory=dict)
    proof: str = ""

    def open(self, **facts: str) -> Opened | Shut:
        """Give the second fact: the right one unless told otherwise."""
        with self.world.database.writing() as session:
            page = open_notice(
                session,
                vault=self.world.vault,
                notice=find_notice_by_token(session, self.token, now=self.now),
                second_fact={**self.facts, **facts},
                keys=KEYS,
                law=LAW,
                now=self.now,
            )
        if isinstance(page, Opened):
            self.proof = page.proof
        return page

    def does(self, use_case: Callable[..., Any], **given: Any) -> Any:
        """Do a step that needs the proof, in a transaction of its own."""
        with self.world.database.writing() as session:
            notice = find_notice_by_token(session, self.token, now=self.now)
            return use_case(
                session, notice=notice, proof=self.proof, keys=KEYS, now=self.now, **given
            )

    @property
    def now(self) -> datetime:
        """The world's instant."""
        return self.world.clock.now()


def caller_of(world: World, visit: Visit) -> Caller:
    """Return the borrower of a visit with the link of the newest notice and the right answers."""
    with world.database.reading() as session:
        notice = session.exec(
            select(Notice).where(Notice.visit_id == visit.id).order_by(Notice.drafted_at.desc())
        ).first()
        person = session.get(Person, notice.person_id)
        phone = session.exec(
            select(ContactPoint).where(
                ContactPoint.person_id == person.id, ContactPoint.kind == ContactKind.PHONE
            )
        ).one()
        facts = {
            "phone_last4": world.vault.read(person, phone, "value")[-4:],
            "birth_year": str(world.vault.read(person, person, "birth_year")),
        }
        return Caller(world, world.vault.read(person, notice, "token"), facts)


def announced(world: World) -> Announced:
    """Plan and announce the world's day."""
    return announce(world, world.plan())
