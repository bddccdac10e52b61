"""The stochastic world: who lives in it, when they are at home, and how they take a notice or a visit.

Nobody is modelled as better or worse: shares and rhythms are assumptions, written here in one place,
and a report names them. A person's hours at home depend on their rhythm of work alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from dispatch.clock import local_date, local_time
from dispatch.twin.chance import Chance

RHYTHMS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"works by day": (0.30, 0.45), "works in shifts": (0.55, 0.30), "at home": (0.85, 0.25)}
)
"""Probability of being at home on a part of a working day, and the rhythm's share of people."""

EVENING_MORE: Final = 0.35
"""How much likelier who works by day is at home from 17 o'clock on, and on Saturdays."""

_EVENING: Final = 17
_PARTS: Final = (12, 14, _EVENING)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is random, and how much.

    Parameters
    ----------
    seed
        Of every draw.
    travel_cv, service_cv
        Standard deviation over mean of ways and stays.
    cases_a_day
        New cases on each working day.
    reached
        Share of messages that arrive.
    pays, asks_for_help, refuses
        What people do on hearing of a visit, whenever it is.
    confirms, moves
        What those do whom the time suits, and those whom it does not; the others keep silent.
    no_shows
        Share of people who are out at a time to which they had said yes.
    sick
        Share of agents who fall ill on a day.
    """

    seed: int
    travel_cv: float = 0.2
    service_cv: float = 0.2
    cases_a_day: int = 12
    reached: float = 0.97
    pays: float = 0.05
    asks_for_help: float = 0.04
    refuses: float = 0.04
    confirms: float = 0.65
    moves: float = 0.50
    no_shows: float = 0.05
    sick: float = 0.01
    promises_kept: float = 0.75
    chance: Chance = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chance", Chance(self.seed))

    def is_free(self, person: str, at: datetime, zone: str) -> bool:
        """Whether a person is at home and has time then: settled for each part of each day."""
        on, part = local_date(zone, at), part_of(local_time(zone, at).hour)
        return self.chance.happens(self._home(person, on, part), person, "free", str(on), part)

    def is_there(self, person: str, at: datetime, zone: str, *, said_yes: bool) -> bool:
        """Whether a crew that rings finds a person: who said yes may be out all the same."""
        if not said_yes:
            return self.is_free(person, at, zone)
        return not self.chance.happens(self.no_shows, person, "is out", str(local_date(zone, at)))

    def reaction(self, person: str, appointment: str) -> str:
        """Return what a person does on hearing of a visit, whenever it is: pays, asks_for_help, refuses, or looks."""
        shares = {"pays": self.pays, "asks_for_help": self.asks_for_help, "refuses": self.refuses}
        rest = {"looks": 1.0 - sum(shares.values())}
        return self.chance.pick({**shares, **rest}, person, "reacts", appointment)

    def outcome(self, person: str, nth: int) -> str:
        """Return what comes of a talk: the code of the report."""
        return self.chance.pick(TALKS, person, "talk", nth)

    def _home(self, person: str, on: date, part: int) -> float:
        shares = {name: share for name, (_, share) in RHYTHMS.items()}
        rhythm = self.chance.pick(shares, person, "rhythm")
        home = RHYTHMS[rhythm][0]
        if rhythm == "works by day" and (part == len(_PARTS) or on.weekday() == _SATURDAY):
            home += EVENING_MORE
        return home


TALKS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "PTP": 0.40,
        "PLAN_REQUEST": 0.20,
        "HARDSHIP": 0.10,
        "DECLINED_TALK": 0.12,
        "REFUSED_PAY": 0.10,
        "STOP_VISITS": 0.04,
        "DISPUTE": 0.03,
        "COMPLAINT": 0.01,
    }
)
"""What comes of talks."""

SETTLED: Final = frozenset({"PTP", "PLAN_REQUEST", "HARDSHIP"})
"""Talks after which both sides know how it goes on."""


def part_of(hour: int) -> int:
    """Return the part of the day: 0 before noon, 1 over noon, 2 in the afternoon, 3 in the evening."""
    return sum(hour >= begin for begin in _PARTS)
