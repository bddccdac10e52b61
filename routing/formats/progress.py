"""A progress bar on a terminal, and Ctrl-C that ends a search instead of losing it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from routing.params import ProgressEvent, SolveParams

type Stop = Callable[[], bool]

_STEPS = 1000


class Bar:
    """A bar on standard error, shown only where that is a terminal.

    Parameters
    ----------
    params
        Limits of the search that it follows.
    """

    def __init__(self, params: SolveParams) -> None:
        console = Console(stderr=True)
        total = _STEPS if params.iterations is None else None
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("planning", total=total)
        self._seconds = params.seconds if params.iterations is None else 0.0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def on_progress(self, event: ProgressEvent) -> None:
        """Show the best objective so far."""
        self._progress.update(self._task, description=f"{event.phase}: {event.objective}")

    def ticking(self, stop: Stop) -> Stop:
        """The same question, moving the bar whenever it is asked on a terminal."""

        def asked() -> bool:
            elapsed = self._progress.tasks[0].elapsed or 0.0
            if self._seconds:
                self._progress.update(self._task, completed=_STEPS * elapsed / self._seconds)
            return stop()

        return stop if self._progress.disable else asked


@contextmanager
def interrupted() -> Iterator[Stop]:
    """Ask whether Ctrl-C was pressed; the second time it ends the program as usual."""
    pressed = [False]

    def note(_signal: int, _frame: FrameType | None) -> None:
        pressed[0] = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: pressed[0]
    finally:
        signal.signal(signal.SIGINT, before)
