"""Policy packs: stated rules as data, each value with its source; loaded, intersected, refused.

A pack says what its instrument says; `effective` intersects it with the baseline that is compiled
in, the stricter value winning. The product checks plans against stated rules: that is no legal
advice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, Final

from dispatch.errors import PackInvalid, PackRefused
from dispatch.policy.envelope import read_yaml, schema_issues
from dispatch.policy.parameters import PARAMETERS
from dispatch.settings import Environment

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
    values = {
        name: _stricter(name, pack.values.get(name), baseline.values.get(name))
        for name in PARAMETERS
    }
    return replace(
        pack,
        values={name: value for name, value in values.items() if value is not None},
        fingerprint=sha256(f"{pack.fingerprint}\n{baseline.fingerprint}".encode()).hexdigest(),
    )


def ensure_usable(pack: Pack, environment: Environment, on: date) -> None:
    """Refuse a pack that is not in force on a date, or that no counsel has signed for production.

    Raises
    ------
    PackRefused
        With cause and remedy.
    """
    name = f"The policy pack {pack.id} (version {pack.version})"
    if pack.valid_from > on:
        msg = f"{name} is valid from {pack.valid_from} on; plan a later date or use another pack."
        raise PackRefused(msg, pack=pack.id)
    if pack.valid_until is not None and pack.valid_until < on:
        msg = (
            f"{name} expired on {pack.valid_until}; have counsel renew it before planning goes on."
        )
        raise PackRefused(msg, pack=pack.id)
    if environment is not Environment.PRODUCTION:
        return
    if pack.signed_by is None:
        msg = (
            f"{name} is not signed; a named counsel must sign it before it is used in production."
        )
        raise PackRefused(msg, pack=pack.id)
    if pack.review_on < on:
        msg = f"{name} was due for review on {pack.review_on}; have counsel review and re-date it."
        raise PackRefused(msg, pack=pack.id)


@cache
def _load(pack_id: str, folder: Path | None) -> Pack:
    file = f"{pack_id}.yaml"
    shipped = resources.files("dispatch.policy").joinpath("packs", file)
    own = folder / file if folder is not None and pack_id != BASELINE else None
    is_plain = pack_id.replace("-", "").isalnum()
    if is_plain and own is not None and own.is_file():
        text = own.read_text("utf-8")
    elif is_plain and shipped.is_file():
        text = shipped.read_text("utf-8")
    else:
        msg = f"There is no policy pack {pack_id!r}; set the branch to one that is there."
        raise PackInvalid(msg)
    pack = read_pack(text, name=pack_id)
    if pack.id != pack_id:
        msg = f"The file {file} holds the pack {pack.id!r}; name file and pack alike."
        raise PackInvalid(msg)
    return pack


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
        values={name: _value(content, entry) for name, entry in content["values"].items()},
        fingerprint=sha256(
            json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest(),
    )


def _value(content: dict[str, Any], entry: dict[str, Any]) -> Value:
    stated = {**content["sources"][entry["source"]], **entry}
    mark = Mark(stated["mark"])
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
        and (mark is not Mark.KNOWN or isinstance(entry.get("switch"), dict)),
    )


def _stricter(name: str, stated: Value | None, base: Value | None) -> Value | None:
    live = [value for value in (stated, base) if value is not None and value.is_in_force]
    if not live:
        return None
    first, second = live[0], live[-1]
    stricter = PARAMETERS[name]
    raw = stricter(first.raw, second.raw)
    # Cite the baseline only where it changed something; comparing with itself settles spelling.
    is_as_stated = raw == stricter(first.raw, first.raw)
    return Value(raw=raw, source=first.source if is_as_stated else second.source, is_in_force=True)
