"""Every fault of an EVENTS document is told at once, where it stands."""

import pytest

from routing.errors import InvalidProblem
from routing.event_issues import event_issues
from routing.events import Events, VehicleState
from routing.problem import Window
from routing.repair import repair
from routing.solution import Solution
from tests.support.problems import HOUR, a_problem, a_task, a_vehicle

DAY = a_problem([a_task(1, 1), a_task(2, 2)])


def pointers(**told):
    return [issue.pointer for issue in event_issues(DAY, Events(**{"now_s": 0} | told))]


def state(**told):
    return (VehicleState(**{"id": "v"} | told),)


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"now_s": -1}, "/now"),
        ({"now_s": True}, "/now"),
        ({"vehicles": state(id="w")}, "/vehicles/0/id"),
        ({"vehicles": (*state(), *state())}, "/vehicles/0/id"),
        ({"vehicles": state(at=99)}, "/vehicles/0/at"),
        ({"vehicles": state(free_at_s=-5)}, "/vehicles/0/free_at"),
        ({"vehicles": state(done=(1, 7))}, "/vehicles/0/done/1"),
        ({"vehicles": state(done=(1, 1))}, "/vehicles/0/done/0"),
        ({"cancel": (2, 9)}, "/cancel/1"),
        ({"change": (a_task(9),)}, "/change/0/id"),
        ({"change": (a_task(1), a_task(1))}, "/change/0/id"),
        ({"add": (a_task(2),)}, "/add/0/id"),
        ({"add": (a_task(3), a_task(3))}, "/add/0/id"),
        ({"add": (a_task(3, 99),)}, "/add/0/place"),
        ({"change": (a_task(2, windows=(Window(5, 4),)),)}, "/change/0/windows/0"),
    ],
)
def test_fault_is_told_where_it_stands(told, pointer):
    assert pointer in pointers(**told)


def test_all_faults_are_told_at_once():
    assert pointers(now_s=-1, cancel=(8,), add=(a_task(1),)) == ["/now", "/cancel/0", "/add/0/id"]


def test_sound_events_have_no_issue():
    assert pointers(now_s=9 * HOUR, vehicles=state(done=(1,), at=1), cancel=(2,)) == []
    assert pointers(add=(a_task(3),), cancel=(3,)) == []


def test_faults_of_the_vehicles_are_told_too():
    day = a_problem([a_task(1)], [a_vehicle(start=99)])
    assert [issue.pointer for issue in event_issues(day, Events(now_s=0))] == ["/vehicles/0/start"]


def test_repair_refuses_faulty_events():
    with pytest.raises(InvalidProblem) as caught:
        repair(DAY, Solution(), Events(now_s=0, cancel=(8, 9)))
    assert len(caught.value.issues) == 2
