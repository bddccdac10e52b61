"""Problem and solution files, read and written with plain words when that fails."""

import json
import sys
from pathlib import Path
from typing import Any

from routing.errors import InvalidProblem, Issue
from routing.formats.vroom import parse
from routing.units import MAX_FILE

STANDARD = Path("-")
"""Standard input or output."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, or of standard input for ``-``.

    Raises
    ------
    InvalidProblem
        When it cannot be read, or is larger than `MAX_FILE`.
    """
    try:
        if path == STANDARD:
            raw = sys.stdin.buffer.read(MAX_FILE + 1)
        else:
            with path.open("rb") as file:
                raw = file.read(MAX_FILE + 1)
    except OSError as error:
        cause = f"{path} cannot be read: {error.strerror}"
        raise _refused(cause, "name a readable file") from error
    if len(raw) > MAX_FILE:
        raise _refused(f"{path} is larger than {MAX_FILE} bytes", "split the request")
    return raw


def read_json(path: Path) -> Any:
    """The JSON value of a file, or of standard input for ``-``.

    Raises
    ------
    InvalidProblem
        When it cannot be read or is not JSON.
    """
    return parse(read_bytes(path))


def read_text(path: Path) -> str:
    """The text of a file, or of standard input for ``-``.

    Raises
    ------
    InvalidProblem
        When it cannot be read or is not UTF-8.
    """
    raw = read_bytes(path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(f"{path} is not a text in UTF-8", "give a text file") from error


def write_json(path: Path, value: Any) -> None:
    """Write a JSON value to a file, or to standard output for ``-``.

    Raises
    ------
    InvalidProblem
        When the file cannot be written.
    """
    write_text(path, json.dumps(value, ensure_ascii=True) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text to a file, or to standard output for ``-``.

    Raises
    ------
    InvalidProblem
        When the file cannot be written.
    """
    if path == STANDARD:
        sys.stdout.write(text)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        cause = f"{path} cannot be written: {error.strerror}"
        raise _refused(cause, "name a writable file") from error


def _refused(cause: str, remedy: str) -> InvalidProblem:
    return InvalidProblem([Issue("file", "", cause, remedy)])
