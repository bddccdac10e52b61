"""Messenger: who carries messages to borrowers, as the settings say."""

import logging
from collections.abc import Mapping

from dispatch.gateways.message import (
    Channel,
    Message,
    Messenger,
    Receipt,
    ReceiptState,
    redact,
)
from dispatch.gateways.messenger_apprise import AppriseMessenger
from dispatch.gateways.messenger_cloud import SCHEMAS, CloudMessenger
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.gateways.messenger_folder import FolderMessenger
from dispatch.settings import Environment, Settings

__all__ = [
    "AppriseMessenger",
    "Channel",
    "FakeMessenger",
    "FolderMessenger",
    "Message",
    "Messenger",
    "Receipt",
    "ReceiptState",
    "messenger_of",
    "redact",
]

log = logging.getLogger(__name__)


class ByChannel:
    """Sends each channel's messages by its own messenger."""

    def __init__(self, messengers: Mapping[Channel, Messenger]) -> None:
        self._messengers = messengers
        self.at_once = min(one.at_once for one in messengers.values())

    def send(self, message: Message) -> Receipt:
        """Hand the message to its channel's messenger."""
        return self._messengers[message.channel].send(message)

    def close(self) -> None:
        """Let go of all of them."""
        for one in self._messengers.values():
            one.close()


def messenger_of(settings: Settings) -> Messenger:
    """Return the messenger that the settings ask for: files in a folder when no URL is set.

    Where one channel has a URL, the other without one refuses its messages: a file that looks
    like a sent notice would be worse than none.

    Raises
    ------
    SettingsInvalid
        If a URL is not of a borrower's channel.
    """
    secrets = {
        Channel.EMAIL: settings.messages_email_url,
        Channel.SMS: settings.messages_sms_url,
    }
    urls = {channel: each.get_secret_value() for channel, each in secrets.items() if each}
    deadline_s = settings.messages_deadline_s
    if urls.get(Channel.SMS, "").partition("://")[0] in SCHEMAS:
        cloud = CloudMessenger(urls.pop(Channel.SMS), deadline_s=deadline_s)
        other = AppriseMessenger(urls, deadline_s=deadline_s)
        return ByChannel({Channel.SMS: cloud, Channel.EMAIL: other})
    if urls:
        return AppriseMessenger(urls, deadline_s=deadline_s)
    if settings.environment is Environment.PRODUCTION:
        log.warning("no provider is set: messages are written to a folder and reach nobody")
    return FolderMessenger(settings.messages_folder)
