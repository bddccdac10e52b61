"""VROOM through pyvroom: native breaks, skills and windows; exploration 5, the most thorough.

VROOM knows no required job and no prize: required jobs have priority 100, the others 1 to 50 by
their prize, and priority comes strictly before travel.
"""

from datetime import timedelta
from typing import Any

import vroom

from tests.benchmarks.answer import Answer
from tests.benchmarks.cases import Case, Crew, Job

PACKAGE = "pyvroom"
_EXPLORATION = 5
_REQUIRED, _OPTIONAL = 100, 50


def solve(case: Case, seconds: float, seed: int, threads: int) -> Answer:
    """Run VROOM; it draws nothing, so the seed has no meaning, and it may end before the limit."""
    problem = _problem(case)
    solution = problem.solve(
        exploration_level=_EXPLORATION, nb_threads=threads, timeout=timedelta(seconds=seconds)
    )
    routes: list[list[int]] = [[] for _ in case.crews]
    for route in solution.to_dict()["routes"]:
        routes[route["vehicle"] - 1] = [
            step["id"] - 1 for step in route["steps"] if step["type"] == "job"
        ]
    return Answer(routes)


def _problem(case: Case) -> vroom.Input:
    most = max((job.prize for job in case.jobs), default=1) or 1
    problem = vroom.Input()
    problem.set_durations_matrix("car", case.matrix)
    problem.add_vehicle([_vehicle(number, crew) for number, crew in enumerate(case.crews, 1)])
    with_load = any(crew.capacity is not None for crew in case.crews)
    problem.add_job(
        [_job(number, job, most, with_load) for number, job in enumerate(case.jobs, 1)]
    )
    return problem


def _vehicle(number: int, crew: Crew) -> vroom.Vehicle:
    more: dict[str, Any] = {}
    if crew.lunch:
        first, last, length = crew.lunch
        more["breaks"] = [vroom.Break(number, [vroom.TimeWindow(first, last)], length)]
    if crew.capacity is not None:
        more["capacity"] = [crew.capacity]
    if crew.max_tasks is not None:
        more["max_tasks"] = crew.max_tasks
    return vroom.Vehicle(
        number,
        start=crew.start,
        end=crew.end,
        time_window=vroom.TimeWindow(*crew.shift),
        skills=set(crew.skills),
        **more,
    )


def _job(number: int, job: Job, most: int, with_load: bool) -> vroom.Job:
    priority = _REQUIRED if job.required else max(1, round(_OPTIONAL * job.prize / most))
    more = {"delivery": vroom.Amount([job.demand])} if with_load else {}
    return vroom.Job(
        number,
        job.place,
        default_service=job.service,
        skills=set(job.skills),
        priority=priority,
        time_windows=[vroom.TimeWindow(*window) for window in job.windows],
        **more,
    )
