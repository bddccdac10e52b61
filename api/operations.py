"""Operations: optimisations too large for one request, worked on one after another.

They live in this process's memory only, for a day at the most. A request may name people's homes and
nobody asked us to keep them; who sent one has it still, and sends it again where the answer is gone.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from time import monotonic
from typing import Any, Final
from uuid import UUID, uuid4

from dispatch.errors import DispatchError, NotFound, Unavailable

_MOST_WAITING: Final = 8
_MOST_KEPT: Final = 32
KEPT_S: Final = 24 * 3600.0
"""Seconds for which an answer is kept once it is there."""

type Work = Callable[[Callable[[dict[str, Any]], None]], dict[str, Any]]
"""Gives the answer, and tells of progress meanwhile."""


class Status(StrEnum):
    """How far an operation has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One optimisation; `answer` when it is done, `error` when it failed, since `over_s` of the clock."""

    id: UUID
    status: Status = Status.WAITING
    progress: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] | None = None
    error: Exception | None = None
    over_s: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.status in {Status.DONE, Status.FAILED}


class Operations:
    """The operations of one process; one is worked on at a time.

    Parameters
    ----------
    clock
        Seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[UUID, Operation] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="operation")

    def queue(self, work: Work) -> Operation:
        """Queue work; its id is as hard to guess as a password.

        Raises
        ------
        Unavailable
            If too many wait already.
        """
        with self._lock:
            self._forget_old()
            waiting = sum(not known.is_over for known in self._known.values())
            if waiting >= _MOST_WAITING:
                msg = "Too many large requests wait; try again in a minute."
                raise Unavailable(msg)
            over = [one.id for one in self._known.values() if one.is_over]
            for old in over[: max(0, len(self._known) + 1 - _MOST_KEPT)]:
                del self._known[old]
            operation = Operation(id=uuid4())
            self._known[operation.id] = operation
        self._pool.submit(self._work, operation.id, work)
        return operation

    def get(self, operation_id: UUID) -> Operation:
        """Return an operation.

        Raises
        ------
        NotFound
            If there is none, it was long ago, or this process has started since.
        """
        with self._lock:
            self._forget_old()
            if operation_id in self._known:
                return self._known[operation_id]
        msg = (
            "There is no such operation: an answer is kept for a day, until 32 newer ones have come, "
            "or until the service starts again. Send the request again."
        )
        raise NotFound(msg)

    def close(self) -> None:
        """Drop what waits; what runs ends with its process."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget_old(self) -> None:
        now = self._clock()
        for one in list(self._known.values()):
            if one.over_s is not None and now - one.over_s >= KEPT_S:
                del self._known[one.id]

    def _work(self, operation_id: UUID, work: Work) -> None:
        self._change(operation_id, status=Status.RUNNING)
        try:
            answer = work(lambda told: self._change(operation_id, progress=told))
        except DispatchError as error:
            self._change(operation_id, status=Status.FAILED, error=error, over_s=self._clock())
        except Exception as error:  # noqa: BLE001  whoever asks must hear of it, whatever it was
            self._change(operation_id, status=Status.FAILED, error=error, over_s=self._clock())
        else:
            self._change(operation_id, status=Status.DONE, answer=answer, over_s=self._clock())

    def _change(self, operation_id: UUID, **changes: Any) -> None:
        with self._lock:
            self._known[operation_id] = replace(self._known[operation_id], **changes)
