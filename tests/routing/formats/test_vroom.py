"""The VROOM dialect: what is read, what is refused, what is answered."""

import json
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routing
from routing import InvalidProblem, Lock, Objective, Preference, Skill, Window
from routing.formats.vroom import geojson, parse, read, read_solution, write
from tests.support.problems import AT_ONCE, HOUR

BASE = {
    "vehicles": [
        {
            "id": 1,
            "start_index": 0,
            "end_index": 0,
            "time_window": [8 * HOUR, 18 * HOUR],
            "skills": [1],
            "breaks": [{"id": 1, "time_windows": [[12 * HOUR, 13 * HOUR]], "service": 2700}],
            "max_tasks": 3,
            "max_travel_time": 9000,
            "speed_factor": 1.5,
            "costs": {"fixed": 5, "per_hour": 7200},
            "description": "crew one",
        }
    ],
    "jobs": [
        {
            "id": 10,
            "location_index": 1,
            "service": 1800,
            "setup": 60,
            "required": True,
            "time_windows": [[9 * HOUR, 10 * HOUR]],
            "skills": [1],
            "source": "rule 3",
        },
        {
            "id": "eleven",
            "location_index": 2,
            "service": 600,
            "prize": 5000,
            "latest_end": 17 * HOUR,
            "allowed_vehicles": [1],
            "forbidden_vehicles": [],
            "preferred_vehicles": [{"id": 1, "bonus": 30}],
            "lock": {"vehicle": 1, "start": 15 * HOUR, "tolerance": 600, "position": 2},
        },
    ],
    "matrices": {
        "car": {
            "durations": [[0, 600, 900], [600, 0, 300], [900, 300, 0]],
            "distances": [[0, 6, 9], [6, 0, 3], [9, 3, 0]],
        }
    },
}

ON_EARTH = {
    "vehicles": [{"id": 1, "start": [116.30, 39.92]}],
    "jobs": [{"id": 1, "location": [116.31, 39.90]}, {"id": 2, "location": [116.40, 39.95]}],
}


def altered(path, value, base=BASE):
    """The base request with one value replaced (or a key added)."""
    request = deepcopy(base)
    spot = request
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return request


def pointers(document):
    with pytest.raises(InvalidProblem) as refused:
        read(document)
    return {issue.pointer for issue in refused.value.issues}


def test_every_served_key_is_read():
    problem = read(BASE).problem
    (vehicle,) = problem.vehicles
    first, second = problem.tasks
    assert (vehicle.shift, vehicle.max_tasks) == (Window(8 * HOUR, 18 * HOUR), 3)
    assert (vehicle.max_travel_time_s, vehicle.speed_factor) == (9000, 1.5)
    assert (vehicle.costs.fixed, vehicle.costs.per_hour) == (5, 7200)
    assert vehicle.breaks[0].duration_s == 2700
    assert first.windows == (Window(9 * HOUR, 10 * HOUR),)
    assert (first.setup_s, first.required, first.source) == (60, True, "rule 3")
    assert first.skills == (Skill(1),)
    assert second.lock == Lock(vehicle=1, start_s=15 * HOUR, tolerance_s=600, position=2)
    assert second.preferred_vehicles == (Preference(1, 30),)
    assert (second.prize, second.required, second.is_required) == (5000, False, True)
    assert second.latest_end_s == 17 * HOUR
    assert problem.objective is Objective.PRIZES


def test_skills_may_have_levels():
    document = altered(("jobs", 0, "skills"), [{"id": "zh", "level": 2}, 4])
    document["vehicles"][0]["skills"] = [{"id": "zh", "level": 3}, 4]
    assert read(document).problem.tasks[0].skills == (Skill("zh", 2), Skill(4))


def test_without_required_or_prize_the_objective_is_that_of_vroom():
    problem = read(altered(("jobs", 1), {"id": 3, "location": [0, 0], "priority": 7}, ON_EARTH))
    assert problem.problem.objective is Objective.PRIORITIES
    assert [task.priority for task in problem.problem.tasks] == [0, 7]
    assert not any(task.required for task in problem.problem.tasks)


def test_job_with_neither_key_beside_others_counts_as_required():
    document = altered(("jobs", 0, "prize"), 5, ON_EARTH)
    assert [task.required for task in read(document).problem.tasks] == [False, True]


def test_priority_beside_prize_is_an_error():
    assert pointers(altered(("jobs", 0, "priority"), 5)) == {"/jobs/0/priority"}


def test_without_matrices_travel_is_estimated_and_said_so():
    request = read(ON_EARTH)
    assert request.problem.place_count == 3
    assert "estimated" in request.notes[0]
    assert "estimated" in write(request, routing.solve(request.problem, AT_ONCE))["notes"][0]


def test_same_coordinates_are_one_place():
    document = altered(("jobs", 1, "location"), [116.31, 39.90], ON_EARTH)
    assert read(document).problem.place_count == 2


def test_old_matrix_key_is_read():
    document = {
        "vehicles": [{"id": 1, "start_index": 0}],
        "jobs": [{"id": 1, "location_index": 1}],
        "matrix": [[0, 7], [7, 0]],
    }
    assert routing.solve(read(document).problem, AT_ONCE).summary.cost == 7


def test_options_of_vroom_express_are_read():
    request = read({**ON_EARTH, "options": {"g": True, "t": 2, "x": 5, "l": 3, "c": False}})
    assert (request.with_geometry, request.threads, request.seconds) == (True, 2, 3)


def test_unknown_key_is_not_used_in_silence():
    notes = read(altered(("jobs", 0, "colour"), "red")).notes
    assert notes == ("/jobs/0/colour is not a key of the dialect; it was not used",)


NOT_SERVED = {
    "shipments": (("shipments",), [{"pickup": {"id": 1}}]),
    "tuning": (("tuning",), {"balance_weight": 3}),
    "plan mode": (("options",), {"c": True}),
    "alternatives": (("jobs", 0, "alternatives"), [{"location_index": 2}]),
    "not_first": (("jobs", 0, "not_first"), True),
    "delivery": (("jobs", 0, "delivery"), [3]),
    "setup_per_type": (("jobs", 0, "setup_per_type"), {"van": 3}),
    "overtime": (("vehicles", 0, "overtime"), {"max": 3, "per_hour": 1}),
    "max_duration": (("vehicles", 0, "max_duration"), 9),
    "per_task_hour": (("vehicles", 0, "costs", "per_task_hour"), 9),
    "max_load": (("vehicles", 0, "breaks", 0, "max_load"), [9]),
    "day parts": (("matrices", "car", "day_parts"), [{"from": 3}]),
    "service_at": (("vehicles", 0, "steps"), [{"type": "job", "id": 10, "service_at": 5}]),
}


@pytest.mark.parametrize(("path", "value"), NOT_SERVED.values(), ids=NOT_SERVED.keys())
def test_key_that_is_not_served_is_refused(path, value):
    (told,) = pointers(altered(path, value))
    assert told.startswith("/" + "/".join(map(str, path)))


WRONG = {
    "nothing": (("jobs",), None),
    "jobs no list": (("jobs",), {}),
    "job no object": (("jobs", 0), 5),
    "id missing": (("jobs", 0), {"location_index": 1, "required": True}),
    "id null": (("jobs", 0, "id"), None),
    "id twice": (("jobs", 1, "id"), 10),
    "place missing": (("jobs", 0), {"id": 1, "required": True}),
    "place beyond": (("jobs", 0, "location_index"), 3),
    "place fraction": (("jobs", 0, "location_index"), 0.5),
    "coordinates without index": (("jobs", 0), {"id": 1, "location": [0, 0], "required": True}),
    "location text": (("jobs", 0, "location"), "here"),
    "service float": (("jobs", 0, "service"), 60.0),
    "service 1e999": (("jobs", 0, "service"), float("inf")),
    "service 2^70": (("jobs", 0, "service"), 2**70),
    "required text": (("jobs", 0, "required"), "yes"),
    "prize text": (("jobs", 1, "prize"), "5"),
    "windows no list": (("jobs", 0, "time_windows"), 5),
    "window of three": (("jobs", 0, "time_windows"), [[1, 2, 3]]),
    "window of texts": (("jobs", 0, "time_windows"), [["1", "2"]]),
    "window upside down": (("jobs", 0, "time_windows"), [[2, 1]]),
    "skills no list": (("jobs", 0, "skills"), 1),
    "skill text": (("jobs", 0, "skills"), ["zh"]),
    "allowed no id": (("jobs", 0, "allowed_vehicles"), [None]),
    "allowed unknown": (("jobs", 0, "allowed_vehicles"), [7]),
    "lock no object": (("jobs", 0, "lock"), 5),
    "lock unknown": (("jobs", 0, "lock"), {"vehicle": 7}),
    "lock impossible": (("jobs", 0, "lock"), {"start": 3}),
    "source number": (("jobs", 0, "source"), 5),
    "vehicles empty": (("vehicles",), []),
    "vehicle without ends": (("vehicles", 0), {"id": 1}),
    "time window": (("vehicles", 0, "time_window"), [5]),
    "speed text": (("vehicles", 0, "speed_factor"), "fast"),
    "speed infinite": (("vehicles", 0, "speed_factor"), float("inf")),
    "break without id": (("vehicles", 0, "breaks"), [{}]),
    "costs no object": (("vehicles", 0, "costs"), 5),
    "steps of unknown job": (("vehicles", 0, "steps"), [{"type": "job", "id": 99}]),
    "steps of a strange kind": (("vehicles", 0, "steps"), [{"type": "ferry"}]),
    "steps that break a rule": (("vehicles", 0, "steps"), [{"type": "job", "id": "eleven"}]),
    "matrices no object": (("matrices",), [[0]]),
    "matrix no object": (("matrices", "car"), [[0]]),
    "matrix null": (("matrices", "car", "durations", 0, 1), None),
    "matrix fraction": (("matrices", "car", "durations", 0, 1), 0.5),
    "options no object": (("options",), 5),
    "option text": (("options",), {"t": "two"}),
}


@pytest.mark.parametrize(("path", "value"), WRONG.values(), ids=WRONG.keys())
def test_wrong_value_is_refused_where_it_stands(path, value):
    told = pointers(altered(path, value))
    root = "/" + str(path[0])
    assert any(pointer.startswith(root) for pointer in told) or path == ("jobs",)


SPOTS = [
    [999, 0],
    [0, 91],
    [float("nan"), 0],
    [float("inf"), 0],
    [1],
    ["a", "b"],
    None,
    [2**2000, 0],
]


@pytest.mark.parametrize("spot", SPOTS, ids=range(len(SPOTS)))
def test_place_off_the_earth_is_refused(spot):
    assert pointers(altered(("jobs", 0, "location"), spot, ON_EARTH)) >= {"/jobs/0/location"}


@pytest.mark.parametrize("document", [None, 5, "x", [], [1]], ids=str)
def test_document_that_is_no_object_is_refused(document):
    assert "" in pointers(document)


TEXTS = ["", "{", "[NaN]", '{"a": Infinity}', "\xff", "[" * 100_000, '{"a": ' + "9" * 5000 + "}"]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_that_is_not_json_is_refused(text):
    with pytest.raises(InvalidProblem):
        parse(text.encode("latin-1"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "location", "start", "durations"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(
    place=st.sampled_from(
        [
            ("jobs",),
            ("jobs", 0),
            ("vehicles", 0),
            ("matrices",),
            ("matrices", "car"),
            *[("jobs", 1, key) for key in BASE["jobs"][1]],
            *[("vehicles", 0, key) for key in BASE["vehicles"][0]],
        ]
    ),
    value=json_values,
)
def test_no_json_value_anywhere_is_more_than_an_issue(place, value):
    try:
        request = read(altered(place, value))
    except InvalidProblem:
        return
    assert routing.check(request.problem, routing.solve(request.problem, AT_ONCE)) == ()


def test_answer_has_the_shape_of_vroom():
    request = read({**ON_EARTH, "options": {"g": True}})
    answer = write(request, routing.solve(request.problem, AT_ONCE), solving_ms=5)
    assert answer["code"] == 0
    assert answer["summary"]["computing_times"] == {"loading": 0, "solving": 5, "routing": 0}
    (route,) = answer["routes"]
    assert [step["type"] for step in route["steps"]] == ["start", "job", "job", "end"]
    assert route["steps"][1]["location"] == [116.31, 39.90]
    assert route["geometry"]
    assert "location" not in route["steps"][-1]
    assert json.loads(json.dumps(answer)) == answer


def test_unassigned_jobs_tell_their_reasons():
    request = read(altered(("jobs", 0, "skills"), [99]))
    solution = routing.solve(request.problem, AT_ONCE)
    told = replace(solution, unassigned=routing.explain(request.problem, solution))
    entry = write(request, told)["unassigned"][0]
    assert (entry["id"], entry["required"], entry["source"]) == (10, True, "rule 3")
    assert entry["reasons"][0]["code"] == "skill_missing"
    assert write(request, told)["summary"]["required_unserved"] >= 1


@pytest.mark.parametrize("document", [BASE, ON_EARTH], ids=["matrices", "coordinates"])
def test_answer_reads_back_as_the_same_plan(document):
    request = read(document)
    solution = routing.solve(request.problem, AT_ONCE)
    again = read_solution(write(request, solution), request)
    assert again.tours == solution.tours
    assert again.summary == solution.summary
    assert routing.check(request.problem, again) == ()


def test_answer_without_superset_totals_is_checked_too():
    request = read(BASE)
    answer = write(request, routing.solve(request.problem, AT_ONCE))
    for key in ("objective", "prize_collected", "required_unserved"):
        del answer["summary"][key]
    for step in answer["routes"][0]["steps"]:
        step.pop("location_index", None)
    assert routing.check(request.problem, read_solution(answer, request)) == ()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"routes": 5},
        {"routes": [{}]},
        {"routes": [{"vehicle": 1, "steps": [{"type": "x"}]}]},
    ],
    ids=str,
)
def test_document_that_is_no_answer_is_refused(answer):
    with pytest.raises(InvalidProblem):
        read_solution(answer, read(BASE))


def test_steps_are_starting_routes():
    steps = [
        {"type": "start"},
        {"type": "job", "id": 2},
        {"type": "job", "id": 1},
        {"type": "end"},
    ]
    request = read(altered(("vehicles", 0, "steps"), steps, ON_EARTH))
    assert [step.id for step in request.start.tours[0].tasks] == [2, 1]


def test_geojson_holds_lines_and_stops():
    request = read(ON_EARTH)
    features = geojson(request, routing.solve(request.problem, AT_ONCE))["features"]
    assert [feature["geometry"]["type"] for feature in features] == [
        "LineString",
        "Point",
        "Point",
    ]
    assert features[0]["geometry"]["coordinates"][0] == [116.30, 39.92]


def test_polyline_is_the_documented_one():
    from routing.formats.vroom.polyline import encode

    line = [(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)]
    assert encode(line) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
