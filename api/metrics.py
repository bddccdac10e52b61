"""Metrics: a few counters of this process in Prometheus's text format (version 0.0.4)."""

import threading
from collections import Counter
from collections.abc import Iterator

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_HELP = {
    "fairvisit_requests_total": ("counter", "Requests answered, by operation and status."),
    "fairvisit_request_seconds": ("histogram", "Time to answer, by operation."),
    "fairvisit_problems_total": ("counter", "Problems answered, by code."),
    "fairvisit_sign_ins_total": ("counter", "Tries to sign in, by result."),
    "fairvisit_records_read_total": ("counter", "Borrower records delivered, by result."),
}
_BOUNDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

type Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Counts what happens; every label's values come from a closed list, never from a request."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Labels]] = Counter()
        self._lock = threading.Lock()

    def count(self, name: str, by: float = 1, **labels: str) -> None:
        """Add to a counter."""
        with self._lock:
            self._counts[name, tuple(sorted(labels.items()))] += by  # type: ignore[assignment]

    def answered(self, *, operation: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self.count("fairvisit_requests_total", operation=operation, status=str(status))
        base = "fairvisit_request_seconds"
        for bound in _BOUNDS:
            if seconds <= bound:
                self.count(f"{base}_bucket", operation=operation, le=str(bound))
        self.count(f"{base}_bucket", operation=operation, le="+Inf")
        self.count(f"{base}_sum", seconds, operation=operation)
        self.count(f"{base}_count", operation=operation)

    def exposition(self) -> str:
        """Return everything counted so far."""
        with self._lock:
            rows = sorted(self._counts.items())
        return "\n".join([*_lines(rows), ""])


def _lines(rows: list[tuple[tuple[str, Labels], int]]) -> Iterator[str]:
    for family, (kind, text) in _HELP.items():
        yield f"# HELP {family} {text}"
        yield f"# TYPE {family} {kind}"
        for (name, labels), value in rows:
            if name == family or (kind == "histogram" and name.startswith(f"{family}_")):
                shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
                yield f"{name}{{{shown}}} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
