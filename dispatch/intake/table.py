"""Bytes of a file, CSV or XLSX, to a header and rows of text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Final

from dispatch.intake.lines import Line
from dispatch.intake.report import BadValue, Code, Fault, unreadable
from dispatch.intake.text_file import TextLines, encoding_of
from dispatch.intake.workbook import OLE, ZIP, read_workbook

MAX_BYTES: Final = 200 * 1024 * 1024
MAX_ROWS: Final = 1_000_000
MAX_COLUMNS: Final = 500

_BOOKS: Final = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it; `rows()` may be called more than once."""

    header: tuple[str, ...]
    header_row: int
    notes: tuple[str, ...]
    lines: Iterable[Line]

    def rows(self) -> Iterator[Line]:
        """Yield the rows below the header that hold anything; ragged ones carry a fault.

        Raises
        ------
        ImportInvalid
            If there are more than a million.
        """
        width = len(self.header)
        for count, line in enumerate(islice(self.lines, self.header_row, None)):
            if count >= MAX_ROWS:
                raise unreadable(
                    Code.TOO_MANY_ROWS,
                    f"The file has more than {MAX_ROWS:,} rows.",
                    "Split it into several files.",
                    row=line.number,
                )
            if line.is_blank:
                continue
            yield line if line.fault or len(line.cells) == width else _fitted(line, width)


def read_table(
    content: bytes, *, filename: str = "", encoding: str | None = None, sheet: str | None = None
) -> Table:
    """Return the table that a file holds.

    Raises
    ------
    ImportInvalid
        If the file is empty, too large, in no known encoding, or an unsafe workbook.
    """
    if len(content) > MAX_BYTES:
        raise unreadable(
            Code.TOO_LARGE, "The file is larger than 200 MB.", "Split it into several files."
        )
    notes: list[str] = []
    lines: Iterable[Line]
    if content.startswith((ZIP, OLE)) or PurePath(filename).suffix.lower() in _BOOKS:
        notes, lines = read_workbook(content, sheet=sheet, max_rows=MAX_ROWS + 1)
    else:
        codec = encoding_of(content, encoding)
        lines = TextLines(content, codec)
        if codec == "gb18030" and encoding is None:
            notes.append("The file is not UTF-8; it was read as GB18030.")
    return _with_header(lines, notes)


def _with_header(lines: Iterable[Line], notes: list[str]) -> Table:
    for line in lines:
        if line.is_blank:
            continue
        if line.fault:
            raise unreadable(
                line.fault.bad.code, line.fault.bad.cause, line.fault.bad.remedy, row=line.number
            )
        header = list(line.cells)
        while header and not header[-1].strip():
            header.pop()
        if len(header) > MAX_COLUMNS:
            raise unreadable(
                Code.TOO_LARGE,
                f"The first row has more than {MAX_COLUMNS} cells.",
                "Keep only the columns that are imported.",
                row=line.number,
            )
        return Table(tuple(header), line.number, tuple(notes), lines)
    raise unreadable(
        Code.EMPTY_FILE, "The file is empty.", "Send a file whose first row names its columns."
    )


def _fitted(line: Line, width: int) -> Line:
    extra = line.cells[width:]
    if len(line.cells) >= width and not any(map(str.strip, extra)):
        return Line(line.number, line.cells[:width], cell_faults=line.cell_faults)
    bad = BadValue(
        Code.RAGGED_ROW,
        f"The row has {len(line.cells)} cells, the first row names {width}.",
        "Look for a missing or an extra separator, or text that needs quotation marks.",
    )
    return Line(line.number, (), fault=Fault(None, bad))
