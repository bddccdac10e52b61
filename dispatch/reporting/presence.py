"""Whether what is reckoned of people being at home is as true of one group as of another.

For each group the chance that planning reckons with is held against what was seen. Where the two are
far apart, times are chosen worse for these people than for others, and somebody should look.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Branch, Person
from dispatch.solver.presence import Presence, presence_of, segment_of
from dispatch.store import presence as store
from dispatch.store.presence import Sight
from dispatch.store.rows import get_many
from dispatch.vault import Vault

FEW: Final = 30
"""Calls below which nothing is said of a group."""

APART: Final = 0.10
"""By how much what was reckoned and what was seen may differ."""

_OLD: Final = 60
_YOUNG: Final = 30


@dataclass(frozen=True, slots=True)
class Group:
    """A group, how often its people were called on, and the shares reckoned with and seen."""

    name: str
    calls: int
    reckoned: float
    seen: float

    @property
    def is_apart(self) -> bool:
        """Whether enough was seen to say that the two differ."""
        return self.calls >= FEW and abs(self.reckoned - self.seen) > APART


def presence_report(
    session: Session, *, vault: Vault, branch: Branch, now: datetime
) -> tuple[Presence, tuple[Group, ...]]:
    """Return what a branch has seen of late, and how true it is of languages, ages and places."""
    seen = store.sights(session, branch.id, now - store.LOOKS_BACK)
    presence = presence_of(seen, branch.time_zone)
    people = get_many(session, Person, {one.person_id for one in seen})
    year = local_date(branch.time_zone, now).year
    groups: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one in seen:
        chance = presence.chance(segment_of(one, branch.time_zone))
        for name in _groups(vault, people[one.person_id], one, year):
            groups[name].append((chance, one.is_met))
    return presence, tuple(
        Group(
            name=name,
            calls=len(told),
            reckoned=sum(chance for chance, _ in told) / len(told),
            seen=sum(is_met for _, is_met in told) / len(told),
        )
        for name, told in sorted(groups.items())
    )


def _groups(vault: Vault, person: Person, one: Sight, year: int) -> Iterator[str]:
    yield f"language {person.language or 'unknown'}"
    yield f"place {one.place_kind}"
    born = vault.read(person, person, "birth_year") if person.data_key is not None else None
    if born is not None:
        age = year - int(born)
        yield f"age {'under 30' if age < _YOUNG else 'from 60' if age >= _OLD else '30 to 59'}"
