"""The loop on a real mail server: announced, sent, opened from the mail, confirmed, published."""

import email
import re
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from dispatch.appointments.answer import confirm
from dispatch.appointments.page import Opened
from dispatch.db import Database
from dispatch.gateways.message import Channel
from dispatch.gateways.messenger_apprise import AppriseMessenger
from dispatch.model import (
    Notice,
    NoticeState,
    Plan,
    PlanState,
    RunKind,
    RunState,
    Visit,
    VisitState,
)
from dispatch.planning.publish import publish, release_breaches
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from dispatch.wording.guard import forbidden_words
from tests.support.appointments import announced, caller_of, send
from tests.support.planning import a_world


class Inbox:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def inbox(socket_enabled):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    inbox.url = f"mailto://127.0.0.1:{port}?from=visits@lender.example&name=Visits&mode=insecure"
    yield inbox
    controller.stop()


def test_from_the_plan_to_a_confirmed_and_published_day(
    database: Database, vault: Vault, solver: Solver, inbox
) -> None:
    world = a_world(database, vault, solver, visits=3)
    assert announced(world).count == 3
    messenger = AppriseMessenger({Channel.EMAIL: inbox.url}, deadline_s=20)
    try:
        send(world, messenger)
    finally:
        messenger.close()
    assert len(inbox.mails) == 3
    with database.reading() as session:
        branch = world.branch
        draft = session.exec(select(Plan)).one()
        unproven = release_breaches(session, plan=draft, branch=branch, now=world.clock.now())
    assert {one.code for one in unproven} == {"notice-undelivered"}  # accepted is not delivered
    for mail in inbox.mails:
        text = mail.get_body(("plain",)).get_content()
        link = re.search(r"http://127\.0\.0\.1:8000/b/([\w-]+)", text)
        assert link
        hidden = text.replace(link.group(1), "") + str(mail["Subject"])
        assert forbidden_words(hidden) == ()
        assert world.lender.name not in hidden
        visit = next(one for one in world.visits if caller_of(world, one).token == link.group(1))
        caller = caller_of(world, visit)
        assert isinstance(caller.open(), Opened)
        caller.does(confirm)
    with database.reading() as session:
        assert {one.state for one in session.exec(select(Visit))} == {VisitState.CONFIRMED}
        assert {one.state for one in session.exec(select(Notice))} == {NoticeState.OPENED}
    run = world.plan(kind=RunKind.RELEASE)
    assert run.state is RunState.DONE
    with database.writing() as session:
        plan = find(session, Plan, run.plan_id)
        publish(session, plan=plan, version=plan.version, actor="test", now=world.clock.now())
    with database.reading() as session:
        assert find(session, Plan, run.plan_id).state is PlanState.PUBLISHED
        assert {one.state for one in session.exec(select(Visit))} == {VisitState.RELEASED}
