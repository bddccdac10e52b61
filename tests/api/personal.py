"""What is personal in the world of the API's tests: every value that the vault seals of a person."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from unittest.mock import patch

from api.sight import Part
from dispatch.vault import Vault

PARTS: Final = {
    ("person", "name"): Part.NAME,
    ("contact_point", "value"): Part.CONTACT,
    ("place", "address"): Part.ADDRESS,
    ("outcome", "words"): Part.WORDS,
    ("complaint", "text"): Part.WORDS,
}
"""Positions and amounts are alike for all people of the builders; the canary journey looks for those."""

FIELDS: Final = {
    "person_name": Part.NAME,
    "borrower": Part.NAME,
    "contacts": Part.CONTACT,
    "address": Part.ADDRESS,
    "neighbourhood": Part.NEIGHBOURHOOD,
    "lat": Part.POSITION,
    "lon": Part.POSITION,
    "amounts": Part.AMOUNT,
    "amount_minor": Part.AMOUNT,
    "total_minor": Part.AMOUNT,
    "own_words": Part.WORDS,
    "words": Part.WORDS,
    "note": Part.WORDS,
}
"""Names of fields in the published schemas that tell of a person."""


@dataclass
class Told:
    """The values that were sealed, each with what it tells."""

    values: list[tuple[Part, re.Pattern[str]]] = field(default_factory=list)

    def keep(self, table: str, name: str, value: Any) -> None:
        """Remember a value of a person."""
        part = PARTS.get((table, name))
        if part is not None and value:
            self.values.append((part, re.compile(rf"(?<!\w){re.escape(str(value))}(?!\w)")))

    def parts_in(self, text: str) -> set[Part]:
        """Return which kinds of personal values stand in a text."""
        return {part for part, value in self.values if value.search(text)}

    @classmethod
    @contextmanager
    def listening(cls, vault: Vault) -> Iterator["Told"]:
        """Note what a vault seals, and seal it all the same."""
        told, write = cls(), vault.write

        def noting(owner: Any, row: Any, name: str, value: Any, **others: Any) -> Any:
            told.keep(row.__tablename__, name, value)
            return write(owner, row, name, value, **others)

        with patch.object(vault, "write", noting):
            yield told
