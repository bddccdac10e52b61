"""Reads one sheet of a workbook in a child process with bounded memory and time.

A script on its own, run by path and without the project: a few kilobytes of XLSX can ask its
reader for gigabytes (a cell at the last row and column is enough), and then only this child dies.
Workbook on stdin, sheet's name (or nothing) as argument; JSON lines on stdout: first what was
read, then `[row, [cells]]`, each cell a text, or `{"fault": ...}` where Excel holds no value.
"""

import datetime
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as Xml

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

try:
    import resource
except ImportError:  # no such limits on this platform; the parent's time limit remains
    resource = None  # type: ignore[assignment]

MEMORY_BYTES = 1_500_000_000
CPU_S = 60
REFUSED = 3
SAFE_DIGITS = 1e15
"""From here on a spreadsheet's numbers have lost their last digits."""

type Faults = dict[int, dict[int, str]]
"""Row (from 1) to column (from 0) to what is wrong with the cell."""

_WORD = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def main(content: bytes, wanted: str | None, max_rows: int) -> int:
    """Write the sheet to stdout; return the exit status."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            one.name for one in book.sheets_metadata if one.visible is SheetVisibleEnum.Visible
        ]
        if not shown or (wanted and wanted not in shown):
            return refuse("no-sheet")
        name = wanted or shown[0]
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height >= max_rows:  # the last row's index, counted from 0
            return refuse("too-many-rows")
        faults = cell_faults(content, book.sheet_names.index(name))
    except (CalamineError, Xml.ParseError, zipfile.BadZipFile, KeyError, RuntimeError) as error:
        return refuse("not-a-workbook", type(error).__name__)
    others = [one for one in shown if one != name]
    say({"sheet": name, "others": len(others)})
    for number, cells in rows(sheet, faults):
        say([number, cells])
    return 0


def rows(sheet: CalamineSheet, faults: Faults) -> Iterator[tuple[int, list[Any]]]:
    """Yield each row's number, as the spreadsheet shows it, and its cells as texts."""
    left = sheet.start[1] if sheet.start else 0
    last = 0
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells: list[Any] = [as_text(value) for value in values]
        yield number, marked(cells, faults.get(number, {}), left)
        last = number
    # Rows of nothing but formulas without values lie beyond what the reader takes for the sheet.
    for number in sorted(faults):
        if number > last:
            yield number, marked([""] * sheet.width, faults[number], left)


def marked(cells: list[Any], faults: dict[int, str], left: int) -> list[Any]:
    """Return the cells with the row's faults where they stand."""
    for column, fault in faults.items():
        if column >= left:
            cells += [""] * (column - left + 1 - len(cells))
            cells[column - left] = {"fault": fault}
    return cells


def as_text(value: Any) -> str:
    """Return a cell as a person would type it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time.min:
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def number_text(value: float) -> str:
    """Return a number without the `.0` that a phone or a contract must not get.

    Fifteen significant digits are what the spreadsheet itself shows; what is larger keeps its
    exponent, so that nobody takes it for a number written out.
    """
    if value.is_integer() and abs(value) < SAFE_DIGITS:
        return str(int(value))
    return format(value, ".15g").upper()


def cell_faults(content: bytes, position: int) -> Faults:
    """Return the cells that hold a formula without a stored value, or an error such as #N/A."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = sheet_part(archive, position)
        if part is None:
            return {}
        data = archive.read(part)
    if b"<f" not in data and b't="e"' not in data:
        return {}
    found: Faults = {}
    for _, cell in Xml.iterparse(io.BytesIO(data)):  # noqa: S314  (no DTD comes this far)
        if cell.tag == f"{_WORD}row":
            cell.clear()
        if cell.tag != f"{_WORD}c" or not (at := place_of(cell.get("r", ""))):
            continue
        if cell.get("t") == "e":
            found.setdefault(at[0], {})[at[1]] = "error"
        elif cell.find(f"{_WORD}f") is not None and not has_value(cell):
            found.setdefault(at[0], {})[at[1]] = "formula"
    return found


def has_value(cell: Xml.Element) -> bool:
    """Whether the cell stores what its formula last came to; an empty text is a value, too."""
    return cell.get("t") == "str" or bool(cell.findtext(f"{_WORD}v"))


def sheet_part(archive: zipfile.ZipFile, position: int) -> str | None:
    """Return the name of the part that holds the sheet at this position."""
    book = Xml.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    sheets = [one for one in book.iter() if one.tag.endswith("}sheet")]
    if position >= len(sheets):
        return None
    wanted = next((value for key, value in sheets[position].items() if key.endswith("}id")), None)
    for link in Xml.fromstring(archive.read("xl/_rels/workbook.xml.rels")):  # noqa: S314
        if link.get("Id") == wanted:
            target = (link.get("Target") or "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            return part if part in archive.namelist() else None
    return None


def place_of(reference: str) -> tuple[int, int] | None:
    """Return the row (from 1) and column (from 0) of a reference such as `C7`."""
    match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


def refuse(code: str, detail: str = "") -> int:
    """Say why nothing was read."""
    say({"refused": code, "detail": detail})
    return REFUSED


def say(value: Any) -> None:
    """Write one JSON line; lone surrogates survive as escapes."""
    sys.stdout.write(json.dumps(value) + "\n")


def bound() -> None:
    """Limit what this process may take."""
    if resource is not None:
        for limit, value in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_S)):
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (value if hard < 0 else min(value, hard), hard))


if __name__ == "__main__":
    bound()
    sys.exit(main(sys.stdin.buffer.read(), sys.argv[1] or None, int(sys.argv[2])))
