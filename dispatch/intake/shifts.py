"""Shift files: who works when, in the branch's local time."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlmodel import Session

from dispatch.clock import local_instant
from dispatch.intake import fields, figures, moments
from dispatch.intake.columns import Column
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, BadRow, FileKind, Memory, Verdict, both_or_neither
from dispatch.intake.report import BadValue, Code, Fault
from dispatch.intake.trace import acts
from dispatch.model import Agent, Evidence, Shift
from dispatch.store.agents import agents_by_number, shifts_of
from dispatch.store.bulk import insert_rows
from dispatch.store.scope import Scope

COLUMNS: Final = (
    Column("employee_number", fields.number, (
        "employee no", "employee id", "staff number", "agent number", "工号", "员工编号", "员工号",
    ), is_required=True),
    Column("service_date", moments.day, ("date", "day", "日期", "服务日期", "排班日期"), is_required=True),
    Column("starts", moments.clock_time, ("start", "start time", "from", "上班时间", "开始时间"),
           is_required=True),
    Column("ends", moments.clock_time, ("end", "end time", "until", "下班时间", "结束时间"),
           is_required=True),
    Column("break_from", moments.clock_time, ("break start", "休息开始", "休息开始时间")),
    Column("break_to", moments.clock_time, ("break end", "break until", "休息结束", "休息结束时间")),
    Column("break_minutes", figures.whole(0, 240), ("break", "休息分钟", "休息时长")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One working period; instants in UTC."""

    employee_number: str
    service_date: date
    starts_at: datetime
    ends_at: datetime
    break_from_at: datetime | None
    break_until_at: datetime | None
    break_minutes: int
    agent: Agent | None = None

    def columns(self) -> dict[str, Any]:
        """Return what the row says, as columns of a shift."""
        return {
            "service_date": self.service_date,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "break_from_at": self.break_from_at,
            "break_until_at": self.break_until_at,
            "break_minutes": self.break_minutes,
        }


def build(values: Mapping[str, Any], context: ImportContext) -> ShiftRow:
    """Return a row's values as a shift.

    Raises
    ------
    BadRow
        If it ends before it starts, or the break does not fit inside.
    """
    both_or_neither(values, "break_from", "break_to")
    starts, ends = values["starts"], values["ends"]
    if ends <= starts:
        raise _contradiction("ends", "The shift ends before it starts.")
    row = ShiftRow(
        employee_number=values["employee_number"],
        service_date=values["service_date"],
        starts_at=_at(values, starts, context),
        ends_at=_at(values, ends, context),
        break_from_at=_at(values, values.get("break_from"), context),
        break_until_at=_at(values, values.get("break_to"), context),
        break_minutes=values.get("break_minutes", 0),
    )
    _check_break(row)
    return row


def weigh(
    session: Session,
    context: ImportContext,
    rows: Sequence[Verdict[ShiftRow]],
    memory: Memory,
) -> list[Verdict[ShiftRow]]:
    """Say of each row whether its shift is new, changed or the same."""
    scope = Scope.of([context.branch.id])
    agents = agents_by_number(
        session, scope, context.branch.id, {row.value.employee_number for row in rows}
    )
    held = shifts_of(
        session,
        scope,
        {agent.id for agent in agents.values()},
        {row.value.service_date for row in rows},
    )
    verdicts = []
    for row in rows:
        agent = agents.get(row.value.employee_number)
        known = held.get((agent.id, row.value.service_date), []) if agent else []
        verdicts.append(_verdict(row, agent, known, memory))
    return verdicts


def store(session: Session, context: ImportContext, verdicts: Sequence[Verdict[ShiftRow]]) -> None:
    """Write new shifts in bulk and change those that were moved."""
    created, entries = [], []
    for one in verdicts:
        if one.action is Action.CREATED and one.value.agent:
            created.append(
                one.value.columns()
                | {"branch_id": context.branch.id, "agent_id": one.value.agent.id}
            )
        elif one.action is Action.UPDATED:
            shift: Shift = one.found
            for name, given in one.value.columns().items():
                setattr(shift, name, given)
            entries.append(acts(context, "shift.changed", "shift", shift.id, row=one.row))
    session.flush()
    insert_rows(session, Shift, created)
    insert_rows(session, Evidence, entries)


def _verdict(
    row: Verdict[ShiftRow], agent: Agent | None, known: Sequence[Shift], memory: Memory
) -> Verdict[ShiftRow]:
    value = replace(row.value, agent=agent)
    row = replace(row, value=value)
    if agent is None:
        return row.refused(
            "employee_number",
            Code.UNKNOWN_AGENT,
            "This branch has no agent of this number.",
            "Import the agents first, or correct the number.",
        )
    day = memory.setdefault((value.employee_number, value.service_date), [])
    for number, starts_at, ends_at in day:
        if value.starts_at < ends_at and starts_at < value.ends_at:
            return row.refused(
                "starts",
                Code.CONTRADICTION,
                f"The shift overlaps the one in row {number}.",
                "Keep one of the two, or move one.",
            )
    day.append((row.row, value.starts_at, value.ends_at))
    meets = [
        one for one in known if value.starts_at < one.ends_at and one.starts_at < value.ends_at
    ]
    if len(meets) > 1:
        return row.refused(
            "starts",
            Code.CONTRADICTION,
            "The shift overlaps two that are on record.",
            "Cancel one of them in the roster first.",
        )
    if not meets:
        return row
    shift = meets[0]
    is_same = all(getattr(shift, name) == given for name, given in value.columns().items())
    return row.known(shift, is_same=is_same)


def _check_break(row: ShiftRow) -> None:
    if row.break_from_at is None or row.break_until_at is None:
        if row.break_minutes:
            raise _contradiction("break_minutes", "The break has a length but no time.")
        return
    if not row.starts_at <= row.break_from_at < row.break_until_at <= row.ends_at:
        raise _contradiction("break_from", "The break does not lie inside the shift.")
    if timedelta(minutes=row.break_minutes) > row.break_until_at - row.break_from_at:
        raise _contradiction("break_minutes", "The break is longer than the time given for it.")


def _contradiction(column: str, cause: str) -> BadRow:
    remedy = "Correct the times; a shift starts and ends on one date."
    return BadRow(Fault(column, BadValue(Code.CONTRADICTION, cause, remedy)))


def _at(values: Mapping[str, Any], at: time | None, context: ImportContext) -> Any:
    if at is None:
        return None
    return local_instant(context.branch.time_zone, values["service_date"], at)


def _key(value: ShiftRow) -> Hashable:
    return value.employee_number, value.starts_at


KIND: Final = FileKind(
    columns=COLUMNS, key_column="employee_number", build=build, key=_key, weigh=weigh, store=store
)
