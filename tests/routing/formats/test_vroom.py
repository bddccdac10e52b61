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
from routing.plan_mode import time_given
from routing.problem import Alternative, Overtime
from routing.solution import Relaxation, Solution, Step, StepKind, Tour, Unassigned
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


FULL = {
    "vehicles": [
        {
            "id": 1,
            "start_index": 0,
            "end_index": 0,
            "time_window": [8 * HOUR, 18 * HOUR],
            "capacity": [4, 5],
            "type": "van",
            "breaks": [{"id": 1, "service": 600, "max_load": [2, 2], "description": "tea"}],
            "max_duration": 9 * HOUR,
            "overtime": {"max": 1800, "per_hour": 7200},
            "balance_group": "north",
            "costs": {"per_task_hour": 60, "per_km": 2},
        }
    ],
    "jobs": [
        {
            "id": 10,
            "location_index": 1,
            "required": True,
            "delivery": [1, 2],
            "pickup": [0, 1],
            "setup_per_type": {"van": 30},
            "service_per_type": {"van": 900, "bike": 1200},
            "not_first": False,
            "not_last": True,
            "alternatives": [
                {
                    "location_index": 2,
                    "time_windows": [[9 * HOUR, 10 * HOUR]],
                    "setup": 5,
                    "service": 6,
                    "allowed_vehicles": [1],
                }
            ],
        },
        {"id": 11, "location_index": 2, "prize": 5000, "amount": [1, 1]},
    ],
    "matrices": {
        "car": {
            "durations": [[0, 600, 900], [600, 0, 300], [900, 300, 0]],
            "distances": [[0, 6, 9], [6, 0, 3], [9, 3, 0]],
            "day_parts": [
                {
                    "from": 12 * HOUR,
                    "durations": [[0, 700, 900], [600, 0, 300], [900, 300, 0]],
                }
            ],
        }
    },
    "tuning": {
        "balance_weight": 3,
        "stability": {
            "plan": {"routes": [{"vehicle": 1, "steps": [{"type": "job", "id": 10}]}]},
            "per_change": 50,
        },
        "uncertainty": {"travel_cv": 0.2, "service_cv": 0.3, "samples": 50, "late_cost": 9},
    },
}


def test_every_key_of_the_superset_is_read():
    problem = read(FULL).problem
    (vehicle,) = problem.vehicles
    first, second = problem.tasks
    assert (vehicle.capacity, vehicle.type, vehicle.balance_group) == ((4, 5), "van", "north")
    assert (vehicle.max_duration_s, vehicle.overtime) == (
        9 * HOUR,
        Overtime(max_s=1800, per_hour=7200),
    )
    assert vehicle.breaks[0].max_load == (2, 2)
    assert vehicle.costs.per_task_hour == 60
    assert (first.delivery, first.pickup, second.delivery) == ((1, 2), (0, 1), (1, 1))
    assert (first.not_first, first.not_last) == (False, True)
    assert first.service_per_type == {"van": 900, "bike": 1200}
    assert first.alternatives == (
        Alternative(
            place=2,
            windows=(Window(9 * HOUR, 10 * HOUR),),
            service_s=6,
            setup_s=5,
            allowed_vehicles=(1,),
        ),
    )
    assert [part.from_s for part in problem.matrices["car"].day_parts] == [12 * HOUR]
    assert problem.tuning.balance_weight == 3
    assert problem.tuning.stability.plan == {10: 1}
    assert problem.tuning.uncertainty.late_cost == 9
    assert read(FULL).notes == ()


def test_what_the_superset_adds_is_answered():
    document = deepcopy(FULL)
    document["vehicles"][0]["steps"] = [
        {"type": "job", "id": 10, "alternative": 1},
        {"type": "break", "id": 1},
        {"type": "job", "id": 11},
    ]
    request = read(document, plan_mode=True)
    answer = write(request, time_given(request.problem, request.given))
    (route,) = answer["routes"]
    visit, tea, last = route["steps"][1:4]
    assert (visit["alternative"], visit["load"], visit["location_index"]) == (1, [1, 2], 2)
    assert tea["description"] == "tea"
    assert "alternative" not in last
    assert (route["delivery"], answer["summary"]["pickup"]) == ([2, 3], [0, 1])
    assert answer["summary"]["violations"] == route["violations"] == []
    again = read_solution(answer, request)
    assert again.tours == time_given(request.problem, request.given).tours


def test_violations_of_plan_mode_add_up():
    steps = [{"type": "job", "id": "eleven"}, {"type": "job", "id": 10}]
    request = read(altered(("vehicles", 0, "steps"), steps), plan_mode=True)
    answer = write(request, time_given(request.problem, request.given))
    (route,) = answer["routes"]
    told = {entry["cause"]: entry.get("duration") for entry in route["violations"]}
    assert told.keys() >= {"missing_break", "lock_position"}
    assert told.keys() & {"delay", "lead_time"}
    each = [entry.get("duration", 0) for step in route["steps"] for entry in step["violations"]]
    assert sum(each) == sum(told[cause] or 0 for cause in ("delay", "lead_time") if cause in told)
    assert answer["summary"]["violations"] == route["violations"]


def test_option_c_asks_for_plan_mode():
    document = altered(("vehicles", 0, "steps"), [{"type": "job", "id": "eleven"}])
    request = read({**document, "options": {"c": True}})
    assert request.plan_mode
    assert request.start is None


def test_fixed_times_outside_plan_mode_are_noted():
    steps = [{"type": "job", "id": 1, "service_at": 5}]
    assert "plan mode only" in read(altered(("vehicles", 0, "steps"), steps, ON_EARTH)).notes[-1]


def test_relaxations_conflicts_and_probabilities_are_told():
    request = read(FULL)
    relaxation = Relaxation(change="max_tasks", by=1, cost=7, vehicle=1)
    step = Step(kind=StepKind.TASK, id=11, place=2, arrival_s=5, on_time_probability=0.75)
    solution = Solution(
        tours=(Tour(vehicle=1, steps=(step,)),),
        unassigned=(Unassigned(task=10, required=True, relaxation=relaxation, conflict=(10, 11)),),
    )
    answer = write(request, solution)
    assert answer["routes"][0]["steps"][0]["on_time_probability"] == 0.75
    (left,) = answer["unassigned"]
    assert left["relaxation"] == {"change": "max_tasks", "by": 1, "cost": 7, "vehicle": 1}
    assert left["conflict"] == [10, 11]


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


def test_shipments_are_refused():
    assert pointers({**BASE, "shipments": [{"pickup": {"id": 1}}]}) == {"/shipments"}


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
    "alternative without place": (("jobs", 0, "alternatives"), [{"service": 5}]),
    "alternatives no list": (("jobs", 0, "alternatives"), {"location_index": 2}),
    "not_first number": (("jobs", 0, "not_first"), 1),
    "delivery number": (("jobs", 0, "delivery"), 3),
    "delivery fraction": (("jobs", 0, "delivery"), [3.5]),
    "two amounts": (("jobs", 0), BASE["jobs"][0] | {"amount": [1], "delivery": [1]}),
    "per type list": (("jobs", 0, "setup_per_type"), [3]),
    "per type text": (("jobs", 0, "setup_per_type"), {"van": "3"}),
    "overtime half": (("vehicles", 0, "overtime"), {"max": 3}),
    "max_duration text": (("vehicles", 0, "max_duration"), "9"),
    "capacity text": (("vehicles", 0, "capacity"), ["9"]),
    "type number": (("vehicles", 0, "type"), 9),
    "max_load number": (("vehicles", 0, "breaks", 0, "max_load"), 9),
    "day part without durations": (("matrices", "car", "day_parts"), [{"from": 3}]),
    "day parts no list": (("matrices", "car", "day_parts"), {"from": 3}),
    "two matrices": (("matrix",), [[0]]),
    "tuning number": (("tuning",), 5),
    "balance text": (("tuning",), {"balance_weight": "5"}),
    "stability half": (("tuning",), {"stability": {"plan": {}}}),
    "cv nan": (("tuning",), {"uncertainty": {"travel_cv": float("nan")}}),
    "surrogate": (("jobs", 0, "source"), "\ud800"),
    "long text": (("jobs", 0, "source"), "x" * 10_001),
    "nan in an unknown key": (("jobs", 0, "colour"), [{"a": float("nan")}]),
    "steps fixed to a text": (
        ("vehicles", 0, "steps"),
        [{"type": "job", "id": 10, "service_at": "noon"}],
    ),
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
    root = "/" + "/".join(map(str, path))
    assert any(pointer.startswith(root) or root.startswith(pointer) for pointer in told)


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


TEXTS = ["", "{", "\xff", "[" * 100_000, '{"a": 1} 2', "'a'"]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_that_is_not_json_is_refused(text):
    with pytest.raises(InvalidProblem):
        parse(text.encode("latin-1"))


HOSTILE = {
    "nan": ('{"jobs": [{"id": NaN}]}', "/jobs/0/id"),
    "infinity": ('{"jobs": [{"id": 1, "service": Infinity}]}', "/jobs/0/service"),
    "1e999": ('{"jobs": [{"id": 1, "service": -1e999}]}', "/jobs/0/service"),
    "digits": ('{"jobs": [{"id": 1, "service": ' + "9" * 5000 + "}]}", "/jobs/0/service"),
    "key twice": ('{"jobs": [{"id": 1, "id": 2}]}', "/jobs/0/id"),
    "key twice at the top": ('{"jobs": [], "jobs": []}', "/jobs"),
    "profile twice": ('{"matrices": {"a/b": {}, "a/b": {}}}', "/matrices/a~1b"),
    "matrix nan": ('{"matrix": [[0, NaN], [1, 0]]}', "/matrix/0/1"),
}


@pytest.mark.parametrize(("text", "pointer"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_value_is_refused_where_it_stands(text, pointer):
    assert pointer in pointers(parse(text))


def test_faults_of_shape_and_of_sense_are_told_together():
    document = altered(("jobs", 0, "service"), "long")
    document["jobs"][1]["time_windows"] = [[2, 1]]
    document["vehicles"][0]["speed_factor"] = 0
    document["matrices"]["car"]["durations"][0][1] = None
    assert pointers(document) == {
        "/jobs/0/service",
        "/jobs/1/time_windows/0",
        "/vehicles/0/speed_factor",
        "/matrices/car/durations/0/1",
    }


@pytest.mark.parametrize(("key", "most"), [("jobs", 20_000), ("vehicles", 2_000)])
def test_request_that_is_too_large_is_refused(key, most):
    entry = ON_EARTH[key][0]
    document = {**ON_EARTH, key: [entry | {"id": number} for number in range(most + 1)]}
    assert f"/{key}" in pointers(document)


def test_matrix_that_is_too_large_is_refused_unread():
    assert "/matrix" in pointers({**BASE, "matrices": None, "matrix": [None] * 10_001})


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
