"""Solomon, Gehring and Homberger, VRPLIB and team orienteering files; `.sol` files."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

import routing
from routing import InvalidProblem, Window
from routing.formats.sol import read_sol, write_sol
from routing.formats.solomon import read_solomon, read_toptw
from routing.formats.vroom import read_solution, write
from routing.formats.vrplib import read_vrplib
from tests.support.problems import AT_ONCE

ROOT = Path(__file__).parents[3]
TINY = ROOT / "fixtures" / "instances"
BENCH = Path(os.environ.get("FAIRVISIT_TEST_BENCH", ROOT.parent / "shared" / "bench"))


def text(name):
    return (TINY / name).read_text()


def shared(name):
    """A file of the benchmark sets, which are not ours to keep here."""
    path = BENCH / name
    if not path.exists():
        pytest.skip(f"SKIPPED: no benchmark file {path}")
    return path


def test_solomon_is_read_in_tenths():
    problem = read_solomon(text("tiny.txt")).problem
    first, second = problem.tasks[:2]
    assert [task.id for task in problem.tasks] == [1, 2, 3, 4]
    assert (first.windows, first.service_s) == ((Window(0, 1000),), 100)
    assert (second.delivery, second.required, second.prize) == ((20,), True, 0)
    assert len(problem.vehicles) == 3
    assert {vehicle.capacity for vehicle in problem.vehicles} == {(30,)}
    assert {vehicle.shift for vehicle in problem.vehicles} == {Window(0, 2000)}
    durations = problem.matrices["car"].durations
    assert durations[0].tolist() == [0, 50, 100, 100, 100]
    assert durations[1, 3] == 67  # floor(10 * sqrt(45))


def test_vrplib_says_the_same():
    problem, other = read_vrplib(text("tiny.vrp")).problem, read_solomon(text("tiny.txt")).problem
    assert problem.tasks == other.tasks
    assert problem.vehicles == other.vehicles
    assert (problem.matrices["car"].durations == other.matrices["car"].durations).all()


def test_prizes_make_customers_optional():
    tasks = read_vrplib(text("tiny_prizes.vrp")).problem.tasks
    assert [(task.required, task.prize) for task in tasks] == [
        (False, 110),
        (False, 120),
        (False, 10),
        (False, 400),
    ]


def test_explicit_distances_are_taken_as_they_are():
    request = read_vrplib(text("tiny_cvrp.vrp"))
    durations = request.problem.matrices["car"].durations
    assert durations.tolist() == [[0, 5, 7, 9], [5, 0, 3, 4], [7, 3, 0, 2], [9, 4, 2, 0]]
    assert (request.cost_scale, len(request.problem.vehicles)) == (1, 3)
    assert "no number of vehicles" in request.notes[0]


def test_distances_without_windows_are_the_nearest_whole_numbers():
    lines = text("tiny.vrp").splitlines()
    at, until = lines.index("TIME_WINDOW_SECTION"), lines.index("DEPOT_SECTION")
    request = read_vrplib("\n".join(lines[:at] + lines[until:]))
    assert request.problem.matrices["car"].durations[1, 3] == 7
    assert not request.problem.tasks[0].windows


def test_team_orienteering_counts_demand_far_above_travel():
    request = read_toptw(text("tiny.txt"), routes=2)
    problem = request.problem
    assert [task.prize for task in problem.tasks] == [10_000, 20_000, 10_000, 30_000]
    assert not any(task.required for task in problem.tasks)
    assert len(problem.vehicles) == 2
    assert all(vehicle.capacity == () for vehicle in problem.vehicles)
    dearest = problem.matrices["car"].durations.max() * (len(problem.tasks) + 2) / 3600
    assert dearest < 1000  # all of the travel costs less than one unit of demand
    solution = routing.solve(problem, AT_ONCE)
    assert solution.summary.prize_collected == 70_000
    assert routing.check(problem, solution) == ()


@pytest.mark.parametrize("routes", [0, -1, 10**9])
def test_number_of_routes_has_bounds(routes):
    with pytest.raises(InvalidProblem):
        read_toptw(text("tiny.txt"), routes)


PLAN = "Route #1: 1 2\nRoute #2: 4\nRoute #3: 3\nCost 64.0\n"


def test_answers_to_instances_read_back():
    request = read_solomon(text("tiny.txt"))
    solution = read_sol(PLAN, request)
    again = read_solution(json.loads(json.dumps(write(request, solution))), request)
    assert again.tours == solution.tours
    assert routing.check(request.problem, again) == ()


def test_sol_file_reads_back_with_the_same_cost():
    request = read_vrplib(text("tiny.vrp"))
    solution = read_sol(PLAN, request)
    assert solution.summary.cost == 200 + 200 + 200
    assert write_sol(request, solution) == PLAN.replace("64.0", "60.0")
    assert routing.check(request.problem, solution) == ()


@pytest.mark.parametrize(
    "told", ["", "Route #1: 99\n", "Route #1: 1 1\n", "Route #1: 1\n" * 9], ids=range(4)
)
def test_sol_file_that_fits_no_plan_is_refused(told):
    with pytest.raises(InvalidProblem):
        read_sol(told, read_vrplib(text("tiny.vrp")))


BAD_SOLOMON = {
    "empty": "",
    "no tables": "TINY\n1 2 3\n",
    "words": text("tiny.txt").replace("20         30", "20         soon"),
    "nan": text("tiny.txt").replace("20         30", "20         nan"),
    "short row": text("tiny.txt").replace("150         10", ""),
    "negative": text("tiny.txt").replace("20         30", "-20         30"),
    "window upside down": text("tiny.txt").replace("30         90", "95         90"),
    "huge": text("tiny.txt").replace("   200   ", "   2e300   "),
    "no customers": text("tiny.txt").split("    0  ")[0],
    "no vehicles": text("tiny.txt").replace("  3          30", "  0          30"),
}


@pytest.mark.parametrize("told", BAD_SOLOMON.values(), ids=BAD_SOLOMON.keys())
def test_faulty_solomon_file_is_refused(told):
    with pytest.raises(InvalidProblem) as refused:
        read_solomon(told)
    assert all(issue.cause for issue in refused.value.issues)


def test_every_faulty_line_is_named():
    told = text("tiny.txt").replace("10          0        100", "x").replace("50  ", "y ")
    with pytest.raises(InvalidProblem) as refused:
        read_solomon(told)
    assert [issue.pointer for issue in refused.value.issues] == ["line 11", "line 13"]


BAD_VRPLIB = {
    "empty": "",
    "dimension": text("tiny.vrp").replace("DIMENSION : 5", "DIMENSION : five"),
    "fewer rows": text("tiny.vrp").replace("5 -10 0\n", ""),
    "numbering": text("tiny.vrp").replace("5 -10 0\n", "6 -10 0\n"),
    "weights": text("tiny.vrp").replace("EUC_2D", "GEO"),
    "section": text("tiny.vrp").replace("DEPOT_SECTION", "GROUP_SECTION\n1 2\nDEPOT_SECTION"),
    "two depots": text("tiny.vrp").replace("DEPOT_SECTION\n1\n", "DEPOT_SECTION\n1\n2\n"),
    "fraction": text("tiny_cvrp.vrp").replace("7 3", "7 3.5"),
    "triangle": text("tiny_cvrp.vrp").replace("7 3", "7"),
    "format": text("tiny_cvrp.vrp").replace("LOWER_ROW", "UPPER_COL"),
    "window": text("tiny.vrp").replace("3 30 90", "3 95 90"),
}


@pytest.mark.parametrize("told", BAD_VRPLIB.values(), ids=BAD_VRPLIB.keys())
def test_faulty_vrplib_file_is_refused(told):
    with pytest.raises(InvalidProblem) as refused:
        read_vrplib(told)
    assert all(issue.cause for issue in refused.value.issues)


@pytest.mark.parametrize("name", ["solomon/R101.txt", "gh/RC2_4_2.TXT"])
def test_benchmark_file_of_solomon_is_read(name):
    problem = read_solomon(shared(name).read_text()).problem
    assert len(problem.tasks) in (100, 400)
    assert (np.diag(problem.matrices["car"].durations) == 0).all()


@pytest.mark.parametrize("folder", ["gh", "pcvrptw"])
def test_benchmark_file_of_vrplib_is_read(folder):
    problem = read_vrplib(shared(f"{folder}/R1_10_2.vrp").read_text()).problem
    assert len(problem.tasks) == 1000
    assert all(task.required is (folder == "gh") for task in problem.tasks)
