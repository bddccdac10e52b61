"""The page of whom to tell: number, words and deadline; told is proof, and it is on record who looked."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.model import ContactPoint, ContactStatus, Evidence, Notice, NoticeState, Visit
from dispatch.model import VisitState as S
from tests.support.appointments import announced
from tests.support.planning import a_world
from tests.support.web import a_web


@pytest.fixture
def unreached(sqlite_database, vault, solver, quick_passwords):
    """A manager's browser at a day announced to people of whom no address is held to be right."""
    world = a_world(sqlite_database, vault, solver, visits=2)
    with sqlite_database.writing() as session:
        for point in session.exec(select(ContactPoint)):
            point.status = ContactStatus.DOUBTFUL
    announced(world)
    world.clock.advance(timedelta(hours=2))
    with a_web(world, quick_passwords) as web:
        yield web.sign_in(world.manager)


def test_the_page_tells_whom_to_call_and_a_click_is_the_proof(unreached) -> None:
    web = unreached
    page = web.get("/desk", branch=web.world.branch.id)
    assert page.status_code == 200
    assert "Person " in page.text
    assert 'href="tel:+' in page.text
    with web.world.database.reading() as session:
        looked = session.exec(select(Evidence).where(Evidence.kind.startswith("read."))).all()
        waiting = session.exec(select(Notice).where(Notice.state == NoticeState.CHECKED)).all()
    assert len({one.case_id for one in looked}) >= len(waiting) > 0
    web.post("/desk/telling", notice=waiting[0].id, result="told")
    with web.world.database.reading() as session:
        told = session.get(Notice, waiting[0].id)
        assert (told.state, told.delivered_proof) == (NoticeState.DELIVERED, "personal")
        assert session.get(Visit, told.visit_id).state is S.NOTICED
    web.post("/desk/telling", notice=waiting[1].id, result="not_reached")
    with web.world.database.reading() as session:
        assert session.get(Notice, waiting[1].id).state is NoticeState.CHECKED


def test_a_message_in_doubt_is_cleared_up_by_a_person(unreached) -> None:
    web = unreached
    with web.world.database.writing() as session:
        notice = session.exec(select(Notice)).first()
        notice.state = NoticeState.UNKNOWN
        notice_id = notice.id
    assert "Messages in doubt" in web.get("/desk", branch=web.world.branch.id).text
    web.post("/desk/clearing", notice=notice_id, left="true")
    with web.world.database.reading() as session:
        assert session.get(Notice, notice_id).state is NoticeState.SENT
