"""vrp-cli, the Rust solver, through its Python module: the pragmatic format.

Whole seconds only; a required break has one start, so the lunch is fixed at 12:30; required jobs
have a value that outweighs every other; value first, then cost.
"""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import vrp_cli

from tests.benchmarks.answer import Answer
from tests.benchmarks.cases import LUNCH_AT, VISIT_WEIGHT, Case, Crew, Job

_DAY = datetime(2026, 1, 5, tzinfo=UTC)
_REQUIRED = 100_000
_VALUE_UNIT = 100


def solve(case: Case, seconds: float, seed: int, threads: int) -> Answer:
    """Run vrp-cli for whole seconds; its seed can't be set."""
    config = {
        "termination": {"maxTime": max(1, math.floor(seconds)), "maxGenerations": 10**9},
        "environment": {
            "parallelism": {"numThreadPools": 1, "threadsPerPool": threads},
            "logging": {"enabled": False},
            "isExperimental": False,
        },
        "telemetry": {"progress": {"enabled": False}, "metrics": {"enabled": False}},
    }
    matrix = [int(value) for value in case.matrix.ravel()]
    told = vrp_cli.solve_pragmatic(
        problem=json.dumps(_problem(case)),
        matrices=[json.dumps({"profile": "car", "travelTimes": matrix, "distances": matrix})],
        config=json.dumps(config),
    )
    routes: list[list[int]] = [[] for _ in case.crews]
    for tour in json.loads(told)["tours"]:
        acts = [act for stop in tour["stops"] for act in stop["activities"]]
        routes[int(tour["vehicleId"])] = [
            int(act["jobId"]) for act in acts if act["type"] in {"service", "delivery"}
        ]
    return Answer(routes)


def _problem(case: Case) -> dict[str, Any]:
    with_value = any(not job.required for job in case.jobs)
    unit = VISIT_WEIGHT if case.family == "toptw" else _VALUE_UNIT
    objectives = [[{"type": "minimize-unassigned"}], [{"type": "minimize-cost"}]]
    if with_value:
        objectives.insert(0, [{"type": "maximize-value"}])
    return {
        "plan": {
            "jobs": [
                _job(number, job, unit if with_value else None)
                for number, job in enumerate(case.jobs)
            ]
        },
        "fleet": {
            "vehicles": [
                _vehicle(number, crew, len(case.jobs)) for number, crew in enumerate(case.crews)
            ],
            "profiles": [{"name": "car"}],
        },
        "objectives": objectives,
    }


def _job(number: int, job: Job, unit: int | None) -> dict[str, Any]:
    place = {
        "location": {"index": job.place},
        "duration": job.service,
        "times": [[_at(first), _at(last)] for first, last in job.windows],
    }
    told: dict[str, Any] = {"id": str(number), "services": [{"places": [place]}]}
    if job.demand:
        told = {"id": str(number), "deliveries": [{"places": [place], "demand": [job.demand]}]}
    if job.skills:
        told["skills"] = {"allOf": [str(skill) for skill in sorted(job.skills)]}
    if unit is not None:
        told["value"] = _REQUIRED if job.required else max(1, job.prize // unit)
    return told


def _vehicle(number: int, crew: Crew, everything: int) -> dict[str, Any]:
    shift: dict[str, Any] = {
        "start": {"earliest": _at(crew.shift[0]), "location": {"index": crew.start}},
        "end": {"latest": _at(crew.shift[1]), "location": {"index": crew.end}},
    }
    if crew.lunch:
        shift["start"]["latest"] = shift["start"]["earliest"]  # else the break is refused
        shift["breaks"] = [
            {
                "time": {"earliest": _at(LUNCH_AT), "latest": _at(LUNCH_AT)},
                "duration": crew.lunch[2],
            }
        ]
    told: dict[str, Any] = {
        "typeId": f"type{number}",
        "vehicleIds": [str(number)],
        "profile": {"matrix": "car"},
        "costs": {"fixed": 0, "distance": 1, "time": 0},
        "shifts": [shift],
        "capacity": [crew.capacity if crew.capacity is not None else everything],
        "skills": [str(skill) for skill in sorted(crew.skills)],
    }
    if crew.max_tasks is not None:
        told["limits"] = {"tourSize": crew.max_tasks}
    return told


def _at(second: int) -> str:
    return (_DAY + timedelta(seconds=int(second))).strftime("%Y-%m-%dT%H:%M:%SZ")
