"""The table of duties: at one glance, what happens how often.

Duties are idempotent, limited sweeps over rows; APScheduler only rings. What must run once for a
branch and business date is entered in the ledger (`dispatch.store.duties`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from scheduler import work
from scheduler.context import Context
from scheduler.disasters import spread_disasters
from scheduler.keeping import retain
from scheduler.locating import locate_places
from scheduler.signs import tell_nights

type Ring = Callable[[Context], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Duty:
    """One entry: its name, how often it rings, what it does, in plain words."""

    name: str
    every_s: float
    ring: Ring
    does: str
    by_date: bool = False


DUTIES: Final[tuple[Duty, ...]] = (
    Duty("heartbeat", 10, work.heartbeat, "notes that the scheduler is alive"),
    Duty("seal_evidence", 1, work.seal_evidence, "gives new evidence its place in the chain"),
    Duty(
        "anchor_evidence",
        600,
        work.anchor_evidence,
        "notes each day's evidence roots and keeps them outside the database",
    ),
    Duty("drain_plan_runs", 1, work.drain_plan_runs, "plans what waits in the queue"),
    Duty("send_messages", 5, work.send_messages, "hands due notices to the gateways"),
    Duty(
        "resolve_lost_sends",
        60,
        work.resolve_lost_sends,
        "asks the gateway after sends without an answer, or hands them to a person",
    ),
    Duty(
        "announce_ready",
        30,
        work.announce_ready,
        "announces audited drafts where the branch allows it",
    ),
    Duty("remind", 300, work.remind, "reminds who was told of a visit and has not answered"),
    Duty("lapse_untold", 120, work.lapse_untold, "withdraws what nobody could be told in time"),
    Duty(
        "recheck_published",
        300,
        work.recheck_published,
        "audits published days again; takes back what may not be made any more",
    ),
    Duty(
        "withdraw_unmanned",
        60,
        work.withdraw_unmanned,
        "withdraws announced visits of which a member of the crew can't come",
    ),
    Duty(
        "withdraw_unpublished",
        60,
        work.withdraw_unpublished,
        "tells people who wait for a crew that no published plan sends",
    ),
    Duty("expire_unanswered", 600, work.expire_unanswered, "notes appointments without an answer"),
    Duty(
        "keep_wall_times",
        3600,
        work.keep_wall_times,
        "moves appointments where the rules of a time zone have changed, so that their hour stays",
    ),
    Duty("plan_tonight", 20, work.plan_tonight, "queues the night's plan runs", by_date=True),
    Duty(
        "publish_ready",
        20,
        work.publish_ready,
        "publishes the next day where the branch allows it",
        by_date=True,
    ),
    Duty(
        "tell_nights",
        30,
        tell_nights,
        "tells somebody outside that a night began, ended or failed",
    ),
    Duty("locate_places", 300, locate_places, "asks the geocoder for places without a position"),
    Duty("sweep_cases", 120, work.sweep_cases, "moves cases as far as their facts permit"),
    Duty(
        "sweep_promises", 300, work.sweep_promises, "matches payments, ends promises that are due"
    ),
    Duty("end_cases", 3600, work.end_cases, "ends cases of which nothing is open any more"),
    Duty("retain", 86_400, retain, "erases what the pack's terms no longer permit to be kept"),
    Duty(
        "spread_disasters",
        60,
        spread_disasters,
        "holds, and lets go, whoever has a place in the area of a disaster",
    ),
    Duty("lapse_holds", 60, work.lapse_holds, "ends holds whose time has run out"),
    Duty(
        "watch_care", 300, work.watch_care, "alerts to complaints, calls and holds that run late"
    ),
    Duty("missing_reports", 300, work.missing_reports, "asks after visits that nobody reported"),
)


def duty(name: str) -> Duty:
    """Return a duty by its name.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    return {one.name: one for one in DUTIES}[name]
