"""Random small problems with every feature of the model, and plans of them built at random.

Everything is drawn from a `random.Random`, so that the same code serves hypothesis (which can
shrink it) and tests that count. Travel is arbitrary: asymmetric, and often quicker by a detour.
"""

from dataclasses import replace

from hypothesis import strategies as st

import routing
from routing.evaluate import evaluate
from routing.matrix import DayPart, Matrix
from routing.problem import (
    Alternative,
    Break,
    Costs,
    Lock,
    Objective,
    Overtime,
    Preference,
    Problem,
    Skill,
    Stability,
    Task,
    Tuning,
    Uncertainty,
    Vehicle,
    Window,
)
from routing.record import record
from routing.tables import tables_of

HOUR = 3600
OPEN, CLOSE = 8 * HOUR, 18 * HOUR
KINDS = (None, "van", "bike")


def a_whole_problem(rng, max_tasks=8, max_vehicles=4):
    """A valid problem; parts of it are often impossible."""
    places, dimensions = rng.randint(2, 7), rng.choice([0, 0, 1, 2])
    matrices = {"car": _matrix(rng, places, costs=rng.random() < 0.15)}
    if rng.random() < 0.3:
        matrices["foot"] = _matrix(rng, places, costs=False)
    crews = [
        _vehicle(rng, f"v{number}", places, dimensions, matrices)
        for number in range(rng.randint(1, max_vehicles))
    ]
    names = [crew.id for crew in crews]
    tasks = [
        _task(rng, number, places, dimensions, names)
        for number in range(rng.randint(1, max_tasks))
    ]
    problem = Problem(
        tasks=tuple(tasks),
        vehicles=tuple(crews),
        matrices=matrices,
        objective=rng.choice([Objective.PRIZES, Objective.PRIZES, Objective.PRIORITIES]),
        tuning=_tuning(rng, tasks, names),
    )
    return _with_locks(rng, problem)


def whole_problems(max_tasks=8, max_vehicles=4):
    """The same as a strategy."""
    return st.randoms(use_true_random=False).map(
        lambda rng: a_whole_problem(rng, max_tasks, max_vehicles)
    )


def _matrix(rng, places, *, costs):
    def table(most):
        rows = [[rng.randint(0, most) for _ in range(places)] for _ in range(places)]
        for place in range(places):
            rows[place][place] = 0 if rng.random() < 0.95 else rng.randint(0, 60)
        return rows

    starts = sorted(rng.sample(range(OPEN - HOUR, CLOSE, 900), rng.choice([0, 0, 0, 1, 2, 3])))
    return Matrix(
        table(3000),
        table(9000),
        table(2000) if costs else None,
        tuple(DayPart(start, table(4000)) for start in starts),
    )


def _window(rng, low=OPEN, high=CLOSE, shortest=0):
    start = rng.randint(low, high - shortest)
    return Window(start, rng.randint(start + shortest, high))


def _load(rng, dimensions, most):
    return tuple(rng.randint(0, most) for _ in range(dimensions))


def _vehicle(rng, name, places, dimensions, matrices):
    profile = rng.choice(list(matrices))
    priced = matrices[profile].costs is not None
    shift = rng.choice([Window(OPEN, CLOSE), Window(OPEN, CLOSE), _window(rng, shortest=4 * HOUR)])
    return Vehicle(
        id=name,
        start=rng.choice([None, rng.randrange(places), rng.randrange(places)]),
        end=rng.choice([None, rng.randrange(places), rng.randrange(places)]),
        shift=shift,
        breaks=tuple(
            _break(rng, f"{name} rests {number}", dimensions)
            for number in range(rng.choice([0, 0, 1, 1, 2, 3]))
        ),
        profile=profile,
        skills=rng.choice([(), (Skill("a"),), (Skill("a", 2), Skill("b"))]),
        speed_factor=rng.choice([1.0, 1.0, 0.7, 1.9]),
        max_tasks=rng.choice([None, None, 2, 4]),
        max_travel_time_s=rng.choice([None, None, None, rng.randint(2000, 15000)]),
        max_distance_m=rng.choice([None, None, None, rng.randint(5000, 40000)]),
        max_duration_s=rng.choice([None, None, None, rng.randint(2 * HOUR, 9 * HOUR)]),
        overtime=rng.choice(
            [None, None, Overtime(max_s=rng.randint(1, 2 * HOUR), per_hour=rng.randint(0, 9000))]
        ),
        capacity=rng.choice([(), _load(rng, dimensions, 9), _load(rng, dimensions, 20)]),
        type=rng.choice(KINDS),
        balance_group=rng.choice([None, "g", "h"]),
        costs=Costs(
            fixed=rng.choice([0, 0, 700]),
            per_hour=3600 if priced else rng.choice([3600, 3600, 0, 1, 7]),
            per_km=0 if priced else rng.choice([0, 0, 3]),
            per_task_hour=rng.choice([0, 0, 1800, 7]),
        ),
        source=rng.choice([None, f"rule of {name}"]),
    )


def _break(rng, name, dimensions):
    return Break(
        id=name,
        windows=tuple(_window(rng) for _ in range(rng.choice([0, 1, 1, 2]))),
        duration_s=rng.choice([0, 900, 2700]),
        max_load=_load(rng, dimensions, 12) if dimensions and rng.random() < 0.3 else None,
    )


def _task(rng, number, places, dimensions, names):
    service = rng.choice([0, 600, 1800, 3600])
    windows = tuple(_window(rng, shortest=900) for _ in range(rng.choice([0, 0, 1, 1, 2])))
    return Task(
        id=number,
        place=rng.randrange(places),
        windows=windows,
        service_s=service,
        setup_s=rng.choice([0, 0, 300]),
        latest_end_s=rng.choice([None, None, None, CLOSE - HOUR]),
        required=rng.random() < 0.4,
        prize=rng.randint(0, 9000),
        priority=rng.randint(0, 9),
        skills=rng.choice([(), (), (), (Skill("a"),), (Skill("a", 2),), (Skill("b"),)]),
        allowed_vehicles=rng.choice([None, None, None, tuple(rng.sample(names, 1))]),
        forbidden_vehicles=rng.choice([(), (), (), tuple(rng.sample(names, 1))]),
        preferred_vehicles=tuple(
            Preference(name, rng.randint(0, 900)) for name in rng.sample(names, rng.choice([0, 1]))
        ),
        alternatives=tuple(
            _alternative(rng, places, names) for _ in range(rng.choice([0, 0, 1, 2]))
        ),
        not_first=rng.random() < 0.1,
        not_last=rng.random() < 0.1,
        delivery=rng.choice([(), _load(rng, dimensions, 4)]),
        pickup=rng.choice([(), _load(rng, dimensions, 4)]),
        setup_per_type=rng.choice([{}, {}, {"van": rng.randint(0, 600)}]),
        service_per_type=rng.choice([{}, {}, {"van": 700, "bike": rng.randint(0, 3000)}]),
        source=rng.choice([None, f"rule of {number}"]),
    )


def _alternative(rng, places, names):
    return Alternative(
        place=rng.randrange(places),
        windows=rng.choice([None, (), (_window(rng, shortest=900),)]),
        service_s=rng.choice([None, 0, 1200]),
        setup_s=rng.choice([None, 0, 200]),
        allowed_vehicles=rng.choice([None, None, tuple(rng.sample(names, 1))]),
        cost=rng.choice([0, 0, rng.randint(1, 900)]),
    )


def _tuning(rng, tasks, names):
    planned = {task.id: rng.choice(names) for task in tasks if rng.random() < 0.6}
    return Tuning(
        balance_weight=rng.choice([0, 5, 7]),
        stability=rng.choice([None, Stability(plan=planned, per_change=rng.randint(0, 500))]),
        uncertainty=rng.choice(
            [
                None,
                None,
                Uncertainty(
                    travel_cv=rng.choice([0, 0.3]),
                    service_cv=rng.choice([0, 0.2]),
                    samples=rng.randint(1, 20),
                    late_cost=rng.randint(0, 900),
                ),
            ]
        ),
    )


def _with_locks(rng, problem):
    """The problem with a lock or two, and without the latest ends that contradict windows."""
    faulty = {issue.pointer.split("/")[2] for issue in routing.validate(problem)}
    tasks = [
        replace(task, latest_end_s=None) if str(index) in faulty else task
        for index, task in enumerate(problem.tasks)
    ]
    problem = replace(problem, tasks=tuple(tasks))
    for _ in range(rng.choice([0, 1, 2, 3])):
        index = rng.randrange(len(tasks))
        opens = [window.start_s for window in problem.tasks[index].windows]
        lock = Lock(
            vehicle=rng.choice([None, rng.choice(problem.vehicles).id]),
            start_s=rng.choice([None, rng.choice(opens or [rng.randint(OPEN, CLOSE)])]),
            tolerance_s=rng.randint(0, 2 * HOUR),
            position=rng.choice([None, None, 1, 2]),
        )
        locked = replace(problem.tasks[index], lock=lock)
        trial = replace(
            problem, tasks=(*problem.tasks[:index], locked, *problem.tasks[index + 1 :])
        )
        problem = problem if routing.validate(trial) else trial
    return problem


# ---- plans -----------------------------------------------------------------------------------


def random_routes(rng, tables, tries=3):
    """Routes that grow by random insertions wherever `evaluate` has nothing against them."""
    routes = [[] for _ in tables.crews]
    for task in rng.sample(range(tables.task_count), tables.task_count):
        for _ in range(tries):
            vehicle = rng.randrange(len(routes))
            option = rng.choice(tables.options_of[task])
            at = rng.randint(0, len(routes[vehicle]))
            longer = [*routes[vehicle][:at], option, *routes[vehicle][at:]]
            if evaluate(tables, tables.crews[vehicle], longer) is not None:
                routes[vehicle] = longer
                break
    return routes


def random_plan(rng, problem, tries=3):
    """A plan that keeps every hard rule."""
    tables = tables_of(problem)
    plan = record(tables, random_routes(rng, tables, tries), "random")
    assert plan is not None
    return plan
