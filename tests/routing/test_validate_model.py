"""Every field of the full model is validated, and nothing that is broken makes `validate` fail."""

import math
from dataclasses import fields, replace

import pytest

import routing
from routing import Costs, Lock, Matrix, Preference, Skill, Window
from routing.matrix import DayPart
from routing.problem import Alternative, Overtime, Stability, Tuning, Uncertainty
from routing.record import record
from routing.tables import tables_of
from routing.units import MAX_DAY_PARTS
from tests.support.problems import HOUR, a_lunch, a_problem, a_task, a_vehicle, line


def issues(problem):
    return [(issue.code, issue.pointer) for issue in routing.validate(problem)]


def at_alternative(**over):
    return {"alternatives": (Alternative(**{"place": 3} | over),)}


TASKS = {
    "alternative place": (at_alternative(place=10), "number", "alternatives/0/place"),
    "alternative place true": (at_alternative(place=True), "number", "alternatives/0/place"),
    "alternative service": (at_alternative(service_s=-1), "number", "alternatives/0/service_s"),
    "alternative setup nan": (
        at_alternative(setup_s=math.nan),
        "number",
        "alternatives/0/setup_s",
    ),
    "alternative window": (
        at_alternative(windows=(Window(5, 4),)),
        "window-order",
        "alternatives/0/windows/0",
    ),
    "alternative of unknown": (
        at_alternative(allowed_vehicles=("w",)),
        "unknown-vehicle",
        "alternatives/0/allowed_vehicles/0",
    ),
    "alternative is a place": ({"alternatives": (3,)}, "form", "alternatives/0"),
    "not first text": ({"not_first": "no"}, "flag", "not_first"),
    "not last number": ({"not_last": 1}, "flag", "not_last"),
    "delivery negative": ({"delivery": (1, -1)}, "number", "delivery/1"),
    "delivery nan": ({"delivery": (math.nan,)}, "number", "delivery/0"),
    "pickup huge": ({"pickup": (2**70,)}, "number", "pickup/0"),
    "pickup no list": ({"pickup": 3}, "form", "pickup"),
    "setup per type": ({"setup_per_type": {"van": -1}}, "number", "setup_per_type/van"),
    "service per type true": (
        {"service_per_type": {"van": True}},
        "number",
        "service_per_type/van",
    ),
    "type no text": ({"service_per_type": {3: 5}}, "text", "service_per_type"),
    "per type no mapping": ({"setup_per_type": [5]}, "form", "setup_per_type"),
    "latest end nan": ({"latest_end_s": math.nan}, "number", "latest_end_s"),
    "latest end before the first window": (
        {"latest_end_s": HOUR, "windows": (Window(2 * HOUR, 3 * HOUR),)},
        "window-impossible",
        "latest_end_s",
    ),
    "latest end before the work is done": (
        {"latest_end_s": 1799},
        "window-impossible",
        "latest_end_s",
    ),
    "latest end before an alternative opens": (
        {"latest_end_s": HOUR} | at_alternative(windows=(Window(HOUR, HOUR),)),
        "window-impossible",
        "alternatives/0",
    ),
    "vehicle true": ({"allowed_vehicles": (True,)}, "unknown-vehicle", "allowed_vehicles/0"),
    "vehicle list": ({"forbidden_vehicles": ([],)}, "unknown-vehicle", "forbidden_vehicles/0"),
    "wish twice": (
        {"preferred_vehicles": (Preference("v", 1), Preference("v", 2))},
        "wish-twice",
        "preferred_vehicles/1/vehicle",
    ),
    "skill without a name": ({"skills": (Skill(None),)}, "id", "skills/0/id"),
    "source no text": ({"source": 5}, "text", "source"),
    "lock tolerance": ({"lock": Lock(tolerance_s=-1)}, "number", "lock/tolerance_s"),
    "lock position true": ({"lock": Lock(position=True)}, "number", "lock/position"),
    "lock no lock": ({"lock": "v"}, "form", "lock"),
    "first and not first": (
        {"not_first": True, "lock": Lock(position=1)},
        "lock-impossible",
        "lock",
    ),
    "last and not last": (
        {"not_last": True, "lock": Lock(position=3, vehicle="v")},
        "lock-impossible",
        "lock",
    ),
    "beyond every vehicle": ({"lock": Lock(position=4)}, "lock-impossible", "lock"),
    "start outside the windows of every place": (
        {"windows": (Window(0, 5),), "lock": Lock(start_s=HOUR, vehicle="v")}
        | at_alternative(windows=(Window(9, 10),)),
        "lock-impossible",
        "lock",
    ),
    "vehicle barred at every place": (
        {"forbidden_vehicles": ("v",), "lock": Lock(vehicle="v")}
        | at_alternative(allowed_vehicles=("v",)),
        "lock-impossible",
        "lock",
    ),
}

VEHICLES = {
    "max duration": ({"max_duration_s": -1}, "number", "max_duration_s"),
    "overtime of nothing": (
        {"overtime": Overtime(max_s=0, per_hour=5)},
        "number",
        "overtime/max_s",
    ),
    "overtime price": (
        {"overtime": Overtime(max_s=5, per_hour=-1)},
        "number",
        "overtime/per_hour",
    ),
    "overtime nan": (
        {"overtime": Overtime(max_s=math.nan, per_hour=1)},
        "number",
        "overtime/max_s",
    ),
    "capacity": ({"capacity": (-1,)}, "number", "capacity/0"),
    "capacity true": ({"capacity": (True,)}, "number", "capacity/0"),
    "break load": (
        {"breaks": (replace(a_lunch(), max_load=(0.5,)),)},
        "number",
        "breaks/0/max_load/0",
    ),
    "task hour": ({"costs": Costs(per_task_hour=math.inf)}, "number", "costs/per_task_hour"),
    "type": ({"type": 3}, "text", "type"),
    "group": ({"balance_group": 0.5}, "id", "balance_group"),
    "too slow": ({"speed_factor": 1e-7}, "too-slow", "speed_factor"),
    "speed true": ({"speed_factor": True}, "number", "speed_factor"),
    "break no break": ({"breaks": (a_lunch().windows,)}, "form", "breaks/0"),
    "shift none": ({"shift": None}, "form", "shift"),
}


@pytest.mark.parametrize(("over", "code", "where"), TASKS.values(), ids=TASKS.keys())
def test_bad_task_is_refused(over, code, where):
    vehicles = [a_vehicle(max_tasks=3), a_vehicle("u", max_tasks=2)]
    problem = a_problem([a_task(), a_task(2, **over)], vehicles)
    assert (code, f"/tasks/1/{where}") in issues(problem)


@pytest.mark.parametrize(("over", "code", "where"), VEHICLES.values(), ids=VEHICLES.keys())
def test_bad_vehicle_is_refused(over, code, where):
    problem = a_problem([a_task()], [a_vehicle(), a_vehicle("w", **over)])
    assert (code, f"/vehicles/1/{where}") in issues(problem)


TUNINGS = {
    "balance": (Tuning(balance_weight=-1), "number", "balance_weight"),
    "balance true": (Tuning(balance_weight=True), "number", "balance_weight"),
    "tax": (
        Tuning(stability=Stability(plan={}, per_change=0.5)),
        "number",
        "stability/per_change",
    ),
    "unknown task": (
        Tuning(stability=Stability(plan={"x": "v"}, per_change=1)),
        "unknown-task",
        "stability/plan/x",
    ),
    "unknown vehicle": (
        Tuning(stability=Stability(plan={1: "x"}, per_change=1)),
        "unknown-vehicle",
        "stability/plan/1",
    ),
    "plan no mapping": (
        Tuning(stability=Stability(plan=[1], per_change=1)),
        "form",
        "stability/plan",
    ),
    "no uncertainty": (Tuning(uncertainty=0.5), "form", "uncertainty"),
} | {
    f"{name} {value}": (
        Tuning(uncertainty=Uncertainty(**{"travel_cv": 0.2, "service_cv": 0} | {name: value})),
        "number",
        f"uncertainty/{name}",
    )
    for name, value in (
        ("travel_cv", math.nan),
        ("travel_cv", math.inf),
        ("travel_cv", -0.1),
        ("travel_cv", 2.1),
        ("service_cv", True),
        ("service_cv", "0"),
        ("samples", 0),
        ("samples", 10_001),
        ("samples", 1.0),
        ("late_cost", -1),
        ("late_cost", 10**13),
    )
}


@pytest.mark.parametrize(("tuning", "code", "where"), TUNINGS.values(), ids=TUNINGS.keys())
def test_bad_tuning_is_refused(tuning, code, where):
    assert issues(a_problem([a_task()], tuning=tuning)) == [(code, f"/tuning/{where}")]


def parts(*parts):
    return a_problem([a_task()], matrix=Matrix(line().durations, None, None, tuple(parts)))


GOOD = line().durations
DAY_PARTS = {
    "unsorted": (parts(DayPart(9, GOOD), DayPart(9, GOOD)), "day-parts", "1/from_s"),
    "negative": (parts(DayPart(-1, GOOD)), "number", "0/from_s"),
    "time nan": (parts(DayPart(math.nan, GOOD)), "number", "0/from_s"),
    "other size": (parts(DayPart(9, line(9).durations)), "matrix-size", "0/durations"),
    "shapeless": (parts(DayPart(9, [[0, 1], [1]])), "matrix-shape", "0/durations/1"),
    "entry nan": (parts(DayPart(9, [[0, math.nan], [1, 0]])), "matrix-entry", "0/durations/0/1"),
    "entry true": (parts(DayPart(9, [[0, True], [1, 0]])), "matrix-entry", "0/durations/0/1"),
    "too many": (
        parts(*(DayPart(at, GOOD) for at in range(MAX_DAY_PARTS + 1))),
        "day-parts",
        "",
    ),
    "no part": (parts(9), "day-parts", ""),
}


@pytest.mark.parametrize(("problem", "code", "where"), DAY_PARTS.values(), ids=DAY_PARTS.keys())
def test_bad_day_part_is_refused(problem, code, where):
    assert (code, f"/matrices/car/day_parts/{where}".rstrip("/")) in issues(problem)


def test_loads_of_other_dimensions_are_refused_one_by_one():
    lunch = replace(a_lunch(), max_load=(1,))
    problem = a_problem(
        [a_task(1, delivery=(1, 2)), a_task(2, pickup=(1,)), a_task(3)],
        [a_vehicle(capacity=(5, 5), breaks=(lunch,)), a_vehicle("u")],
    )
    assert issues(problem) == [
        ("dimensions", "/vehicles/0/breaks/0/max_load"),
        ("dimensions", "/tasks/1/pickup"),
    ]


def test_promised_starts_in_another_order_than_their_positions_are_refused():
    problem = a_problem(
        [
            a_task(1, lock=Lock(vehicle="v", position=1, start_s=15 * HOUR, tolerance_s=60)),
            a_task(2, lock=Lock(vehicle="v", position=2, start_s=10 * HOUR)),
        ]
    )
    assert issues(problem) == [("lock-impossible", "/tasks/1/lock")]


def test_lock_that_an_alternative_allows_is_no_fault():
    task = a_task(
        windows=(Window(0, 5),),
        lock=Lock(start_s=9 * HOUR, vehicle="v"),
        alternatives=(Alternative(place=3, windows=()),),
    )
    assert issues(a_problem([task])) == []


def test_lock_in_overtime_is_no_fault():
    late = a_task(lock=Lock(start_s=18 * HOUR, vehicle="v"))
    extra = Overtime(max_s=2 * HOUR, per_hour=0)
    assert issues(a_problem([late])) == [("lock-impossible", "/tasks/0/lock")]
    assert issues(a_problem([late], [a_vehicle(overtime=extra)])) == []


def test_what_is_only_unservable_is_data():
    problem = a_problem(
        [
            a_task(1, skills=(Skill("nobody has it"),)),
            a_task(2, windows=(Window(20 * HOUR, 21 * HOUR),)),
            a_task(3, delivery=(99,)),
            a_task(4, lock=Lock(position=4)),
            a_task(5, allowed_vehicles=()),
        ],
        [a_vehicle(capacity=(1,), breaks=(a_lunch(start=2 * HOUR, end=3 * HOUR),))],
    )
    assert issues(problem) == []


def test_sums_of_soft_terms_that_cannot_be_counted_are_refused():
    tasks = [a_task(name) for name in range(2000)]
    late = Uncertainty(travel_cv=0.1, service_cv=0.1, late_cost=10**12)
    stable = Stability(plan=dict.fromkeys(range(2000), "v"), per_change=10**12)
    group = [a_vehicle(balance_group="g")]
    for tuning in (
        Tuning(uncertainty=late),
        Tuning(stability=stable),
        Tuning(balance_weight=10**12),
    ):
        assert issues(a_problem(tasks, group, tuning=tuning)) == [("too-large", "/tasks")]


JUNK = [None, True, -1, 2**70, 0.5, math.nan, "x", (), (None,), ((),), {}, {"x": None}, [[]]]
FULL = a_problem(
    [
        a_task(
            1,
            2,
            windows=(Window(0, 20 * HOUR),),
            skills=(Skill("a"),),
            lock=Lock(vehicle="v"),
            preferred_vehicles=(Preference("v", 3),),
            alternatives=(Alternative(place=3, windows=(Window(0, 20 * HOUR),)),),
            service_per_type={"van": 5},
            delivery=(1,),
        ),
        a_task(2, 4),
    ],
    [
        a_vehicle(
            breaks=(replace(a_lunch(), max_load=(9,)),),
            overtime=Overtime(max_s=5, per_hour=5),
            skills=(Skill("a"),),
            capacity=(9,),
        )
    ],
    tuning=Tuning(
        balance_weight=1,
        stability=Stability(plan={1: "v"}, per_change=1),
        uncertainty=Uncertainty(travel_cv=0.1, service_cv=0.1, samples=5),
    ),
)


def spoilt(item, path, value):
    """The same value with one field, however deep, replaced."""
    name, *rest = path
    if isinstance(name, int):
        return (*item[:name], spoilt(item[name], rest, value), *item[name + 1 :])
    inner = value if not rest else spoilt(getattr(item, name), rest, value)
    return replace(item, **{name: inner})


def paths(item, path=()):
    for field in fields(item):
        here = (*path, field.name)
        value = getattr(item, field.name)
        yield here
        if hasattr(value, "__dataclass_fields__"):
            yield from paths(value, here)
        if isinstance(value, tuple):
            for index, inner in enumerate(value):
                if hasattr(inner, "__dataclass_fields__"):
                    yield from paths(inner, (*here, index))


@pytest.mark.parametrize("path", list(paths(FULL)), ids=lambda path: ".".join(map(str, path)))
def test_junk_anywhere_is_an_issue_or_can_be_planned(path):
    """Whatever stands in a field, `validate` answers; what it lets pass can be read and checked."""
    for junk in JUNK:
        problem = spoilt(FULL, path, junk)
        if routing.validate(problem):
            continue
        tables = tables_of(problem)
        plan = record(tables, [[] for _ in tables.crews], "nobody")
        assert plan is not None
        assert routing.check(problem, plan) == ()


def test_full_problem_of_the_junk_test_is_sound():
    assert issues(FULL) == []
