"""The fake messenger: for tests, it records what it is given and fails as it is told."""

from collections import deque

from dispatch.gateways.message import Message, Receipt, ReceiptState, misaddressed


class FakeMessenger:
    """Accepts every message, unless told otherwise for the next ones."""

    at_once = 1

    def __init__(self) -> None:
        self.sent: list[Message] = []
        """What was accepted, or may have gone out."""
        self.tried: list[Message] = []
        """All that was given, refused ones included."""
        self._next: deque[Receipt] = deque()

    def then(self, *receipts: Receipt) -> None:
        """Give these receipts to the next messages, in order."""
        self._next.extend(receipts)

    def reject(self, detail: str = "refused", *, is_permanent: bool = False) -> None:
        """Reject the next message."""
        self.then(Receipt(ReceiptState.REJECTED, None, detail, is_permanent))

    def lose_reply(self, detail: str = "the reply was lost") -> None:
        """Send the next message and lose the reply: its state is unknown."""
        self.then(Receipt(ReceiptState.UNKNOWN, None, detail))

    def send(self, message: Message) -> Receipt:
        """Record the message and return the next receipt."""
        self.tried.append(message)
        if not message.is_addressed:
            return misaddressed()
        if self._next:
            receipt = self._next.popleft()
        else:
            receipt = Receipt(ReceiptState.ACCEPTED, f"fake-{len(self.tried)}")
        if receipt.state is not ReceiptState.REJECTED:
            self.sent.append(message)
        return receipt

    def close(self) -> None:
        """Do nothing."""
