"""The judge of field days: each rule by a case made by hand, travel 100 s between any two places."""

import copy

import pytest

from tests.benchmarks.cases import of_document, without_lunch
from tests.benchmarks.scorer import FieldScorer

PLACES = 4


def document(**crew):
    """One crew at place 0 and three visits of 50 s."""
    vehicle = {
        "id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 10_000], "skills": [1],
        "max_tasks": 3, **crew,
    }  # fmt: skip
    durations = [[0 if a == b else 100 for b in range(PLACES)] for a in range(PLACES)]
    return {
        "vehicles": [vehicle],
        "jobs": [
            {"id": 1, "location_index": 1, "service": 50, "time_windows": [[0, 9_000]],
             "skills": [], "required": True},
            {"id": 2, "location_index": 2, "service": 50, "time_windows": [[0, 9_000]],
             "skills": [1], "prize": 700},
            {"id": 3, "location_index": 3, "service": 50, "time_windows": [[0, 9_000]],
             "skills": [], "prize": 300},
        ],
        "matrices": {"car": {"durations": durations}},
    }  # fmt: skip


def lunch(first, last, length=60):
    return {"breaks": [{"id": 1, "time_windows": [[first, last]], "service": length}]}


def score(problem, *routes):
    return FieldScorer(problem).score([list(route) for route in routes])


def test_objective_is_travel_and_lost_prizes():
    told = score(document(), [0, 1])
    assert (told.objective, told.travel, told.prize, told.served) == (600, 300, 700, 2)
    assert (told.required_missed, told.dropped) == (0, 0)


def test_missed_promise_is_counted_apart():
    told = score(document(), [])
    assert (told.objective, told.required_missed, told.travel) == (1000, 1, 0)


def test_order_matters_where_windows_bind():
    problem = document()
    problem["jobs"][1]["time_windows"] = [[0, 120]]
    assert score(problem, [1, 0]).dropped == 0
    told = score(problem, [0, 1])
    assert (told.dropped, told.prize, told.required_missed) == (1, 0, 0)


def test_second_window_is_waited_for():
    problem = document(time_window=[0, 950])
    problem["jobs"][0]["time_windows"] = [[0, 99], [800, 900]]
    scorer = FieldScorer(problem)
    assert scorer.is_feasible(0, [0])  # 800 + 50 + 100
    problem = copy.deepcopy(problem) | {"vehicles": [{**problem["vehicles"][0]}]}
    problem["vehicles"][0]["time_window"] = [0, 949]
    assert not FieldScorer(problem).is_feasible(0, [0])


def test_shift_and_cap_bind():
    assert FieldScorer(document(time_window=[0, 250])).is_feasible(0, [0])
    assert not FieldScorer(document(time_window=[0, 249])).is_feasible(0, [0])
    told = score(document(max_tasks=1), [0, 1])
    assert (told.dropped, told.served, told.required_missed) == (1, 1, 0)


def test_visit_without_the_skill_is_dropped():
    told = score(document(skills=[]), [0, 1, 2])
    assert (told.dropped, told.prize) == (1, 300)


def test_visit_made_twice_counts_once():
    told = score(document(max_tasks=9), [0, 1, 1])
    assert (told.dropped, told.served) == (1, 2)


def test_cheapest_visit_goes_unless_another_mends_the_route():
    problem = document(max_tasks=2)
    assert score(problem, [0, 1, 2]).prize == 700
    problem = document()
    problem["jobs"][1]["time_windows"] = [[0, 10]]  # the dear one is the one that is late
    assert score(problem, [0, 1, 2]).prize == 300


@pytest.mark.parametrize(
    ("first", "last", "end"),
    [
        (0, 0, 310),  # before leaving
        (20, 20, 310),  # on the way out
        (100, 100, 310),  # at the door
        (120, 120, 330),  # at the door, since it can't be during the visit
        (150, 150, 310),  # after it
        (120, 160, 310),  # waits for the visit's end
        (249, 249, 310),  # on the way home
        (250, 250, 310),  # at home
        (400, 500, 460),  # at home, after waiting
    ],
)
def test_lunch_lies_anywhere_but_in_a_visit(first, last, end):
    problem = document(**lunch(first, last))
    by = [300, 309, 310, 329, 330, 459, 460]
    for limit in by:
        problem["vehicles"][0]["time_window"] = [0, limit]
        assert FieldScorer(problem).is_feasible(0, [0]) == (end <= limit)


def test_lunch_that_only_a_visit_leaves_room_for_is_impossible():
    problem = document(**lunch(120, 120))
    problem["jobs"][0]["time_windows"] = [[0, 110]]
    assert not FieldScorer(problem).is_feasible(0, [0])


def test_lunch_is_put_where_it_hurts_least():
    problem = document(**lunch(0, 1_000))
    problem["jobs"][0]["time_windows"] = [[100, 110]]  # too narrow to lunch before
    problem["jobs"][1]["time_windows"] = [[400, 410]]  # a wait that hides it
    problem["vehicles"][0]["time_window"] = [0, 550]
    assert FieldScorer(problem).is_feasible(0, [0, 1])


def test_who_stays_at_home_needs_no_lunch():
    assert score(document(**lunch(20_000, 20_000)), []).dropped == 0


def test_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="routes"):
        score(document(), [0], [1])
    with pytest.raises(ValueError, match="no job"):
        score(document(), [7])


def test_cut_lunch_leaves_only_plans_that_can_have_one():
    problem = document(**lunch(300, 700), time_window=[0, 1_000])
    problem["jobs"][0]["time_windows"] = [[200, 330]]
    problem["jobs"][1]["time_windows"] = [[320, 350], [500, 600]]
    case = without_lunch(of_document("field/x", problem), at=300)
    assert case.jobs[0].windows == ((200, 300),)
    assert case.jobs[1].windows == ((300, 300), (440, 540)) or case.jobs[1].windows == (
        (440, 540),
    )
    assert case.crews[0].lunch is None
    assert case.crews[0].shift == (0, 940)
