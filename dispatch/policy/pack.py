"""Policy packs: stated rules as data, each value with its source; loaded, intersected, refused.

A pack says what its instrument says; `effective` intersects it with the baseline that is compiled
in, the stricter value winning. The product checks plans against stated rules: that is no legal
advice.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache, reduce
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, Final

from dispatch.errors import PackInvalid
from dispatch.policy.envelope import read_yaml, schema_issues
from dispatch.policy.parameters import PARAMETERS

BASELINE: Final = "baseline"


class Mark(StrEnum):
    """How well a value is founded: found, second-hand, known, looked for in vain, proposed."""

    FOUND = "F"
    SECOND_HAND = "F2"
    KNOWN = "K"
    NOT_FOUND = "N"
    PROPOSED = "P"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value comes from, and who may relax it."""

    pack_id: str
    instrument: str
    article: str
    url: str | None
    version: str
    mark: Mark
    force: str
    review_on: date
    relaxable_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One parameter of a pack, as the YAML says it, with its source."""

    raw: Any
    source: Source
    is_in_force: bool
    switched_on: date | None = None
    """For what is only known: the date from which someone answers for it by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The counsel who signed a pack, and when."""

    name: str
    signed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The stated rules of one jurisdiction."""

    id: str
    version: str
    title: Mapping[str, str]
    jurisdiction: str
    calendar: str | None
    valid_from: date
    valid_until: date | None
    review_on: date
    signed_by: Signature | None
    values: Mapping[str, Value]
    fingerprint: str
    """SHA-256 of the content, for the record of a plan."""
    classes: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    """What binds a class of products beside `values`; a product of none of them: all of it."""
    is_own: bool = False
    """Whether it came from the lender's own folder, where two persons have to have adopted it."""
    layers: tuple[Mapping[str, Value], ...] = ()
    """What an effective pack was intersected from, each layer as it is written."""

    def get(self, name: str) -> Any:
        """Return a parameter's value; None where the pack is silent or the value is not in force."""
        value = self.values.get(name)
        return value.raw if value is not None and value.is_in_force else None

    def __getitem__(self, name: str) -> Any:
        """Return a parameter's value.

        Raises
        ------
        PackInvalid
            If the pack does not say it.
        """
        found = self.get(name)
        if found is None:
            msg = f"The pack {self.id} says nothing of {name}; ask for it after `effective`."
            raise PackInvalid(msg)
        return found

    def source(self, name: str) -> Source | None:
        """Return where a value that is in force comes from."""
        value = self.values.get(name)
        return value.source if value is not None and value.is_in_force else None


def load_pack(pack_id: str, folder: Path | None = None) -> Pack:
    """Return a pack by its id: from `folder` first, else from those that ship with Fairvisit.

    The baseline always comes from the program itself.

    Raises
    ------
    PackInvalid
        If there is no such pack, or it is malformed; every issue is listed.
    """
    return _load(pack_id, folder)


def pack_text(pack_id: str, folder: Path | None = None) -> str:
    """Return a pack's YAML text: from `folder` first, else of those that ship with Fairvisit.

    Raises
    ------
    PackInvalid
        If there is no such pack.
    """
    own = _own_file(pack_id, folder)
    if own is not None:
        return own.read_text("utf-8")
    shipped = resources.files("dispatch.policy").joinpath("packs", f"{pack_id}.yaml")
    if not _is_plain(pack_id) or not shipped.is_file():
        msg = f"There is no policy pack {pack_id!r}; set the branch to one that is there."
        raise PackInvalid(msg)
    return shipped.read_text("utf-8")


def shipped_packs() -> tuple[str, ...]:
    """Return the ids of the packs that ship with Fairvisit, the baseline among them."""
    folder = resources.files("dispatch.policy").joinpath("packs")
    names = (file.name for file in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def read_pack(text: str, *, name: str = "pack") -> Pack:
    """Return the pack that a YAML text says.

    Raises
    ------
    PackInvalid
        If it is no YAML or does not fit the schema; every issue is listed.
    """
    content = read_yaml(text, name=name)
    issues = [*schema_issues(content)]
    if issues:
        msg = f"The policy pack {name} is malformed: {issues[0]} Mend it and lint it again."
        raise PackInvalid(msg, issues=issues)
    return _build(content)


def effective(pack: Pack) -> Pack:
    """Return the pack intersected with the baseline: for each parameter the stricter value."""
    baseline = load_pack(BASELINE)
    if pack.id == BASELINE:
        return baseline
    layers = (pack.values, baseline.values)
    values = {name: strictest(name, [layer.get(name) for layer in layers]) for name in PARAMETERS}
    return replace(
        pack,
        values={name: value for name, value in values.items() if value is not None},
        layers=layers,
        fingerprint=sha256(f"{pack.fingerprint}\n{baseline.fingerprint}".encode()).hexdigest(),
    )


def strictest(name: str, stated: Iterable[Value | None]) -> Value | None:
    """Return the stricter of what each layer states of a parameter; None where all are silent."""
    live = [value for value in stated if value is not None and value.is_in_force]
    if not live:
        return None
    return reduce(lambda first, second: _stricter(name, first, second), live)


@cache
def _load(pack_id: str, folder: Path | None) -> Pack:
    pack = read_pack(pack_text(pack_id, folder), name=pack_id)
    if pack.id != pack_id:
        msg = f"The file {pack_id}.yaml holds the pack {pack.id!r}; name file and pack alike."
        raise PackInvalid(msg)
    return replace(pack, is_own=_own_file(pack_id, folder) is not None)


def _own_file(pack_id: str, folder: Path | None) -> Path | None:
    if folder is None or pack_id == BASELINE or not _is_plain(pack_id):
        return None
    file = folder / f"{pack_id}.yaml"
    return file if file.is_file() else None


def _is_plain(pack_id: str) -> bool:
    return pack_id.replace("-", "").isalnum()


def _build(content: dict[str, Any]) -> Pack:
    signed = content["signed_by"]
    until = content["valid_until"]
    return Pack(
        id=content["id"],
        version=content["version"],
        title=content["title"],
        jurisdiction=content["jurisdiction"],
        calendar=content["calendar"],
        valid_from=date.fromisoformat(content["valid_from"]),
        valid_until=None if until is None else date.fromisoformat(until),
        review_on=date.fromisoformat(content["review_on"]),
        signed_by=None
        if signed is None
        else Signature(name=signed["name"], signed_on=date.fromisoformat(signed["on"])),
        values=_values(content, content["values"]),
        classes={
            name: _values(content, entries) for name, entries in content.get("classes", {}).items()
        },
        fingerprint=sha256(
            json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest(),
    )


def _values(content: dict[str, Any], entries: dict[str, Any]) -> dict[str, Value]:
    return {name: _value(content, entry) for name, entry in entries.items()}


def _value(content: dict[str, Any], entry: dict[str, Any]) -> Value:
    stated = {**content["sources"][entry["source"]], **entry}
    mark, switch = Mark(stated["mark"]), entry.get("switch")
    return Value(
        raw=entry["value"],
        source=Source(
            pack_id=content["id"],
            instrument=stated["instrument"],
            article=stated["article"],
            url=stated["url"],
            version=stated["version"],
            mark=mark,
            force=stated["force"],
            review_on=date.fromisoformat(stated["review_on"]),
            relaxable_by=stated["relaxable_by"],
        ),
        # What is only known, or was not found, binds nobody until someone switches it on by name.
        is_in_force=entry["value"] is not None
        and mark is not Mark.NOT_FOUND
        and (mark is not Mark.KNOWN or isinstance(switch, dict)),
        switched_on=date.fromisoformat(switch["on"]) if isinstance(switch, dict) else None,
    )


def _stricter(name: str, first: Value, second: Value) -> Value:
    stricter = PARAMETERS[name]
    raw = stricter(first.raw, second.raw)
    # Cite the later one only where it changed something; comparing with itself settles spelling.
    is_as_stated = raw == stricter(first.raw, first.raw)
    return Value(raw=raw, source=first.source if is_as_stated else second.source, is_in_force=True)
