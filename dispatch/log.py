"""Logging: plain text in development, JSON lines in production; set up in the roots only."""

import json
import logging
from contextvars import ContextVar

from dispatch.settings import Environment, Settings

context: ContextVar[dict[str, str]] = ContextVar("log_context", default={})  # noqa: B039
"""What every line carries: request_id, duty, plan_run."""


class _Context(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.context = context.get()
        return True


class _Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "context", {}),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def configure(settings: Settings) -> None:
    """Send the log of this process to standard error."""
    handler = logging.StreamHandler()
    handler.addFilter(_Context())
    if settings.environment is Environment.PRODUCTION:
        handler.setFormatter(_Lines())
    else:
        handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname).1s %(name)s: %(message)s", "%H:%M:%S")
        )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for noisy in ("httpx", "httpcore", "uvicorn.access", "apprise"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # A duty at work past its next ring is skipped by design; that is no warning.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
