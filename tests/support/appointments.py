"""A planned day that has been announced, and what borrowers then do."""

from dispatch.appointments.announce import Announced, announce_plan
from dispatch.model import Plan, PlanRun
from dispatch.policy.pack import effective, load_pack
from dispatch.store.rows import find
from tests.support.planning import World

BASE = "http://127.0.0.1:8000"
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


def announced(world: World) -> Announced:
    """Plan and announce the world's day."""
    return announce(world, world.plan())
