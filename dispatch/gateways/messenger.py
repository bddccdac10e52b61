"""Messenger: who carries messages to borrowers, as the settings say."""

import logging

from dispatch.gateways.message import (
    Channel,
    Message,
    Messenger,
    Receipt,
    ReceiptState,
    redact,
)
from dispatch.gateways.messenger_apprise import AppriseMessenger
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
    if urls:
        return AppriseMessenger(urls, deadline_s=settings.messages_deadline_s)
    if settings.environment is Environment.PRODUCTION:
        log.warning("no provider is set: messages are written to a folder and reach nobody")
    return FolderMessenger(settings.messages_folder)
