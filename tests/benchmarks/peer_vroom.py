"""VROOM through pyvroom: native breaks, skills and windows; exploration 5, the most thorough.

VROOM knows no required job and no prize: required jobs have priority 100, the others less by their
prize, and priority comes strictly before travel. How prizes become priorities decides up to five
per cent of J, now one way, now another; and on small days VROOM ends long before the limit. So it
is run with one scale after another until the time is over, and its best plan counts.
"""

import math
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import vroom

from tests.benchmarks.answer import Answer, Routes
from tests.benchmarks.cases import VISIT_WEIGHT, Case, Crew, Job
from tests.benchmarks.scorer import FieldScorer

_EXPLORATION = 5
_REQUIRED, _OPTIONAL = 100, 50

type _Scale = Callable[[int, int, int], float]

_SCALES: tuple[_Scale, ...] = (
    lambda prize, least, most: 1 + (_OPTIONAL - 1) * (prize - least) / max(1, most - least),
    lambda prize, least, most: _OPTIONAL * prize / most,
    lambda prize, least, most: _OPTIONAL * math.sqrt(prize / most),
    lambda prize, least, most: 20 * prize / most,
    lambda prize, least, most: 1 + (_REQUIRED - 2) * prize / most,
    lambda prize, least, most: 30 * prize / most,
)
"""Priority of an optional job by its prize, the least and the greatest; a float that is rounded."""


def solve(case: Case, seconds: float, seed: int, threads: int) -> Answer:
    """Run VROOM; it draws nothing, so the seed has no meaning, and it may end before the limit."""
    if case.document is None:
        return Answer(_solved(case, _as_given, seconds, threads))
    scorer = FieldScorer(case.document)
    plans: list[Routes] = []
    end = monotonic() + seconds
    for scale in _SCALES:
        left = end - monotonic()
        if plans and left < seconds / 10:
            break
        plans.append(_solved(case, scale, left, threads))
    best = min(plans, key=lambda routes: scorer.score(routes).rank)
    return Answer(best, note=f"best of {len(plans)} scales of priority")


def _solved(case: Case, scale: _Scale, seconds: float, threads: int) -> Routes:
    solution = _problem(case, scale).solve(
        exploration_level=_EXPLORATION, nb_threads=threads, timeout=timedelta(seconds=seconds)
    )
    routes: Routes = [[] for _ in case.crews]
    for route in solution.to_dict()["routes"]:
        routes[route["vehicle"] - 1] = [
            step["id"] - 1 for step in route["steps"] if step["type"] == "job"
        ]
    return routes


def _as_given(prize: int, least: int, most: int) -> float:
    """Orienteering counts small numbers, which are priorities as they are."""
    return prize / VISIT_WEIGHT if most >= VISIT_WEIGHT else _OPTIONAL * prize / max(1, most)


def _problem(case: Case, scale: _Scale) -> vroom.Input:
    prizes = [job.prize for job in case.jobs if not job.required]
    least, most = min(prizes, default=0), max(prizes, default=1)
    problem = vroom.Input()
    problem.set_durations_matrix("car", case.matrix)
    problem.add_vehicle([_vehicle(number, crew) for number, crew in enumerate(case.crews, 1)])
    with_load = any(crew.capacity is not None for crew in case.crews)
    for number, job in enumerate(case.jobs, 1):
        worth = max(1, min(_REQUIRED - 1, round(scale(job.prize, least, most))))
        priority = _REQUIRED if job.required else worth
        problem.add_job(_job(number, job, priority, with_load))
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


def _job(number: int, job: Job, priority: int, with_load: bool) -> vroom.Job:
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
