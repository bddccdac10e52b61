"""Every kind of tampering with a sound plan is caught."""

from dataclasses import replace

import pytest

import routing
from routing import Step, StepKind, Unassigned
from tests.support.problems import (
    AT_ONCE,
    HOUR,
    a_lunch,
    a_problem,
    a_task,
    a_vehicle,
    an_optional_task,
    codes,
    field_day,
    with_steps,
)

PROBLEM = a_problem(
    [a_task(1, 2, setup_s=300), a_task(2, 4), an_optional_task(3, 9, prize=10)],
    [a_vehicle(breaks=(a_lunch(start=9 * 3600, end=12 * 3600),))],
)
PLAN = routing.solve(PROBLEM, AT_ONCE)
STEPS = PLAN.tours[0].steps
TASK = next(index for index, step in enumerate(STEPS) if step.id == 1)
BREAK = next(index for index, step in enumerate(STEPS) if step.kind is StepKind.BREAK)


def changed(index, **over):
    steps = list(STEPS)
    steps[index] = replace(steps[index], **over)
    return with_steps(PLAN, *steps)


def test_sound_plan_passes():
    assert routing.check(PROBLEM, PLAN) == ()


TAMPERED = {
    "arrival": (changed(TASK, arrival_s=STEPS[TASK].arrival_s - 1), "clock"),
    "negative wait": (changed(TASK, waiting_s=-1), "clock"),
    "setup left out": (changed(TASK, setup_s=0), "clock"),
    "service cut short": (changed(TASK, service_s=10), "clock"),
    "travel": (changed(TASK, travel_s=STEPS[TASK].travel_s - 60), "travel"),
    "distance": (changed(-1, distance_m=1), "travel"),
    "place": (changed(TASK, place=3), "place"),
    "no such place": (changed(TASK, place=99), "place"),
    "place before the first": (changed(TASK, place=-1), "place"),
    "start elsewhere": (changed(0, place=1), "place"),
    "work at the end": (changed(-1, service_s=5), "clock"),
    "travelled at the start": (changed(0, travel_s=5), "clock"),
    "unknown task": (changed(TASK, id=77), "unknown-task"),
    "unknown break": (changed(BREAK, id="tea"), "break"),
    "short break": (changed(BREAK, service_s=60), "break"),
    "no start": (with_steps(PLAN, *STEPS[1:]), "form"),
    "no steps": (with_steps(PLAN), "form"),
    "only ends": (with_steps(PLAN, STEPS[0], STEPS[-1]), "form"),
    "task dropped": (with_steps(PLAN, *STEPS[:TASK], *STEPS[TASK + 1 :]), "presence"),
    "task twice": (with_steps(PLAN, *STEPS[: TASK + 1], *STEPS[TASK:]), "presence"),
    "unassigned not listed": (replace(PLAN, unassigned=()), "presence"),
    "served and listed": (
        replace(PLAN, unassigned=(*PLAN.unassigned, Unassigned(task=1, required=True))),
        "presence",
    ),
    "wrong required": (
        replace(PLAN, unassigned=(replace(PLAN.unassigned[0], required=True),)),
        "presence",
    ),
    "unknown vehicle": (
        replace(PLAN, tours=(replace(PLAN.tours[0], vehicle="w"),)),
        "unknown-vehicle",
    ),
    "two tours": (replace(PLAN, tours=PLAN.tours * 2), "presence"),
    "cost of a tour": (replace(PLAN, tours=(replace(PLAN.tours[0], cost=1),)), "totals"),
}


@pytest.mark.parametrize(("plan", "code"), TAMPERED.values(), ids=TAMPERED.keys())
@pytest.mark.fault("V5")
def test_tampering_is_caught(plan, code):
    assert code in codes(PROBLEM, plan)


@pytest.mark.parametrize("name", sorted(routing.Summary.__dataclass_fields__))
def test_each_total_is_recomputed(name):
    wrong = replace(PLAN.summary, **{name: getattr(PLAN.summary, name) + 1})
    assert codes(PROBLEM, replace(PLAN, summary=wrong)) == {"totals"}


def test_break_during_service_is_caught():
    service = replace(STEPS[TASK], service_s=STEPS[TASK].service_s)
    rest = Step(
        kind=StepKind.BREAK,
        id="lunch",
        arrival_s=service.start_s + 60,
        service_s=2700,
        travel_s=service.travel_s,
        distance_m=service.distance_m,
    )
    others = [step for step in STEPS if step.kind is not StepKind.BREAK]
    where = others.index(STEPS[TASK]) + 1
    assert "clock" in codes(PROBLEM, with_steps(PLAN, *others[:where], rest, *others[where:]))


def test_violation_names_task_vehicle_and_source():
    problem = a_problem([a_task(1, 2, latest_end_s=HOUR, source="window of the notice")])
    plan = routing.solve(a_problem([a_task(1, 2)]), AT_ONCE)
    (violation,) = routing.check(problem, plan)
    assert (violation.task, violation.vehicle) == (1, "v")
    assert violation.source == "window of the notice"


@pytest.mark.parametrize("kind", ["swap", "shift"])
@pytest.mark.fault("V5")
def test_field_day_survives_no_mutation(kind):
    problem = field_day()
    plan = routing.solve(problem, AT_ONCE)
    for number, tour in enumerate(plan.tours):
        steps = list(tour.steps)
        for index in range(1, len(steps) - 1):
            mutated = list(steps)
            if kind == "shift":
                mutated[index] = replace(steps[index], arrival_s=steps[index].arrival_s + 1)
            else:
                mutated[index], mutated[index + 1] = steps[index + 1], steps[index]
            tours = list(plan.tours)
            tours[number] = replace(tour, steps=tuple(mutated))
            assert routing.check(problem, replace(plan, tours=tuple(tours)))
