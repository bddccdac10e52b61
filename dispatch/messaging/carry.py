"""Carrying: messages go to the gateway, as many at a time as it takes, and the answers come back."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import replace

from dispatch.gateways.message import Message, Messenger, Receipt, ReceiptState, Remembers
from dispatch.messaging.handover import Handover

log = logging.getLogger(__name__)

type Answered = tuple[Handover, Receipt]


def carried(
    messenger: Messenger, ready: Sequence[Handover], *, is_fresh: Callable[[], bool]
) -> Iterator[list[Answered]]:
    """Yield the answers as they come, together those that came in the meantime.

    A message that is not fresh any more when its turn comes is not sent, and has no answer.
    """

    def call(one: Handover) -> Receipt | None:
        return _send(messenger, one.message) if is_fresh() else None

    if len(ready) == 1:
        receipt = call(ready[0])
        if receipt is not None:
            yield [(ready[0], receipt)]
        return
    with ThreadPoolExecutor(max_workers=max(1, len(ready))) as pool:
        waiting = {pool.submit(call, one): one for one in ready}
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            came = [(waiting.pop(one), one.result()) for one in done]
            yield [(handover, receipt) for handover, receipt in came if receipt is not None]


def look_up(messenger: Messenger, message_id: str) -> Receipt | None:
    """Ask a gateway that remembers what became of a message; None if nobody can know.

    Rejected is one that never arrived. Unknown: the gateway can't be asked now.
    """
    if not isinstance(messenger, Remembers):
        return None
    try:
        found = messenger.look_up(message_id)
    except Exception:  # noqa: BLE001  who can't answer now may do so later
        log.warning("the messenger could not look up %s", message_id)
        return Receipt(ReceiptState.UNKNOWN, detail="The gateway can't be asked.", is_outage=True)
    never = found is not None and found.state is ReceiptState.REJECTED
    return replace(found, is_outage=True) if found is not None and never else found


def _send(messenger: Messenger, message: Message) -> Receipt:
    receipt = _called(messenger, message)
    if receipt.state is not ReceiptState.UNKNOWN:
        return receipt
    return look_up(messenger, message.id) or receipt


def _called(messenger: Messenger, message: Message) -> Receipt:
    try:
        return messenger.send(message)
    except Exception:  # the protocol says that it never raises; a message must not be lost for it
        log.exception("the messenger failed on %s", message.id)
        detail = "The messenger failed; the message may have gone out."
        return Receipt(ReceiptState.UNKNOWN, detail=detail)
