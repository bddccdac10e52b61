"""The bell: APScheduler rings each duty at its interval; it keeps no record and decides nothing."""

import logging
import threading
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from dispatch import log as logs
from dispatch.clock import SystemClock
from dispatch.errors import Unavailable
from dispatch.settings import Settings
from scheduler.context import Context
from scheduler.duties import DUTIES, Duty

log = logging.getLogger(__name__)

ENDS_S = 25.0
"""Seconds that duties at work may take to end before the process ends without them."""


def serve(settings: Settings, *, stop: threading.Event | None = None) -> bool:
    """Ring the duties until the process is told to end.

    Returns
    -------
    bool
        Whether the duties at work came to their end: they finish the item that they are at, a day
        that is being planned goes back into the queue. False when one did not within `ENDS_S`.
    """
    logs.configure(settings)
    context = Context.of(settings)
    bell = BackgroundScheduler(
        # Planning takes its time; it must not keep the short duties waiting.
        executors={"default": ThreadPoolExecutor(4), "planning": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    first = SystemClock().now()  # the library rings by the clock of the machine
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
        is_over = _end(context, bell)
    return is_over


def _end(context: Context, bell: BackgroundScheduler) -> bool:
    """Let the duties at work come to their end, as long as that may take; whether they did."""
    log.info("scheduler ends: nothing more is begun, what is at work is finished or given up")
    context.end()
    # A thread of its own: the library waits for its duties without a limit.
    ending = threading.Thread(target=bell.shutdown, kwargs={"wait": True}, daemon=True)
    ending.start()
    ending.join(ENDS_S)
    if ending.is_alive():
        log.warning("a duty does not end; what it holds is taken over when its lease is over")
        return False
    context.close()
    return True


def _safely(context: Context, duty: Duty) -> None:
    try:
        duty.ring(context)
    except Unavailable as error:
        log.warning("duty %s waits for its next turn: %s", duty.name, error)
    except Exception:  # the next turn may do better
        log.exception("duty %s failed", duty.name)
