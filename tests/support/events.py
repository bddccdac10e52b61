"""What may happen on a planned day: builders and generated events."""

from hypothesis import strategies as st

from routing.events import Events, Hold, VehicleState
from routing.solution import StepKind
from tests.support.problems import HOUR, a_task, an_optional_task


def on_their_way(plan, now_s, late_s=0):
    """Every vehicle of a plan at a time: what began is done, the vehicle free when it is over."""
    states = []
    for tour in plan.tours:
        done = [step for step in tour.tasks if step.start_s <= now_s]
        if done:
            last = done[-1]
            states.append(
                VehicleState(
                    id=tour.vehicle,
                    done=tuple(step.id for step in done),
                    at=last.place,
                    free_at_s=max(now_s, last.end_s) + late_s,
                )
            )
    return tuple(states)


@st.composite
def events(draw, problem, plan):
    """Things that happen on a day as planned: late, done out of order, cancelled, new, sick."""
    now_s = draw(st.integers(8 * HOUR, 17 * HOUR))
    states, over = [], set()
    for tour in plan.tours:
        tasks = [step for step in tour.tasks if step.start_s <= now_s and draw(st.booleans())]
        over |= {step.id for step in tasks}
        places = [step.place for step in tour.steps if step.kind is StepKind.TASK]
        states.append(
            VehicleState(
                id=tour.vehicle,
                done=tuple(step.id for step in tasks),
                at=draw(st.sampled_from([*places, 0])) if tasks else draw(st.none() | st.just(0)),
                free_at_s=draw(
                    st.none() | st.integers(0, 2 * HOUR).map(lambda late: now_s + late)
                ),
                unavailable=draw(st.sampled_from([False, False, False, True])),
            )
        )
    names = [task.id for task in problem.tasks]
    cancel = draw(st.lists(st.sampled_from(names), max_size=1)) if names else []
    change = [
        a_task(name, draw(st.integers(0, 5)), service_s=draw(st.sampled_from([0, 1200])))
        for name in names
        if name not in over and draw(st.sampled_from([False, False, False, True]))
    ]
    add = [a_task("new", 2), an_optional_task("more", 3)][: draw(st.integers(0, 2))]
    return Events(
        now_s=now_s,
        vehicles=tuple(states),
        cancel=tuple(cancel),
        change=tuple(change),
        add=tuple(add),
        lock=draw(st.sampled_from(Hold)),
    )
