"""Contact caps bind whoever makes contact: messages wait, calls are not listed; all that was counts."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from dispatch.appointments.withdraw import withdraw
from dispatch.db import Database
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.messaging.desk import to_tell
from dispatch.messaging.runner import send_due
from dispatch.model import (
    Branch,
    ContactAttempt,
    ContactChannel,
    ContactPoint,
    ContactResult,
    ContactStatus,
    Notice,
    NoticeKind,
    NoticeState,
    TakenBack,
    Visit,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from dispatch.vault import Vault
from tests.dispatch.policy.test_pack import HEAD, entry
from tests.support import builders as make
from tests.support.appointments import announced
from tests.support.planning import World, a_world

DAY = timedelta(days=1)


class Post:
    """One announced visit, and a pack with a cap on contacts in force from now on."""

    def __init__(
        self, database: Database, vault: Vault, solver: Solver, folder: Path, caps: str
    ) -> None:
        (folder / "own.yaml").write_text(HEAD + entry("contact.caps", caps), "utf-8")
        self.world: World = a_world(database, vault, solver, visits=1)
        self.folder, self.messenger = folder, FakeMessenger()
        announced(self.world)
        with database.writing() as session:
            branch = get_any(session, Branch, self.world.branch.id)
            branch.pack_id = "own"
            session.add(branch)
        self.world.clock.advance(timedelta(minutes=1))

    def contacted(self, channel: ContactChannel, *, ago: timedelta, times: int = 1) -> None:
        """Note that another agency reached for the person about another loan."""
        with self.world.database.writing() as session:
            vault = self.world.vault
            person_id = self.world.visits[0].person_id
            branch, lender = make.a_branch(session, vault), make.a_lender(session)
            case = make.a_case(session, vault, branch, lender, attempts=0)
            case.person_id = person_id
            for number in range(times):
                session.add(
                    ContactAttempt(
                        branch_id=branch.id,
                        lender_id=lender.id,
                        case_id=case.id,
                        person_id=person_id,
                        number=f"other-{channel}-{number}",
                        channel=channel,
                        result=ContactResult.NONE,
                        occurred_at=self.world.clock.now() - ago,
                        recorded_at=self.world.clock.now(),
                    )
                )

    def send(self) -> dict[str, int]:
        return dict(
            send_due(
                self.world.database,
                vault=self.world.vault,
                messenger=self.messenger,
                clock=self.world.clock,
                settings=Settings(_env_file=None, pack_folder=self.folder),
            )
        )

    def calls(self) -> list[Notice]:
        with self.world.database.reading() as session:
            law = effective(load_pack("own", self.folder))
            scope, now = Scope.everything(), self.world.clock.now()
            return to_tell(session, scope, self.world.branch.id, law=law, now=now)


REMOTE = "[{scope: person, of: remote, most: 2, days: 2}]"


@pytest.mark.fault("V2")
def test_a_message_waits_for_a_day_that_has_room_whoever_made_the_other_contacts(
    database: Database, vault: Vault, solver: Solver, tmp_path: Path
) -> None:
    post = Post(database, vault, solver, tmp_path, REMOTE)
    post.contacted(ContactChannel.PHONE, ago=timedelta(minutes=30))
    post.contacted(ContactChannel.SMS, ago=DAY)

    assert post.send() == {"later": 1}
    assert post.messenger.tried == []

    post.world.clock.advance(DAY)
    assert post.send() == {"sent": 1}
    with database.reading() as session:
        assert session.exec(select(Notice)).one().sent_at == post.world.clock.now()


@pytest.mark.parametrize(
    ("caps", "channel", "is_free"),
    [
        (REMOTE, ContactChannel.VISIT, True),
        (REMOTE.replace("person", "case"), ContactChannel.PHONE, True),
        ("[{scope: person, of: calls, most: 1, days: 7}]", ContactChannel.PHONE, True),
        ("[{scope: person, of: all, most: 3, days: 30}]", ContactChannel.LETTER, False),
    ],
    ids=["knocks", "another loan", "calls", "all"],
)
def test_what_a_cap_counts(
    sqlite_database: Database,
    vault: Vault,
    solver: Solver,
    tmp_path: Path,
    caps: str,
    channel: ContactChannel,
    is_free: bool,
) -> None:
    post = Post(sqlite_database, vault, solver, tmp_path, caps)
    post.contacted(channel, ago=timedelta(minutes=30), times=2)
    assert ("sent" in post.send()) is is_free


def test_a_message_without_a_day_that_has_room_expires_and_says_why(
    sqlite_database: Database, vault: Vault, solver: Solver, tmp_path: Path
) -> None:
    post = Post(sqlite_database, vault, solver, tmp_path, REMOTE.replace("days: 2", "days: 30"))
    post.contacted(ContactChannel.EMAIL, ago=timedelta(minutes=1), times=2)
    assert post.send() == {"expired": 1}
    with sqlite_database.reading() as session:
        notice = session.exec(select(Notice)).one()
    assert (notice.state, notice.failure) == (
        NoticeState.EXPIRED,
        "no moment is left at which it may be sent",
    )


def test_nobody_is_asked_to_call_a_person_who_was_called_often_enough(
    sqlite_database: Database, vault: Vault, solver: Solver, tmp_path: Path
) -> None:
    caps = "[{scope: person, of: calls, most: 2, days: 2}]"
    post = Post(sqlite_database, vault, solver, tmp_path, caps)
    with sqlite_database.writing() as session:
        for point in session.exec(select(ContactPoint)):
            point.status = ContactStatus.DOUBTFUL
        session.exec(select(Notice)).one().channel = "phone_desk"
    assert len(post.calls()) == 1

    post.contacted(ContactChannel.PHONE, ago=timedelta(minutes=1), times=2)
    assert post.calls() == []

    post.world.clock.advance(2 * DAY)
    assert len(post.calls()) == 1


def test_whoever_waits_for_a_visit_is_told_that_none_will_come(
    sqlite_database: Database, vault: Vault, solver: Solver, tmp_path: Path
) -> None:
    post = Post(sqlite_database, vault, solver, tmp_path, REMOTE)
    assert post.send() == {"sent": 1}
    post.contacted(ContactChannel.PHONE, ago=timedelta(0), times=5)
    with sqlite_database.writing() as session:
        visit = get_any(session, Visit, post.world.visits[0].id)
        withdraw(
            session,
            visit=visit,
            vault=vault,
            law=effective(load_pack("own", tmp_path)),
            base_url="http://127.0.0.1:8000",
            reason=TakenBack.CREW_AWAY,
            actor="test",
            now=post.world.clock.now(),
        )
    assert post.send() == {"sent": 1}
    with sqlite_database.reading() as session:
        kinds = {one.kind for one in session.exec(select(Notice))}
    assert kinds & {NoticeKind.APOLOGY, NoticeKind.CANCELLATION}
