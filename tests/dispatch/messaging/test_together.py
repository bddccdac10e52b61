"""Several notices at once: each on record before any call, two of one person never together."""

from threading import Barrier

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.model import (
    Case,
    Incident,
    Notice,
    NoticeState,
    Person,
    SendAttempt,
    SendState,
    Visit,
)
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from tests.dispatch.messaging.test_runner import Post, a_post


class Four(FakeMessenger):
    """Takes four at once, and answers none before it has all of them."""

    at_once = 4

    def __init__(self, post: Post, together: int) -> None:
        super().__init__()
        self.post, self.barrier, self.seen = post, Barrier(together, timeout=20), []

    def send(self, message):
        self.barrier.wait()
        self.seen.append({one.state for one in self.post.rows(SendAttempt)})
        self.barrier.wait()
        return super().send(message)


@pytest.mark.fault("N6", "N1")
def test_those_that_go_together_are_all_on_record_before_the_first_call(
    database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(database, vault, solver, visits=4)
    post.messenger = four = Four(post, 4)
    assert post.send() == {"sent": 4}
    assert four.seen == [{SendState.STARTED}] * 4
    assert len(post.rows(SendAttempt)) == len({one.id for one in four.tried}) == 4


@pytest.mark.fault("N3")
def test_two_notices_of_one_person_never_go_together(
    database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(database, vault, solver, visits=2)
    with database.writing() as session:
        first, second = session.exec(select(Visit).order_by(Visit.id)).all()
        for case in session.exec(select(Case).where(Case.id == second.case_id)):
            case.person_id = first.person_id
        second.person_id = first.person_id
        told = session.exec(select(Notice).where(Notice.visit_id == second.id)).one()
        other = session.exec(select(Notice).where(Notice.visit_id == first.id)).one()
        person = session.get(Person, first.person_id)
        told.person_id, told.contact_point_id = person.id, other.contact_point_id
        vault.write(person, told, "body", vault.read(person, other, "body"))
    post.messenger = Four(post, 1)
    assert post.send() == {"sent": 1}
    assert post.states() == [NoticeState.CHECKED, NoticeState.SENT]


def test_a_notice_that_can_not_be_made_ready_holds_up_no_other_and_somebody_looks(
    database: Database, vault: Vault, solver: Solver
) -> None:
    post = a_post(database, vault, solver, visits=4)
    with database.writing() as session:
        broken = session.exec(select(Notice)).first()
        broken.body_sealed = b"not what was sealed"
    post.messenger = Four(post, 3)
    assert post.send() == {"put off": 1, "sent": 3}
    assert post.send() == {}
    assert [one.kind for one in post.rows(Incident)] == ["notice-unready"]
