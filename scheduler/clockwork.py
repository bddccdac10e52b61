"""The bell: APScheduler rings each duty at its interval; it keeps no record and decides nothing."""

import logging
import threading
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from dispatch import log as logs
from dispatch.errors import Unavailable
from dispatch.settings import Settings
from scheduler.context import Context
from scheduler.duties import DUTIES, Duty

log = logging.getLogger(__name__)


def serve(settings: Settings, *, stop: threading.Event | None = None) -> None:
    """Ring the duties until the process is told to end; the duty at work is finished first."""
    logs.configure(settings)
    context = Context.of(settings)
    bell = BackgroundScheduler(
        # Planning takes its time; it must not keep the short duties waiting.
        executors={"default": ThreadPoolExecutor(4), "planning": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    first = context.clock.now()
    for number, duty in enumerate(DUTIES):
        bell.add_job(
            _safely,
            "interval",
            seconds=duty.every_s,
            args=[context, duty],
            id=duty.name,
            executor="planning" if duty.name == "drain_plan_runs" else "default",
            next_run_time=first + timedelta(seconds=0.2 * number),
        )
    bell.start()
    log.info("scheduler %s rings %d duties", context.worker, len(DUTIES))
    context.solver.warm()
    try:
        (stop or threading.Event()).wait()
    finally:
        log.info("scheduler ends when the duties at work are done")
        bell.shutdown(wait=True)
        context.close()


def _safely(context: Context, duty: Duty) -> None:
    try:
        duty.ring(context)
    except Unavailable as error:
        log.warning("duty %s waits for its next turn: %s", duty.name, error)
    except Exception:  # the next turn may do better
        log.exception("duty %s failed", duty.name)
