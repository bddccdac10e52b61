"""Problem and solution files, read and written with plain words when that fails."""

import json
import sys
from pathlib import Path
from typing import Any

from routing.errors import InvalidProblem, Issue
from routing.formats.vroom import parse

STANDARD = Path("-")
"""Standard input or output."""


def read_json(path: Path) -> Any:
    """The JSON value of a file, or of standard input for ``-``.

    Raises
    ------
    InvalidProblem
        When it cannot be read or is not JSON.
    """
    try:
        raw = sys.stdin.buffer.read() if path == STANDARD else path.read_bytes()
    except OSError as error:
        issue = Issue(
            "file", "", f"{path} cannot be read: {error.strerror}", "name a readable file"
        )
        raise InvalidProblem([issue]) from error
    return parse(raw)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON value to a file, or to standard output for ``-``.

    Raises
    ------
    InvalidProblem
        When the file cannot be written.
    """
    text = json.dumps(value, ensure_ascii=True) + "\n"
    if path == STANDARD:
        sys.stdout.write(text)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        cause = f"{path} cannot be written: {error.strerror}"
        raise InvalidProblem([Issue("file", "", cause, "name a writable file")]) from error
