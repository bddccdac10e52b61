"""For each hard rule a problem in which it binds: what both engines are tried on.

By the module of the rule; `MORE` are other ways in which a rule binds, `UNSTATED` those of rules
that OR-Tools' model can't state.
"""

from dataclasses import dataclass, replace

from routing import Lock, Matrix, Skill, Window
from routing.matrix import DayPart
from routing.problem import Alternative, Overtime, Problem
from tests.support.problems import (
    HOUR,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    line,
    with_tasks,
    with_vehicles,
)


@dataclass(frozen=True)
class Case:
    """A problem in which one rule binds, the same problem without it, and its violation."""

    free: Problem
    bound: Problem
    code: str


def case(free, code, *, tasks=None, vehicles=None):
    bound = with_tasks(free, **tasks) if tasks else free
    return Case(free, with_vehicles(bound, **vehicles) if vehicles else bound, code)


def first(problem, **over):
    """The same problem with fields of its first task replaced."""
    return replace(problem, tasks=(replace(problem.tasks[0], **over), *problem.tasks[1:]))


MORNING = Window(0, 9 * HOUR)
FIRST = Window(0, 8 * HOUR + 1200)
"""Only who drives there at once is in time."""
SHORT = Window(8 * HOUR, 11 * HOUR)
TWO = a_problem([a_task(1, 2), a_task(2, 4)])
NEAR_THEN_FAR = a_problem([a_task(1, 2), a_task(2, 4, windows=(Window(10 * HOUR, 11 * HOUR),))])
FAR_THEN_NEAR = a_problem([a_task(1, 9), a_task(2, 1, windows=(MORNING,))])
LONG = a_problem([a_task(1, 2), a_task(2, 4, service_s=3 * HOUR), a_task(3, 4)])
HEAVY = a_problem(
    [
        a_task(1, 1, delivery=(3,), pickup=(0,)),
        a_task(2, 2, delivery=(0,), pickup=(3,), windows=(FIRST,)),
    ],
    [a_vehicle(capacity=(9,))],
)
TWO_CREWS = a_problem(
    [a_task(1, 2), a_task(2, 4)], [a_vehicle("a"), a_vehicle("b", start=9, end=9)]
)
ONE_SPEAKS = replace(
    TWO_CREWS,
    vehicles=(TWO_CREWS.vehicles[0], replace(TWO_CREWS.vehicles[1], skills=(Skill("zh", 2),))),
)

CASES = {
    "shift": case(LONG, "shift", vehicles={"shift": SHORT}),
    "windows": case(TWO, "window", tasks={"windows": (Window(15 * HOUR, 16 * HOUR),)}),
    "latest_end": case(
        a_problem([a_task(1, 2, service_s=3 * HOUR)]),
        "latest-end",
        tasks={"latest_end_s": 11 * HOUR},
    ),
    "permissions": case(TWO_CREWS, "permission", tasks={"forbidden_vehicles": ("a",)}),
    "max_tasks": case(TWO, "max-tasks", vehicles={"max_tasks": 1}),
    "max_travel_time": case(TWO, "max-travel-time", vehicles={"max_travel_time_s": 3000}),
    "max_distance": case(TWO, "max-distance", vehicles={"max_distance_m": 5000}),
    "max_duration": case(TWO, "max-duration", vehicles={"max_duration_s": HOUR + 1200}),
    "capacity": case(HEAVY, "capacity", vehicles={"capacity": (5,)}),
    "order": Case(FAR_THEN_NEAR, first(FAR_THEN_NEAR, not_last=True), "not-last"),
    "locks": Case(
        FAR_THEN_NEAR,
        first(FAR_THEN_NEAR, lock=Lock(position=1)),
        "lock",
    ),
    "breaks": case(TWO, "break", vehicles={"breaks": (a_lunch(),)}),
    "skills": case(ONE_SPEAKS, "skill", tasks={"skills": (Skill("zh", 2),)}),
    "overtime": case(
        LONG,
        "shift",
        vehicles={"shift": SHORT, "overtime": Overtime(max_s=60, per_hour=0)},
    ),
}
MORE = {
    "second window": case(
        TWO, "window", tasks={"windows": (Window(0, HOUR), Window(15 * HOUR, 16 * HOUR))}
    ),
    "lock of start": Case(TWO, first(TWO, lock=Lock(start_s=14 * HOUR, tolerance_s=300)), "lock"),
    "lock of vehicle": Case(TWO_CREWS, first(TWO_CREWS, lock=Lock(vehicle="b")), "lock"),
    "not first": Case(
        NEAR_THEN_FAR, first(NEAR_THEN_FAR, not_first=True, windows=(MORNING,)), "not-first"
    ),
    "pickups": case(
        with_tasks(HEAVY, delivery=(0,), pickup=(3,)), "capacity", vehicles={"capacity": (5,)}
    ),
    "deliveries": case(
        with_tasks(HEAVY, delivery=(3,), pickup=(0,)), "capacity", vehicles={"capacity": (5,)}
    ),
}


def _rest_at_eight(**over):
    at_eight = a_lunch(start=8 * HOUR, end=8 * HOUR)
    tasks = [a_task(1, 2, delivery=(2,)), a_task(2, 4, pickup=(2,))]
    return a_problem(tasks, [a_vehicle(breaks=(replace(at_eight, **over),))])


def _slow_from(hour, problem):
    slow = DayPart(hour * HOUR, line(step=900).durations)
    table = Matrix(line().durations, line().distances, None, (slow,))
    return replace(problem, matrices={"car": table})


AT_TEN = a_problem([a_task(1, 2), a_task(2, 4, windows=(Window(9 * HOUR, 10 * HOUR),))])
VANS = a_problem([a_task(1, 2), a_task(2, 4)], [a_vehicle(type="van")])
UNSTATED = {
    "max_load": Case(_rest_at_eight(), _rest_at_eight(max_load=(1,)), "max-load"),
    "travel": Case(AT_TEN, _slow_from(8, AT_TEN), "travel"),
    "work": case(VANS, "work", tasks={"service_per_type": {"van": 60}}),
    "places": Case(TWO, with_vehicles(TWO, start=3), "place"),
    "alternatives": Case(
        with_tasks(TWO, alternatives=(Alternative(place=1),)), TWO, "alternative"
    ),
    "loads": case(HEAVY, "load", tasks={"delivery": (1,)}),
}
