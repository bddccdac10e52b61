"""Pinger: tells somebody outside that a night began, ended or failed; silence is their alarm.

The addresses are those of a dead man's switch such as Healthchecks: the address itself means done,
`/start` begun, `/fail` failed. What is told holds counts and identifiers, nothing of a person.
"""

from enum import StrEnum
from typing import Any, Protocol

from dispatch.errors import GatewayUnavailable
from dispatch.gateways.fetch import Call, FetchFailed, fetch

DEADLINE_S = 10.0
_TAKEN = frozenset({201, 202, 204})


class Sign(StrEnum):
    """What is told of a night, as the end of the address."""

    START = "/start"
    DONE = ""
    FAIL = "/fail"


class Pinger(Protocol):
    """Tells somebody outside."""

    def ping(self, url: str, sign: Sign, told: dict[str, Any]) -> None:
        """Tell a sign within the deadline.

        Raises
        ------
        GatewayUnavailable
            If nobody took it.
        """
        ...


class HttpPinger:
    """Posts each sign as JSON."""

    def ping(self, url: str, sign: Sign, told: dict[str, Any]) -> None:
        """Post the sign."""
        try:
            fetch(
                [Call(f"{url.rstrip('/')}{sign}", payload=told, accept=_TAKEN)],
                deadline_s=DEADLINE_S,
            )
        except FetchFailed as error:
            msg = f"The address for signs of life did not take one: {error}."
            raise GatewayUnavailable(msg) from error
