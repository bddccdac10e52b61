"""Tombstones: who was erased, kept outside the database so that no backup brings them back.

A line holds the person's identifier and the instant, nothing else. It is written before the
erasure is committed: at the worst a tombstone stands for somebody still there, and the next
restore (or the same command again) completes it.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from dispatch.errors import Invalid
from dispatch.gateways.lines import append_line, read_lines
from dispatch.settings import Settings


@dataclass(frozen=True, slots=True)
class Tombstones:
    """The file of tombstones; keep it apart from the backups."""

    file: Path

    @classmethod
    def of(cls, settings: Settings) -> "Tombstones":
        """Return the tombstones where the settings keep them."""
        return cls(settings.tombstones_file or settings.data_folder / "tombstones.jsonl")

    def add(self, person_id: UUID, *, now: datetime) -> None:
        """Set a tombstone.

        Raises
        ------
        GatewayUnavailable
            If it could not be written: then nobody may be erased.
        """
        append_line(self.file, {"person": person_id.hex, "erased_at": now.isoformat()})

    def people(self) -> dict[UUID, datetime]:
        """Return who was erased, and when first.

        Raises
        ------
        Invalid
            If a line is no tombstone; its number is told.
        """
        found: dict[UUID, datetime] = {}
        for number, line in read_lines(self.file):
            try:
                found.setdefault(UUID(line["person"]), datetime.fromisoformat(line["erased_at"]))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                msg = f"Line {number} of {self.file} is no tombstone; take the file back from a copy."
                raise Invalid(msg) from error
        return found
