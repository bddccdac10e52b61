"""Export the evidence log: one canonical JSON object a line, for anybody to verify without us.

Each line holds `entry` (what was hashed), `previous` and `hash`. The hash is SHA-256 of the hash
before, a line feed, and the entry's canonical JSON (RFC 8785).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from dispatch.canonical import canonical
from dispatch.errors import Invalid
from dispatch.evidence.devices import verify_devices
from dispatch.evidence.verify import Anchors, Verdict, verify_links
from dispatch.model.evidence import SERVICE
from dispatch.store import evidence as log
from dispatch.store.evidence import Entry, Link


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of an exported file."""

    entry: dict[str, Any]
    previous_hash: str | None
    hash: str | None

    @property
    def id(self) -> str:
        """The entry's identifier."""
        return str(self.entry.get("id"))

    @property
    def sequence(self) -> int | None:
        """The entry's place in its chain."""
        place = self.entry.get("sequence")
        return place if isinstance(place, int) else None

    @property
    def chain(self) -> str:
        """The name of the entry's chain."""
        return str(self.entry.get("branch") or SERVICE)

    def content(self) -> str:
        """Return what is hashed."""
        return canonical(self.entry)


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield each entry as a line of an export."""
    for entry in entries:
        # The entry's own text, not read and written again: it is what the hash was made of.
        yield f'{{"entry":{entry.content()},"hash":"{entry.hash}","previous":"{entry.previous_hash}"}}\n'


def read_lines(file: TextIO) -> Iterator[Line]:
    """Yield the entries of an exported file.

    Raises
    ------
    Invalid
        If a line is no entry; its number is told.
    """
    for number, text in enumerate(file, 1):
        try:
            held = json.loads(text)
            yield Line(dict(held["entry"]), held.get("previous"), held.get("hash"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            msg = f"Line {number} of the export is no entry of evidence; export the log again."
            raise Invalid(msg) from error


def verify_export(file: TextIO, anchors: dict[str, Anchors] | None = None) -> dict[str, Verdict]:
    """Verify an exported file on its own, chain by chain, as anybody outside can.

    The end of a chain is proven only by anchors: a file cut short looks whole.
    """
    kept = dict(anchors or {})
    by_chain: dict[str, list[Line]] = {name: [] for name in kept}
    for line in read_lines(file):
        by_chain.setdefault(line.chain, []).append(line)
    found = {
        name: verify_links(map(_link, chain), must_pass=kept.get(name, {}).items())
        for name, chain in by_chain.items()
    }
    noted = [
        fact
        for chain in by_chain.values()
        for line in chain
        if isinstance(facts := line.entry.get("facts"), dict)
        and (fact := log.noted(line.id, facts)) is not None
    ]
    return {**found, **dict(verify_devices(noted))}


def _link(line: Line) -> Link:
    try:
        told = line.content()
    except ValueError:  # what has no canonical form was never sealed
        told = ""
    return Link(line.sequence, line.previous_hash, line.hash, line.id, told)
