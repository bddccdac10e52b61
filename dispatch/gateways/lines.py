"""A file of lines that is only ever appended to: one value a line, on disk before we go on."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dispatch.canonical import canonical
from dispatch.errors import GatewayUnavailable, Invalid


def append_line(file: Path, value: Any) -> None:
    """Append a value as a line of canonical JSON, and wait until the disk has it.

    Raises
    ------
    GatewayUnavailable
        If it could not be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(f"{canonical(value)}\n")
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        msg = f"The file {file} can't be written: {error.strerror}."
        raise GatewayUnavailable(msg) from error


def read_lines(file: Path) -> Iterator[tuple[int, Any]]:
    """Yield each line's number and value; nothing where there is no file.

    Raises
    ------
    Invalid
        If a line is no JSON; its number is told.
    """
    if not file.exists():
        return
    with file.open(encoding="utf-8") as opened:
        for number, line in enumerate(opened, 1):
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                msg = f"Line {number} of {file} can't be read; take the file back from a copy."
                raise Invalid(msg) from error
