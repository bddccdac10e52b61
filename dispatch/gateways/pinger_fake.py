"""The fake pinger: for tests, it records what it is told and fails as it is told."""

from typing import Any

from dispatch.errors import GatewayUnavailable
from dispatch.gateways.pinger import Sign


class FakePinger:
    """Takes every sign, unless told to fail."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Sign, dict[str, Any]]] = []
        self.fails = 0
        """How many of the next signs nobody takes."""

    def ping(self, url: str, sign: Sign, told: dict[str, Any]) -> None:
        """Record the sign."""
        if self.fails:
            self.fails -= 1
            msg = "Nobody is there."
            raise GatewayUnavailable(msg)
        self.told.append((url, sign, told))
