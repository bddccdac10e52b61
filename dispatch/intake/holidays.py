"""Holiday files: the branch's own calendar, which overrides the country's."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from dispatch.intake import fields, moments
from dispatch.intake.columns import Column
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, FileKind, Memory, Verdict
from dispatch.intake.trace import acts
from dispatch.model import Evidence, Holiday, HolidayClass
from dispatch.store.bulk import insert_rows
from dispatch.store.calendar import holidays_on
from dispatch.store.scope import Scope

_CLASSES: Final = {
    "holiday": HolidayClass.PUBLIC, "public": HolidayClass.PUBLIC, "法定节假日": HolidayClass.PUBLIC,
    "节假日": HolidayClass.PUBLIC, "放假": HolidayClass.PUBLIC, "work": HolidayClass.WORKING,
    "workday": HolidayClass.WORKING, "makeup": HolidayClass.WORKING,
    "make-up day": HolidayClass.WORKING, "调休上班": HolidayClass.WORKING,
    "补班": HolidayClass.WORKING, "上班": HolidayClass.WORKING, "工作日": HolidayClass.WORKING,
    "节日": HolidayClass.FESTIVAL, "传统节日": HolidayClass.FESTIVAL,
}  # fmt: skip

COLUMNS: Final = (
    Column("date", moments.day, ("day", "日期"), is_required=True),
    Column("name", fields.text_of(fields.MAX_NAME, what="The name"), (
        "holiday", "名称", "节日名称",
    ), is_required=True),
    Column("class", fields.choice_of(HolidayClass, _CLASSES), (
        "kind", "type", "类别", "类型",
    ), is_required=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One date of the calendar."""

    day_on: date
    name: str
    kind: HolidayClass


def build(values: Mapping[str, Any], _context: ImportContext) -> HolidayRow:
    """Return a row's values as a line of the calendar."""
    return HolidayRow(values["date"], values["name"], values["class"])


def weigh(
    session: Session,
    context: ImportContext,
    rows: Sequence[Verdict[HolidayRow]],
    _memory: Memory,
) -> list[Verdict[HolidayRow]]:
    """Say of each row whether its date is new, changed or the same."""
    branch_id = context.branch.id
    known = holidays_on(
        session, Scope.of([branch_id]), branch_id, {row.value.day_on for row in rows}
    )
    return [_verdict(row, known.get(row.value.day_on)) for row in rows]


def store(
    session: Session, context: ImportContext, verdicts: Sequence[Verdict[HolidayRow]]
) -> None:
    """Write new dates and change those that differ."""
    created, entries = [], []
    for one in verdicts:
        value = one.value
        if one.action is Action.CREATED:
            created.append(
                {
                    "branch_id": context.branch.id,
                    "day_on": value.day_on,
                    "name": value.name,
                    "kind": value.kind,
                }
            )
        elif one.action is Action.UPDATED:
            holiday: Holiday = one.found
            before = holiday.kind.value
            holiday.name, holiday.kind = value.name, value.kind
            entries.append(
                acts(
                    context,
                    "holiday.changed",
                    "holiday",
                    holiday.id,
                    day=value.day_on.isoformat(),
                    before=before,
                    after=value.kind.value,
                )
            )
    session.flush()
    insert_rows(session, Holiday, created)
    insert_rows(session, Evidence, entries)


def _verdict(row: Verdict[HolidayRow], known: Holiday | None) -> Verdict[HolidayRow]:
    if known is None:
        return row
    is_same = (known.name, known.kind) == (row.value.name, row.value.kind)
    return row.known(known, is_same=is_same)


def _key(value: HolidayRow) -> Hashable:
    return value.day_on


KIND: Final = FileKind(
    columns=COLUMNS, key_column="date", build=build, key=_key, weigh=weigh, store=store
)
