"""Life: how people take what they are told, by the real link and page."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.appointments.allowed import Answer
from dispatch.appointments.answer import Answered, ask_again, confirm, refuse
from dispatch.appointments.ask_for_help import ask_for_help
from dispatch.appointments.link import LinkKeys
from dispatch.appointments.move import move
from dispatch.appointments.page import Opened, open_notice
from dispatch.appointments.slots import OfferedSlot, offer_slots
from dispatch.clock import local_date
from dispatch.demo.answers import second_fact
from dispatch.errors import DispatchError
from dispatch.model import Appointment, AppointmentState, Branch, Case, Notice, Visit
from dispatch.store import appointments, notices
from dispatch.store.rows import get_any
from dispatch.twin import people
from dispatch.twin.ledger import Ledger
from dispatch.twin.stage import Stage
from dispatch.twin.world import World

_LATEST_DAYS: Final = 1.5
"""Days after hearing of a visit by which everybody who answers has."""

_NOTHING: Final = "says nothing"
_TRIES: Final = 2
"""Times on offer that somebody tries before giving up, each gone meanwhile."""


@dataclass(slots=True)
class Life:
    """The people of a world, in a branch."""

    stage: Stage
    world: World
    ledger: Ledger
    has_loop: bool = True
    """Whether answers change the plan: else nobody can move, and a yes is only noted."""
    told: Counter[str] = field(default_factory=Counter)
    """How often each person heard of a visit."""
    heard: set[UUID] = field(default_factory=set)
    """Appointments that people have taken in."""
    paying: list[tuple[str, datetime]] = field(default_factory=list)
    """Cases that are about to be paid, and when."""

    def answer(self) -> None:
        """Let everybody who was told and has thought about it do what they do, a transaction each."""
        stage = self.stage
        with stage.database.reading() as session:
            waiting = [
                (notice.id, one.id, self._person(session, one))
                for one in appointments.standing_after(session, stage.branch.id, stage.now)
                if one.state is AppointmentState.OFFERED and one.id not in self.heard
                if (notice := _delivered(session, one)) is not None
            ]
        for notice_id, appointment_id, person in sorted(waiting, key=lambda one: one[2]):
            nth = self.told[person]
            days = self.world.chance.between(0.05, _LATEST_DAYS, person, "thinks", nth)
            with stage.database.reading() as session:
                notice = get_any(session, Notice, notice_id)
                appointment = get_any(session, Appointment, appointment_id)
            assert notice.delivered_at is not None  # noqa: S101  that is how it was chosen
            if stage.now < notice.delivered_at + timedelta(days=days):
                continue
            self.told[person] += 1
            self.heard.add(appointment_id)
            done = self._react(person, nth, notice, appointment)
            self.ledger.on(local_date(people.ZONE, stage.now))[done] += 1

    def _react(self, person: str, nth: int, notice: Notice, appointment: Appointment) -> str:
        """Do what a person does on hearing of a visit, and return it in a word or two."""
        given = {"vault": self.stage.vault, "kind": Answer.HARDSHIP, "words": ""}
        today = local_date(people.ZONE, self.stage.now)
        match self.world.reaction(person, str(nth)):
            case "pays":
                self.paying.append((_case_of(person), self.stage.now))
                self.ledger.settle(person, today, by_visit=False)
                return "pays"
            case "asks_for_help":
                if self._does(notice, ask_for_help, law=self.stage.law, **given):
                    self.ledger.settle(person, today, by_visit=False)
                    return "asks for help"
            case "refuses":
                if self._does(notice, refuse):
                    return "declines"
            case _:
                return self._look(person, nth, notice, appointment)
        return _NOTHING

    def _look(self, person: str, nth: int, notice: Notice, appointment: Appointment) -> str:
        """Look whether the time suits: say yes, or choose another, or leave it open."""
        chance = self.world.chance
        if self.world.is_free(person, appointment.window_from_at, people.ZONE):
            says_yes = chance.happens(self.world.confirms, person, "confirms", nth)
            if says_yes and self._does(notice, confirm):
                self._note(appointment)
                return "confirms"
        elif self.has_loop and chance.happens(self.world.moves, person, "moves", nth):
            return self._move(person, notice, appointment)
        return _NOTHING

    def _move(self, person: str, notice: Notice, appointment: Appointment) -> str:
        for _ in range(_TRIES):
            offers = [
                one
                for one in self._offers(appointment)
                if self.world.is_free(person, one.from_at, people.ZONE)
            ]
            if not offers:
                break
            done = self._does(
                notice,
                move,
                vault=self.stage.vault,
                slot=offers[0].id,
                law=self.stage.law,
                base_url=self.stage.settings.base_url,
            )
            if isinstance(done, Answered):
                self.heard.add(done.appointment.id)
                self._note(done.appointment)
                return "moves"
        given = {"vault": self.stage.vault, "words": ""}
        return "asks for another day" if self._does(notice, ask_again, **given) else _NOTHING

    def _offers(self, appointment: Appointment) -> tuple[OfferedSlot, ...]:
        stage = self.stage
        with stage.database.reading() as session:
            return offer_slots(
                session,
                vault=stage.vault,
                visit=get_any(session, Visit, appointment.visit_id),
                branch=get_any(session, Branch, stage.branch.id),
                law=stage.law,
                roads=stage.planner.roads,
                keys=LinkKeys.of(stage.settings),
                now=stage.now,
            )

    def _note(self, appointment: Appointment) -> None:
        wide = appointment.window_until_at - appointment.window_from_at
        self.ledger.promise(appointment.id, appointment.service_date, width_s=wide.total_seconds())

    def _does(self, notice: Notice, act: Any, **given: Any) -> Any:
        """Open the link's page and do something there; None where it is not open any more."""
        stage, keys = self.stage, LinkKeys.of(self.stage.settings)
        try:
            with stage.database.writing("twin.answer") as session:
                mine = get_any(session, Notice, notice.id)
                page = open_notice(
                    session,
                    vault=stage.vault,
                    notice=mine,
                    second_fact=second_fact(session, stage.vault, mine),
                    keys=keys,
                    law=stage.law,
                    now=stage.now,
                )
                if not isinstance(page, Opened):
                    return None
                return act(
                    session, notice=mine, proof=page.proof, keys=keys, now=stage.now, **given
                )
        except DispatchError:
            return None

    def _person(self, session: Session, appointment: Appointment) -> str:
        return person_of(get_any(session, Case, appointment.case_id).number)


def person_of(case: str) -> str:
    """Return the number of the person whose case it is."""
    return f"P-{case.partition('-')[2]}"


def _case_of(person: str) -> str:
    return f"C-{person.partition('-')[2]}"


def _delivered(session: Session, appointment: Appointment) -> Notice | None:
    found = notices.of_appointment(session, appointment.id)
    return next((one for one in found if one.delivered_at is not None), None)
