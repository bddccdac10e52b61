"""Terms: what pack and baseline say, read side by side; the auditor never asks for their meet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from dispatch.policy.pack import BASELINE, Pack, load_pack


@dataclass(frozen=True, slots=True)
class Terms:
    """The packs that bind a day: the branch's own and the baseline."""

    packs: tuple[Pack, ...]

    def each(self, name: str) -> Iterator[Any]:
        """Yield what every pack says of a parameter, where it says something."""
        for pack in self.packs:
            said = pack.get(name)
            if said is not None:
                yield said

    def highest(self, name: str) -> int:
        """Return the largest number that a pack asks for."""
        return max(int(number) for number in self.each(name))

    def lowest(self, name: str) -> int:
        """Return the smallest number that a pack permits."""
        return min(int(number) for number in self.each(name))

    def anyone_asks(self, name: str) -> bool:
        """Whether one of the packs demands it."""
        return any(said is True for said in self.each(name))

    def all_names(self, name: str) -> set[str]:
        """Return every name that a pack lists."""
        return {entry for said in self.each(name) for entry in said}

    def shared_names(self, name: str) -> set[str]:
        """Return the names that every pack lists."""
        return set.intersection(*(set(said) for said in self.each(name)))

    def cite(self, name: str) -> str:
        """Return instrument and article of whoever speaks of a parameter."""
        found = [pack.values[name].source for pack in self.packs if pack.get(name) is not None]
        return "; ".join(f"{s.instrument}, {s.article} [{s.mark}]" for s in found) or "Fairvisit"


def binding(pack: Pack) -> Terms:
    """Return the terms of a day that is planned under a pack."""
    baseline = load_pack(BASELINE)
    return Terms((baseline,) if pack.id == BASELINE else (pack, baseline))


def is_in_force(pack: Pack, on: date) -> bool:
    """Whether a pack is valid on a date."""
    return pack.valid_from <= on and (pack.valid_until is None or on <= pack.valid_until)
