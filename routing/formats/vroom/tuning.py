"""Read a request's `tuning`: balance, stability, uncertainty."""

from collections.abc import Mapping

from routing.formats.vroom.document import Fields
from routing.problem import Id, Stability, Tuning, Uncertainty


def read_tuning(top: Fields) -> Tuning:
    """The soft terms of a request, all off where it says nothing."""
    if "tuning" not in top:
        return Tuning()
    fields = top.inner("tuning")
    tuning = Tuning(
        balance_weight=fields.whole("balance_weight", 0),
        stability=_stability(fields),
        uncertainty=_uncertainty(fields),
    )
    fields.finish()
    return tuning


def _stability(fields: Fields) -> Stability | None:
    if "stability" not in fields:
        return None
    inner = fields.inner("stability")
    plan = _assignments(inner.inner("plan"))
    stability = Stability(plan=plan, per_change=inner.whole("per_change"))
    inner.finish()
    return stability


def _assignments(plan: Fields) -> Mapping[Id, Id]:
    """Vehicle by job of a solution, of which nothing else is read."""
    serves: dict[Id, Id] = {}
    for index, value in enumerate(plan.items("routes")):
        route = Fields(value, f"{plan.at('routes')}/{index}", plan.report)
        vehicle = route.identity("vehicle")
        for rank, one in enumerate(route.items("steps")):
            step = Fields(one, f"{route.at('steps')}/{rank}", plan.report)
            if step.take("type") == "job":
                serves[step.identity()] = vehicle
    return serves


def _uncertainty(fields: Fields) -> Uncertainty | None:
    if "uncertainty" not in fields:
        return None
    inner = fields.inner("uncertainty")
    uncertainty = Uncertainty(
        travel_cv=inner.real("travel_cv", 0.0),
        service_cv=inner.real("service_cv", 0.0),
        samples=inner.whole("samples", 200),
        late_cost=inner.whole("late_cost", 0),
    )
    inner.finish()
    return uncertainty
