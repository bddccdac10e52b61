"""Fifty people who want one slot at the same instant: one gets it, forty-nine are told that it is gone."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final
from uuid import UUID

from sqlmodel import select

from dispatch.appointments import slot_id
from dispatch.appointments.move import move
from dispatch.appointments.slot_id import SlotTerms
from dispatch.appointments.slots import offer_slots
from dispatch.db import Database
from dispatch.errors import DispatchError, SlotTaken
from dispatch.model import Appointment, Commitment, Visit
from dispatch.model.appointment import STANDING
from dispatch.solver.run import Solver
from dispatch.store import appointments
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support.appointments import BASE, KEYS, LAW, Caller, announced, caller_of, send
from tests.support.planning import World, a_world

RIVALS: Final = 50
_AGENTS: Final = 20
_FREE: Final = "free"


@dataclass(frozen=True, slots=True)
class Rival:
    """A person who was told of a visit, its time first told, and the slot that everybody wants."""

    caller: Caller
    home: SlotTerms
    wanted: SlotTerms


@dataclass(frozen=True, slots=True)
class Arena:
    """A branch on whose day everybody wants the same time of the same crew."""

    world: World
    rivals: tuple[Rival, ...]

    def compete(self) -> list[str]:
        """Let everybody choose the slot at once, and return what is wrong; then it is free again."""
        line = threading.Barrier(len(self.rivals))

        def chooses(rival: Rival) -> str:
            slot = self._slot(rival.wanted)
            line.wait(timeout=60)
            return self._outcome(lambda: self._move(rival, slot))

        with ThreadPoolExecutor(len(self.rivals)) as pool:
            came = list(pool.map(chooses, self.rivals))
        winners = [one for one, how in zip(self.rivals, came, strict=True) if how == _FREE]
        odd = sorted({how for how in came if how not in {_FREE, SlotTaken.__name__}})
        wrong = [f"{len(winners)} got the slot"] if len(winners) != 1 else []
        wrong += odd + self._overlaps()
        for winner in winners:
            self._move(winner, self._slot(winner.home))
        return wrong

    def _outcome(self, act: Callable[[], object]) -> str:
        try:
            act()
        except DispatchError as error:
            return type(error).__name__
        return _FREE

    def _move(self, rival: Rival, slot: str) -> None:
        rival.caller.does(move, vault=self.world.vault, slot=slot, law=LAW, base_url=BASE)

    def _slot(self, terms: SlotTerms) -> str:
        """Return the slot as the page offers it now: the crew's other promises are part of it."""
        with self.world.database.reading() as session:
            standing = appointments.standing_of(session, terms.visit_id)
            assert standing is not None
            ground = slot_id.ground_of(
                appointments.standing_with(session, terms.crew_id), terms.visit_id
            )
        current = replace(terms, number=standing.number, ground=ground)
        return slot_id.write(current, KEYS, now=self.world.clock.now())

    def _overlaps(self) -> list[str]:
        """Return agents who are bound twice at a time, and promises that nobody is bound to."""
        with self.world.database.reading() as session:
            bound = session.exec(select(Commitment)).all()
            standing = session.exec(
                select(Appointment).where(Appointment.state.in_(list(STANDING)))
            ).all()
        spans: dict[UUID, list[Commitment]] = {}
        for one in bound:
            spans.setdefault(one.agent_id, []).append(one)
        twice = [
            "an agent is bound twice"
            for ones in spans.values()
            for before, after in pairwise(sorted(ones, key=lambda one: one.from_at))
            if after.from_at < before.until_at
        ]
        held = {one.appointment_id for one in bound}
        return twice + ["nobody is bound" for one in standing if one.id not in held]


def an_arena(database: Database, vault: Vault, solver: Solver, *, rivals: int = RIVALS) -> Arena:
    """Plan a day, tell everybody, and find a time that a crew has free."""
    world = a_world(database, vault, solver, visits=rivals, agents=_AGENTS)
    told = announced(world)
    assert told.count == rivals, told
    send(world)
    wanted = _a_free_slot(world)
    return Arena(world, tuple(_rival(world, visit, wanted) for visit in world.visits))


def _a_free_slot(world: World) -> SlotTerms:
    """Return a slot of a crew at a time that nothing of its day lies near."""
    now = world.clock.now()
    with world.database.reading() as session:
        offers = offer_slots(
            session,
            vault=world.vault,
            visit=find(session, Visit, world.visits[0].id),
            branch=world.branch,
            law=LAW,
            roads=world.planner.roads,
            keys=KEYS,
            now=now,
        )
        assert offers
        return slot_id.read(offers[-1].id, KEYS, now=now)


def _rival(world: World, visit: Visit, wanted: SlotTerms) -> Rival:
    caller = caller_of(world, visit)
    caller.open()
    with world.database.reading() as session:
        told = appointments.standing_of(session, visit.id)
        assert told is not None
        home = SlotTerms(
            visit_id=visit.id,
            number=told.number,
            crew_id=told.crew_id,
            crew_version_id=told.crew_version_id,
            stay_from_at=told.stay_from_at,
            stay_until_at=told.stay_until_at,
            window_from_at=told.window_from_at,
            window_until_at=told.window_until_at,
            ground="",
        )
    return Rival(caller, home, replace(wanted, visit_id=visit.id))
