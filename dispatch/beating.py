"""Beating: a small deed is repeated in a thread of its own while work goes on, to show that one lives."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

EVERY_S = 10.0
"""Seconds between two beats: three of them fit into a lease."""


@contextmanager
def beating(deed: Callable[[], bool], *, every_s: float = EVERY_S) -> Iterator[None]:
    """Repeat the deed until the block ends, or until it returns False; a failure is tried again."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(every_s):
            try:
                if not deed():
                    return
            except Exception as error:  # noqa: BLE001  the next beat may do better
                log.warning("a beat failed: %s", type(error).__name__)

    thread = threading.Thread(target=beat, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=EVERY_S)
