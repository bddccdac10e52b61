"""CSV: what it is encoded in, what separates its cells, and its lines."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from dispatch.errors import ImportInvalid
from dispatch.intake.lines import Line
from dispatch.intake.report import BadValue, Code, Fault, unreadable

_NAMES: Final = {
    "utf8": "utf-8-sig",
    "utf8sig": "utf-8-sig",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "utf16": "utf-16",
}
_DELIMITERS: Final = ",;\t"
_SAMPLE_BYTES: Final = 1 << 20
_BLOCK: Final = 1 << 20
_MOSTLY: Final = 10
"""A text with ten good characters for each broken one is broken UTF-8, not another encoding."""

_SAVE_AS: Final = "Save the file as CSV UTF-8, or name its encoding (utf-8 or gb18030)."


def encoding_of(content: bytes, declared: str | None) -> str:
    """Return the codec that reads the whole file.

    Raises
    ------
    ImportInvalid
        If the declared encoding is unknown or does not fit, or none fits.
    """
    if declared is not None:
        name = _NAMES.get(declared.lower().replace("-", "").replace("_", ""))
        if name is None:
            cause = "The encoding named is not one that is read here."
            raise unreadable(Code.ENCODING, cause, "Name utf-8, gb18030 or utf-16.")
        if (at := _broken_at(content, name)) is not None:
            raise _broken(content, at)
        return name
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return encoding_of(content, "utf-16")
    at = _broken_at(content, "utf-8-sig")
    if at is None:
        return "utf-8-sig"
    if (
        content.startswith(codecs.BOM_UTF8)
        or _is_mostly_utf8(content)
        or _broken_at(content, "gb18030") is not None
    ):
        raise _broken(content, at)
    return "gb18030"


class TextLines:
    """The lines of a CSV file; may be gone through more than once."""

    def __init__(self, content: bytes, encoding: str) -> None:
        self._content, self._encoding = content, encoding
        self.delimiter = self._delimiter()

    def __iter__(self) -> Iterator[Line]:
        """Yield each row; one that breaks the rules of CSV carries its fault."""
        reader = csv.reader(self._stream(), delimiter=self.delimiter, strict=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Line(number, (), fault=Fault(None, _broken_row(str(error))))
            else:
                yield Line(number, tuple(cells))

    def _stream(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self._content), encoding=self._encoding, newline="")

    def _delimiter(self) -> str:
        head = ""
        for text in self._stream():
            head = text
            if head.strip():
                break
        outside = "".join(head[:65_536].split('"')[::2])
        return max(_DELIMITERS, key=lambda one: (outside.count(one), -_DELIMITERS.index(one)))


def _broken_at(content: bytes, encoding: str) -> int | None:
    """Return where the codec fails, or None; without building the whole text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(content)
    for start in range(0, len(content) + 1, _BLOCK):
        block = view[start : start + _BLOCK]
        try:
            decoder.decode(block, final=start + _BLOCK > len(content))
        except UnicodeDecodeError as error:
            return min(len(content), start + error.start)
    return None


def _is_mostly_utf8(content: bytes) -> bool:
    text = content[:_SAMPLE_BYTES].decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    good = sum(1 for one in text if one > "\x7f") - broken
    return good > _MOSTLY * broken


def _broken(content: bytes, at: int) -> ImportInvalid:
    row = content.count(b"\n", 0, at) + 1
    cause = f"Row {row} has bytes that are neither UTF-8 nor the encoding named."
    return unreadable(Code.ENCODING, cause, _SAVE_AS, row=row)


def _broken_row(error: str) -> BadValue:
    if "unexpected end of data" in error:
        cause = "A quotation mark opens here and is never closed."
    elif "field larger" in error:
        cause = "A cell here is longer than 131,072 characters: perhaps a quotation mark is open."
    else:
        cause = "The quotation marks in this row don't come in pairs."
    return BadValue(Code.BROKEN_ROW, cause, 'Write a quotation mark inside a cell twice: "".')
