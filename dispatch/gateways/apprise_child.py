"""The child process that sends: run by path, it hands one message at a time to a provider.

The parent kills it when the deadline is over; nothing that a server does can hold the parent up.
A request and an answer are JSON; the provider's address, with its password, comes with the
request, so that no one on the machine reads it from the list of processes.
"""

import contextlib
import json
import logging
import re
import sys
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import quote

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.plugins.email import base as email_base

ASSET = AppriseAsset(app_id="Fairvisit", interpret_escapes=False, interpret_emojis=False)

_RECIPIENT_REFUSED = re.compile(r"Socket Exception: \{'.*?': \((\d{3}),", re.DOTALL)
_REPLIED = re.compile(r"Socket Exception: \((\d{3}),")
_HTTP_ERROR = re.compile(r"error=(\d{3})\b")
_NEVER_CONNECTED = (
    "Connection error while submitting",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
)
_NUMBER_REFUSED = {400, 404, 422}


class _Told(logging.Handler):
    """Keeps what the library logs while it sends: only there does it say why it failed."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def service(request: dict[str, Any]) -> Any:
    """Return the library's sender for the request, or None unless it has exactly one recipient."""
    url = request["url"]
    extra = [f"to={quote(request['to'], safe='')}"]
    if request["is_mail"]:
        extra.append(f"format={'html' if request['html'] else 'text'}")
    if url.lower().startswith("mailto"):
        extra.append(f"+X-Message-Reference={quote(request['id'], safe='')}")
        extra.append(f"+Content-Language={quote(request['language'], safe='')}")
    joint = "&" if "?" in url else "?"
    made = Apprise.instantiate(url + joint + "&".join(extra), asset=ASSET)
    return made if made is not None and len(made) == 1 else None


def send(request: dict[str, Any]) -> dict[str, Any]:
    """Send the message and tell what became of it."""
    told = _Told()
    logger = logging.getLogger("apprise")
    logger.handlers[:] = [told]
    logger.setLevel(logging.DEBUG)
    made = service(request)
    if made is None:
        return {"state": "unusable"}
    if request["is_check"]:
        return {"state": "usable"}
    text, html = request["text"], request["html"]
    # The library makes the plain part out of the HTML and loses the links; ours is at hand.
    email_base.convert_between = (  # type: ignore[attr-defined]
        lambda _from, _into, body, *_: text if body == html else body
    )
    sender = Apprise(asset=ASSET)
    sender.add(made)
    is_accepted = sender.notify(
        body=html or text,
        title=request["subject"] if request["is_mail"] else "",
        body_format=NotifyFormat.HTML if html else NotifyFormat.TEXT,
    )
    return {"state": "accepted"} if is_accepted else verdict("\n".join(told.lines))


def verdict(told: str) -> dict[str, Any]:
    """Read out of the log whether the message surely did not go out, or may have.

    Rejected only where the provider said so or was never reached; all else is unknown.
    """
    if found := _RECIPIENT_REFUSED.search(told):
        code = int(found[1])
        return {"state": "rejected", "code": code, "is_permanent": code >= 500}  # noqa: PLR2004
    if found := _REPLIED.search(told):
        return {"state": "rejected", "code": int(found[1]), "is_permanent": False}
    if any(each in told for each in _NEVER_CONNECTED):
        return {"state": "unreached"}
    if found := _HTTP_ERROR.search(told):
        code = int(found[1])
        if 400 <= code < 500:  # noqa: PLR2004 - what a server error did is not known
            return {"state": "rejected", "code": code, "is_permanent": code in _NUMBER_REFUSED}
    return {"state": "unknown"}


def main() -> None:
    """Serve until the parent closes the pipe; an empty request asks whether we are up."""
    requests = Connection(int(sys.argv[1]), writable=False)
    answers = Connection(int(sys.argv[2]), readable=False)
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            request = json.loads(requests.recv_bytes())
            answers.send_bytes(json.dumps(send(request) if request else {}).encode())


if __name__ == "__main__":
    main()
