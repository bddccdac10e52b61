"""PyVRP: iterated local search, one thread.

One vehicle type for each kind of crew, one profile for each set of skills, two windows as a
mutually exclusive group of clients, the cap on visits as a load, lunch cut out of the clock.
"""

from time import monotonic

import numpy as np
import pyvrp
from pyvrp.constants import MAX_VALUE
from pyvrp.stop import MaxRuntime

from tests.benchmarks.answer import Answer, Curve
from tests.benchmarks.cases import LUNCH_AT, VISIT_WEIGHT, Case, Crew, Job, without_lunch


def solve(case: Case, seconds: float, seed: int, threads: int) -> Answer:
    """Run PyVRP; the limit counts from its own start, so building the model is not charged."""
    model = _Model(without_lunch(case, LUNCH_AT))
    watch = _Watch(model)
    params = pyvrp.SolveParams(ils=pyvrp.IteratedLocalSearchParams(callbacks=watch))
    watch.began = monotonic()
    result = pyvrp.solve(
        model.data, _Until(watch.began + seconds), seed=seed, collect_stats=False, params=params
    )
    note = "" if result.is_feasible() else "PyVRP calls its plan infeasible"
    return Answer(model.routes(result.best), watch.curve, note)


class _Until(MaxRuntime):
    """Stops at a moment, so that the first local search counts, too."""

    def __init__(self, end: float) -> None:
        super().__init__(0)
        self.end = end

    def __call__(self, best_cost: int) -> bool:
        return monotonic() > self.end


class _Model:
    """PyVRP's data of a case, and the way back."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.kinds = list(dict.fromkeys(case.crews))
        self.homes = sorted({place for crew in self.kinds for place in (crew.start, crew.end)})
        self.profiles = list(dict.fromkeys(crew.skills for crew in self.kinds))
        self.with_tasks = any(crew.max_tasks is not None for crew in self.kinds)
        self.job_of: list[int] = []
        self.doubled = 0
        self.clients: list[pyvrp.Client] = []
        self.groups: list[pyvrp.ClientGroup] = []
        for number, job in enumerate(case.jobs):
            self._add(number, job)
        matrices = [self._matrix(skills) for skills in self.profiles]
        self.data = pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0)] * (len(self.homes) + len(case.jobs)),
            clients=self.clients,
            depots=[pyvrp.Depot(location=index) for index in range(len(self.homes))],
            vehicle_types=[self._vehicle_type(crew) for crew in self.kinds],
            distance_matrices=matrices,
            duration_matrices=matrices,
            groups=self.groups,
        )

    def routes(self, solution: pyvrp.Solution) -> list[list[int]]:
        """Return the jobs of each crew, in the case's order."""
        free: dict[Crew, list[int]] = {kind: [] for kind in self.kinds}
        for number, crew in enumerate(self.case.crews):
            free[crew].append(number)
        routes: list[list[int]] = [[] for _ in self.case.crews]
        for route in solution.routes():
            number = free[self.kinds[route.vehicle_type()]].pop(0)
            routes[number] = [self.job_of[visit.idx] for visit in route if visit.is_client()]
        return routes

    def value(self, solution: pyvrp.Solution) -> float:
        """Return what the family counts."""
        lost = solution.uncollected_prizes() - self.doubled
        if self.case.family == "toptw":
            return (sum(job.prize for job in self.case.jobs) - lost) / VISIT_WEIGHT
        return solution.distance() + lost

    def _add(self, number: int, job: Job) -> None:
        """Add a job as one client for each of its windows."""
        group = None
        if len(job.windows) > 1:
            group = len(self.groups)
            first = len(self.clients)
            members = list(range(first, first + len(job.windows)))
            self.groups.append(pyvrp.ClientGroup(clients=members, required=job.required))
            self.doubled += job.prize * (len(members) - 1)
        for first_start, last_start in job.windows:
            self.job_of.append(number)
            client = pyvrp.Client(
                location=len(self.homes) + number,
                delivery=[1 if self.with_tasks else job.demand],
                service_duration=job.service,
                tw_early=first_start,
                tw_late=last_start,
                prize=job.prize,
                required=job.required and group is None,
                group=group,
            )
            self.clients.append(client)

    def _matrix(self, skills: frozenset[int]) -> np.ndarray:
        """Return the travel of crews with these skills; what they may not do is out of reach."""
        places = self.homes + [job.place for job in self.case.jobs]
        matrix = self.case.matrix[np.ix_(places, places)].copy()
        barred = [
            len(self.homes) + number
            for number, job in enumerate(self.case.jobs)
            if not job.skills <= skills
        ]
        matrix[barred, :] = MAX_VALUE
        matrix[:, barred] = MAX_VALUE
        np.fill_diagonal(matrix, 0)
        return matrix

    def _vehicle_type(self, crew: Crew) -> pyvrp.VehicleType:
        everything = sum(job.demand for job in self.case.jobs)
        capacity = everything if crew.capacity is None else crew.capacity
        return pyvrp.VehicleType(
            num_available=self.case.crews.count(crew),
            capacity=[crew.max_tasks or len(self.case.jobs) if self.with_tasks else capacity],
            start_depot=self.homes.index(crew.start),
            end_depot=self.homes.index(crew.end),
            tw_early=crew.shift[0],
            tw_late=crew.shift[1],
            profile=self.profiles.index(crew.skills),
        )


class _Watch(pyvrp.IteratedLocalSearchCallbacks):
    """Notes each best plan and when it came."""

    def __init__(self, model: _Model) -> None:
        self.model = model
        self.began = 0.0
        self.curve: Curve = []

    def on_start(self, ils: pyvrp.IteratedLocalSearch) -> None:
        self.on_best(ils.initial_solution)

    def on_best(self, best: pyvrp.Solution) -> None:
        if best.is_feasible():
            self.curve.append((monotonic() - self.began, self.model.value(best)))
