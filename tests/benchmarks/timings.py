"""How long single acts of ours take, in a warm process, after parsing.

`python -m tests.benchmarks.timings TASK INSTANCE S SEED THREADS OUT`; tasks: `first_plan` (the first
plan with every required visit), `quote` (one visit on a finished day), `repair` (half past ten: a
promise cancelled, an urgent visit added, the busiest crew 40 minutes late), `explain` (what a finished
day leaves out), `territories` (a large day cut up, and whole for ten times as long).
"""

import json
import statistics
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import routing
from routing.search.climb import Climb
from routing.search.effort import effort_for
from routing.tables import Tables, tables_of
from tests.benchmarks import ours
from tests.benchmarks.cases import load
from tests.benchmarks.child import peak_mb

_REPEATS = 5
_QUOTES = 20
_NOW = 37_800
_LATE_S = 2_400
_FRESH_S = 15.0
_TIMES = 10
"""How much longer the uncut day is searched."""


def first_plan(problem: routing.Problem, limit: float, seed: int, threads: int) -> dict[str, Any]:
    """Time from the call to the first plan without a missed promise."""
    taken = []
    for _ in range(_REPEATS):
        seen: list[float] = []
        began = monotonic()

        def note(
            event: routing.ProgressEvent, seen: list[float] = seen, began: float = began
        ) -> None:
            if not event.required_unserved and not seen:
                seen.append(monotonic() - began)

        params = routing.SolveParams(seconds=limit, seed=seed, threads=threads)
        routing.solve(problem, params, on_progress=note, stop=partial(bool, seen))
        taken.append(seen[0] if seen else float("inf"))
    return {"seconds": statistics.median(taken), "worst": max(taken), "repeats": _REPEATS}


def quote(problem: routing.Problem, limit: float, seed: int, threads: int) -> dict[str, Any]:
    """Time to rank every slot of one visit, over visits that are in the plan and that are not."""
    params = routing.SolveParams(seconds=limit, seed=seed, threads=threads)
    solution = routing.solve(problem, params)
    out = {left.task for left in solution.unassigned}
    tasks = sorted(problem.tasks, key=lambda task: task.id not in out)[:_QUOTES]
    routing.quote(problem, solution, tasks[0])
    taken = []
    for task in tasks:
        began = monotonic()
        routing.quote(problem, solution, task)
        taken.append(monotonic() - began)
    return {"seconds": statistics.median(taken), "worst": max(taken), "repeats": len(taken)}


def repair(problem: routing.Problem, limit: float, seed: int, threads: int) -> dict[str, Any]:
    """Time and worth of a repair; beside it the rest of the day planned afresh for 15 s.

    The fresh run keeps the same promises, but starts from nothing and pays for no change.
    """
    params = routing.SolveParams(seconds=10.0, seed=seed, threads=threads)
    plan = routing.solve(problem, params)
    events = morning(problem, plan)
    quick = replace(params, seconds=limit)
    taken, mended = [], []
    for _ in range(_REPEATS):
        began = monotonic()
        mended.append(routing.repair(problem, plan, events, quick))
        taken.append(monotonic() - began)
    rest = mended[0].problem
    free = replace(rest, tuning=replace(rest.tuning, stability=None))
    fresh = routing.solve(free, replace(params, seconds=_FRESH_S))
    before = len(rest.tuning.stability.plan) if rest.tuning.stability else 0
    return {
        "seconds": statistics.median(taken),
        "worst": max(taken),
        "objective": statistics.median(each.solution.summary.objective for each in mended),
        "fresh_objective": fresh.summary.objective,
        "fresh_s": _FRESH_S,
        "required_unserved": max(each.solution.summary.required_unserved for each in mended),
        "fresh_required_unserved": fresh.summary.required_unserved,
        "moved_percent": statistics.median(
            100 * len(each.moved) / max(1, before) for each in mended
        ),
        "repeats": _REPEATS,
    }


def morning(problem: routing.Problem, plan: routing.Solution) -> routing.Events:
    """Return the events of half past ten."""
    required = [task for task in problem.tasks if task.required]
    ahead = {step.id for tour in plan.tours for step in tour.steps if step.start_s > _NOW + 7_200}
    cancelled = next(task for task in required if task.id in ahead)
    out = {left.task for left in plan.unassigned}
    spot = next((task for task in problem.tasks if task.id in out), cancelled)
    urgent = routing.Task(
        id=max(int(task.id) for task in problem.tasks) + 1,
        place=spot.place,
        windows=(routing.Window(11 * 3600, 13 * 3600),),
        service_s=1_800,
        required=True,
    )
    busiest = max(plan.tours, key=lambda tour: len(tour.steps))
    states = tuple(_state(tour, _LATE_S if tour is busiest else 0) for tour in plan.tours)
    return routing.Events(
        now_s=_NOW,
        vehicles=states,
        cancel=(cancelled.id,),
        add=(urgent,),
        lock=routing.Hold.NEXT,
    )


def _state(tour: routing.Tour, late_s: int) -> routing.VehicleState:
    """Return where a crew is: the visit in progress is its last done, free when that is over."""
    begun = [
        step for step in tour.steps if step.kind is routing.StepKind.TASK and step.start_s <= _NOW
    ]
    if not begun:
        start = tour.steps[0]
        free_at = max(_NOW, start.start_s)
        return routing.VehicleState(id=tour.vehicle, at=start.place, free_at_s=free_at + late_s)
    return routing.VehicleState(
        id=tour.vehicle,
        done=tuple(step.id for step in begun if step.id is not None),
        at=begun[-1].place,
        free_at_s=max(_NOW, begun[-1].end_s) + late_s,
    )


def explain(problem: routing.Problem, limit: float, seed: int, threads: int) -> dict[str, Any]:
    """Time to say why each visit that is left out is, and what would let the first 25 in."""
    params = routing.SolveParams(seconds=limit, seed=seed, threads=threads)
    solution = routing.solve(problem, params)
    began = monotonic()
    told = routing.explain(problem, solution)
    taken = monotonic() - began
    return {"seconds": taken, "worst": taken, "repeats": 1, "left_out": len(told)}


def territories(problem: routing.Problem, limit: float, seed: int, threads: int) -> dict[str, Any]:
    """Objective of a day cut into territories, and of one never cut in ten times as long.

    Each whole plan of the uncut day is a thread's own; the best counts.
    """
    tables = tables_of(problem)
    began = monotonic()
    cut = _searched(tables, limit, seed, threads, is_shared=True)
    taken, peak = monotonic() - began, peak_mb()
    uncut = _searched(tables, _TIMES * limit, seed, threads, is_shared=False)
    return {
        "seconds": taken,
        "worst": taken,
        "repeats": 1,
        "cut_mb": peak,
        "objective": cut,
        "uncut_objective": uncut,
        "gap_percent": 100 * (cut / uncut - 1),
    }


def _searched(tables: Tables, seconds: float, seed: int, threads: int, *, is_shared: bool) -> int:
    climb = Climb(tables, seed=seed, threads=threads)
    effort = replace(effort_for(tables, climb.day), is_shared=is_shared)
    climb.begin(effort)
    climb.run(effort, seconds=seconds, iterations=None, on_epoch=lambda _part: False)
    return climb.total // tables.grain


TASKS = {
    "first_plan": first_plan,
    "quote": quote,
    "repair": repair,
    "explain": explain,
    "territories": territories,
}


def main(task: str, instance: str, limit: str, seed: str, threads: str, out: str) -> None:
    """Measure and write."""
    problem = ours.problem_of(load(instance))
    ours.warm_up(int(threads))
    told = TASKS[task](problem, float(limit), int(seed), int(threads))
    Path(out).write_text(json.dumps({**told, "rss_mb": peak_mb()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
