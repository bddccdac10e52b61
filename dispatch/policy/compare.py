"""Compare: a pack's values as rows to read, and what differs between two packs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.policy.pack import Pack, Value
from dispatch.policy.parameters import PARAMETERS

_HEAD = ("version", "jurisdiction", "calendar", "valid_from", "valid_until", "review_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value of a pack, with its source."""

    parameter: str
    product: str | None
    """The class of products that it binds; None: all of them."""
    value: Any
    binds: bool
    mark: str
    force: str
    instrument: str
    article: str
    url: str | None
    version: str
    review_on: str
    relaxable_by: str
    pack_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where two packs say different things; None where one is silent."""

    parameter: str
    product: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    is_switched_on: bool = False
    """Something that was only known, or not found, binds from now on."""


def lines(pack: Pack) -> tuple[Line, ...]:
    """Return every value of a pack, in the order of the closed list, classes last."""
    layers: list[tuple[str | None, Mapping[str, Value]]] = [(None, pack.values)]
    layers += pack.classes.items()
    return tuple(
        _line(name, product, layer[name])
        for product, layer in layers
        for name in PARAMETERS
        if name in layer
    )


def differences(before: Pack, after: Pack) -> tuple[Difference, ...]:
    """Return what differs between two packs: dates and signature first, then each value."""
    found = [
        Difference(
            parameter=name,
            product=None,
            before={"value": _plain(getattr(before, name))},
            after={"value": _plain(getattr(after, name))},
        )
        for name in (*_HEAD, "signed_by")
        if getattr(before, name) != getattr(after, name)
    ]
    old = {(line.parameter, line.product): line for line in lines(before)}
    new = {(line.parameter, line.product): line for line in lines(after)}
    for key in dict.fromkeys([*old, *new]):
        one, other = _told(old.get(key)), _told(new.get(key))
        if one != other:
            found.append(
                Difference(
                    parameter=key[0],
                    product=key[1],
                    before=one,
                    after=other,
                    is_switched_on=_is_switched(old.get(key), new.get(key)),
                )
            )
    return tuple(found)


def _line(name: str, product: str | None, value: Value) -> Line:
    source = value.source
    return Line(
        parameter=name,
        product=product,
        value=value.raw,
        binds=value.is_in_force,
        mark=source.mark,
        force=source.force,
        instrument=source.instrument,
        article=source.article,
        url=source.url,
        version=source.version,
        review_on=source.review_on.isoformat(),
        relaxable_by=source.relaxable_by,
        pack_id=source.pack_id,
    )


def _told(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    kept = ("value", "binds", "mark", "force", "instrument", "article", "url", "version")
    return {name: getattr(line, name) for name in (*kept, "review_on", "relaxable_by")}


def _is_switched(before: Line | None, after: Line | None) -> bool:
    return _rests_on_a_switch(after) and not _rests_on_a_switch(before)


def _rests_on_a_switch(line: Line | None) -> bool:
    return line is not None and line.binds and line.mark in {"K", "N"}


def _plain(said: Any) -> Any:
    return said if said is None or isinstance(said, str) else str(said)
