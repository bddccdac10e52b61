"""Column: a name, its parser and the other words that files use for it; and where it stands."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from dispatch.errors import ImportInvalid
from dispatch.intake.context import ImportContext
from dispatch.intake.lines import Line
from dispatch.intake.report import BadValue, Code, Fault, RowIssue, issue_at, listed, unreadable
from dispatch.intake.table import Table

_MAX_MAPPING_BYTES: Final = 65_536
_MAX_NAME: Final = 40

type Parser = Callable[[str, ImportContext], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of file."""

    name: str
    parse: Parser
    synonyms: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column stands in a file, and which headers nobody asked for."""

    places: tuple[tuple[Column, int], ...]
    missing: tuple[Column, ...]
    unknown: tuple[str, ...]

    def used(self, header: Sequence[str]) -> dict[str, str]:
        """Return which header was taken for which column."""
        return {column.name: header[place][:_MAX_NAME] for column, place in self.places}


@dataclass(frozen=True, slots=True)
class Reading:
    """A row's values by column, where every cell was good; else its issues."""

    row: int
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    issues: tuple[RowIssue, ...]


def read_mapping(content: bytes) -> dict[str, str]:
    """Return a mapping file (YAML or JSON): `column: header in the file`.

    Raises
    ------
    ImportInvalid
        If it is no flat mapping of text to text.
    """
    if len(content) > _MAX_MAPPING_BYTES:
        raise _bad_mapping("The mapping file is longer than 64 kB.")
    try:
        told = yaml.safe_load(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise _bad_mapping("The mapping file is neither YAML nor JSON.") from error
    if not isinstance(told, dict) or not all(
        isinstance(one, str) for pair in told.items() for one in pair
    ):
        raise _bad_mapping("The mapping file is not a list of `column: header`.")
    return told


def lay_out(
    columns: Sequence[Column],
    table: Table,
    mapping: Mapping[str, str] | None,
    *,
    optional: frozenset[str] = frozenset(),
) -> Layout:
    """Return where the columns stand; headers are compared without case, spaces and brackets.

    Raises
    ------
    ImportInvalid
        If a required column is missing (all of them told at once), two headers mean the same
        column, or the mapping names what is not there.
    """
    places = _mapped(columns, table.header, mapping or {})
    words = {
        folded(word): column for column in columns for word in (column.name, *column.synonyms)
    }
    found: dict[str, list[int]] = defaultdict(list, {name: [at] for name, at in places.items()})
    unknown = []
    for place, text in enumerate(table.header):
        column = words.get(folded(text))
        if place in places.values() or (column and column.name in places):
            continue
        if column:
            found[column.name].append(place)
        elif text.strip():
            unknown.append(_shown(text))
    _refuse_twice(found, table)
    missing = [one for one in columns if one.is_required and one.name not in found]
    missing = [one for one in missing if one.name not in optional]
    if missing:
        names = listed(one.name for one in missing)
        raise unreadable(
            Code.MISSING_COLUMN,
            f"The first row names no column for {names}.",
            "Add the columns, or say in a mapping which header stands for each.",
            row=table.header_row,
            column=missing[0].name if len(missing) == 1 else None,
        )
    placed = tuple((one, found[one.name][0]) for one in columns if one.name in found)
    absent = tuple(one for one in columns if one.name not in found)
    return Layout(placed, absent, tuple(unknown))


def read_rows(table: Table, layout: Layout, context: ImportContext) -> Iterator[Reading]:
    """Yield each row's values, or every issue it has."""
    for line in table.rows():
        if line.fault:
            yield Reading(line.number, {}, {}, (issue_at(line.number, line.fault),))
        else:
            yield _read(line, layout, context)


def folded(header: str) -> str:
    """Return a header as it is compared: no case, no spaces, nothing in brackets."""
    text = unicodedata.normalize("NFKC", header).casefold()
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", text)
    return re.sub(r"[\s_\-.:*#/\ufeff\u200b]+", "", text)


def _read(line: Line, layout: Layout, context: ImportContext) -> Reading:
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    issues: list[RowIssue] = []
    for column, place in layout.places:
        text = line.cells[place].strip()
        texts[column.name] = text
        if place in line.cell_faults:
            fault = Fault(column.name, line.cell_faults[place].bad)
            issues.append(issue_at(line.number, fault))
        elif text:
            try:
                values[column.name] = column.parse(text, context)
            except BadValue as bad:
                issues.append(issue_at(line.number, Fault(column.name, bad), text))
        elif column.is_required:
            gap = BadValue(Code.MISSING, f"The {column.name} is missing.", "Fill the cell in.")
            issues.append(issue_at(line.number, Fault(column.name, gap)))
    return Reading(line.number, values, texts, tuple(issues))


def _mapped(
    columns: Sequence[Column], header: Sequence[str], mapping: Mapping[str, str]
) -> dict[str, int]:
    places: dict[str, int] = {}
    names = {column.name for column in columns}
    heads = [folded(text) for text in header]
    for name, text in mapping.items():
        if name not in names:
            raise _bad_mapping(f"The mapping names {json.dumps(name[:_MAX_NAME])}, not a column.")
        if heads.count(folded(text)) != 1:
            raise _bad_mapping(f"The mapping's header for {name} is not there exactly once.")
        places[name] = heads.index(folded(text))
    return places


def _refuse_twice(found: Mapping[str, list[int]], table: Table) -> None:
    for name, at in found.items():
        if len(at) > 1:
            numbers = listed(str(place + 1) for place in at)
            raise unreadable(
                Code.DUPLICATE_COLUMN,
                f"The columns {numbers} all mean {name}.",
                "Keep one of them, or say in a mapping which one counts.",
                row=table.header_row,
                column=name,
            )


def _shown(text: str) -> str:
    return "".join(one for one in text.strip() if one.isprintable())[:_MAX_NAME]


def _bad_mapping(cause: str) -> ImportInvalid:
    return unreadable(
        Code.BAD_MAPPING, cause, "Write one line a column, such as `case_number: Contract no`."
    )
