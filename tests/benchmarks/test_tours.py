"""Published files: readers, rounding and the judge of tours."""

import json

import pytest

from tests.benchmarks import cases
from tests.benchmarks.cases import FOLDER
from tests.benchmarks.files import parse_solomon, parse_vrplib
from tests.benchmarks.tours import gap_percent, score_tours

SOLOMON = """TINY

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0        100          0
    1      3         4          6          0         50         10
    2      1         1          5         20         30         10
    3      0         2          3          0         15         10
"""

VRPLIB = """NAME : TINY
TYPE : PCVRPTW
DIMENSION : 3
VEHICLES : 2
CAPACITY : 10
SERVICE_TIME : 10
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 1
DEMAND_SECTION
1 0
2 6
3 5
TIME_WINDOW_SECTION
1 0 100
2 0 50
3 20 30
PRIZE_SECTION
1 0
2 4
3 7
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def tiny():
    return parse_solomon(SOLOMON)


def test_distances_are_cut_off_after_the_first_decimal(tiny):
    assert tiny.matrix()[0].tolist() == [0, 50, 14, 20]
    assert (tiny.vehicles, tiny.capacity, len(tiny)) == (2, 10, 4)
    assert tiny.due.tolist() == [1000, 500, 300, 150]


def test_vrplib_says_the_same():
    file = parse_vrplib(VRPLIB)
    assert file.matrix()[0].tolist() == [0, 50, 14]
    assert (file.service.tolist(), file.prize.tolist()) == ([0, 100, 100], [0, 40, 70])
    assert (file.vehicles, file.capacity) == (2, 10)


def test_tours_that_keep_every_rule(tiny):
    told = score_tours("vrptw", tiny, [[3, 2], [1]], 2)
    assert (told.value, told.fault) == (20 + 14 + 14 + 100, None)


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([[3, 2]], "1 customers are not visited"),
        ([[3], [2], [1]], "3 routes for 2 vehicles"),
        ([[3, 2, 1], []], "a vehicle is overloaded"),
        ([[2, 3], [1]], "late at 3"),
        ([[3, 2, 2], [1]], "a customer is visited twice"),
        ([[3, 2], [1, 9]], "no such customer"),
    ],
)
def test_broken_tours_are_refused(tiny, routes, fault):
    assert score_tours("vrptw", tiny, routes, 2).fault == fault


def test_orienteering_counts_demand_and_needs_neither_everybody_nor_room(tiny):
    told = score_tours("toptw", tiny, [[3, 2, 1]], 1)
    assert (told.value, told.fault) == (14, None)
    assert score_tours("toptw", tiny, [[2, 3]], 1).fault == "late at 3"
    assert score_tours("toptw", tiny, [[1], [2]], 1).fault == "2 routes for 1 vehicles"


def test_coming_home_late_is_late(tiny):
    tiny.due[0] = 200
    assert score_tours("toptw", tiny, [[3]], 1).fault is None
    tiny.due[0] = 139
    assert score_tours("toptw", tiny, [[3]], 1).fault == "late at 0"


def test_prizes_that_are_not_collected_are_paid():
    told = score_tours("pcvrptw", parse_vrplib(VRPLIB), [[2]], 2)
    assert (told.value, told.distance) == (28 + 40, 28)


def test_gap_is_what_is_missing():
    assert gap_percent("vrptw", 1010, 1000) == pytest.approx(1)
    assert gap_percent("toptw", 990, 1000) == pytest.approx(1)
    assert gap_percent("toptw", 1010, 1000) == pytest.approx(-1)


C101 = [
    [5, 3, 7, 8, 10, 11, 9, 6, 4, 2, 1, 75], [13, 17, 18, 19, 15, 16, 14, 12],
    [20, 24, 25, 27, 29, 30, 28, 26, 23, 22, 21], [32, 33, 31, 35, 37, 38, 39, 36, 34],
    [43, 42, 41, 40, 44, 46, 45, 48, 51, 50, 52, 49, 47], [57, 55, 54, 53, 56, 58, 60, 59],
    [67, 65, 63, 62, 74, 72, 61, 64, 68, 66, 69], [81, 78, 76, 71, 70, 73, 77, 79, 80],
    [90, 87, 86, 83, 82, 84, 85, 88, 89, 91], [98, 96, 95, 94, 92, 93, 97, 100, 99],
]  # fmt: skip
"""The published optimum of C101."""


@pytest.mark.skipif(not FOLDER.exists(), reason="SKIPPED: no folder of published instances")
def test_published_optimum_costs_what_is_published():
    case = cases.load("solomon/C101")
    told = score_tours("vrptw", case.customers, C101, len(case.crews))
    assert told.fault is None
    assert told.value == cases.best_known("solomon/C101") == 8273


@pytest.mark.skipif(not FOLDER.exists(), reason="SKIPPED: no folder of published instances")
@pytest.mark.parametrize("folder", ["field", "solomon", "gh", "pcvrptw", "toptw"])
def test_files_of_every_family_are_read(folder):
    names = cases.names(folder)
    assert names
    case = cases.load(names[0])
    assert len(case.jobs) >= 100
    assert json.dumps(case.matrix[0].tolist())


def test_missing_file_is_said():
    with pytest.raises(cases.InstanceMissing):
        cases.load("solomon/R999")
