"""What a plan run may ask of the solver: seconds, threads, polish, and the prices of soft terms."""

from dispatch.model import PlanRun
from dispatch.planning import night
from dispatch.settings import Settings
from dispatch.solver.plan import Budget
from dispatch.solver.to_problem import SoftTerms


def budget_of(settings: Settings, run: PlanRun) -> Budget:
    """Return the run's budget: the night has time for OR-Tools to check and polish, by day people wait."""
    is_night = night.is_of_night(run)
    usual = settings.plan_night_seconds if is_night else settings.plan_seconds
    return Budget(
        seconds=float(usual if run.seconds is None else run.seconds),
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
