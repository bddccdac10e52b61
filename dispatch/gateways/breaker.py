"""Circuit breakers: a gateway that fails again and again is left alone for a while, then tried with one message."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatch.gateways.message import Channel, Receipt, ReceiptState

FAILURES: Final = 3
"""So many in a row, and the gateway is left alone."""

SHORTEST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(minutes=5)
"""Between these the wait doubles as long as the gateway keeps failing; it may ask for more itself."""

MOST_ASKED: Final = timedelta(hours=1)
"""What a gateway may ask for in `Retry-After`; a longer wait is no gateway's to decide."""


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    wait: timedelta = SHORTEST
    until_at: datetime | None = None


class Breakers:
    """One circuit a channel; kept by the process that sends, and closed when it starts."""

    def __init__(self) -> None:
        self._circuits = {channel: _Circuit() for channel in Channel}

    def room(self, channel: Channel, now: datetime, most: int) -> int:
        """Return how many messages may go at once: none while open, one to try whether it is back."""
        circuit = self._circuits[channel]
        if circuit.until_at is None:
            return most
        return 1 if now >= circuit.until_at else 0

    def note(self, channel: Channel, receipts: Iterable[Receipt], now: datetime) -> bool:
        """Take what a gateway answered; True where this opens a circuit that was closed."""
        circuit = self._circuits[channel]
        was_closed = circuit.until_at is None
        for receipt in receipts:
            if is_sound(receipt):
                circuit.failures, circuit.wait, circuit.until_at = 0, SHORTEST, None
            else:
                circuit.failures += 1
                _open(circuit, receipt, now)
        return was_closed and circuit.until_at is not None


def is_sound(receipt: Receipt) -> bool:
    """Whether the gateway did its work: it took the message, or said what is wrong with it."""
    return receipt.state is not ReceiptState.UNKNOWN and not receipt.is_outage


def asked(receipt: Receipt) -> timedelta:
    """Return how long the gateway asked to be left alone, an hour at the most."""
    return min(timedelta(seconds=max(0.0, receipt.retry_after_s or 0.0)), MOST_ASKED)


def _open(circuit: _Circuit, receipt: Receipt, now: datetime) -> None:
    waits = asked(receipt)
    if circuit.until_at is not None and now < circuit.until_at:
        # One of several that were under way together: the wait has begun already.
        circuit.until_at = max(circuit.until_at, now + waits)
    elif circuit.until_at is not None or circuit.failures >= FAILURES or waits:
        circuit.until_at = now + max(circuit.wait, waits)
        circuit.wait = min(circuit.wait * 2, LONGEST)
