"""`python -m routing`: exit codes, plain words, files."""

import json
import subprocess
import sys
from time import monotonic

import pytest
from typer.testing import CliRunner

from routing.__main__ import app
from tests.routing.formats.test_vroom import BASE, ON_EARTH

runner = CliRunner()


@pytest.fixture
def problem_file(tmp_path):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(ON_EARTH))
    return path


def run(*arguments, **options):
    return runner.invoke(app, [str(argument) for argument in arguments], **options)


def test_solve_check_and_explain_go_together(problem_file, tmp_path):
    out, lines = tmp_path / "out.json", tmp_path / "routes.geojson"
    solved = run("solve", problem_file, "-o", out, "--iterations", 5, "--geojson", lines)
    assert (solved.exit_code, "1 routes, 0 jobs left out" in solved.stdout) == (0, True)
    assert json.loads(out.read_text())["code"] == 0
    assert json.loads(lines.read_text())["type"] == "FeatureCollection"
    checked = run("check", problem_file, out)
    assert (checked.exit_code, json.loads(checked.stdout)) == (0, [])
    explained = run("explain", problem_file, out)
    assert json.loads(explained.stdout) == {"unassigned": []}


def test_check_of_a_broken_plan_tells_and_fails(problem_file, tmp_path):
    out = tmp_path / "out.json"
    run("solve", problem_file, "-o", out, "--seconds", 0)
    answer = json.loads(out.read_text())
    answer["routes"][0]["steps"][1]["arrival"] -= 9
    out.write_text(json.dumps(answer))
    checked = run("check", problem_file, out)
    assert checked.exit_code == 1
    assert {violation["code"] for violation in json.loads(checked.stdout)} == {"clock"}


def test_solution_goes_to_standard_output_without_a_file(problem_file):
    assert json.loads(run("solve", problem_file, "--seconds", 0).stdout)["code"] == 0


def test_problem_may_come_from_standard_input():
    solved = run("solve", "-", "--seconds", 0, input=json.dumps(BASE))
    assert json.loads(solved.stdout)["summary"]["required_unserved"] == 0


def test_start_from_a_solution(problem_file, tmp_path):
    out = tmp_path / "out.json"
    run("solve", problem_file, "-o", out, "--iterations", 5)
    again = run("solve", problem_file, "--initial", out, "--seconds", 0)
    assert json.loads(again.stdout)["routes"] == json.loads(out.read_text())["routes"]


def test_limit_of_the_request_is_used_where_none_is_given(problem_file):
    problem_file.write_text(json.dumps({**ON_EARTH, "options": {"l": 1}}))
    began = monotonic()
    assert run("solve", problem_file).exit_code == 0
    assert monotonic() - began < 8


BAD = {
    "not json": "{",
    "nan": '{"jobs": [NaN]}',
    "shape": "[]",
    "no vehicles": '{"jobs": [], "vehicles": []}',
    "binary": "\x00\x01",
}


@pytest.mark.parametrize("command", ["solve", "check", "explain"])
@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_bad_input_is_told_in_plain_words(problem_file, command, text):
    problem_file.write_text(text)
    arguments = [problem_file] if command == "solve" else [problem_file, problem_file]
    told = run(command, *arguments)
    assert told.exit_code == 2
    assert told.stderr.strip()
    assert "Traceback" not in told.output


def test_bad_input_is_told_as_json_with_every_issue(problem_file):
    problem_file.write_text(json.dumps({"jobs": [{"id": 1}, {"id": 1}], "vehicles": []}))
    told = run("solve", problem_file, "--json")
    answer = json.loads(told.stdout)
    assert (told.exit_code, answer["code"]) == (2, 2)
    assert len(answer["issues"]) >= 2


def test_missing_file_and_unwritable_output_are_bad_input(problem_file, tmp_path):
    missing = run("solve", tmp_path / "nowhere.json")
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (2, True)
    unwritable = run("solve", problem_file, "-o", tmp_path / "no" / "out.json", "--seconds", 0)
    assert (unwritable.exit_code, "cannot be written" in unwritable.stderr) == (2, True)


@pytest.mark.parametrize("option", [("--seconds", "nan"), ("--seconds", "-1"), ("--seed", "-1")])
def test_option_out_of_range_is_bad_input(problem_file, option):
    assert run("solve", problem_file, *option).exit_code == 2


def test_commands_of_later_days_do_not_exist():
    assert run("plan", "x").exit_code == 2
    assert run("repair", "x").exit_code == 2


def test_help_is_quick_and_ortools_is_not_loaded_for_it():
    code = "import sys, routing, routing.__main__; sys.exit('ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    began = monotonic()
    told = subprocess.run(
        [sys.executable, "-m", "routing", "--help"], check=True, capture_output=True, text=True
    )
    assert monotonic() - began < 5  # under one second on a quiet machine
    assert "solve" in told.stdout
