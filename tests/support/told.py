"""A day that is planned and announced, to which every borrower said yes; and its publication."""

from dispatch.appointments.answer import confirm
from dispatch.db import Database
from dispatch.model import Plan, PlanRun
from dispatch.planning.publish import publish
from dispatch.solver.run import Solver
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support.appointments import announce, caller_of, send
from tests.support.planning import World, a_world


def a_told_day(
    database: Database, vault: Vault, solver: Solver, *, visits: int = 3
) -> tuple[World, PlanRun]:
    """Return a day that is planned and announced, and whose borrowers all said yes."""
    world = a_world(database, vault, solver, visits=visits)
    run = world.plan()
    announce(world, run)
    send(world)
    for visit in world.visits:
        caller = caller_of(world, visit)
        caller.open()
        caller.does(confirm)
    return world, run


def published(world: World, run: PlanRun, **given) -> Plan:
    with world.database.writing() as session:
        plan = get_any(session, Plan, run.plan_id, lock=True)
        return publish(
            session,
            plan=plan,
            version=plan.version,
            actor="test",
            now=world.clock.now(),
            account_id=world.manager.id,
            **given,
        )
