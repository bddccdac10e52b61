"""XLSX: looked at before it is unpacked, then read by a bounded child process."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from dispatch.errors import ImportInvalid
from dispatch.intake.lines import Line
from dispatch.intake.report import BadValue, Code, Fault, unreadable

MAX_UNPACKED_BYTES: Final = 200 * 1024 * 1024
MAX_ENTRIES: Final = 1000
WALL_S: Final = 90

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"
"""How old .xls files and every workbook with a password begin."""

_END: Final = b"PK\x05\x06"
_END_SEARCH: Final = 66_000
_NESTED: Final = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".7z", ".rar", ".gz", ".jar")
_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PLAIN: Final = "Save the one sheet as a plain .xlsx or as CSV UTF-8, and send that."
_WITHOUT_VALUE: Final = {
    "formula": "The cell holds a formula without a stored result.",
    "error": "The cell's formula ended in an error.",
}


def read_workbook(
    content: bytes, *, sheet: str | None, max_rows: int
) -> tuple[list[str], "WorkbookLines"]:
    """Return notes about the workbook and its lines.

    Raises
    ------
    ImportInvalid
        If the workbook is unsafe, has a password, or can't be read.
    """
    check_archive(content)
    told, data = _unpacked(content, sheet, max_rows)
    notes = [f"Read from the sheet “{told['sheet'][:40]}”."]
    if told["others"]:
        notes.append(f"{told['others']} further sheets were not read.")
    return notes, WorkbookLines(data)


class WorkbookLines:
    """The lines of a sheet; may be gone through more than once."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __iter__(self) -> Iterator[Line]:
        """Yield each row of the sheet."""
        stream = io.BytesIO(self._data)
        next(stream)
        for text in stream:
            number, cells = json.loads(text)
            yield _line(number, cells)


def check_archive(content: bytes) -> None:
    """Refuse what the central directory already gives away; nothing is unpacked for it.

    Raises
    ------
    ImportInvalid
        If the archive would unpack beyond measure, hides another, has a password or a DTD.
    """
    if content.startswith(OLE):
        raise unreadable(
            Code.ENCRYPTED,
            "The file is an old .xls workbook or has a password.",
            "Take the password off and save it as .xlsx or as CSV UTF-8.",
        )
    if _entries(content) > MAX_ENTRIES:
        raise _unsafe(f"The workbook holds more than {MAX_ENTRIES} parts.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, EOFError) as error:
        raise _not_a_workbook() from error
    except (NotImplementedError, RuntimeError, zlib.error) as error:
        raise _unsafe("The workbook is packed in a way that can't be checked.") from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable(
            Code.ENCRYPTED, "The workbook has a password.", "Take it off and save it again."
        )
    for is_so, cause in (
        (
            sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES,
            "The workbook would unpack to more than 200 MB.",
        ),
        (any(map(_is_nested, names)), "The workbook holds another file inside."),
        (
            any(name.startswith("xl/externalLinks/") for name in names),
            "The workbook draws on other workbooks.",
        ),
        (
            any(part.compress_type not in _PACKINGS for part in parts),
            "The workbook is packed in a way that no spreadsheet program uses.",
        ),
        (len(set(names)) != len(names), "The workbook holds two parts of one name."),
    ):
        if is_so:
            raise _unsafe(cause)
    if "xl/workbook.xml" not in names:
        raise _not_a_workbook()
    if any(_has_doctype(archive, name) for name in names):
        raise _unsafe("The workbook defines entities of its own.")


def _is_nested(name: str) -> bool:
    is_outside = name.startswith(("/", "..", "xl/embeddings/"))
    return is_outside or name.lower().endswith(_NESTED)


def _has_doctype(archive: zipfile.ZipFile, name: str) -> bool:
    if not name.endswith((".xml", ".rels")):
        return False
    with archive.open(name) as stream:
        return b"<!DOCTYPE" in stream.read(4096).upper()


def _entries(content: bytes) -> int:
    """Return the number of parts that the archive's last record declares."""
    at = content.rfind(_END, max(0, len(content) - _END_SEARCH))
    if at < 0 or at + 12 > len(content):
        return 0
    declared: int = struct.unpack_from("<H", content, at + 10)[0]
    return declared


def _unpacked(content: bytes, sheet: str | None, max_rows: int) -> tuple[dict[str, Any], bytes]:
    script = Path(__file__).with_name("unpack.py")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", str(script), sheet or "", str(max_rows)],
            input=content,
            capture_output=True,
            timeout=WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _unsafe(f"The workbook could not be read within {WALL_S} seconds.") from error
    except ValueError as error:  # a sheet's name with a NUL in it is no argument
        raise _refusal("no-sheet") from error
    told = json.loads(done.stdout[: done.stdout.find(b"\n") + 1] or b"{}")
    if "refused" in told:
        raise _refusal(told["refused"])
    if done.returncode != 0:
        raise _unsafe("Reading the workbook took more memory or time than it may.")
    return told, done.stdout


def _line(number: int, cells: list[Any]) -> Line:
    faults = {
        place: Fault(None, _without_value(cell["fault"]))
        for place, cell in enumerate(cells)
        if isinstance(cell, dict)
    }
    if faults:
        cells = ["" if isinstance(cell, dict) else cell for cell in cells]
    return Line(number, tuple(cells), cell_faults=faults)


def _without_value(kind: str) -> BadValue:
    remedy = "Open the file in a spreadsheet program, paste the column as values, and save it."
    return BadValue(Code.FORMULA_WITHOUT_VALUE, _WITHOUT_VALUE[kind], remedy)


def _refusal(code: str) -> ImportInvalid:
    if code == "no-sheet":
        return unreadable(
            Code.NO_SHEET,
            "The workbook has no visible sheet of that name.",
            "Name a sheet that is shown, or leave the name out to read the first one.",
        )
    if code == "too-many-rows":
        return unreadable(
            Code.TOO_MANY_ROWS, "The sheet has too many rows.", "Split it into several files."
        )
    return _not_a_workbook()


def _not_a_workbook() -> ImportInvalid:
    return unreadable(Code.NOT_A_WORKBOOK, "The file can't be read as an .xlsx workbook.", _PLAIN)


def _unsafe(cause: str) -> ImportInvalid:
    return unreadable(Code.UNSAFE_WORKBOOK, cause, _PLAIN)
