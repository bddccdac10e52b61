"""CaseRow: one row of a case file, read and checked in itself."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dispatch.intake import fields, figures, moments
from dispatch.intake.columns import Column
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import BadRow, both_or_neither
from dispatch.intake.report import BadValue, Code, Fault
from dispatch.model import Ability, ArrearsReason, ContactKind, PlaceKind, Willingness
from dispatch.vault import Vault

AMOUNTS: Final = ("principal", "interest", "fees", "paid")

_PLACES: Final = {
    "home": PlaceKind.RESIDENCE, "住宅": PlaceKind.RESIDENCE, "住所": PlaceKind.RESIDENCE,
    "家庭": PlaceKind.RESIDENCE, "居住地": PlaceKind.RESIDENCE, "现住址": PlaceKind.RESIDENCE,
    "work": PlaceKind.WORKPLACE, "office": PlaceKind.WORKPLACE, "单位": PlaceKind.WORKPLACE,
    "其他": PlaceKind.OTHER,
}  # fmt: skip
_REASONS: Final = {
    "unemployment": ArrearsReason.JOB_LOSS, "失业": ArrearsReason.JOB_LOSS,
    "sickness": ArrearsReason.ILLNESS, "疾病": ArrearsReason.ILLNESS, "患病": ArrearsReason.ILLNESS,
    "丧亲": ArrearsReason.BEREAVEMENT, "婚姻变故": ArrearsReason.FAMILY_CHANGE,
    "生意亏损": ArrearsReason.BUSINESS_LOSS, "经营困难": ArrearsReason.BUSINESS_LOSS,
    "灾害": ArrearsReason.DISASTER, "收入不稳定": ArrearsReason.INCOME_IRREGULAR,
    "多头负债": ArrearsReason.OVER_INDEBTED, "经济压力": ArrearsReason.COSTS_ROSE,
    "资金安排不当": ArrearsReason.MONEY_MANAGEMENT, "忘记还款": ArrearsReason.MISSED_REMINDER,
    "更换号码": ArrearsReason.MOVED_OR_NEW_NUMBER, "不了解": ArrearsReason.NOT_AWARE,
    "异议": ArrearsReason.DISAGREES, "不愿还款": ArrearsReason.DOES_NOT_WISH_TO_PAY,
    "其他": ArrearsReason.OTHER, "原因不明": ArrearsReason.UNKNOWN, "未知": ArrearsReason.UNKNOWN,
}  # fmt: skip
_ABILITY: Final = {
    "full": Ability.ADEQUATE, "充足": Ability.ADEQUATE, "有能力": Ability.ADEQUATE,
    "部分": Ability.PARTIAL, "none": Ability.NONE_NOW, "暂无": Ability.NONE_NOW,
    "无能力": Ability.NONE_NOW, "未知": Ability.UNKNOWN, "不明": Ability.UNKNOWN,
}  # fmt: skip
_CHANNELS: Final = {
    "sms": ContactKind.PHONE, "call": ContactKind.PHONE, "mobile": ContactKind.PHONE,
    "电话": ContactKind.PHONE, "手机": ContactKind.PHONE, "短信": ContactKind.PHONE,
    "mail": ContactKind.EMAIL, "邮件": ContactKind.EMAIL, "邮箱": ContactKind.EMAIL,
    "电子邮件": ContactKind.EMAIL,
}  # fmt: skip
_WILLINGNESS: Final = {
    "yes": Willingness.WILLING, "愿意": Willingness.WILLING, "no": Willingness.UNWILLING,
    "不愿意": Willingness.UNWILLING, "分期则愿意": Willingness.WILLING_IF_PLAN,
    "不确定": Willingness.UNSURE, "unknown": Willingness.NOT_DISCUSSED,
    "未谈及": Willingness.NOT_DISCUSSED, "未沟通": Willingness.NOT_DISCUSSED,
}  # fmt: skip


def lender(text: str, context: ImportContext) -> UUID:
    """Return the lender on record under this name."""
    found = context.lenders.get(lender_key(text))
    if found is None:
        raise BadValue(
            Code.UNKNOWN_LENDER,
            "No lender of this name is on record.",
            "Correct the name, or let an administrator enter the lender first.",
        )
    return found.id


def lender_key(name: str) -> str:
    """Return a lender's name as it is compared."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def person_index(vault: Vault, lender_id: UUID, number: str) -> str:
    """Return the keyed hash by which a person is one and the same through all their cases.

    The lender is part of it: two lenders may give the number 1001 to two people.
    """
    return vault.index("person-number", f"{lender_id}/{number}")


COLUMNS: Final = (
    Column("case_number", fields.number, (
        "case", "case no", "case id", "contract", "contract number", "contract no", "loan number",
        "loan no", "loan id", "合同号", "合同编号", "借据号", "借据编号", "案件号", "案件编号",
        "贷款编号", "贷款合同号",
    ), is_required=True),
    Column("lender", lender, (
        "lender name", "creditor", "bank", "贷款机构", "出借人", "债权人", "委托方", "委托机构", "机构名称",
    ), is_required=True),
    Column("person_number", fields.number, (
        "person", "person id", "customer number", "customer no", "customer id", "client number",
        "borrower number", "borrower id", "客户号", "客户编号", "借款人编号",
    ), is_required=True),
    Column("name", fields.text_of(fields.MAX_NAME, what="The name"), (
        "customer name", "borrower", "borrower name", "full name", "client name", "姓名",
        "客户姓名", "借款人", "借款人姓名", "客户名称",
    ), is_required=True),
    Column("language", fields.language, ("preferred language", "语言", "沟通语言")),
    Column("phone", fields.phones, (
        "phone number", "mobile", "mobile number", "mobile phone", "telephone", "tel", "手机",
        "手机号", "手机号码", "电话", "联系电话", "本人手机",
    )),
    Column("email", fields.email, ("e-mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件")),
    Column("address", fields.text_of(fields.MAX_ADDRESS, what="The address"), (
        "home address", "residence", "residential address", "street address", "地址", "住址",
        "现住址", "家庭地址", "居住地址", "联系地址", "现居住地址",
    ), is_required=True),
    Column("place_kind", fields.choice_of(PlaceKind, _PLACES), ("address type", "地址类型", "地址类别")),
    Column("place_region", fields.region, ("address country", "地址所在国家或地区")),
    Column("place_time_zone", fields.time_zone, ("address time zone", "地址时区")),
    Column("lat", figures.degrees, ("latitude", "纬度")),
    Column("lon", figures.degrees, ("lng", "long", "longitude", "经度")),
    Column("currency", figures.currency, ("币种", "货币")),
    Column("principal", figures.amount, (
        "overdue principal", "principal overdue", "逾期本金", "本金", "剩余本金", "欠款本金",
    ), is_required=True),
    Column("interest", figures.amount, ("overdue interest", "逾期利息", "利息", "欠息")),
    Column("fees", figures.amount, ("fee", "charges", "late fees", "费用", "逾期费用", "违约金", "滞纳金")),
    Column("paid", figures.amount, ("amount paid", "already paid", "已还", "已还金额", "已还款")),
    Column("oldest_unpaid_due_on", moments.past_day, (
        "oldest unpaid due date", "overdue since", "past due since", "due date", "逾期日期",
        "逾期起始日", "逾期开始日期", "最早逾期日", "最早未还到期日",
    ), is_required=True),
    Column("product", fields.text_of(60, what="The product"), ("product name", "产品", "产品名称")),
    Column("ability", fields.choice_of(Ability, _ABILITY), ("ability to pay", "还款能力")),
    Column("willingness", fields.choice_of(Willingness, _WILLINGNESS), (
        "willingness to pay", "还款意愿",
    )),
    Column("arrears_reason", fields.choice_of(ArrearsReason, _REASONS), (
        "reason", "reason for arrears", "逾期原因",
    )),
    Column("assessed_on", moments.past_day, ("assessment date", "评估日期")),
    Column("service_minutes", figures.whole(5, 240), ("visit minutes", "预计时长", "上门时长")),
    Column("value", figures.whole(0, 1000), ("visit value", "价值", "价值分")),
    Column("birth_year", moments.birth_year, (
        "year of birth", "born", "birth date", "date of birth", "出生年份", "出生日期",
    )),
    Column("preferred_times", fields.text_of(200, what="The text"), (
        "preferred time", "best time", "方便时间", "期望时间",
    )),
    Column("preferred_channel", fields.choice_of(ContactKind, _CHANNELS), (
        "preferred contact", "contact preference", "首选联系方式", "联系偏好",
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as the lender tells it; amounts in minor units, the point in WGS-84."""

    number: str
    lender_id: UUID
    person_index: str
    name: str
    language: str | None
    phones: tuple[tuple[str, bool], ...]
    email: str | None
    address: str
    place_kind: PlaceKind
    point: tuple[float, float] | None
    is_far: bool
    currency: str
    amounts: tuple[int, ...]
    oldest_unpaid_due_on: date
    product: str | None
    ability: Ability | None
    willingness: Willingness | None
    reason: ArrearsReason | None
    assessed_on: date | None
    service_minutes: int | None
    value: int | None
    birth_year: int | None
    is_adult: bool | None
    preferred_times: str | None
    preferred_channel: ContactKind | None
    fingerprint: str
    region: str | None = None
    time_zone: str | None = None


def build(values: Mapping[str, Any], context: ImportContext) -> CaseRow:
    """Return a row's values as a case.

    Raises
    ------
    BadRow
        If the values don't go together; the row's columns are named.
    """
    lender_id = _lender_id(values, context)
    unit = values.get("currency", context.branch.currency)
    point = _point(values, context)
    born = values.get("birth_year")
    content: dict[str, Any] = {
        "number": values["case_number"],
        "lender_id": lender_id,
        "person_index": person_index(context.vault, lender_id, values["person_number"]),
        "name": values["name"],
        "language": values.get("language"),
        "phones": values.get("phone", ()),
        "email": values.get("email"),
        "address": values["address"],
        "place_kind": values.get("place_kind", PlaceKind.RESIDENCE),
        "point": point,
        "currency": unit,
        "amounts": _amounts(values, unit),
        "oldest_unpaid_due_on": values["oldest_unpaid_due_on"],
        "product": values.get("product"),
        "ability": values.get("ability"),
        "willingness": values.get("willingness"),
        "reason": values.get("arrears_reason"),
        "assessed_on": values.get("assessed_on"),
        "service_minutes": values.get("service_minutes"),
        "value": values.get("value"),
        "birth_year": born,
        "preferred_times": values.get("preferred_times"),
        "preferred_channel": values.get("preferred_channel"),
    }
    # Only where given: rows of files without these columns are what they were.
    content |= {
        name: values[f"place_{name}"]
        for name in ("region", "time_zone")
        if f"place_{name}" in values
    }
    return CaseRow(
        **content,
        is_far=point is not None and figures.is_far(point, context),
        is_adult=moments.is_adult(born, context.today),
        fingerprint=context.fingerprint(content),
    )


def _lender_id(values: Mapping[str, Any], context: ImportContext) -> UUID:
    if "lender" in values:
        named: UUID = values["lender"]
        return named
    if context.own_lender is None:
        bad = BadValue(Code.MISSING, "The lender is missing.", "Fill the cell in.")
        raise BadRow(Fault("lender", bad))
    return context.own_lender.id


def _point(values: Mapping[str, Any], context: ImportContext) -> tuple[float, float] | None:
    both_or_neither(values, "lat", "lon")
    if "lat" not in values:
        return None
    try:
        return figures.point(values["lat"], values["lon"], context)
    except BadValue as bad:
        raise BadRow(Fault("lat", bad)) from bad


def _amounts(values: Mapping[str, Any], unit: str) -> tuple[int, ...]:
    faults, amounts = [], []
    for name in AMOUNTS:
        try:
            amounts.append(figures.minor(values.get(name, Decimal(0)), unit))
        except BadValue as bad:
            faults.append(Fault(name, bad))
    if faults:
        raise BadRow(*faults)
    return tuple(amounts)
