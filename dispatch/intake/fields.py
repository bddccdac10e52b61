"""Text, numbers that name things, choices, lists, phones and e-mail addresses of a file."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

import phonenumbers

from dispatch.clock import zone
from dispatch.intake.context import ImportContext
from dispatch.intake.report import BadValue, Code, listed

MAX_NAME: Final = 200
MAX_ADDRESS: Final = 500
_MAX_NUMBER: Final = 64
_MAX_EMAIL: Final = 200
_MAX_LISTED: Final = 20
_MAX_ITEM: Final = 40
_MAX_PHONE: Final = 40

_SPACES: Final = re.compile(r"\s+")
_EXPONENT: Final = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_EMAIL: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+")
_REGION: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_FORMULA: Final = ("=", "+", "-", "@")
_UNFIT: Final = {"Cc", "Cs", "Co", "Cn"}
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

LANGUAGES: Final = {
    "zh-cn": "zh-CN", "zh": "zh-CN", "zhhans": "zh-CN", "cn": "zh-CN", "chinese": "zh-CN",
    "mandarin": "zh-CN", "中文": "zh-CN", "汉语": "zh-CN", "普通话": "zh-CN", "简体中文": "zh-CN",
    "zhcn": "zh-CN", "en": "en", "enus": "en", "engb": "en", "english": "en", "英文": "en",
    "英语": "en",
}  # fmt: skip


def text_of(limit: int, *, what: str = "The text") -> Callable[[str, ImportContext], str]:
    """Return the parser of free text of at most `limit` characters."""

    def parse(text: str, _context: ImportContext) -> str:
        return clean(text, limit=limit, what=what)

    return parse


def clean(text: str, *, limit: int, what: str) -> str:
    """Return the text in NFC with single spaces.

    Raises
    ------
    BadValue
        If it is too long, holds a control character or half a character, or would run as a
        formula when a spreadsheet opens it again.
    """
    if len(text) > limit:
        raise BadValue(
            Code.TOO_LONG,
            f"{what} has {len(text):,} characters; {limit} is the most.",
            "Shorten it, or look for a quotation mark that was never closed.",
        )
    text = _SPACES.sub(" ", text).strip() if not text.isprintable() or "  " in text else text
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable() and any(_is_unfit(one) for one in text):
        raise BadValue(
            Code.CONTROL_CHARACTER,
            f"{what} holds a character that can't be shown.",
            "Type it again; such characters come from broken exports.",
        )
    if text.startswith(_FORMULA):
        raise BadValue(
            Code.FORMULA,
            f"{what} begins like a spreadsheet formula ({text[0]}).",
            "Write it without the leading sign.",
        )
    return text


def number(text: str, _context: ImportContext) -> str:
    """Return a number that names something at the lender, as it is written."""
    text = clean(unicodedata.normalize("NFKC", text), limit=_MAX_NUMBER, what="The number")
    if _EXPONENT.fullmatch(text):
        raise _digits_lost("The number")
    if any(unicodedata.category(one) == "Cf" for one in text):
        raise BadValue(
            Code.CONTROL_CHARACTER,
            "The number holds an invisible character.",
            "Type it again, without anything before or after it.",
        )
    return text


def choice_of[E: StrEnum](
    kind: type[E], words: Mapping[str, E]
) -> Callable[[str, ImportContext], E]:
    """Return the parser of one value of a closed list; `words` are what else files write."""
    known = {_plain(member.value): member for member in kind}
    known |= {_plain(word): member for word, member in words.items()}

    def parse(text: str, _context: ImportContext) -> E:
        found = known.get(_plain(text))
        if found is None:
            raise BadValue(
                Code.UNKNOWN_CHOICE,
                "This is not one of the values known here.",
                f"Write one of: {listed(member.value for member in kind)}.",
            )
        return found

    return parse


def language(text: str, _context: ImportContext) -> str:
    """Return the language that a person is written to in."""
    found = LANGUAGES.get(_plain(text))
    if found is None:
        raise BadValue(
            Code.UNKNOWN_CHOICE, "This language has no texts here.", "Write zh-CN or en."
        )
    return found


def region(text: str, _context: ImportContext) -> str:
    """Return the country or part of one in which a place lies, by its ISO 3166 code."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if not _REGION.fullmatch(code):
        raise BadValue(
            Code.UNKNOWN_CHOICE, "This is no code of a region.", "Write CN, IN or AU-NSW."
        )
    return code


def time_zone(text: str, _context: ImportContext) -> str:
    """Return the time zone of a place, by its IANA name."""
    name = text.strip()
    try:
        zone(name)
    except ValueError as error:
        raise BadValue(
            Code.UNKNOWN_CHOICE,
            "There is no such time zone.",
            "Write a name such as Asia/Shanghai.",
        ) from error
    return name


def spoken(text: str, context: ImportContext) -> tuple[str, ...]:
    """Return the languages that an agent speaks, as language tags."""
    tags = []
    for item in listing(text, context):
        tag = LANGUAGES.get(_plain(item), item)
        if not _TAG.fullmatch(tag):
            raise BadValue(
                Code.UNKNOWN_CHOICE,
                "One of the languages is no language tag.",
                "Write tags such as zh-CN, en or yue, separated by |.",
            )
        tags.append(tag)
    return tuple(dict.fromkeys(tags))


def listing(text: str, _context: ImportContext) -> tuple[str, ...]:
    """Return the items of a cell that `|` or `;` separates."""
    items = [item.strip() for item in re.split(r"[|;；]", text) if item.strip()]
    if len(items) > _MAX_LISTED:
        raise BadValue(
            Code.TOO_LONG, f"The list has more than {_MAX_LISTED} items.", "Shorten the list."
        )
    return tuple(clean(item, limit=_MAX_ITEM, what="An item of the list") for item in items)


def phones(text: str, context: ImportContext) -> tuple[tuple[str, bool], ...]:
    """Return the phone numbers of a cell in E.164, each with whether its range is in use."""
    return tuple(dict.fromkeys(_phone(one, context) for one in re.split(r"[|;；]", text) if one))


def email(text: str, _context: ImportContext) -> str:
    """Return an e-mail address, its domain in small letters."""
    text = unicodedata.normalize("NFKC", text)
    if len(text) > _MAX_EMAIL or not _EMAIL.fullmatch(text) or not text.isprintable():
        raise BadValue(
            Code.NOT_AN_EMAIL,
            "This is no e-mail address.",
            "Write one such as name@example.org, or leave the cell empty.",
        )
    if text.startswith(_FORMULA):
        raise BadValue(
            Code.FORMULA, "The address begins like a formula.", "Write it without the sign."
        )
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def _phone(text: str, context: ImportContext) -> tuple[str, bool]:
    text = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
    if _EXPONENT.fullmatch(text):
        raise _digits_lost("The phone number")
    found = _parsed(text, context.branch.country)
    if found is None or not phonenumbers.is_possible_number(found) or found.extension:
        raise BadValue(
            Code.NOT_A_PHONE,
            f"This is no phone number of {context.branch.country} nor an international one.",
            "Write all digits, with + and the country's code when it is abroad.",
        )
    written = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return written, phonenumbers.is_valid_number(found)


def _parsed(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    if len(text) > _MAX_PHONE:
        return None
    try:
        return phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None


def _digits_lost(what: str) -> BadValue:
    return BadValue(
        Code.DIGITS_LOST,
        f"{what} was turned into a rounded figure and has lost digits.",
        "Format the column as text in the spreadsheet, and export it again.",
    )


def _is_unfit(one: str) -> bool:
    return unicodedata.category(one) in _UNFIT or one in _BIDI


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", text).casefold())
