"""Requests that VROOM answers too: ours is never worse in VROOM's own objective.

`tests/benchmarks/vroom_requests.py` draws them and records VROOM's answers.
"""

import json
from pathlib import Path

import pytest

from routing.formats.vroom import read, write
from routing.plan_mode import time_given

FOLDER = Path(__file__).parents[3] / "fixtures" / "vroom"
ANSWERS = json.loads((FOLDER / "answers" / "pyvroom.json").read_text())["answers"]
PLANNED = sorted(name for name in ANSWERS if name.startswith("plan-"))


def request_of(name, **over):
    return read(json.loads((FOLDER / f"{name}.json").read_text()), **over)


def rank(answer):
    """VROOM's objective: less is better."""
    return -answer["priority"], answer["unassigned"], answer["cost"]


def test_there_are_thirty_requests_and_each_has_an_answer():
    assert len(ANSWERS) >= 30
    assert {path.stem for path in FOLDER.glob("*.json")} == set(ANSWERS)


@pytest.mark.parametrize("name", PLANNED)
def test_given_plan_breaks_no_more_than_vroom_says(name):
    request = request_of(name, plan_mode=True)
    summary = write(request, time_given(request.problem, request.given))["summary"]
    assert rank(summary) == rank(ANSWERS[name])
    ours, theirs = _by_kind(summary["violations"]), _by_kind(ANSWERS[name]["violations"])
    assert ours[0] <= theirs[0]
    assert ours[1] == theirs[1]


def _by_kind(violations):
    """Seconds too early or too late, and the other causes."""
    timed = {"delay", "lead_time"}
    seconds = sum(entry["duration"] for entry in violations if entry["cause"] in timed)
    return seconds, {entry["cause"] for entry in violations} - timed
