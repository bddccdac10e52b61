"""The content guard: what a third party could read never tells of a debt, and nothing is injected."""

import re
import unicodedata
from typing import Final

from dispatch.errors import Refused

LONGEST: Final = 300

_ENGLISH: Final = (
    r"debts?|debtors?|indebted|owe[sd]?|owing|overdue|past.due|arrears|loans?|lend(?:s|er|ers|ing)?|lent|"
    r"borrow\w*|collect(?:s|or|ors|ion|ions|ing)?|credit\w*|banks?|payments?|pay(?:s|ing)?|paid|unpaid|"
    r"repay\w*|default\w*|amounts?|money|balance|account|instal?ments?|mortgage|claims?|court|legal|"
    r"lawyers?|lawsuit|enforce\w*|bailiffs?|summons|delinquen\w*|liabilit\w*|settle\w*"
)
_CHINESE: Final = (
    "债",
    "欠",
    "逾期",
    "催",
    "贷",
    "借",
    "款",
    "偿",
    "还钱",
    "银行",
    "金融",
    "信用",
    "征信",
    "账",
    "帐",
    "法院",
    "律师",
    "诉讼",
    "起诉",
    "法务",
    "违约",
    "金额",
    "本金",
    "利息",
    "罚息",
    "元整",
    "分期",
    "清收",
    "外访",
    "执行",
)
_FORBIDDEN: Final = re.compile(
    rf"\b(?:{_ENGLISH})\b|{'|'.join(_CHINESE)}|[¥￥€$£]|\b(?:CNY|RMB|USD|EUR)\b", re.IGNORECASE
)
_LINK: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(?:/[A-Za-z0-9._~\-]+)*/?")


def forbidden_words(text: str) -> tuple[str, ...]:
    """Return what in a text would tell a third party of a debt."""
    folded = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys(found.group(0) for found in _FORBIDDEN.finditer(folded)))


def ensure_discreet(text: str, *, link: str = "") -> None:
    """Refuse a text that would tell of a debt; of the link all but its random end is read too.

    Raises
    ------
    Refused
        With the words that stand in the way.
    """
    plain = text.replace(link, link.rpartition("/")[0]) if link else text
    if found := forbidden_words(plain):
        msg = f"The message would tell others too much ({', '.join(found)}); use a template as it is."
        raise Refused(msg)


def ensure_plain(name: str, value: str) -> None:
    """Refuse a value that could be more than words: line breaks, markup, braces, odd addresses.

    Raises
    ------
    Refused
        If the value of the name could inject something.
    """
    is_odd = len(value) > LONGEST or any(
        one in "{}<>&\"'`\\" or unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        for one in value
    )
    if name == "link":
        is_odd = is_odd or (value != "" and _LINK.fullmatch(value) is None)
    elif "/" in value or "@" in value:
        is_odd = True
    if is_odd:
        msg = f"The value of {name} holds something that is no plain text; nothing was written."
        raise Refused(msg)
