"""OR-Tools' routing library, in the settings that did best.

Up to 30 crews: LOCAL_CHEAPEST_INSERTION, guided local search, lunches as break intervals. Beyond,
where no construction with breaks ends in time: PARALLEL_CHEAPEST_INSERTION, and the lunch cut out
of the clock. One thread. Prizes are the penalties of disjunctions; matrices, never callbacks.
"""

import itertools
from time import monotonic
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from tests.benchmarks.answer import Answer, Curve
from tests.benchmarks.cases import LUNCH_AT, VISIT_WEIGHT, Case, Crew, Job, without_lunch

_MISSED = 10**7
_BREAKS_UP_TO_CREWS = 30
_HORIZON = 10**6


def solve(case: Case, seconds: float, seed: int, threads: int) -> Answer:
    """Run OR-Tools; the limit counts from its search, so building the model is not charged."""
    large = len(case.crews) > _BREAKS_UP_TO_CREWS
    model = _Model(without_lunch(case, LUNCH_AT) if large else case)
    first = routing_enums_pb2.FirstSolutionStrategy
    params = pywrapcp.DefaultRoutingSearchParameters()
    params.first_solution_strategy = (
        first.PARALLEL_CHEAPEST_INSERTION if large else first.LOCAL_CHEAPEST_INSERTION
    )
    params.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    params.time_limit.FromMilliseconds(round(1000 * seconds))
    params.lns_time_limit.FromMilliseconds(1000)
    model.routing.CloseModelWithParameters(params)
    curve: Curve = []
    began = monotonic()

    def note() -> None:
        value = model.value(model.routing.CostVar().Max())
        if value is not None and (not curve or value != curve[-1][1]):
            curve.append((monotonic() - began, value))

    model.routing.AddAtSolutionCallback(note)
    found = model.routing.SolveWithParameters(params)
    if found is None:
        return Answer([[] for _ in case.crews], note="no solution")
    better = max if case.family == "toptw" else min
    best = [(at, better(value for _, value in curve[: i + 1])) for i, (at, _) in enumerate(curve)]
    return Answer(model.routes(found), best)


class _Model:
    """The routing model of a case; node j is job j, then come the crews' homes."""

    def __init__(self, case: Case) -> None:
        self.case = case
        homes = sorted({place for crew in case.crews for place in (crew.start, crew.end)})
        self.places = [job.place for job in case.jobs] + homes
        at = {place: len(case.jobs) + index for index, place in enumerate(homes)}
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.places),
            len(case.crews),
            [at[crew.start] for crew in case.crews],
            [at[crew.end] for crew in case.crews],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.time = self._travel()
        self._bounds()
        for node, job in enumerate(case.jobs):
            self._admit(self.manager.NodeToIndex(node), job)
        for number, crew in enumerate(case.crews):
            self._shift(number, crew)

    def routes(self, found: Any) -> list[list[int]]:
        """Return the jobs of each crew."""
        routes = []
        for number in range(len(self.case.crews)):
            route, index = [], found.Value(self.routing.NextVar(self.routing.Start(number)))
            while not self.routing.IsEnd(index):
                route.append(self.manager.IndexToNode(index))
                index = found.Value(self.routing.NextVar(index))
            routes.append(route)
        return routes

    def value(self, cost: int) -> float | None:
        """Return what the family counts; None while a required job is missed."""
        if self.case.family == "toptw":
            return -((cost - sum(job.prize for job in self.case.jobs)) // VISIT_WEIGHT)
        return None if cost >= _MISSED else cost

    def _travel(self) -> Any:
        matrix = self.case.matrix[np.ix_(self.places, self.places)]
        travel = self.routing.RegisterTransitMatrix(matrix.tolist())
        self.routing.SetArcCostEvaluatorOfAllVehicles(travel)
        work = [job.service for job in self.case.jobs]
        work += [0] * (len(self.places) - len(work))
        passed = self.routing.RegisterTransitMatrix((matrix + np.array(work)[:, None]).tolist())
        self.routing.AddDimension(passed, _HORIZON, _HORIZON, False, "time")
        return self.routing.GetDimensionOrDie("time")

    def _bounds(self) -> None:
        case, spare = self.case, len(self.places) - len(self.case.jobs)
        for name, amounts, most in (
            ("tasks", [1] * len(case.jobs), [crew.max_tasks for crew in case.crews]),
            ("load", [job.demand for job in case.jobs], [crew.capacity for crew in case.crews]),
        ):
            if all(bound is None for bound in most):
                continue
            transit = self.routing.RegisterUnaryTransitVector(amounts + [0] * spare)
            self.routing.AddDimensionWithVehicleCapacity(
                transit, 0, [_HORIZON if bound is None else bound for bound in most], True, name
            )

    def _admit(self, index: int, job: Job) -> None:
        """State a job's windows, skills and price of leaving it out."""
        windows = sorted(job.windows)
        start = self.time.CumulVar(index)
        start.SetRange(windows[0][0], windows[-1][1])
        for (_, last), (first, _) in itertools.pairwise(windows):
            if last + 1 <= first - 1:
                start.RemoveInterval(last + 1, first - 1)
        if job.skills:
            able = [v for v, crew in enumerate(self.case.crews) if job.skills <= crew.skills]
            self.routing.VehicleVar(index).SetValues([-1, *able])
        if not job.required:
            self.routing.AddDisjunction([index], job.prize)
        elif self.case.family == "field":
            self.routing.AddDisjunction([index], _MISSED)

    def _shift(self, number: int, crew: Crew) -> None:
        for index in (self.routing.Start(number), self.routing.End(number)):
            self.time.CumulVar(index).SetRange(*crew.shift)
        if crew.lunch:
            first, last, length = crew.lunch
            solver = self.routing.solver()
            lunch = solver.FixedDurationIntervalVar(first, last, length, False, f"lunch{number}")
            visits = [0] * self.routing.Size()
            for node, job in enumerate(self.case.jobs):
                visits[self.manager.NodeToIndex(node)] = job.service
            self.time.SetBreakIntervalsOfVehicle([lunch], number, visits)
