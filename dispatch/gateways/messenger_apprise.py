"""The real messenger: e-mail and text messages through apprise, to the borrower alone."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dispatch.errors import SettingsInvalid
from dispatch.gateways.child import Child, ChildFailed
from dispatch.gateways.message import (
    Channel,
    Message,
    Receipt,
    ReceiptState,
    misaddressed,
    redact,
)

log = logging.getLogger(__name__)

SCHEMAS: Mapping[Channel, frozenset[str]] = {
    Channel.EMAIL: frozenset({"mailto", "mailtos", "mailgun", "sendgrid", "ses", "smtp2go"}),
    Channel.SMS: frozenset(
        {
            "atalk",
            "infobip",
            "msgbird",
            "nexmo",
            "plivo",
            "seven",
            "sinch",
            "sns",
            "telnyx",
            "twilio",
            "vonage",
        }
    ),
}
"""Channels that end with one person; a group, a bot or a staff channel is none of these."""

# A copy goes to someone else, and a repeat would send blindly again.
_BARRED = frozenset({"bcc", "cc", "format", "overflow", "reply", "retry", "to", "wait"})

# Of HTTP: the key, the bill, the rate. Of SMTP: closing, not now, the password. None is the message's.
_OUTAGE = frozenset({401, 402, 407, 421, 429, 454, 530, 534, 535})

_SETTINGS = {
    Channel.EMAIL: "FAIRVISIT_MESSAGES_EMAIL_URL",
    Channel.SMS: "FAIRVISIT_MESSAGES_SMS_URL",
}
_SPECIMEN = {Channel.EMAIL: "nobody@example.org", Channel.SMS: "+15555550100"}
_CHILD = Path(__file__).with_name("apprise_child.py")
_START_S = 30.0


class AppriseMessenger:
    """Sends through one provider a channel, from a child process that a deadline can kill.

    Parameters
    ----------
    urls : mapping of Channel to str
        apprise's URL of the provider, without a recipient.
    deadline_s : float
        For one message, from the sending process being up to the receipt.

    Raises
    ------
    SettingsInvalid
        If a URL is not of a borrower's channel, or names further recipients.
    """

    at_once = 1

    def __init__(self, urls: Mapping[Channel, str], *, deadline_s: float) -> None:
        for channel, url in urls.items():
            _refuse_unlisted(channel, url)
        self._urls = dict(urls)
        self._deadline_s = deadline_s
        self._child = Child(_CHILD)

    def send(self, message: Message) -> Receipt:
        """Hand the message to its provider; after the deadline its state is unknown."""
        if not message.is_addressed:
            return misaddressed()
        url = self._urls.get(message.channel)
        if url is None:
            detail = f"No provider is set for this channel; see {_SETTINGS[message.channel]}."
            return Receipt(ReceiptState.REJECTED, detail=detail)
        receipt = self._send(message, url)
        if receipt.state is not ReceiptState.ACCEPTED:
            told = (message.channel.value, message.id, redact(message.to), receipt.detail)
            log.warning("%s %s to %s: %s", *told)
        return receipt

    def check(self) -> None:
        """Try that each URL makes sense to the library; nothing is sent.

        Raises
        ------
        SettingsInvalid
            If one does not.
        """
        for channel, url in self._urls.items():
            specimen = Message("check", channel, _SPECIMEN[channel], "", "")
            answer = self._ask(_request(specimen, url, is_check=True), _START_S)
            if answer["state"] != "usable":
                raise SettingsInvalid(_unusable(channel))

    def close(self) -> None:
        """End the child process."""
        self._child.close()

    def _send(self, message: Message, url: str) -> Receipt:
        try:
            self._wake()
        except ChildFailed as error:
            detail = f"The sending process {error}; nothing was sent."
            return Receipt(ReceiptState.REJECTED, detail=detail, is_outage=True)
        try:
            answer = self._ask(_request(message, url), self._deadline_s)
        except ChildFailed as error:
            if not error.was_asked:
                detail = f"The sending process {error}; nothing was sent."
                return Receipt(ReceiptState.REJECTED, detail=detail, is_outage=True)
            detail = f"The sending process {error}; the message may have gone out."
            return Receipt(ReceiptState.UNKNOWN, detail=detail)
        return _receipt(message.channel, answer)

    def _wake(self) -> None:
        """Have the child up before it is trusted with a message.

        Whatever fails until then has surely sent nothing, so that it may be tried again. It
        takes a second or two when cold, which is no fault of the provider's.
        """
        try:
            self._ask({}, _START_S)
        except ChildFailed:
            self._ask({}, _START_S)

    def _ask(self, request: Mapping[str, Any], deadline_s: float) -> dict[str, Any]:
        raw = self._child.ask(json.dumps(request).encode(), deadline_s=deadline_s)
        answer: dict[str, Any] = json.loads(raw)
        return answer


def _request(message: Message, url: str, *, is_check: bool = False) -> dict[str, Any]:
    return {
        "url": url,
        "id": message.id,
        "to": message.to,
        "subject": message.subject,
        "text": message.text,
        "html": message.html if message.channel is Channel.EMAIL else None,
        "language": message.language,
        "is_mail": message.channel is Channel.EMAIL,
        "is_check": is_check,
    }


def _receipt(channel: Channel, answer: Mapping[str, Any]) -> Receipt:
    match answer["state"]:
        case "accepted":
            return Receipt(ReceiptState.ACCEPTED, detail="The provider accepted it.")
        case "rejected":
            detail = f"The provider refused it with code {answer['code']}."
            is_permanent = answer["is_permanent"]
            is_outage = not is_permanent and answer["code"] in _OUTAGE
            return Receipt(
                ReceiptState.REJECTED,
                detail=detail,
                is_permanent=is_permanent,
                is_outage=is_outage,
            )
        case "unreached":
            detail = f"The provider can't be reached; see {_SETTINGS[channel]}."
            return Receipt(ReceiptState.REJECTED, detail=detail, is_outage=True)
        case "unusable":
            return Receipt(ReceiptState.REJECTED, detail=_unusable(channel))
        case _:
            detail = "The exchange broke off; the message may have gone out."
            return Receipt(ReceiptState.UNKNOWN, detail=detail)


def _unusable(channel: Channel) -> str:
    return f"{_SETTINGS[channel]} makes no sense to the sending library, or names a recipient."


def _refuse_unlisted(channel: Channel, url: str) -> None:
    schema = url.partition("://")[0].strip().lower()
    if schema not in SCHEMAS[channel]:
        listed = ", ".join(sorted(SCHEMAS[channel]))
        # The URL itself holds a password and is not repeated.
        msg = f"{_SETTINGS[channel]} must go to borrowers alone: one of {listed}."
        raise SettingsInvalid(msg)
    keys = {key.lower() for key, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    if barred := sorted(keys & _BARRED):
        msg = f"{_SETTINGS[channel]} may not set {', '.join(barred)}; leave that out."
        raise SettingsInvalid(msg)
