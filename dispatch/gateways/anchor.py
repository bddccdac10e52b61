"""Anchors: where daily roots of the evidence log are kept, outside the database.

A file that is only ever appended to, and a web address of a third party, called as Standard
Webhooks lay down. Either makes a rewritten or shortened chain provable.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from dispatch.canonical import canonical
from dispatch.errors import GatewayUnavailable
from dispatch.gateways.fetch import Call, FetchFailed, fetch
from dispatch.gateways.lines import append_line
from dispatch.gateways.signed import headers_of
from dispatch.settings import Settings

_TAKEN = frozenset({201, 202, 204})
_DEADLINE_S = 10.0


class Anchor(Protocol):
    """Keeps roots."""

    def keep(self, root: dict[str, Any], *, now: datetime) -> None:
        """Keep a root; the same one twice does no harm.

        Raises
        ------
        GatewayUnavailable
            If it was not kept for certain.
        """
        ...


class FileAnchor:
    """Appends a line for each root, and waits until the disk has it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def keep(self, root: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG002
        """Append the root as one line of canonical JSON."""
        append_line(self._file, root)


class WebhookAnchor:
    """Posts each root to a web address, signed (Standard Webhooks, symmetric)."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret

    def keep(self, root: dict[str, Any], *, now: datetime) -> None:
        """Post the root; its id is the same at each try, so that a receiver may drop repeats."""
        name = f"root_{root['chain']}_{root['day']}"
        # httpx writes the dict compactly and in its own order, which is made the canonical one.
        payload = dict(sorted(root.items()))
        headers = headers_of(self._secret, name, canonical(root).encode(), now=now)
        try:
            fetch(
                [Call(self._url, payload=payload, headers=headers, accept=_TAKEN)],
                deadline_s=_DEADLINE_S,
            )
        except FetchFailed as error:
            msg = f"The anchor's address did not take a root: {error}."
            raise GatewayUnavailable(msg) from error


def anchors_of(settings: Settings) -> list[Anchor]:
    """Return the anchors that the settings ask for; a file in the data folder is always one."""
    file = settings.evidence_anchor_file or settings.data_folder / "evidence-roots.jsonl"
    anchors: list[Anchor] = [FileAnchor(file)]
    if settings.evidence_anchor_url is not None:
        secret = settings.evidence_anchor_secret or settings.token_key
        anchors.append(
            WebhookAnchor(
                settings.evidence_anchor_url.get_secret_value(), secret.get_secret_value()
            )
        )
    return anchors
