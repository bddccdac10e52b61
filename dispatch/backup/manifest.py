"""The manifest beside a backup: what it must hash to. Written last, so a broken-off backup has none."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from dispatch.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup is: its kind of database, migration, size, hash and the ends of the chains."""

    taken_at: str
    kind: str
    revision: str | None
    bytes: int
    sha256: str
    roots: list[dict[str, Any]]

    def write(self, backup: Path) -> None:
        """Write the manifest beside its backup, whole or not at all."""
        file = path_of(backup)
        part = file.with_name(f"{file.name}.part")
        with part.open("w", encoding="utf-8") as opened:
            json.dump(asdict(self), opened, indent=1)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)

    @classmethod
    def read(cls, backup: Path) -> Self:
        """Return the manifest of a backup that is whole.

        Raises
        ------
        Invalid
            If it was broken off, cut short or changed.
        """
        file = path_of(backup)
        try:
            manifest = cls(**json.loads(file.read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            msg = (
                f"{backup} has no manifest ({file.name}): it was broken off; take another backup."
            )
            raise Invalid(msg) from error
        if not backup.is_file() or digest(backup) != manifest.sha256:
            msg = f"{backup} is not what its manifest says: it was cut short or changed; take another backup."
            raise Invalid(msg)
        return manifest


def path_of(backup: Path) -> Path:
    """Return where the manifest of a backup is."""
    return backup.with_name(f"{backup.name}.json")


def digest(file: Path) -> str:
    """Return a file's SHA-256 (hex)."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
