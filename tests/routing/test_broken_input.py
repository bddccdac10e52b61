"""Broken files on the command line: exit 2, every fault at once, never a traceback, never a hang."""

import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from routing.__main__ import app
from tests.routing.formats.test_vroom import BASE, json_values
from tests.support.broken import broken_at, faults, told_of

QUICK = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
runner = CliRunner()


def run(*arguments, document=None):
    given_text = None if document is None else json.dumps(document)
    return runner.invoke(app, [str(one) for one in arguments], input=given_text)


@QUICK
@given(faults())
def test_every_fault_is_told_with_code_pointer_cause_and_remedy(broken):
    told = run("solve", "-", "--json", "--seconds", 0, document=broken_at(BASE, broken))
    assert told.exit_code == (2 if broken else 0), told.output
    if broken:
        answer = json.loads(told.stdout)
        assert answer["code"] == 2
        assert all(
            set(issue) >= {"code", "pointer", "cause", "remedy"} and issue["cause"]
            for issue in answer["issues"]
        )
        pointers = [issue["pointer"] for issue in answer["issues"]]
        assert [path for path, _ in broken if not told_of(pointers, path)] == []


@QUICK
@given(document=json_values, command=st.sampled_from(["solve", "plan", "check", "explain"]))
@example(document={"jobs": [], "vehicles": []}, command="explain")
def test_any_json_is_planned_or_refused(document, command, tmp_path):
    file = tmp_path / "any.json"
    file.write_text(json.dumps(document))
    files = [file] if command in {"solve", "plan"} else [file, file]
    limit = ["--seconds", 0] if command == "solve" else []
    told = run(command, *files, *limit)
    assert told.exit_code == 2, told.output
    assert "Internal failure" not in told.output
    assert "Traceback" not in told.output


@QUICK
@given(answer=json_values, key=st.sampled_from(["", "routes", "unassigned", "summary"]))
def test_any_answer_is_checked_or_refused(answer, key, tmp_path):
    problem, solution = tmp_path / "problem.json", tmp_path / "solution.json"
    problem.write_text(json.dumps(BASE))
    whole = {"code": 0, "routes": [], "unassigned": [], "summary": {}}
    solution.write_text(json.dumps(answer if not key else whole | {key: answer}))
    for command in ("check", "explain"):
        told = run(command, problem, solution)
        assert told.exit_code in {0, 1, 2}, told.output
        assert "Internal failure" not in told.output


@QUICK
@given(
    events=json_values
    | st.dictionaries(
        st.sampled_from(["now", "vehicles", "cancel", "change", "add", "rows", "lock"]),
        json_values,
        max_size=4,
    )
)
def test_any_events_are_taken_or_refused(events, tmp_path):
    problem, solution, happened = (tmp_path / name for name in ("p.json", "s.json", "e.json"))
    problem.write_text(json.dumps(BASE))
    solution.write_text(run("solve", problem, "--seconds", 0).stdout)
    happened.write_text(json.dumps(events))
    told = run("repair", problem, solution, happened, "--seconds", 0)
    assert told.exit_code in {0, 2}, told.output
    assert "Internal failure" not in told.output
