"""Small random problems with every feature of the model, and simple plans of them."""

import random

import numpy as np

from routing import (
    Break,
    Costs,
    Lock,
    Matrix,
    Preference,
    Problem,
    Skill,
    Task,
    Vehicle,
    Window,
    validate,
)
from routing.evaluate import evaluate
from routing.matrix import DayPart
from routing.problem import Alternative, Overtime, Stability, Tuning

HOUR = 3600
PLACES = 7


def full_problem(seed, *, setups=True, day_parts=True):
    """A valid problem by seed; impossible in part more often than not."""
    rng = random.Random(seed)
    while True:
        problem = _problem(rng, setups=setups, day_parts=day_parts)
        if not validate(problem):
            return problem


def some_plan(tables, seed):
    """Routes of options that keep every rule, by trying insertions at random."""
    rng = random.Random(seed)
    routes = [[] for _ in tables.crews]
    options = list(range(tables.option_count))
    rng.shuffle(options)
    served = set()
    for option in options:
        task = int(tables.task_of[option])
        if task in served:
            continue
        ways = [
            (crew, [*routes[crew.index][:at], option, *routes[crew.index][at:]])
            for crew in tables.crews
            for at in range(len(routes[crew.index]) + 1)
        ]
        rng.shuffle(ways)
        for crew, route in ways:
            if evaluate(tables, crew, route) is not None:
                routes[crew.index] = route
                served.add(task)
                break
    return routes


def _problem(rng, *, setups, day_parts):
    vehicles = tuple(_vehicle(rng, f"v{number}") for number in range(rng.randint(1, 3)))
    names = [vehicle.id for vehicle in vehicles]
    tasks = tuple(_task(rng, number, names, setups) for number in range(rng.randint(1, 7)))
    plan = {task.id: rng.choice(names) for task in tasks}
    stability = Stability(plan=plan, per_change=700) if rng.random() < 0.3 else None
    return Problem(
        tasks=tasks,
        vehicles=vehicles,
        matrices={"car": _matrix(rng, day_parts=day_parts and rng.random() < 0.4)},
        tuning=Tuning(balance_weight=rng.choice([0, 0, 500]), stability=stability),
    )


def _matrix(rng, *, day_parts):
    def table():
        cells = np.array([[rng.randint(60, 2400) for _ in range(PLACES)] for _ in range(PLACES)])
        np.fill_diagonal(cells, 0)
        return cells

    parts = (DayPart(10 * HOUR, table()), DayPart(13 * HOUR, table())) if day_parts else ()
    return Matrix(table(), table() * 3, day_parts=parts)


def _window(rng):
    start = rng.randint(8 * HOUR, 15 * HOUR)
    return Window(start, start + rng.choice([600, HOUR, 3 * HOUR]))


def _task(rng, number, names, setups):
    required = rng.random() < 0.4
    place = rng.randint(1, PLACES - 1) if setups else number % (PLACES - 1) + 1
    others = tuple(
        Alternative(
            place=rng.randint(1, PLACES - 1),
            windows=rng.choice([None, (_window(rng),)]),
            service_s=rng.choice([None, 1200]),
            allowed_vehicles=rng.choice([None, None, (names[0],)]),
            cost=rng.choice([0, 0, rng.randint(1, 900)]),
        )
        for _ in range(rng.choice([0, 0, 1, 2]))
    )
    lock = None
    if rng.random() < 0.15:
        lock = rng.choice(
            [Lock(vehicle=names[-1]), Lock(position=1), Lock(start_s=11 * HOUR, tolerance_s=1800)]
        )
    return Task(
        id=number,
        place=place,
        windows=tuple(_window(rng) for _ in range(rng.choice([0, 1, 2]))),
        service_s=rng.choice([0, 600, 1800]),
        setup_s=rng.choice([0, 300]) if setups else 0,
        latest_end_s=rng.choice([None, None, 15 * HOUR]),
        required=required,
        prize=0 if required else rng.randint(0, 9000),
        skills=rng.choice([(), (), (Skill("a"),)]),
        forbidden_vehicles=rng.choice([(), (), (names[0],)]),
        preferred_vehicles=rng.choice([(), (Preference(names[0], 900),)]),
        lock=lock,
        alternatives=others,
        not_first=rng.random() < 0.15,
        not_last=rng.random() < 0.15,
        delivery=rng.choice([(0, 0), (2, 0), (1, 3)]),
        pickup=rng.choice([(0, 0), (0, 2), (3, 1)]),
        service_per_type=rng.choice([{}, {}, {"quick": 300}]),
        setup_per_type={},
    )


def _vehicle(rng, name):
    breaks = []
    if rng.random() < 0.5:
        most = rng.choice([None, None, (3, 3)])
        breaks.append(
            Break(
                id="lunch", windows=(Window(12 * HOUR, 13 * HOUR),), duration_s=2700, max_load=most
            )
        )
    if rng.random() < 0.2:
        breaks.append(Break(id="tea", windows=(Window(15 * HOUR, 16 * HOUR),), duration_s=900))
    return Vehicle(
        id=name,
        start=rng.choice([0, 0, 3, None]),
        end=rng.choice([0, 0, None]),
        shift=Window(8 * HOUR, rng.choice([14, 18]) * HOUR),
        breaks=tuple(breaks),
        skills=rng.choice([(), (Skill("a"),)]),
        speed_factor=rng.choice([1.0, 1.0, 0.8]),
        max_tasks=rng.choice([None, None, 2]),
        max_travel_time_s=rng.choice([None, None, 6000]),
        max_distance_m=rng.choice([None, None, 20000]),
        max_duration_s=rng.choice([None, None, 5 * HOUR]),
        overtime=rng.choice([None, None, Overtime(max_s=HOUR, per_hour=4000)]),
        capacity=rng.choice([(), (6, 6), (4, 3)]),
        type=rng.choice([None, "quick"]),
        balance_group=rng.choice([None, "all"]),
        costs=rng.choice(
            [Costs(), Costs(fixed=500, per_hour=3600, per_km=100, per_task_hour=900)]
        ),
    )
