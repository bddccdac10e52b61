"""Plans cut into territories and put together again."""

from dataclasses import replace

import numpy as np
import pytest

from routing import Matrix, SolveParams, check, solve
from routing.search import layout
from routing.search.acts import driven
from routing.search.climb import Climb
from routing.search.effort import effort_for
from routing.search.territory import territory
from routing.search.zones import Zones
from routing.tables import tables_of
from tests.benchmarks.cases import of_document
from tests.benchmarks.field_days import generate
from tests.benchmarks.ours import problem_of
from tests.support.full_problems import full_problem


def planned(problem, *, threads=1):
    tables = tables_of(problem)
    climb = Climb(tables, seed=1, threads=threads)
    climb.begin(effort_for(tables, climb.day))
    return tables, climb, driven(climb.state)


def large_day(crews=32, visits=160):
    return problem_of(of_document("", generate("t", crews, visits, 1).document))


@pytest.mark.parametrize("parts", [1, 2, 3, 5])
def test_every_crew_with_its_tasks_and_every_unserved_task_is_in_one_part(parts):
    _, climb, plan = planned(large_day())
    cut = Zones(climb.day, 1).cut(plan, parts)
    crews = np.concatenate([crews for crews, _ in cut])
    tasks = np.concatenate([tasks for _, tasks in cut])
    assert sorted(crews) == list(range(len(plan)))
    assert sorted(tasks) == list(range(160))
    for crews, tasks in cut:
        served = [plan[crew, 1 : 1 + plan[crew, 0]] for crew in crews]
        assert set(climb.day.option[np.concatenate(served), layout.TASK]) <= set(tasks)


@pytest.mark.parametrize("seed", range(25))
def test_a_part_costs_what_it_costs_in_the_whole_and_is_written_back_as_it_was(seed):
    problem = full_problem(seed)
    _, climb, plan = planned(problem)
    cut = Zones(climb.day, seed).cut(plan, min(2, len(plan)))
    parts = [territory(climb.day, plan, crews, tasks, 1) for crews, tasks in cut]
    cost = sum(
        int(part.state.tally[layout.NOW] - part.state.tally[layout.UNEVEN]) for part in parts
    )
    assert cost == climb.state.tally[layout.NOW] - climb.state.tally[layout.UNEVEN]
    again = np.zeros_like(plan)
    for part in parts:
        part.write(again, is_best=bool(seed % 2))
    for before, after in zip(plan, again, strict=True):
        assert before[: 1 + before[0]].tolist() == after[: 1 + after[0]].tolist()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_large_day_is_planned_by_territories_without_a_fault(threads):
    problem = large_day()
    params = SolveParams(iterations=6_000, threads=threads)
    first, second = (solve(problem, params) for _ in range(2))
    assert first == second
    assert check(problem, first) == ()
    fewer = solve(problem, SolveParams(iterations=0, threads=threads))
    assert first.summary.objective < fewer.summary.objective


def test_routes_that_share_a_task_are_not_both_adopted():
    problem = large_day()
    tables = tables_of(problem)
    climb = Climb(tables, seed=1, threads=1)
    able = np.flatnonzero(tables.allowed[:, 0])[:2]
    climb.adopt([[0] if crew in able else [] for crew in range(len(tables.crews))])
    assert sum(map(len, climb.routes)) == 1


def test_tables_that_several_vehicles_travel_by_are_held_once():
    problem = large_day()
    table = problem.matrices["car"].durations
    day = Climb(tables_of(problem), seed=1, threads=1).day
    assert len(day.table) == 2  # there and back
    both = Matrix(np.maximum(table, table.T))
    alike = replace(problem, matrices={"car": both})
    assert len(Climb(tables_of(alike), seed=1, threads=1).day.table) == 1
