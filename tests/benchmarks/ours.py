"""Ours: `routing.solve`, as `python -m routing solve` runs it.

A field day goes through the reader of the product; a published file becomes a problem directly.
A tiny day is solved first, so that compiled kernels are loaded when the clock starts: the product
solves in a warm process, too. Validation and everything else after reading is charged.
"""

from typing import Any

import routing
from routing.formats.vroom import read
from tests.benchmarks import field_days
from tests.benchmarks.answer import Answer, Curve
from tests.benchmarks.cases import VISIT_WEIGHT, Case, Crew, Job


def solve(case: Case, seconds: float, seed: int, threads: int) -> Answer:
    """Run our solver."""
    warm_up(threads)
    problem = problem_of(case)
    curve: Curve = []

    def note(event: routing.ProgressEvent) -> None:
        if not event.required_unserved:
            curve.append((event.elapsed_s, value_of(case, event.objective)))

    params = routing.SolveParams(seconds=seconds, seed=seed, threads=threads)
    solution = routing.solve(problem, params, on_progress=note)
    return Answer(routes_of(problem, solution), curve, " ".join(solution.notes))


def warm_up(threads: int) -> None:
    """Load what is compiled or imported late."""
    day = field_days.generate("t", 3, 24, 1).document
    params = routing.SolveParams(seconds=0.3, threads=threads)
    routing.solve(read(day).problem, params, on_progress=lambda _event: None)


def problem_of(case: Case) -> routing.Problem:
    """Return the case as our problem."""
    if case.document is not None:
        return read(case.document).problem
    return routing.Problem(
        tasks=tuple(_task(number, job) for number, job in enumerate(case.jobs, 1)),
        vehicles=tuple(_vehicle(number, crew) for number, crew in enumerate(case.crews, 1)),
        matrices={"car": routing.Matrix(durations=case.matrix)},
    )


def routes_of(problem: routing.Problem, solution: routing.Solution) -> list[list[int]]:
    """Return a solution as the job indexes of each vehicle."""
    index = {task.id: number for number, task in enumerate(problem.tasks)}
    tours = {tour.vehicle: tour for tour in solution.tours}
    routes: list[list[int]] = []
    for vehicle in problem.vehicles:
        steps: Any = tours[vehicle.id].steps if vehicle.id in tours else ()
        routes.append([index[step.id] for step in steps if step.kind is routing.StepKind.TASK])
    return routes


def value_of(case: Case, objective: float) -> float:
    """Return an objective of ours in what the family counts."""
    if case.family != "toptw":
        return objective
    return sum(job.prize for job in case.jobs) // VISIT_WEIGHT - int(objective) // VISIT_WEIGHT


def _task(number: int, job: Job) -> routing.Task:
    return routing.Task(
        id=number,
        place=job.place,
        windows=tuple(routing.Window(*window) for window in job.windows),
        service_s=job.service,
        required=job.required,
        prize=0 if job.required else job.prize,
        delivery=(job.demand,) if job.demand else (),
    )


def _vehicle(number: int, crew: Crew) -> routing.Vehicle:
    return routing.Vehicle(
        id=number,
        start=crew.start,
        end=crew.end,
        shift=routing.Window(*crew.shift),
        capacity=() if crew.capacity is None else (crew.capacity,),
    )
