"""Sending: a try on record before the gateway, suppression at the last moment, doubts never resent."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from dispatch import failpoint
from dispatch.clock import SetClock
from dispatch.db import Database
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.gateways.messenger_folder import FolderMessenger
from dispatch.messaging import runner
from dispatch.messaging.runner import resolve_lost, send_due
from dispatch.model import (
    Branch,
    CapEntry,
    CapKind,
    ContactAttempt,
    ContactPoint,
    ContactStatus,
    Hold,
    HoldKind,
    Notice,
    NoticeChannel,
    NoticeState,
    SendAttempt,
    SendState,
    Switch,
)
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from dispatch.wording.library import words
from tests.support import builders as make
from tests.support.appointments import announced
from tests.support.planning import World, a_world


class Post:
    """A world with announced visits, and its sender."""

    def __init__(self, world: World, **settings) -> None:
        self.world, self.messenger = world, FakeMessenger()
        self.settings = Settings(_env_file=None, **settings)

    def send(self, **given) -> dict[str, int]:
        return dict(
            send_due(
                self.world.database,
                vault=self.world.vault,
                messenger=self.messenger,
                clock=self.world.clock,
                settings=self.settings,
                **given,
            )
        )

    def rows(self, kind):
        with self.world.database.reading() as session:
            return session.exec(select(kind)).all()

    def states(self) -> list[NoticeState]:
        return sorted(one.state for one in self.rows(Notice))


def a_post(database: Database, vault: Vault, solver: Solver, *, visits: int = 1, **given) -> Post:
    world = a_world(database, vault, solver, visits=visits)
    announced(world)
    world.clock.advance(timedelta(minutes=1))  # message hours begin a second after nine
    return Post(world, **given)


def test_due_notices_are_handed_over_once_and_counted_as_contacts(
    database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(database, vault, solver, visits=3)
    assert post.send() == {"sent": 3}
    assert post.send() == {}
    assert post.states() == [NoticeState.SENT] * 3
    assert len(post.messenger.tried) == 3
    for message in post.messenger.tried:  # some providers send by template
        assert message.template == "announcement.email.zh-CN"
        assert words("announcement", "email", "zh-CN", message.values).text == message.text
    assert {one.state for one in post.rows(SendAttempt)} == {SendState.ACCEPTED}
    contacts = [one for one in post.rows(ContactAttempt) if one.number.startswith("notice:")]
    assert len(contacts) == 3
    assert all(one.is_reminder and one.result == "none" for one in contacts)
    assert sum(one.kind is CapKind.CONTACT for one in post.rows(CapEntry)) == 3
    assert all(one.delivered_at is None for one in post.rows(Notice))  # accepted: not delivered


@pytest.mark.fault("N6")
def test_the_try_is_on_record_before_the_gateway_is_called(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(sqlite_database, vault, solver)
    seen = []

    class Watching(FakeMessenger):
        def send(self, message):
            seen.extend((post.rows(SendAttempt)[0].state, post.states()[0]))
            return super().send(message)

    post.messenger = Watching()
    post.send()
    assert seen == [SendState.STARTED, NoticeState.SENDING]


@pytest.mark.fault("A3", "N1", "N2")
def test_a_process_that_dies_while_sending_leaves_a_doubt_and_nothing_is_resent(
    database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(database, vault, solver)

    class Dying(FakeMessenger):
        def send(self, message):
            super().send(message)
            raise SystemExit

    post.messenger = dying = Dying()
    with pytest.raises(SystemExit):
        post.send()
    post.messenger = FakeMessenger()
    assert post.send() == {}
    assert resolve_lost(database, clock=post.world.clock) == 0
    post.world.clock.advance(timedelta(minutes=11))
    assert resolve_lost(database, clock=post.world.clock) == 1
    assert post.send() == {}
    assert post.states() == [NoticeState.UNKNOWN]
    assert (len(dying.tried), len(post.messenger.tried)) == (1, 0)


@pytest.mark.fault("A3", "N2")
@pytest.mark.parametrize("has_arrived", [True, False])
def test_a_gateway_that_remembers_is_asked_what_became_of_a_lost_send(
    has_arrived: bool, database: Database, vault: Vault, solver: Solver, tmp_path: Path
) -> None:
    post = a_post(database, vault, solver)

    class Dying(FolderMessenger):
        def send(self, message):
            if has_arrived:
                super().send(message)
            raise SystemExit

    post.messenger = Dying(tmp_path)
    with pytest.raises(SystemExit):
        post.send()
    post.messenger = FolderMessenger(tmp_path)
    post.world.clock.advance(timedelta(minutes=11))
    assert resolve_lost(database, clock=post.world.clock, messenger=post.messenger) == 1
    assert resolve_lost(database, clock=post.world.clock, messenger=post.messenger) == 0
    post.world.clock.advance(timedelta(minutes=2))
    assert post.send() == ({} if has_arrived else {"sent": 1})
    assert post.states() == [NoticeState.SENT]
    assert len((tmp_path / "messages.jsonl").read_text().splitlines()) == 1


@pytest.mark.fault("N2")
def test_what_never_arrived_is_handed_over_again_however_often_the_process_dies(
    sqlite_database: Database, vault: Vault, solver: Solver, tmp_path: Path
) -> None:
    post = a_post(sqlite_database, vault, solver)

    class Dying(FolderMessenger):
        def send(self, message):
            raise SystemExit

    for _ in range(4):
        post.messenger = Dying(tmp_path)
        with pytest.raises(SystemExit):
            post.send()
        post.world.clock.advance(timedelta(minutes=11))
        resolve_lost(sqlite_database, clock=post.world.clock, messenger=post.messenger)
        post.world.clock.advance(timedelta(minutes=2))
    post.messenger = FolderMessenger(tmp_path)
    assert post.send() == {"sent": 1}


@pytest.mark.fault("R2")
def test_a_sender_that_was_stopped_before_the_call_makes_it_no_more(
    sqlite_database: Database, vault: Vault, solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = a_post(sqlite_database, vault, solver, visits=2)
    instants = iter([0.0, runner.FRESH_S + 1, 1000.0, 1001.0])
    monkeypatch.setattr(runner, "stopwatch", lambda: next(instants))
    assert post.send() == {"sent": 1}
    assert len(post.messenger.tried) == 1
    assert post.states() == [NoticeState.SENDING, NoticeState.SENT]


@pytest.mark.fault("C2")
@pytest.mark.parametrize("point", ["before notice.settle", "after notice.settle"])
def test_an_answer_that_the_database_did_not_take_is_noted_again(
    point: str, database: Database, vault: Vault, solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = a_post(database, vault, solver)
    monkeypatch.setattr(runner, "AGAIN_S", (0.0, 0.0))
    failures = []

    def fail_twice(name: str) -> None:
        if name == point and len(failures) < 2:
            failures.append(name)
            raise OperationalError("COMMIT", {}, TimeoutError())

    failpoint.arm(fail_twice)
    try:
        assert post.send() == {"sent": 1}
    finally:
        failpoint.arm(None)
    assert len(failures) == 2
    assert post.states() == [NoticeState.SENT]
    assert [one.state for one in post.rows(SendAttempt)] == [SendState.ACCEPTED]
    assert len(post.messenger.tried) == 1


@pytest.mark.fault("D3")
def test_a_lost_reply_is_a_doubt_counted_as_a_contact_and_never_resent(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(sqlite_database, vault, solver)
    post.messenger.lose_reply()
    assert post.send() == {"in doubt": 1}
    post.world.clock.advance(timedelta(hours=1))
    assert post.send() == {}
    assert any(one.number.startswith("notice:") for one in post.rows(ContactAttempt))


def test_what_surely_did_not_leave_is_tried_three_times_then_goes_elsewhere(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(sqlite_database, vault, solver)
    for _ in range(3):
        post.messenger.reject("unreached")
    counts = []
    for _ in range(4):
        counts.append(post.send())
        post.world.clock.advance(timedelta(minutes=6))
    assert counts == [{"later": 1}, {"later": 1}, {"failed": 1}, {"replaced": 1, "sent": 1}]
    assert [one.channel for one in post.messenger.tried] == ["email"] * 3 + ["sms"]
    assert all(one.status is ContactStatus.VALID for one in post.rows(ContactPoint))


@pytest.mark.fault("D7")
def test_a_refused_address_becomes_doubtful_and_in_the_end_a_person_calls(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(sqlite_database, vault, solver)
    post.messenger.reject(is_permanent=True)
    post.messenger.reject(is_permanent=True)
    assert post.send() == {"failed": 1}
    assert post.send() == {"replaced": 1, "failed": 1}
    assert post.send() == {"replaced": 1}
    assert {one.status for one in post.rows(ContactPoint)} == {ContactStatus.DOUBTFUL}
    last = max(post.rows(Notice), key=lambda one: one.dedup_key)
    assert (last.channel, last.state) == (NoticeChannel.PHONE_DESK, NoticeState.CHECKED)
    assert len({one.content_hash for one in post.rows(Notice)}) == 1


@pytest.mark.fault("D9", "N3")
def test_nothing_leaves_at_night_and_it_does_in_the_morning(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    world.clock.advance(timedelta(hours=12))  # 21:00 in Shanghai
    announced(world)
    post = Post(world)
    assert post.send() == {}
    assert post.rows(Notice)[0].send_after_at.hour == 1  # 09:00 the next morning
    with sqlite_database.writing() as session:
        notice = session.exec(select(Notice)).one()
        notice.send_after_at = world.clock.now()
    assert post.send() == {"later": 1}
    world.clock.advance(timedelta(hours=12, minutes=1))
    assert post.send() == {"sent": 1}


@pytest.mark.parametrize("how", ["setting", "everywhere", "branch", "branch switch"])
def test_switched_off_means_that_nothing_leaves_until_it_is_on_again(
    how: str, sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(sqlite_database, vault, solver)
    branch_id = post.world.branch.id
    if how == "setting":
        post.settings = Settings(_env_file=None, send_nothing=True)
    with sqlite_database.writing() as session:
        if how == "branch":
            session.get(Branch, branch_id).sends_nothing = True
        if how in {"everywhere", "branch switch"}:
            where = None if how == "everywhere" else branch_id
            session.add(
                Switch(
                    name="send_nothing", branch_id=where, switched_by="ops", switched_at=make.NOW
                )
            )
    assert post.send() == {}
    assert (post.states(), post.messenger.tried) == ([NoticeState.CHECKED], [])
    post.settings = Settings(_env_file=None)
    with sqlite_database.writing() as session:
        session.get(Branch, branch_id).sends_nothing = False
        for switch in session.exec(select(Switch)):
            switch.is_on = False
    assert post.send() == {"sent": 1}


@pytest.mark.fault("D8", "N3")
def test_a_hold_at_the_last_moment_suppresses_the_notice(
    database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(database, vault, solver)
    with database.writing() as session:
        session.add(
            Hold(
                branch_id=post.world.branch.id,
                person_id=post.world.visits[0].person_id,
                kind=HoldKind.ILLNESS,
                from_at=make.NOW,
                requested_by="lender",
            )
        )
    assert post.send() == {"suppressed": 1}
    assert post.messenger.tried == []


@pytest.mark.fault("N3")
def test_a_notice_too_late_for_the_notice_time_expires_unsent(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(sqlite_database, vault, solver)
    post.world.clock = SetClock(make.NOW + timedelta(days=4, hours=3))
    assert post.send() == {"expired": 1}
    assert post.messenger.tried == []
    assert "notice time" in post.rows(Notice)[0].failure


@pytest.mark.fault("N1")
def test_two_senders_at_once_hand_each_notice_over_once(
    database: Database, vault: Vault, solver: Solver
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    post = a_post(database, vault, solver, visits=6)
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(post.send) for _ in range(4)]
    assert sum(one.result().get("sent", 0) for one in found) == 6
    assert len({one.id for one in post.messenger.tried}) == len(post.messenger.tried) == 6
