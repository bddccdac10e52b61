"""Generated days: the same seed gives the same day, and the hidden plan keeps every promise."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks import field_days
from tests.benchmarks.scorer import FieldScorer

SIZES = st.tuples(st.sampled_from("ft"), st.integers(1, 6), st.integers(4, 60))


@given(size=SIZES, seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_hidden_plan_serves_every_required_visit(size, seed):
    day = field_days.generate(*size, seed)
    score = FieldScorer(day.document).score(day.witness)
    assert (score.required_missed, score.dropped) == (0, 0)
    assert score.served == sum(1 for job in day.document["jobs"] if job.get("required"))


def test_same_seed_same_day():
    one, other = (json.dumps(field_days.generate("f", 8, 120, 3).document) for _ in range(2))
    assert one == other


def test_seeds_kinds_and_sizes_give_other_days():
    days = {
        json.dumps(field_days.generate(*words).document)
        for words in (("f", 5, 40, 1), ("f", 5, 40, 2), ("t", 5, 40, 1), ("f", 5, 41, 1))
    }
    assert len(days) == 4


def test_a_day_is_of_its_family():
    document = field_days.generate("f", 20, 300, 7).document
    jobs = document["jobs"]
    required = [job for job in jobs if job.get("required")]
    assert 0.3 <= len(required) / len(jobs) <= 0.36
    assert all(len(job["time_windows"]) == 1 and "prize" not in job for job in required)
    assert {len(job["time_windows"]) for job in jobs if "prize" in job} == {1, 2}
    assert {vehicle["max_tasks"] for vehicle in document["vehicles"]} <= set(range(11, 15))
    durations = document["matrices"]["car"]["durations"]
    assert any(durations[a][b] != durations[b][a] for a in range(20) for b in range(20))


def test_bound_counts_the_best_optional_visits_within_the_caps():
    document = {
        "vehicles": [{"max_tasks": 2}, {"max_tasks": 1}],
        "jobs": [{"required": True}, {"prize": 5}, {"prize": 9}, {"prize": 7}],
    }
    assert field_days.prize_bound(document) == 16


def test_name_of_a_day():
    assert field_days.parse("t_50x1000_g4") == ("t", 50, 1000, 4)
    with pytest.raises(ValueError, match="no name"):
        field_days.parse("x_8x120")
