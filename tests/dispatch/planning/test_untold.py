"""A visit of which nobody could be told is planned anew, bound by nothing that its notice said."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.appointments.withdraw import withdraw
from dispatch.db import Database
from dispatch.model import Appointment, Incident, Notice, NoticeState, Stop, TakenBack
from dispatch.solver.run import Solver
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support.appointments import BASE, LAW, announced
from tests.support.planning import a_world


@pytest.mark.parametrize("never", [NoticeState.SUPPRESSED, NoticeState.FAILED])
def test_a_notice_that_never_left_binds_no_later_plan(
    sqlite_database: Database, vault: Vault, solver: Solver, never: NoticeState
) -> None:
    world = a_world(sqlite_database, vault, solver, visits=1)
    announced(world)
    now = world.clock.now()
    with sqlite_database.writing() as session:
        notice = session.exec(select(Notice)).one()
        notice.move_to(never, actor="test", now=now)
        session.add(notice)
        withdraw(
            session,
            vault=vault,
            visit=world.visits[0],
            reason=TakenBack.NOT_PROVEN,
            law=LAW,
            base_url=BASE,
            actor="test",
            now=now,
        )
        # As if it had been for another hour, so that a plan bound by it can't pass the audit.
        old = get_any(session, Appointment, notice.appointment_id)
        old.window_from_at += timedelta(hours=5)
        old.window_until_at += timedelta(hours=5)
        session.add(old)
    run = world.plan()
    with sqlite_database.reading() as session:
        stops = session.exec(select(Stop).where(Stop.plan_id == run.plan_id)).all()
        assert session.exec(select(Incident)).all() == []
    assert [stop.visit_id for stop in stops] == [world.visits[0].id]
    assert stops[0].window_from_at <= stops[0].arrive_at < stops[0].window_until_at
