"""Terms: what pack and baseline say, read side by side; the auditor never asks for their meet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.policy.facts import RelaxationFacts, VisitFacts
from dispatch.policy.pack import BASELINE, Pack, Value, load_pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When and where a stay is looked at, for what was relaxed for it."""

    zone: ZoneInfo | None
    on: date
    told_at: datetime
    left_at: datetime | None
    """When the crew left, on an executed day."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The layers that bind a stay: the branch's own pack, the baseline, the loan's class."""

    layers: tuple[Mapping[str, Value], ...]
    classes: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    def each(self, name: str) -> Iterator[Any]:
        """Yield what every layer says of a parameter, where it says something that binds."""
        for value in self._binding(name):
            yield value.raw

    def highest(self, name: str, otherwise: int = 0) -> int:
        """Return the largest number that a layer asks for."""
        return max((int(number) for number in self.each(name)), default=otherwise)

    def lowest(self, name: str) -> int:
        """Return the smallest number that a layer permits."""
        return min(int(number) for number in self.each(name))

    def anyone_asks(self, name: str) -> bool:
        """Whether one of the layers demands it."""
        return any(said is True for said in self.each(name))

    def all_names(self, name: str) -> set[str]:
        """Return every name that a layer lists."""
        return {entry for said in self.each(name) for entry in said}

    def shared_names(self, name: str) -> set[str]:
        """Return the names that every layer lists."""
        return set.intersection(*(set(said) for said in self.each(name)))

    def cite(self, name: str) -> str:
        """Return instrument and article of whoever speaks of a parameter."""
        found = [value.source for value in self._binding(name)]
        return "; ".join(f"{s.instrument}, {s.article} [{s.mark}]" for s in found) or "Fairvisit"

    def of(self, visit: VisitFacts, when: "Moment") -> "Terms":
        """Return the terms of one visit: its class of products, and what was relaxed for it."""
        known = visit.product is not None and visit.product in self.classes
        more = [
            layer for name, layer in self.classes.items() if not known or name == visit.product
        ]
        given = [one for one in visit.relaxations if _counts(one, visit, when)]
        if not more and not given:
            return self
        layers = [part for layer in (*self.layers, *more) for part in _loosened(layer, given)]
        return replace(self, layers=tuple(layers))

    def _binding(self, name: str) -> Iterator[Value]:
        for layer in self.layers:
            value = layer.get(name)
            if value is not None and value.is_in_force and value.raw is not None:
                yield value


def binding(pack: Pack) -> Terms:
    """Return the terms of a day that is planned under a pack."""
    baseline = load_pack(BASELINE).values
    layers = (baseline,) if pack.id == BASELINE else (pack.values, baseline)
    return Terms(layers, pack.classes)


def is_in_force(pack: Pack, on: date) -> bool:
    """Whether a pack is valid on a date."""
    return pack.valid_from <= on and (pack.valid_until is None or on <= pack.valid_until)


def _counts(one: RelaxationFacts, visit: VisitFacts, when: Moment) -> bool:
    """Whether a relaxation is given, confirmed by a second person, and lasts through the date."""
    if None in {one.first_by, one.second_by, one.decided_at} or one.first_by == one.second_by:
        return False
    if max(one.given_at, one.decided_at or one.given_at) > when.told_at or when.zone is None:
        return False
    # What was revoked after the crew had left was in force while it was there.
    revoked = one.revoked_at
    if revoked is not None and (when.left_at is None or revoked <= when.left_at):
        return False
    midnight = datetime.combine(when.on + timedelta(days=1), time.min, when.zone)
    lasts = one.until_at is None or one.until_at >= midnight
    return lasts and one.case_id in {None, visit.case_id}


def _loosened(
    layer: Mapping[str, Value], given: Sequence[RelaxationFacts]
) -> Iterator[Mapping[str, Value]]:
    """Yield a layer with what its own `relaxable_by` lets someone replace; all they say binds."""
    loose = dict(layer)
    for name, value in layer.items():
        said = [
            replace(value, raw=one.value)
            for one in given
            if one.parameter == name and one.given_by == value.source.relaxable_by != "nobody"
        ]
        for number, other in enumerate(said):
            if number == 0:
                loose[name] = other
            else:
                yield {name: other}
    yield loose
