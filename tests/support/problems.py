"""Builders of small routing problems: say only what the test is about.

Places lie on a line, ten minutes apart: from place 2 to place 5 is 1,800 s and 3,000 m. Place 0 is
the depot.
"""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

import routing
from routing import (
    Break,
    Lock,
    Matrix,
    Preference,
    Problem,
    Skill,
    SolveParams,
    Task,
    Vehicle,
    Window,
)

HOUR = 3600
STEP_S = 600
STEP_M = 1000
PLACES = 10
SHIFT = Window(8 * HOUR, 18 * HOUR)

AT_ONCE = SolveParams(seconds=0)
POLISHED = SolveParams(iterations=20)


def line(places=PLACES, step=STEP_S, distances=True):
    """A matrix of places on a line."""
    gaps = np.abs(np.subtract.outer(np.arange(places), np.arange(places)))
    return Matrix(gaps * step, gaps * STEP_M if distances else None)


def a_task(name=1, place=1, **over):
    """A required half-hour task without windows."""
    return Task(**{"id": name, "place": place, "service_s": 1800, "required": True} | over)


def an_optional_task(name=1, place=1, prize=10_000, **over):
    return a_task(name, place, required=False, prize=prize, **over)


def a_vehicle(name="v", **over):
    """From the depot and back, 8 to 18 h."""
    return Vehicle(**{"id": name, "start": 0, "end": 0, "shift": SHIFT} | over)


def a_lunch(name="lunch", start=12 * HOUR, end=13 * HOUR, duration_s=2700):
    return Break(id=name, windows=(Window(start, end),), duration_s=duration_s)


def a_problem(tasks=(), vehicles=None, matrix=None, **over):
    return Problem(
        tasks=tuple(tasks),
        vehicles=tuple([a_vehicle()] if vehicles is None else vehicles),
        matrices={"car": line() if matrix is None else matrix},
        **over,
    )


def with_tasks(problem, **over):
    """The same problem with fields of every task replaced."""
    return replace(problem, tasks=tuple(replace(task, **over) for task in problem.tasks))


def with_vehicles(problem, **over):
    """The same problem with fields of every vehicle replaced."""
    return replace(
        problem, vehicles=tuple(replace(vehicle, **over) for vehicle in problem.vehicles)
    )


def served(solution):
    """Ids of the tasks served, by vehicle, in order."""
    return {tour.vehicle: [step.id for step in tour.tasks] for tour in solution.tours}


def codes(problem, solution):
    """The rules that a solution breaks."""
    return {violation.code for violation in routing.check(problem, solution)}


def with_steps(solution, *steps):
    """The same solution with the only tour's steps replaced."""
    (tour,) = solution.tours
    return replace(solution, tours=(replace(tour, steps=tuple(steps)),))


def field_day(task_count=40, vehicle_count=4, seed=7):
    """A day like those of the bench: lunch, skills, windows, required and optional visits."""
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, 3000, size=(task_count + 1, 2))
    gaps = np.abs(spots[:, None] - spots[None, :]).sum(axis=2)
    tasks = []
    for index in range(task_count):
        required = index % 3 == 0
        opening = int(rng.integers(8, 15)) * HOUR
        tasks.append(
            Task(
                id=index + 1,
                place=index + 1,
                service_s=int(rng.integers(20, 41)) * 60,
                windows=(Window(opening, opening + 3 * HOUR),) if index % 2 else (),
                required=required,
                prize=0 if required else int(rng.integers(1, 90)) * 100,
                skills=(Skill("zh"),) if index % 5 == 0 else (),
            )
        )
    vehicles = [
        a_vehicle(f"crew {index}", breaks=(a_lunch(),), skills=(Skill("zh"),), max_tasks=9)
        for index in range(vehicle_count)
    ]
    return a_problem(tasks, vehicles, Matrix(gaps))


# ---- generated problems ----------------------------------------------------------------------


@st.composite
def windows(draw, earliest=8 * HOUR, latest=18 * HOUR):
    start = draw(st.integers(earliest, latest - 900))
    return Window(start, draw(st.integers(start, latest)))


@st.composite
def tasks(draw, name, vehicles):
    required = draw(st.booleans())
    opens = tuple(draw(st.lists(windows(), max_size=3)))
    service = draw(st.sampled_from([0, 600, 1800, 3600]))
    is_early = min((window.start_s for window in opens), default=0) + service <= 15 * HOUR
    names = [vehicle.id for vehicle in vehicles]
    return Task(
        id=name,
        place=draw(st.integers(0, 5)),
        windows=opens,
        service_s=service,
        setup_s=draw(st.sampled_from([0, 0, 300])),
        latest_end_s=draw(st.sampled_from([None, None, 15 * HOUR])) if is_early else None,
        required=required,
        prize=0 if required else draw(st.integers(0, 9000)),
        skills=draw(st.sampled_from([(), (), (Skill("a"),), (Skill("b", 2),)])),
        allowed_vehicles=draw(st.sampled_from([None, None, None, tuple(names[:1])])),
        forbidden_vehicles=draw(st.sampled_from([(), (), tuple(names[-1:])])),
        preferred_vehicles=draw(
            st.sampled_from([(), (), (Preference(names[0], 500),)]),
        ),
    )


@st.composite
def vehicles(draw, name):
    return Vehicle(
        id=name,
        start=draw(st.sampled_from([0, 0, 3, None])),
        end=draw(st.sampled_from([0, 0, 4, None])),
        shift=draw(st.sampled_from([SHIFT, Window(9 * HOUR, 14 * HOUR)])),
        breaks=draw(
            st.sampled_from(
                [
                    (),
                    (a_lunch(),),
                    (a_lunch(), a_lunch("tea", 10 * HOUR, 12 * HOUR + 1800, 900)),
                ]
            )
        ),
        skills=draw(st.sampled_from([(), (Skill("a"),), (Skill("a"), Skill("b", 2))])),
        speed_factor=draw(st.sampled_from([1.0, 1.0, 0.7])),
        max_tasks=draw(st.sampled_from([None, None, 2])),
        max_travel_time_s=draw(st.sampled_from([None, None, 6000])),
        max_distance_m=draw(st.sampled_from([None, None, 8000])),
    )


@st.composite
def problems(draw, max_tasks=6):
    """Small problems with every kind of rule, often impossible in part; always valid."""
    crews = tuple(draw(vehicles(f"v{index}")) for index in range(draw(st.integers(1, 3))))
    count = draw(st.integers(0, max_tasks))
    jobs = [draw(tasks(index, crews)) for index in range(count)]
    problem = a_problem(jobs, crews, line(6))
    locked = draw(st.sampled_from([None, None, "vehicle", "position"]))
    if jobs and locked:
        lock = Lock(vehicle="v0") if locked == "vehicle" else Lock(position=1)
        trial = replace(problem, tasks=(replace(jobs[0], lock=lock), *jobs[1:]))
        problem = problem if routing.validate(trial) else trial
    return problem
