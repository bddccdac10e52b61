"""Payment files: money that came in; matching it to promises is follow-up's work."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.ids import new_id
from dispatch.intake import fields, figures, moments
from dispatch.intake.case_row import lender
from dispatch.intake.columns import Column
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, BadRow, FileKind, Memory, Verdict
from dispatch.intake.linked import Link, linked
from dispatch.intake.report import BadValue, Code, Fault
from dispatch.intake.trace import acts
from dispatch.model import Evidence, Payment, Person
from dispatch.store.bulk import insert_rows
from dispatch.store.cases import CaseKey, payments_by_number
from dispatch.store.rows import get_many

COLUMNS: Final = (
    Column("payment_number", fields.number, (
        "payment no", "payment id", "receipt number", "transaction id", "还款编号", "流水号",
        "还款流水号", "交易流水号",
    ), is_required=True),
    Column("case_number", fields.number, (
        "case no", "case id", "contract number", "loan number", "合同号", "合同编号", "借据号",
        "案件号", "案件编号",
    ), is_required=True),
    Column("lender", lender, ("creditor", "出借人", "委托方", "贷款机构")),
    Column("amount", figures.amount, (
        "amount paid", "payment amount", "金额", "还款金额", "实还金额",
    ), is_required=True),
    Column("currency", figures.currency, ("币种", "货币")),
    Column("paid_on", moments.past_day, (
        "payment date", "date paid", "paid date", "date", "还款日期", "还款日", "入账日期",
    ), is_required=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment, its amount in minor units."""

    number: str
    case_number: str
    lender_id: UUID | None
    amount: int
    currency: str
    paid_on: date
    case: CaseKey | None = None
    person: Person | None = None


def build(values: Mapping[str, Any], context: ImportContext) -> PaymentRow:
    """Return a row's values as a payment.

    Raises
    ------
    BadRow
        If the amount is zero or does not fit its currency.
    """
    unit = values.get("currency", context.branch.currency)
    try:
        cents = figures.minor(values["amount"], unit)
    except BadValue as bad:
        raise BadRow(Fault("amount", bad)) from bad
    if cents == 0:
        nothing = BadValue(Code.OUT_OF_RANGE, "The payment is of nothing.", "Take the row out.")
        raise BadRow(Fault("amount", nothing))
    return PaymentRow(
        number=values["payment_number"],
        case_number=values["case_number"],
        lender_id=values.get("lender"),
        amount=cents,
        currency=unit,
        paid_on=values["paid_on"],
    )


def weigh(
    session: Session,
    context: ImportContext,
    rows: Sequence[Verdict[PaymentRow]],
    _memory: Memory,
) -> list[Verdict[PaymentRow]]:
    """Say of each row whether its payment is new, corrected, known, or of no case."""
    links = linked(
        session, context, rows, number_column="payment_number", lookup=payments_by_number
    )
    people = get_many(session, Person, {link.case.person_id for link in links if link.case})
    return [_verdict(link, people, context) for link in links]


def store(
    session: Session, context: ImportContext, verdicts: Sequence[Verdict[PaymentRow]]
) -> None:
    """Write new payments in bulk; a correction leaves evidence that there was one."""
    created, entries = [], []
    for one in verdicts:
        value = one.value
        if value.case is None or value.person is None:
            continue
        if one.action is Action.CREATED:
            created.append(_row(value, value.case, value.person, context))
        elif one.action is Action.UPDATED:
            payment: Payment = one.found
            before = {"currency": payment.currency, "paid_on": payment.paid_on.isoformat()}
            payment.currency, payment.paid_on = value.currency, value.paid_on
            context.vault.write(value.person, payment, "amount", value.amount)
            entries.append(
                acts(context, "payment.corrected", "payment", payment.id, before=before)
                | {"case_id": payment.case_id, "person_id": payment.person_id}
            )
    session.flush()
    insert_rows(session, Payment, created)
    insert_rows(session, Evidence, entries)


def _row(
    value: PaymentRow, case: CaseKey, person: Person, context: ImportContext
) -> dict[str, Any]:
    if person.data_key is None:  # pragma: no cover  (such a row was refused)
        raise LookupError(value.number)
    payment_id = new_id()
    return {
        "id": payment_id,
        "branch_id": context.branch.id,
        "lender_id": case.lender_id,
        "case_id": case.id,
        "person_id": person.id,
        "number": value.number,
        "amount_sealed": context.seal(
            person.data_key, "payment", payment_id, "amount", value.amount
        ),
        "currency": value.currency,
        "paid_on": value.paid_on,
        "recorded_at": context.now,
    }


def _verdict(
    link: Link[PaymentRow, Payment], people: Mapping[UUID, Person], context: ImportContext
) -> Verdict[PaymentRow]:
    if link.case is None:
        return link.row
    person = people[link.case.person_id]
    row = replace(link.row, value=replace(link.row.value, case=link.case, person=person))
    if person.data_key is None:
        return row.refused(
            "case_number",
            Code.ERASED,
            "The person of this case was erased; nothing is stored about them again.",
            "Take the row out.",
        )
    found = link.found
    if found is None:
        return row
    is_same = (
        row.value.paid_on == found.paid_on
        and row.value.currency == found.currency
        and context.vault.read(person, found, "amount") == row.value.amount
    )
    return row.known(found, is_same=is_same)


def _key(value: PaymentRow) -> Hashable:
    return value.lender_id, value.number


KIND: Final = FileKind(
    columns=COLUMNS, key_column="payment_number", build=build, key=_key, weigh=weigh, store=store
)
