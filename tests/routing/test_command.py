"""`python -m routing`: exit codes, plain words, files."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import routing
from routing.__main__ import app
from tests.routing.formats.test_instances import TINY as INSTANCES
from tests.routing.formats.test_vroom import BASE, ON_EARTH
from tests.support.problems import AT_ONCE

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


def test_explain_tells_for_how_many_jobs_it_looked_for_what_would_let_them_in(tmp_path):
    problem, out = tmp_path / "problem.json", tmp_path / "out.json"
    idle = [{**vehicle, "max_tasks": 0} for vehicle in ON_EARTH["vehicles"]]
    problem.write_text(json.dumps({**ON_EARTH, "vehicles": idle}))
    run("solve", problem, "-o", out, "--seconds", 0)
    told = json.loads(run("explain", problem, out, "--relaxed", 0).stdout)
    assert told["unassigned"]
    assert not any("relaxation" in job for job in told["unassigned"])
    assert f"0 of {len(told['unassigned'])} jobs" in told["notes"][0]
    whole = json.loads(run("explain", problem, out).stdout)
    assert "notes" not in whole
    assert any("relaxation" in job for job in whole["unassigned"])


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


def test_limit_of_the_request_is_used_where_none_is_given(problem_file, monkeypatch):
    limits = []

    def solved(problem, params, *_, **__):
        limits.append((params.seconds, params.threads))
        return plan_at_once(problem, AT_ONCE)

    plan_at_once = routing.solve
    monkeypatch.setattr(routing, "solve", solved)
    problem_file.write_text(json.dumps({**ON_EARTH, "options": {"l": 0.5, "t": 2}}))
    assert run("solve", problem_file).exit_code == 0
    assert run("solve", problem_file, "--seconds", 3).exit_code == 0
    assert limits == [(0.5, 2), (3, 2)]


BAD = {
    "not json": "{",
    "nan": '{"jobs": [NaN]}',
    "shape": "[]",
    "no vehicles": '{"jobs": [], "vehicles": []}',
    "binary": "\x00\x01",
}


@pytest.mark.parametrize("command", ["solve", "check", "explain", "plan", "repair"])
@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_bad_input_is_told_in_plain_words(problem_file, command, text):
    problem_file.write_text(text)
    files = {"solve": 1, "plan": 1, "repair": 3}.get(command, 2)
    told = run(command, *[problem_file] * files)
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


def test_a_day_is_repaired(problem_file, tmp_path):
    out, happened, again = (tmp_path / name for name in ("out.json", "events.json", "again.json"))
    run("solve", problem_file, "-o", out, "--seconds", 0)
    events = {
        "now": 60,
        "cancel": [1],
        "add": [{"id": "new", "location": [116.35, 39.9]}],
        "lock": "none",
    }
    happened.write_text(json.dumps(events))
    told = run("repair", problem_file, out, happened, "-o", again, "--seconds", 0)
    assert (told.exit_code, told.stderr) == (0, "")
    (route,) = json.loads(again.read_text())["routes"]
    assert {step["id"] for step in route["steps"] if step["type"] == "job"} == {2, "new"}
    happened.write_text(json.dumps(events | {"cancel": [99]}))
    refused = run("repair", problem_file, out, happened)
    assert (refused.exit_code, "/cancel/0" in refused.stderr) == (2, True)


def test_given_steps_are_timed_and_what_they_break_is_told(problem_file, tmp_path):
    document = json.loads(problem_file.read_text())
    document["vehicles"][0] |= {"steps": [{"type": "job", "id": 2}], "max_travel_time": 1}
    problem_file.write_text(json.dumps(document))
    answer = json.loads(run("plan", problem_file).stdout)
    assert answer["summary"]["violations"] == [{"cause": "max_travel_time"}]
    assert [entry["id"] for entry in answer["unassigned"]] == [1]
    document["options"] = {"c": True}
    problem_file.write_text(json.dumps(document))
    assert json.loads(run("solve", problem_file).stdout)["routes"] == answer["routes"]


def test_ctrl_c_before_there_is_a_plan_is_no_traceback(problem_file, monkeypatch):
    def pressed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("routing.formats.load.load", pressed)
    told = run("solve", problem_file)
    assert (told.exit_code, told.stderr) == (130, "Interrupted; nothing was written.\n")


def test_instances_are_solved_checked_and_written_as_sol(tmp_path):
    out = tmp_path / "out.sol"
    what = ["--format", "toptw", "--routes", 2]
    assert run("solve", INSTANCES / "tiny.txt", *what, "--seconds", 0, "-o", out).exit_code == 0
    assert out.read_text().startswith("Route #1: ")
    assert run("check", INSTANCES / "tiny.txt", out, *what).stdout.strip() == "[]"
    assert json.loads(run("explain", INSTANCES / "tiny.txt", out, *what).stdout) == {
        "unassigned": []
    }


@pytest.mark.parametrize("extra", [["--format", "toptw"], ["--routes", 2]], ids=str)
def test_routes_go_with_team_orienteering(extra):
    told = run("solve", INSTANCES / "tiny.txt", *extra)
    assert (told.exit_code, "--routes" in told.stderr) == (2, True)


def test_ctrl_c_ends_with_the_best_so_far(problem_file, tmp_path):
    code = (
        "import os, signal, sys;"
        "from routing.formats.progress import Bar;"
        "Bar.on_progress = lambda *_: os.kill(os.getpid(), signal.SIGINT);"
        "sys.argv[1:] = ['solve', sys.argv[1], '-o', sys.argv[2], '--seconds', '600'];"
        "import routing.__main__; routing.__main__.app()"
    )
    document = json.loads(problem_file.read_text())
    spots = [[116 + (7 * n % 31) / 100, 39 + (11 * n % 37) / 100] for n in range(120)]
    document["jobs"] = [{"id": n, "location": spot} for n, spot in enumerate(spots)]
    problem_file.write_text(json.dumps(document))
    out = tmp_path / "out.json"
    command = [sys.executable, "-c", code, str(problem_file), str(out)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)
    assert json.loads(out.read_text())["code"] == 0


def test_help_loads_nothing_that_takes_long():
    code = (
        "import sys, routing, routing.__main__;"
        "sys.exit(any(name in sys.modules for name in ('ortools', 'numba', 'rich')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    told = subprocess.run(
        [sys.executable, "-m", "routing", "--help"], check=True, capture_output=True, text=True
    )
    assert all(word in told.stdout for word in ("solve", "check", "plan", "explain", "repair"))
