"""Bad input never reaches a solver, and every fault of a problem is told at once (faults H1, H2, H5)."""

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import routing
from routing import Break, Costs, InvalidProblem, Lock, Matrix, Preference, Skill, Window
from tests.support.problems import HOUR, a_lunch, a_problem, a_task, a_vehicle, line, problems


def issues(problem):
    return [(issue.code, issue.pointer) for issue in routing.validate(problem)]


@given(problem=problems())
def test_generated_problems_are_valid(problem):
    assert routing.validate(problem) == ()


CELLS = {
    "nan": math.nan,
    "infinite": math.inf,
    "fraction": 0.5,
    "whole float": 60.0,
    "negative": -1,
    "2^62": 2**62,
    "2^70": 2**70,
    "none": None,
    "text": "60",
    "true": True,
}


def test_matrix_from_another_process_is_not_read_cell_by_cell(monkeypatch):
    sent = pickle.loads(pickle.dumps(a_problem([a_task()])))
    monkeypatch.setattr("routing.matrix._cell_fault", pytest.fail)
    assert routing.validate(sent) == ()


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS.keys())
@pytest.mark.parametrize("name", ["durations", "distances", "costs"])
def test_bad_matrix_entry_is_refused_by_its_place(name, cell):
    rows = line().durations.tolist()
    rows[3][7] = cell
    tables = {"durations": line().durations} | {name: rows}
    problem = a_problem([a_task()], matrix=Matrix(**tables))
    assert ("matrix-entry", f"/matrices/car/{name}/3/7") in issues(problem)
    with pytest.raises(InvalidProblem):
        routing.solve(problem)


@given(
    row=st.integers(0, 9),
    column=st.integers(0, 9),
    cell=st.one_of(
        st.floats(),
        st.integers(max_value=-1),
        st.integers(min_value=2**31),
        st.none(),
        st.text(max_size=3),
    ),
)
def test_no_bad_entry_slips_through(row, column, cell):
    rows = line().durations.tolist()
    rows[row][column] = cell
    assert routing.validate(a_problem([a_task()], matrix=Matrix(rows)))


SHAPES = {
    "ragged": [[0, 1], [1]],
    "not square": [[0, 1]],
    "text": "matrix",
    "number": 5,
    "none": None,
    "flat": [0, 1],
    "float array": np.zeros((10, 10)),
    "cube": np.zeros((2, 2, 2), dtype=int),
}


@pytest.mark.parametrize("table", SHAPES.values(), ids=SHAPES.keys())
def test_bad_matrix_is_refused(table):
    problem = a_problem([a_task()], matrix=Matrix(table))
    assert any(code.startswith("matrix") for code, _ in issues(problem))
    with pytest.raises(InvalidProblem):
        routing.check(problem, routing.Solution())


def test_many_bad_entries_are_counted():
    problem = a_problem([a_task()], matrix=Matrix([[-1] * 10] * 10))
    told = routing.validate(problem)
    assert len(told) == 6
    assert "95 more" in told[-1].cause


def test_matrices_of_unequal_size_are_refused():
    problem = replace(a_problem([a_task()]), matrices={"car": line(), "foot": line(5)})
    assert issues(problem) == [("matrix-size", "/matrices")]
    odd = Matrix(line(10).durations, line(9).durations)
    assert issues(a_problem([a_task()], matrix=odd)) == [
        ("matrix-size", "/matrices/car/distances")
    ]


TASKS = {
    "place out of range": ({"place": 10}, "number", "place"),
    "place negative": ({"place": -1}, "number", "place"),
    "place none": ({"place": None}, "number", "place"),
    "service nan": ({"service_s": math.nan}, "number", "service_s"),
    "service negative": ({"service_s": -1}, "number", "service_s"),
    "service huge": ({"service_s": 2**70}, "number", "service_s"),
    "prize negative": ({"prize": -1}, "number", "prize"),
    "prize fraction": ({"prize": 0.5}, "number", "prize"),
    "priority beyond": ({"priority": 101}, "number", "priority"),
    "required text": ({"required": "yes"}, "flag", "required"),
    "window upside down": ({"windows": (Window(5, 4),)}, "window-order", "windows/0"),
    "window nan": ({"windows": (Window(0, math.nan),)}, "number", "windows/0/end_s"),
    "window negative": ({"windows": (Window(-5, 4),)}, "number", "windows/0/start_s"),
    "id none": ({"id": None}, "id", "id"),
    "skill level": ({"skills": (Skill("a", -1),)}, "number", "skills/0/level"),
    "unknown allowed": (
        {"allowed_vehicles": ("w",)},
        "unknown-vehicle",
        "allowed_vehicles/0",
    ),
    "unknown forbidden": (
        {"forbidden_vehicles": ("w",)},
        "unknown-vehicle",
        "forbidden_vehicles/0",
    ),
    "unknown wished": (
        {"preferred_vehicles": (Preference("w", 1),)},
        "unknown-vehicle",
        "preferred_vehicles/0/vehicle",
    ),
    "negative bonus": (
        {"preferred_vehicles": (Preference("v", -1),)},
        "number",
        "preferred_vehicles/0/bonus",
    ),
    "lock of unknown": ({"lock": Lock(vehicle="w")}, "unknown-vehicle", "lock/vehicle"),
    "lock position 0": ({"lock": Lock(position=0)}, "number", "lock/position"),
    "lock start nan": ({"lock": Lock(start_s=math.nan)}, "number", "lock/start_s"),
    "lock outside window": (
        {"windows": (Window(0, 5),), "lock": Lock(start_s=HOUR)},
        "lock-impossible",
        "lock",
    ),
    "lock after latest end": (
        {"latest_end_s": HOUR, "lock": Lock(start_s=9 * HOUR)},
        "lock-impossible",
        "lock",
    ),
    "lock to barred vehicle": (
        {"forbidden_vehicles": ("v",), "lock": Lock(vehicle="v")},
        "lock-impossible",
        "lock",
    ),
    "lock to unskilled vehicle": (
        {"skills": (Skill("zh"),), "lock": Lock(vehicle="v")},
        "lock-impossible",
        "lock",
    ),
    "lock outside shift": (
        {"lock": Lock(vehicle="v", start_s=20 * HOUR)},
        "lock-impossible",
        "lock",
    ),
}


@pytest.mark.parametrize(("over", "code", "where"), TASKS.values(), ids=TASKS.keys())
def test_bad_task_is_refused(over, code, where):
    problem = a_problem([a_task(), a_task(2, **over) if "id" not in over else a_task(**over)])
    index = 1
    assert (code, f"/tasks/{index}/{where}") in issues(problem)


VEHICLES = {
    "start out of range": ({"start": 10}, "number", "start"),
    "end negative": ({"end": -1}, "number", "end"),
    "shift upside down": ({"shift": Window(9, 8)}, "window-order", "shift"),
    "shift nan": ({"shift": Window(math.nan, 8)}, "number", "shift/start_s"),
    "break upside down": (
        {"breaks": (a_lunch(start=9, end=8),)},
        "window-order",
        "breaks/0/windows/0",
    ),
    "break negative": (
        {"breaks": (Break(id=1, duration_s=-1),)},
        "number",
        "breaks/0/duration_s",
    ),
    "break twice": ({"breaks": (a_lunch(), a_lunch())}, "duplicate-id", "breaks/1/id"),
    "five breaks": (
        {"breaks": tuple(Break(id=name) for name in range(5))},
        "too-many-breaks",
        "breaks",
    ),
    "unknown profile": ({"profile": "boat"}, "unknown-profile", "profile"),
    "speed zero": ({"speed_factor": 0}, "number", "speed_factor"),
    "speed nan": ({"speed_factor": math.nan}, "number", "speed_factor"),
    "speed of 400 digits": ({"speed_factor": 10**400}, "number", "speed_factor"),
    "speed beyond": ({"speed_factor": 5.1}, "number", "speed_factor"),
    "max tasks negative": ({"max_tasks": -1}, "number", "max_tasks"),
    "max travel fraction": ({"max_travel_time_s": 0.5}, "number", "max_travel_time_s"),
    "cost negative": ({"costs": Costs(per_hour=-1)}, "number", "costs/per_hour"),
}


@pytest.mark.parametrize(("over", "code", "where"), VEHICLES.values(), ids=VEHICLES.keys())
def test_bad_vehicle_is_refused(over, code, where):
    problem = a_problem([a_task()], [a_vehicle(), a_vehicle("w", **over)])
    assert (code, f"/vehicles/1/{where}") in issues(problem)


def test_kilometres_need_distances():
    bare = line(distances=False)
    bounded = a_problem([a_task()], [a_vehicle(max_distance_m=5)], bare)
    priced = a_problem([a_task()], [a_vehicle(costs=Costs(per_km=1))], bare)
    assert issues(bounded) == issues(priced) == [("no-distances", "/vehicles/0")]


def test_matrix_of_costs_beside_prices_is_refused():
    matrix = Matrix(line().durations, line().distances, line().durations)
    problem = a_problem([a_task()], [a_vehicle(costs=Costs(per_km=1))], matrix)
    assert issues(problem) == [("two-costs", "/vehicles/0/costs")]


def test_two_promises_of_one_position_are_refused():
    lock = Lock(vehicle="v", position=1)
    problem = a_problem([a_task(1, lock=lock), a_task(2, lock=lock)])
    assert issues(problem) == [("lock-twice", "/tasks/1/lock")]


def test_position_beyond_the_bound_is_refused():
    problem = a_problem([a_task(lock=Lock(vehicle="v", position=3))], [a_vehicle(max_tasks=2)])
    assert issues(problem) == [("lock-impossible", "/tasks/0/lock")]


def test_sums_that_cannot_be_counted_are_refused():
    problem = a_problem(
        [a_task(name, prize=10**12) for name in range(2000)],
        [a_vehicle(costs=Costs(per_hour=7, per_km=1))],
    )
    assert issues(problem) == [("too-large", "/tasks")]


def test_all_faults_are_told_at_once():
    problem = a_problem([a_task(1, 99), a_task(1, windows=(Window(2, 1),))], [])
    assert {code for code, _ in issues(problem)} == {
        "no-vehicle",
        "duplicate-id",
        "number",
        "window-order",
    }


def test_issue_reads_as_a_sentence():
    (issue,) = routing.validate(a_problem([a_task(1, 99)]))
    assert str(issue) == "/tasks/0/place: is 99; give a whole number from 0 to 9"
    assert str(InvalidProblem([issue, issue])).endswith("(and 1 more)")
