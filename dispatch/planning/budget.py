"""What a plan run may ask of the solver: seconds, threads, polish, and the prices of soft terms."""

from datetime import datetime
from typing import Final

from dispatch.model import PlanRun
from dispatch.planning import night
from dispatch.planning.send_by import seconds_until, send_by
from dispatch.planning.snapshot import Snapshot
from dispatch.policy.pack import Pack, effective
from dispatch.settings import Settings
from dispatch.solver.plan import Budget
from dispatch.solver.to_problem import SoftTerms

LEAST_S: Final = 2.0
"""Seconds that a plan has however late it is: a day of fifty crews is good enough after them."""


def budget_of(
    settings: Settings, run: PlanRun, snapshot: Snapshot, pack: Pack, now: datetime
) -> Budget:
    """Return the run's budget.

    The night has time for OR-Tools to check and polish, by day people wait; and where notices must
    leave soon, so that no visit loses its day, the search ends in time for them.
    """
    is_night = night.is_of_night(run)
    usual = settings.plan_night_seconds if is_night else settings.plan_seconds
    seconds = float(usual if run.seconds is None else run.seconds)
    by = send_by(snapshot, effective(pack), now)
    if by is not None:
        seconds = min(seconds, max(LEAST_S, seconds_until(by, len(snapshot.day.visits), now)))
    return Budget(
        seconds=seconds,
        seed=run.seed,
        iterations=settings.plan_iterations,
        threads=settings.plan_threads,
        polish=settings.plan_polish_share if is_night else 0.0,
    )


def soft_terms_of(settings: Settings) -> SoftTerms:
    """Return what familiar faces, changes, uneven days, lateness and wide windows are worth."""
    return SoftTerms(
        continuity_s=settings.plan_continuity_s,
        change_s=settings.plan_change_s,
        balance_s=settings.plan_balance_s,
        travel_cv=settings.plan_travel_cv,
        service_cv=settings.plan_service_cv,
        late_s=settings.plan_late_s,
        width_s=settings.plan_width_s,
    )
