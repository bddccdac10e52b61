"""Optional tasks of a given plan leave for required ones, the least loss first."""

import pytest

from routing import check
from routing.record import record
from routing.search.climb import Climb
from routing.search.effort import effort_for
from routing.tables import tables_of
from tests.support.full_problems import full_problem, some_plan
from tests.support.problems import HOUR, Window, a_problem, a_task, a_vehicle, an_optional_task


def resumed(problem, routes):
    """The first plan of a search that is given routes, and its tables."""
    tables = tables_of(problem)
    climb = Climb(tables, seed=1, threads=1)
    climb.begin(effort_for(tables, climb.day, is_warm=True), routes)
    return tables, climb


def served_by(tables, climb):
    return [
        {tables.problem.tasks[int(tables.task_of[option])].id for option in route}
        for route in climb.routes
    ]


def test_least_worthy_task_leaves_a_full_route():
    worths = [9_000, 3_000, 8_000, 7_000]
    tasks = [an_optional_task(f"o{prize}", 2, prize=prize) for prize in worths]
    vehicles = [a_vehicle("one", max_tasks=2), a_vehicle("two", max_tasks=2)]
    problem = a_problem([*tasks, a_task("new", 2)], vehicles)
    tables, climb = resumed(problem, [[0, 1], [2, 3]])
    one, two = served_by(tables, climb)
    assert one | two == {"o9000", "o8000", "o7000", "new"}
    assert "new" in one


def test_two_tasks_leave_for_a_long_one():
    tasks = [an_optional_task(number, 1, service_s=HOUR) for number in range(4)]
    shift = Window(8 * HOUR, 8 * HOUR + 4 * HOUR + 1200)
    new = a_task("new", 1, service_s=2 * HOUR)
    problem = a_problem([*tasks, new], [a_vehicle(shift=shift)])
    tables, climb = resumed(problem, [[0, 1, 2, 3]])
    (only,) = served_by(tables, climb)
    assert "new" in only
    assert len(only) == 3


def test_required_tasks_leave_for_none():
    tasks = [a_task("a", 1), a_task("b", 2), a_task("new", 3)]
    problem = a_problem(tasks, [a_vehicle(max_tasks=2)])
    tables, climb = resumed(problem, [[0, 1]])
    assert served_by(tables, climb) == [{"a", "b"}]


def test_who_leaves_is_served_elsewhere_where_there_is_room():
    tasks = [an_optional_task("o", 1), a_task("new", 1, allowed_vehicles=("one",))]
    vehicles = [a_vehicle("one", max_tasks=1), a_vehicle("two", max_tasks=1)]
    tables, climb = resumed(a_problem(tasks, vehicles), [[0], []])
    assert served_by(tables, climb) == [{"new"}, {"o"}]


@pytest.mark.parametrize("seed", range(40))
def test_room_is_made_by_every_rule_of_the_model(seed):
    problem = full_problem(seed)
    tables = tables_of(problem)
    plan = [
        [option for option in route if not tables.required[tables.task_of[option]]]
        for route in some_plan(tables, seed)
    ]
    tables, climb = resumed(problem, plan)
    solution = record(tables, climb.routes, "search")
    assert solution is not None
    assert check(problem, solution) == ()
