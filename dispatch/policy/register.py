"""Register of sources: each instrument that packs rest on, and those on which none may rest."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from dispatch.policy.pack import Pack, load_pack, shipped_packs


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """An instrument as a pack cites it."""

    pack_id: str
    name: str
    version: str
    force: str
    mark: str
    review_on: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotASource:
    """An instrument on which nothing may rest, and why."""

    id: str
    names: tuple[str, ...]
    why: str
    instead: str


def instruments(pack: Pack) -> tuple[Instrument, ...]:
    """Return the instruments that a pack's values rest on, each with the articles cited."""
    cited: dict[tuple[str, str, str, str, str], list[str]] = {}
    layers = [pack.values, *pack.classes.values()]
    for value in (one for layer in layers for one in layer.values()):
        source = value.source
        key = (
            source.instrument,
            source.version,
            source.force,
            str(source.mark),
            source.review_on.isoformat(),
        )
        cited.setdefault(key, []).append(source.article)
    return tuple(
        Instrument(
            pack_id=pack.id,
            name=name,
            version=version,
            force=force,
            mark=mark,
            review_on=review_on,
            articles=tuple(dict.fromkeys(articles)),
        )
        for (name, version, force, mark, review_on), articles in cited.items()
    )


def register() -> tuple[Instrument, ...]:
    """Return every instrument of every pack that ships."""
    return tuple(one for name in shipped_packs() for one in instruments(load_pack(name)))


def not_a_source(citation: str) -> NotASource | None:
    """Return which instrument a citation names on which nothing may rest; None: none of them."""
    said = _folded([citation])[0]
    return next((one for one in _not_sources() if any(name in said for name in one.names)), None)


@cache
def _not_sources() -> tuple[NotASource, ...]:
    text = resources.files("dispatch.policy").joinpath("not_sources.yaml").read_text("utf-8")
    return tuple(
        NotASource(**{**one, "names": _folded(one["names"])}) for one in yaml.safe_load(text)
    )


def _folded(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(unicodedata.normalize("NFKC", one).casefold().split()) for one in texts)
