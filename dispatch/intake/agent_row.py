"""AgentRow: one row of an agent file, read and checked in itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from dispatch.intake import fields, figures, moments
from dispatch.intake.case_row import lender
from dispatch.intake.columns import Column
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import BadRow, both_or_neither
from dispatch.intake.report import BadValue, Fault
from dispatch.model import QualificationKind

_GENDERS: Final = {
    "f": "female", "female": "female", "woman": "female", "女": "female", "m": "male",
    "male": "male", "man": "male", "男": "male",
}  # fmt: skip


def gender(text: str, _context: ImportContext) -> str:
    """Return the gender, in one word for female and male; any other word stays as it is."""
    return _GENDERS.get(text.casefold()) or fields.clean(text, limit=20, what="The gender")


def lenders(text: str, context: ImportContext) -> tuple[UUID, ...]:
    """Return the lenders that a list names."""
    return tuple(lender(name, context) for name in fields.listing(text, context))


COLUMNS: Final = (
    Column("employee_number", fields.number, (
        "employee no", "employee id", "staff number", "staff id", "agent number", "agent id",
        "工号", "员工编号", "员工号",
    ), is_required=True),
    Column("name", fields.text_of(fields.MAX_NAME, what="The name"), (
        "full name", "agent name", "employee name", "姓名", "员工姓名",
    ), is_required=True),
    Column("email", fields.email, ("e-mail", "mail", "email address", "邮箱", "电子邮箱")),
    Column("phone", fields.phones, ("phone number", "mobile", "telephone", "手机", "手机号", "电话")),
    Column("gender", gender, ("sex", "性别")),
    Column("languages", fields.spoken, ("language", "语言")),
    Column("skills", fields.listing, ("skill", "技能", "专长")),
    Column("home_lat", figures.degrees, ("home latitude", "lat", "latitude", "住址纬度", "纬度")),
    Column("home_lon", figures.degrees, (
        "home longitude", "lon", "lng", "longitude", "住址经度", "经度",
    )),
    Column("certificate_until", moments.day, (
        "certificate valid until", "certificate expiry", "证书有效期", "上岗证有效期",
    )),
    Column("training_until", moments.day, ("training valid until", "training expiry", "培训有效期")),
    Column("authorised_lender", lenders, (
        "authorized lender", "authorised lenders", "授权机构", "授权出借人",
    )),
    Column("authorised_until", moments.day, (
        "authorized until", "authorisation valid until", "授权有效期",
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent; `held` are kind, lender and last valid date of each qualification."""

    number: str
    name: str
    email: str | None
    phone: str | None
    gender: str | None
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    home: tuple[float, float] | None
    held: tuple[tuple[QualificationKind, UUID | None, date], ...]


def build(values: Mapping[str, Any], context: ImportContext) -> AgentRow:
    """Return a row's values as an agent.

    Raises
    ------
    BadRow
        If a pair of columns is half filled in, or the home is no place.
    """
    both_or_neither(values, "home_lat", "home_lon")
    both_or_neither(values, "authorised_lender", "authorised_until")
    phones = values.get("phone", ())
    return AgentRow(
        number=values["employee_number"],
        name=values["name"],
        email=values.get("email"),
        phone=phones[0][0] if phones else None,
        gender=values.get("gender"),
        languages=values.get("languages", ()),
        skills=values.get("skills", ()),
        home=_home(values, context),
        held=_held(values),
    )


def _home(values: Mapping[str, Any], context: ImportContext) -> tuple[float, float] | None:
    if "home_lat" not in values:
        return None
    try:
        return figures.point(values["home_lat"], values["home_lon"], context)
    except BadValue as bad:
        raise BadRow(Fault("home_lat", bad)) from bad


def _held(
    values: Mapping[str, Any],
) -> tuple[tuple[QualificationKind, UUID | None, date], ...]:
    held: list[tuple[QualificationKind, UUID | None, date]] = [
        (kind, None, values[column])
        for kind, column in (
            (QualificationKind.CERTIFICATE, "certificate_until"),
            (QualificationKind.TRAINING, "training_until"),
        )
        if column in values
    ]
    held += [
        (QualificationKind.AUTHORISATION, lender_id, values["authorised_until"])
        for lender_id in values.get("authorised_lender", ())
    ]
    return tuple(held)
