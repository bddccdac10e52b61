"""The folder messenger: for the demo and for trying out, messages become files instead."""

import json
import os
import tempfile
import threading
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from dispatch.gateways.message import Channel, Message, Receipt, ReceiptState, misaddressed

LIST = "messages.jsonl"
"""One JSON object a message, in the order of sending."""

_PRIVATE = 0o700


class FolderMessenger:
    """Writes each message as one file (`.eml` or `.txt`) and one line of a list.

    A file is there whole or not at all; a message sent again is not written again. The files
    hold personal data: folder and files are open to their owner only.
    """

    at_once = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def send(self, message: Message) -> Receipt:
        """Write the message into the folder."""
        if not message.is_addressed:
            return misaddressed()
        name = f"{message.id}.{'eml' if message.channel is Channel.EMAIL else 'txt'}"
        try:
            with self._lock:
                self._folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
                if not (self._folder / name).exists():
                    self._list(message, name)
                    self._write(name, _content(message))
        except OSError as error:
            detail = f"The messages' folder can't be written ({error.strerror})."
            return Receipt(ReceiptState.REJECTED, detail=detail)
        return Receipt(ReceiptState.ACCEPTED, name, "Written to the messages' folder.")

    def look_up(self, message_id: str) -> Receipt | None:
        """Return accepted where the message's file is there, else rejected."""
        for ending in ("eml", "txt"):
            if (self._folder / f"{message_id}.{ending}").exists():
                return Receipt(ReceiptState.ACCEPTED, f"{message_id}.{ending}")
        return Receipt(ReceiptState.REJECTED, detail="It is not in the messages' folder.")

    def close(self) -> None:
        """Do nothing: each file is closed when written."""

    def _write(self, name: str, content: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(self._folder / name)

    def _list(self, message: Message, name: str) -> None:
        entry = {
            "id": message.id,
            "channel": message.channel.value,
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
            "language": message.language,
            "file": name,
        }
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        handle = os.open(self._folder / LIST, flags, 0o600)
        try:
            os.write(handle, line)  # one call, so that two processes' lines do not mix
        finally:
            os.close(handle)


def _content(message: Message) -> bytes:
    if message.channel is Channel.SMS:
        return f"{message.to}\n\n{message.text}\n".encode()
    mail = EmailMessage(policy=SMTP)
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Content-Language"] = message.language
    mail["X-Message-Reference"] = message.id
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail.as_bytes()
