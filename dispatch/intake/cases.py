"""Case files: one overdue loan a row, with the person, the place and what is known."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.intake.case_row import COLUMNS, CaseRow, build
from dispatch.intake.case_store import store
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import FileKind, Memory, Verdict
from dispatch.intake.report import Code
from dispatch.model import Person
from dispatch.store.cases import CaseKey, case_keys
from dispatch.store.people import people_by_number


def weigh(
    session: Session,
    context: ImportContext,
    rows: Sequence[Verdict[CaseRow]],
    memory: Memory,
) -> list[Verdict[CaseRow]]:
    """Say of each row whether its case is new, changed, unchanged, or may not be taken."""
    numbers: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        numbers[row.value.lender_id].append(row.value.number)
    known = {
        (lender_id, number): key
        for lender_id, some in numbers.items()
        for number, key in case_keys(session, lender_id, some).items()
    }
    people = people_by_number(session, {row.value.person_index for row in rows})
    return [
        _verdict(
            row,
            known.get((row.value.lender_id, row.value.number)),
            people.get(row.value.person_index),
            context,
            memory,
        )
        for row in rows
    ]


def _verdict(
    row: Verdict[CaseRow],
    key: CaseKey | None,
    person: Person | None,
    context: ImportContext,
    memory: Memory,
) -> Verdict[CaseRow]:
    value = row.value
    first = memory.setdefault(("person", value.person_index), (row.row, value.name))
    refused = _refused_person(row, person, first) or _refused_case(row, key, person, context)
    if refused or key is None:
        return refused or row
    return row.known(key, is_same=key.source_row == value.fingerprint)


def _refused_person(
    row: Verdict[CaseRow], person: Person | None, first: tuple[int, str]
) -> Verdict[CaseRow] | None:
    if first[1] != row.value.name:
        return row.refused(
            "person_number",
            Code.CONTRADICTION,
            f"Row {first[0]} gives the same person number another name.",
            "Correct the number or the name; two people must never be taken for one.",
        )
    if row.value.is_adult is False:
        return row.refused(
            "birth_year",
            Code.MINOR,
            "The person is under 18; their case is kept apart and no one is sent.",
            "Take the row out and let the lender's lawyers decide.",
        )
    if person is not None and person.erased_at is not None:
        return row.refused(
            "person_number",
            Code.ERASED,
            "This person's data was erased; nothing is stored about them again.",
            "Take the row out, and ask the lender why it is still sent.",
        )
    return None


def _refused_case(
    row: Verdict[CaseRow], key: CaseKey | None, person: Person | None, context: ImportContext
) -> Verdict[CaseRow] | None:
    if key is None:
        return None
    if key.branch_id != context.branch.id:
        return row.refused(
            "case_number",
            Code.OTHER_BRANCH,
            "Another branch looks after this case.",
            "Import it there, or let the lender move the case first.",
        )
    if person is None or key.person_id != person.id:
        return row.refused(
            "person_number",
            Code.OTHER_PERSON,
            "On record this case belongs to another person.",
            "Correct the number; a case never passes to someone else by a file.",
        )
    return None


def _key(value: CaseRow) -> Hashable:
    return value.lender_id, value.number


KIND: Final = FileKind(
    columns=COLUMNS, key_column="case_number", build=build, key=_key, weigh=weigh, store=store
)
