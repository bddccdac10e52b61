"""An app on a fresh database, a clock that stands, and somebody signed in as every role."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from dispatch.access.passwords import Passwords
from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.ids import new_id
from dispatch.model import Account, Branch, Lender, Role
from dispatch.settings import Settings
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.api.examples import INBOUND
from tests.support.builders import NOW, a_branch, a_lender, an_account, an_agent

PASSWORD = "seven quiet herons wading"


@pytest.fixture(scope="session")
def quick_passwords() -> Passwords:
    """The real argon2id, made cheap: tests are not about its cost."""
    return Passwords(time_cost=1, memory_kib=8, parallelism=1)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(_env_file=None, data_folder=tmp_path / "var", inbound_secrets=INBOUND)


@dataclass
class World:
    """Two branches of two lenders, and one account of each role in the first."""

    app: FastAPI
    client: TestClient
    database: Database
    vault: Vault
    clock: SetClock
    own: Branch
    foreign: Branch
    lender: Lender
    other_lender: Lender
    password: str = PASSWORD
    accounts: dict[str, UUID] = field(default_factory=dict)

    def account(self, role: str) -> Account:
        with self.database.reading() as session:
            return get_any(session, Account, self.accounts[role])

    def bearer(self, role: str | None) -> dict[str, str]:
        """Return the headers of somebody signed in as this role; none for a stranger."""
        if role is None:
            return {}
        tokens = self.app.state.house.tokens
        token = tokens.access(self.account(role), family_id=new_id(), now=self.clock.now())
        return {"Authorization": f"Bearer {token}"}

    def sign_in(self, role: str) -> dict:
        """Sign in with the password, as a person or (service) as a program."""
        login = self.account(role).login
        form = (
            {"grant_type": "client_credentials", "client_id": login, "client_secret": PASSWORD}
            if role == Role.SERVICE
            else {"grant_type": "password", "username": login, "password": PASSWORD}
        )
        answer = self.client.post("/v1/token", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json()


def populate(world: World, quick_passwords: Passwords) -> World:
    hashed = quick_passwords.hash(PASSWORD)
    with world.database.writing() as session:
        agent = an_agent(session, world.vault, world.own, world.lender)
        for role in Role:
            account = an_account(
                session,
                None if role is Role.ADMIN else world.own,
                role=role,
                password_hash=hashed,
                agent_id=agent.id if role is Role.AGENT else None,
            )
            world.accounts[role] = account.id
    return world


def make_world(database, vault, clock, settings, quick_passwords) -> Iterator[World]:
    with database.writing() as session:
        own, foreign = a_branch(session, vault), a_branch(session, vault)
        lender, other = a_lender(session), a_lender(session)
    app = create_app(
        settings, database=database, vault=vault, clock=clock, passwords=quick_passwords
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        world = World(app, client, database, vault, clock, own, foreign, lender, other)
        yield populate(world, quick_passwords)


@pytest.fixture
def world(database, vault, clock, settings, quick_passwords) -> Iterator[World]:
    """The world on SQLite, then on PostgreSQL."""
    yield from make_world(database, vault, clock, settings, quick_passwords)


@pytest.fixture
def lite(sqlite_database, vault, clock, settings, quick_passwords) -> Iterator[World]:
    """The world on SQLite: for tests whose subject is not the database."""
    yield from make_world(sqlite_database, vault, clock, settings, quick_passwords)


@pytest.fixture(scope="module")
def shared(sqlite_template, tmp_path_factory, vault, quick_passwords) -> Iterator[World]:
    """One world on SQLite for a whole file: for tests that make what they need afresh."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copy(sqlite_template, folder / "fairvisit.db")
    database = Database(f"sqlite:///{folder / 'fairvisit.db'}")
    settings = Settings(_env_file=None, data_folder=folder / "var", inbound_secrets=INBOUND)
    yield from make_world(database, vault, SetClock(NOW), settings, quick_passwords)
    database.dispose()


@pytest.fixture
def client(lite: World) -> TestClient:
    return lite.client
