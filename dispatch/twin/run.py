"""Run a world under a policy, day after day, through the real code."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dispatch.clock import SetClock, local_date
from dispatch.db import Database
from dispatch.gateways.message import Message
from dispatch.ids import repeating
from dispatch.model import Absence, AbsenceReason, ImportKind
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.store.agents import agents_of
from dispatch.twin import people
from dispatch.twin.ledger import Ledger
from dispatch.twin.life import Life
from dispatch.twin.people import at
from dispatch.twin.policies import Policy
from dispatch.twin.road import Road
from dispatch.twin.stage import HORIZON_DAYS, Stage
from dispatch.twin.world import World

FIRST: Final = date(2026, 3, 2)
"""The first day: a Monday, with no long holiday in the weeks after it."""

ITERATIONS: Final = 1000
"""Steps of each search: days of three crews are small, and there are hundreds of them."""

_LUNCH, _EVENING = (12, 30), (17, 30)
_SUNDAY: Final = 6

type OnDay = Callable[[int, int], None]
"""Told the number of days that are over, and of all."""


@dataclass(slots=True)
class Twin:
    """A branch, its people and its streets, on their way through the days."""

    stage: Stage
    world: World
    ledger: Ledger
    life: Life
    road: Road
    cases: int = 0
    payments: int = 0

    def day(self, on: date) -> None:
        """Live a day from its morning to the night's plans."""
        is_open = on.weekday() != _SUNDAY
        self.ledger.on(on)
        self._morning(on, is_open=is_open)
        self._drive(on, *_LUNCH)
        self._ask(on)
        self._drive(on, *_EVENING)
        self.life.answer()  # what that changes is planned with the night
        self.road.drive(on, at(on, 23))
        self.road.home(on)
        self._broken(on)
        self.stage.clock.at = max(self.stage.now, at(on, 19, 1))
        self.stage.plan_night(on)
        self.stage.clock.at = max(self.stage.now, at(on, 20, 1))
        self.stage.publish(on)

    def _morning(self, on: date, *, is_open: bool) -> None:
        stage = self.stage
        stage.clock.at = at(on, 8)
        self._pay(on)
        if is_open:
            self._fall_ill(on)
            self._bring_in(on)
        stage.sweep()
        stage.approve()
        stage.plan()
        stage.clock.at = at(on, 9, 5)
        self._send(on)

    def _bring_in(self, on: date) -> None:
        numbers = range(self.cases + 1, self.cases + 1 + self.world.cases_a_day)
        self.cases += self.world.cases_a_day
        rows = people.case_rows(numbers, chance=self.world.chance, today=on)
        self.stage.bring_in(ImportKind.CASES, rows)
        self.stage.bring_in(ImportKind.ATTEMPTS, people.attempt_rows(numbers, today=on))

    def _pay(self, on: date) -> None:
        """Take in what was paid since yesterday, and what was promised for by now and kept."""
        now = self.stage.now
        due = [case for case, when in self.life.paying if when < now]
        self.life.paying = [one for one in self.life.paying if one[1] >= now]
        kept = [
            case
            for case, when in self.road.promised
            if when <= now and self.world.chance.happens(self.world.promises_kept, case, "keeps")
        ]
        self.road.promised = [one for one in self.road.promised if one[1] > now]
        rows = []
        for case, amount in [(one, 9_000_000) for one in due] + [(one, 60_000) for one in kept]:
            self.payments += 1
            number = f"R-{self.payments:05d}"
            rows.append(people.payment_row(number, case, amount, on - timedelta(days=1)))
        if rows:
            self.stage.bring_in(ImportKind.PAYMENTS, rows)

    def _fall_ill(self, on: date) -> None:
        with self.stage.database.writing("twin.absence") as session:
            for agent in agents_of(session, self.stage.branch.id):
                if self.world.chance.happens(self.world.sick, agent.number, "ill", str(on)):
                    session.add(
                        Absence(
                            branch_id=self.stage.branch.id,
                            agent_id=agent.id,
                            from_at=at(on, 0),
                            until_at=at(on, 23, 59),
                            reason=AbsenceReason.SICK,
                            recorded_by="twin",
                        )
                    )

    def _drive(self, on: date, hour: int, minute: int) -> None:
        self.road.drive(on, at(on, hour, minute))
        self.stage.clock.at = max(self.stage.now, at(on, hour, minute))

    def _ask(self, on: date) -> None:
        """Let people answer, follow them up, and send what is to be sent."""
        self.life.answer()
        self.stage.sweep()
        self.stage.plan()
        self._send(on)

    def _send(self, on: date) -> None:
        before = len(self.stage.messenger.sent)
        chance, reached = self.world.chance, self.world.reached
        sent = self.stage.messenger.sent
        self.stage.send(lambda name: chance.happens(reached, "arrives", _to(sent, name), str(on)))
        self.ledger.on(on)["messages"] += len(sent) - before

    def _broken(self, on: date) -> None:
        """Count the promises of the day for which nobody came, by whose doing that was."""
        for key, day in list(self.ledger.standing.items()):
            if day <= on:
                self.ledger.close(key, self.stage.ending_of(key))


def _to(sent: Sequence[Message], name: str) -> str:
    return next(one.to for one in reversed(sent) if one.id == name)


def live(
    world: World,
    policy: Policy,
    *,
    days: int,
    crews: int = 3,
    solver: Solver | None = None,
    on_day: OnDay | None = None,
) -> Ledger:
    """Return what came of so many days of a world under a policy.

    Parameters
    ----------
    solver
        A warm one to use; None starts one of the policy's kind and ends it.

    The same world and policy give the same ledger, on any machine.
    """
    with ExitStack() as stack:
        stack.enter_context(repeating(world.seed))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="fairvisit-twin-")))
        if solver is None:
            solver = policy.solver()
            stack.callback(solver.close)
        stage = Stage(
            settings=Settings(
                _env_file=None, plan_iterations=ITERATIONS, plan_polish_share=0, plan_threads=1
            ),
            database=Database(f"sqlite:///{folder / 'twin.db'}"),
            solver=solver,
            clock=SetClock(at(FIRST, 7)),
        )
        stack.callback(stage.close)
        dates = people.working_dates(FIRST, days + HORIZON_DAYS + 1)
        stage.open(crews=crews, dates=dates, refills=policy.refills)
        ledger = Ledger()
        twin = Twin(
            stage=stage,
            world=world,
            ledger=ledger,
            life=Life(stage, world, ledger, has_loop=policy.has_loop),
            road=Road(stage, world, ledger),
        )
        for number, on in enumerate(dates[:days], start=1):
            twin.day(on)
            if on_day is not None:
                on_day(number, days)
        assert local_date(people.ZONE, stage.now) >= dates[days - 1]  # noqa: S101
        return ledger
