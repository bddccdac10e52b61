"""A message to a borrower, its receipt, and the protocol of those who carry it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
# One address and no more: what separates, quotes or comments has no place in it.
_EMAIL = re.compile(
    r"[^\s@,;:<>()\[\]\\\"'/?#&%]{1,64}@[^\s@,;:<>()\[\]\\\"'/?#&%]{1,189}\.\w{2,63}"
)
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


class Channel(StrEnum):
    """How a message reaches a borrower."""

    EMAIL = "email"
    SMS = "sms"


class ReceiptState(StrEnum):
    """What became of a message, as far as the provider tells."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one borrower's own address or number.

    Parameters
    ----------
    id : str
        The client reference: letters, digits, `.`, `_`, `-`; sent along where the channel can.
    channel : Channel
        E-mail or text message.
    to : str
        One e-mail address, or one number in E.164.
    subject : str
        One line; not sent in a text message.
    text : str
        The message in plain text.
    html : str or None
        The same as HTML, for e-mail.
    language : str
        BCP 47 tag of the text.
    template : str or None
        Which text of ours it is (`announcement.sms.en`), for providers that send by template.
    values : mapping of str to str
        What fills that text in.
    """

    id: str
    channel: Channel
    to: str
    subject: str
    text: str
    html: str | None = None
    language: str = "zh-CN"
    template: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.id):
            msg = "a message's id is up to 80 letters, digits, points, dashes and underscores"
            raise ValueError(msg)
        # Names from files end up in subjects: a line break must not begin another header.
        object.__setattr__(self, "subject", " ".join(_clean(self.subject, "").split()))
        object.__setattr__(self, "text", _clean(self.text, "\n\t"))
        if self.html is not None:
            object.__setattr__(self, "html", _clean(self.html, "\n\t"))

    @property
    def is_addressed(self) -> bool:
        """True where `to` is one address of the channel and nothing else."""
        pattern = _EMAIL if self.channel is Channel.EMAIL else _PHONE
        return pattern.fullmatch(self.to) is not None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the gateway said.

    Parameters
    ----------
    state : ReceiptState
        Accepted is not delivered. Unknown means that it may have gone out: it is looked up by a
        person or a call-back, and never sent again blindly.
    provider_id : str or None
        The provider's own number for it, where it gives one.
    detail : str
        Why, in one sentence, without the address.
    is_permanent : bool
        True where the address itself was refused: another try is of no use.
    is_outage : bool
        True where it is the gateway that failed, whatever the message: out of reach, over its
        rate, a wrong key. Rejected, it surely did not leave and no try is spent; unknown, the
        gateway can't be asked now, but will know.
    retry_after_s : float or None
        Seconds for which the gateway asks to be left alone.
    """

    state: ReceiptState
    provider_id: str | None = None
    detail: str = ""
    is_permanent: bool = False
    is_outage: bool = False
    retry_after_s: float | None = None


class Messenger(Protocol):
    """Carries messages to borrowers."""

    at_once: int
    """How many messages it takes at the same time, from as many threads."""

    def send(self, message: Message) -> Receipt:
        """Hand the message to the provider, within the deadline; never raise for its failure."""
        ...

    def close(self) -> None:
        """Let go of processes; it may be called twice."""
        ...


@runtime_checkable
class Remembers(Protocol):
    """A messenger that knows our references: it can be asked, and sends none of them twice."""

    def look_up(self, message_id: str) -> Receipt | None:
        """Return what became of a message; rejected where it never arrived, None if nobody knows.

        Only a provider that refuses a repeated reference may answer rejected: such a message
        is handed over again.
        """
        ...


def misaddressed() -> Receipt:
    """Return the receipt of a message whose `to` is not one address of its channel."""
    detail = "The contact is not one e-mail address or one number in international form."
    return Receipt(ReceiptState.REJECTED, detail=detail, is_permanent=True)


def redact(to: str) -> str:
    """Return an address or number so that a log can name it without telling it."""
    name, at, _ = to.partition("@")
    if at:
        return f"{name[:1]}…@…"
    return f"…{to[-2:]}" if len(to) > 4 else "…"  # noqa: PLR2004


def _clean(text: str, kept: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        each if each in kept or unicodedata.category(each) not in {"Cc", "Cs"} else " "
        for each in lines
    )
