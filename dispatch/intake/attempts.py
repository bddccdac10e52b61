"""Attempt files: tries to reach people that the lender made before us; each counts."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.intake import fields, moments
from dispatch.intake.case_row import lender
from dispatch.intake.columns import Column
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, FileKind, Memory, Verdict
from dispatch.intake.linked import Link, linked
from dispatch.intake.trace import acts
from dispatch.model import ContactAttempt, ContactChannel, ContactResult, Evidence
from dispatch.store.bulk import insert_rows
from dispatch.store.cases import CaseKey, attempts_by_number

_CHANNELS: Final = {
    "call": ContactChannel.PHONE, "电话": ContactChannel.PHONE, "text": ContactChannel.SMS,
    "短信": ContactChannel.SMS, "mail": ContactChannel.EMAIL, "邮件": ContactChannel.EMAIL,
    "post": ContactChannel.LETTER, "信函": ContactChannel.LETTER, "im": ContactChannel.CHAT,
    "wechat": ContactChannel.CHAT, "微信": ContactChannel.CHAT,
}  # fmt: skip
_RESULTS: Final = {
    "reached": ContactResult.RIGHT_PARTY, "本人": ContactResult.RIGHT_PARTY,
    "third": ContactResult.THIRD_PARTY, "第三人": ContactResult.THIRD_PARTY,
    "no answer": ContactResult.NONE, "no_contact": ContactResult.NONE,
    "未接通": ContactResult.NONE, "无人接听": ContactResult.NONE,
}  # fmt: skip

COLUMNS: Final = (
    Column("attempt_number", fields.number, (
        "attempt no", "attempt id", "contact number", "contact id", "联系编号", "催记编号", "记录编号",
    ), is_required=True),
    Column("case_number", fields.number, (
        "case no", "case id", "contract number", "loan number", "合同号", "合同编号", "借据号",
        "案件号", "案件编号",
    ), is_required=True),
    Column("lender", lender, ("creditor", "出借人", "委托方", "贷款机构")),
    Column("channel", fields.choice_of(ContactChannel, _CHANNELS), (
        "contact channel", "方式", "联系方式", "渠道",
    ), is_required=True),
    Column("result", fields.choice_of(ContactResult, _RESULTS), (
        "outcome", "结果", "联系结果",
    ), is_required=True),
    Column("occurred_at", moments.instant, (
        "at", "time", "date time", "联系时间", "时间",
    ), is_required=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try to reach a person."""

    number: str
    case_number: str
    lender_id: UUID | None
    channel: ContactChannel
    result: ContactResult
    occurred_at: datetime
    case: CaseKey | None = None


def build(values: Mapping[str, Any], _context: ImportContext) -> AttemptRow:
    """Return a row's values as an attempt."""
    return AttemptRow(
        number=values["attempt_number"],
        case_number=values["case_number"],
        lender_id=values.get("lender"),
        channel=values["channel"],
        result=values["result"],
        occurred_at=values["occurred_at"],
    )


def weigh(
    session: Session,
    context: ImportContext,
    rows: Sequence[Verdict[AttemptRow]],
    _memory: Memory,
) -> list[Verdict[AttemptRow]]:
    """Say of each row whether its attempt is new, corrected, known, or of no case."""
    links = linked(
        session, context, rows, number_column="attempt_number", lookup=attempts_by_number
    )
    return [_verdict(link) for link in links]


def store(
    session: Session, context: ImportContext, verdicts: Sequence[Verdict[AttemptRow]]
) -> None:
    """Write new attempts in bulk; a correction leaves evidence of what was there."""
    created, entries = [], []
    for one in verdicts:
        value = one.value
        if one.action is Action.CREATED and value.case:
            created.append(
                {
                    "branch_id": context.branch.id,
                    "lender_id": value.case.lender_id,
                    "case_id": value.case.id,
                    "person_id": value.case.person_id,
                    "number": value.number,
                    "channel": value.channel,
                    "result": value.result,
                    "occurred_at": value.occurred_at,
                    "recorded_at": context.now,
                }
            )
        elif one.action is Action.UPDATED and value.case:
            row: ContactAttempt = one.found
            before = [row.channel.value, row.result.value, row.occurred_at.isoformat()]
            row.channel, row.result, row.occurred_at = (
                value.channel,
                value.result,
                value.occurred_at,
            )
            entries.append(
                acts(
                    context, "contact_attempt.corrected", "contact_attempt", row.id, before=before
                )
                | {"case_id": row.case_id, "person_id": row.person_id}
            )
    session.flush()
    insert_rows(session, ContactAttempt, created)
    insert_rows(session, Evidence, entries)


def _verdict(link: Link[AttemptRow, ContactAttempt]) -> Verdict[AttemptRow]:
    row = replace(link.row, value=replace(link.row.value, case=link.case))
    value, found = row.value, link.found
    if found is None:
        return row
    is_same = (
        value.channel is found.channel
        and value.result is found.result
        and value.occurred_at == found.occurred_at
    )
    return row.known(found, is_same=is_same)


def _key(value: AttemptRow) -> Hashable:
    return value.lender_id, value.number


KIND: Final = FileKind(
    columns=COLUMNS, key_column="attempt_number", build=build, key=_key, weigh=weigh, store=store
)
