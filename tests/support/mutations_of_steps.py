"""Ways to spoil when and where things happen, what is on board, and rest."""

from dataclasses import replace

from tests.support.spoiling import (
    BEYOND,
    all_spots,
    later,
    moved,
    mutation,
    on_break,
    on_task,
    on_tour,
    pick,
    places_of,
    step_at,
    task_of,
    vehicle_of,
    windows_of,
    with_step,
    with_steps,
)

# ---- time and travel -------------------------------------------------------------------------


@on_tour
def step_arrives_at_another_time(rng, problem, plan, number):
    index = rng.randrange(1, len(plan.tours[number].steps))
    by = rng.choice([-900, -1, 1, 60])
    arrival = plan.tours[number].steps[index].arrival_s
    return with_step(plan, (number, index), arrival_s=arrival + by)


@on_tour
def start_is_moved_alone(rng, problem, plan, number):
    arrival = plan.tours[number].steps[0].arrival_s
    return with_step(plan, (number, 0), arrival_s=arrival + rng.choice([-60, -1, 1, 60]))


@on_tour
def rest_of_a_tour_is_moved(rng, problem, plan, number):
    index = rng.randrange(len(plan.tours[number].steps) - 1)
    return later(plan, (number, index), rng.choice([-600, -1, 1, 600]))


@on_tour
def tour_begins_before_the_shift(rng, problem, plan, number):
    shift = vehicle_of(problem, plan, number).shift
    return moved(plan, number, shift.start_s - plan.tours[number].steps[0].arrival_s - 1)


@on_tour
def tour_ends_after_the_shift(rng, problem, plan, number):
    return moved(plan, number, BEYOND)


@on_task
def wait_is_negative(rng, problem, plan, spot, step):
    return later(plan, spot, -step.waiting_s - 1, waiting_s=-1)


@on_task
def wait_lasts_beyond_the_windows(rng, problem, plan, spot, step):
    windows = windows_of(problem, step)
    if not windows:
        return None
    by = max(window.end_s for window in windows) + 1 - step.start_s
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_task
def wait_lasts_beyond_the_latest_end(rng, problem, plan, spot, step):
    latest = task_of(problem, step).latest_end_s
    if latest is None:
        return None
    by = latest + 1 - step.end_s
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_task
def wait_breaks_the_promised_start(rng, problem, plan, spot, step):
    lock = task_of(problem, step).lock
    if lock is None or lock.start_s is None:
        return None
    by = lock.start_s + lock.tolerance_s + 1 - step.start_s
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_task
def wait_lasts_beyond_the_duration(rng, problem, plan, spot, step):
    most = vehicle_of(problem, plan, spot[0]).max_duration_s
    if most is None:
        return None
    steps = plan.tours[spot[0]].steps
    by = most + 1 - (steps[-1].end_s - steps[0].arrival_s)
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_task
def setup_takes_another_time(rng, problem, plan, spot, step):
    by = 1 if not step.setup_s else rng.choice([-step.setup_s, -1, 1])
    return later(plan, spot, by, setup_s=step.setup_s + by)


@on_task
def service_takes_another_time(rng, problem, plan, spot, step):
    by = 60 if not step.service_s else rng.choice([-step.service_s, -1, 60])
    return later(plan, spot, by, service_s=step.service_s + by)


@on_task
def way_takes_another_time(rng, problem, plan, spot, step):
    number, index = spot
    by = rng.choice([-1, 1, 60])
    steps = [
        replace(one, arrival_s=one.arrival_s + by, travel_s=one.travel_s + by)
        if rank >= index
        else one
        for rank, one in enumerate(plan.tours[number].steps)
    ]
    return with_steps(plan, number, steps)


@on_task
def way_has_another_length(rng, problem, plan, spot, step):
    number, index = spot
    steps = [
        replace(one, distance_m=one.distance_m + 7) if rank >= index else one
        for rank, one in enumerate(plan.tours[number].steps)
    ]
    return with_steps(plan, number, steps)


@on_tour
def has_travelled_before_it_starts(rng, problem, plan, number):
    return with_step(plan, (number, 0), travel_s=5)


@on_tour
def works_at_its_end(rng, problem, plan, number):
    return with_step(plan, (number, len(plan.tours[number].steps) - 1), service_s=5)


# ---- places and alternatives -----------------------------------------------------------------


@on_task
def task_is_elsewhere(rng, problem, plan, spot, step):
    return with_step(plan, spot, place=(step.place + 1) % problem.place_count)


@on_task
def task_is_at_no_known_place(rng, problem, plan, spot, step):
    return with_step(plan, spot, place=rng.choice([-1, problem.place_count, None]))


@on_tour
def tour_starts_elsewhere(rng, problem, plan, number):
    start = vehicle_of(problem, plan, number).start
    return with_step(plan, (number, 0), place=0 if start is None else None)


@on_tour
def tour_ends_elsewhere(rng, problem, plan, number):
    end = vehicle_of(problem, plan, number).end
    last = len(plan.tours[number].steps) - 1
    return with_step(plan, (number, last), place=0 if end is None else None)


@on_break
def break_has_a_place(rng, problem, plan, spot, step):
    return with_step(plan, spot, place=0)


@on_task
def other_alternative_is_told(rng, problem, plan, spot, step):
    places = places_of(task_of(problem, step))
    others = [number for number, place in enumerate(places) if place != step.place]
    return with_step(plan, spot, alternative=rng.choice(others)) if others else None


@on_task
def alternative_does_not_exist(rng, problem, plan, spot, step):
    count = len(task_of(problem, step).alternatives)
    return with_step(plan, spot, alternative=rng.choice([-1, count + 1]))


# ---- loads -----------------------------------------------------------------------------------


@mutation
def load_is_told_wrong(rng, problem, plan):
    spot = pick(rng, all_spots(plan))
    if spot is None:
        return None
    load = step_at(plan, spot).load
    wrong = (1,) if not load else (load[0] + rng.choice([-1, 1]), *load[1:])
    return with_step(plan, spot, load=wrong)


@mutation
def load_is_left_out(rng, problem, plan):
    told = [spot for spot in all_spots(plan) if step_at(plan, spot).load]
    return with_step(plan, rng.choice(told), load=()) if told else None


# ---- breaks ----------------------------------------------------------------------------------


@on_break
def break_is_left_out(rng, problem, plan, spot, step):
    steps = list(plan.tours[spot[0]].steps)
    del steps[spot[1]]
    return with_steps(plan, spot[0], steps)


@on_break
def break_is_taken_twice(rng, problem, plan, spot, step):
    steps = list(plan.tours[spot[0]].steps)
    steps.insert(spot[1], step)
    return with_steps(plan, spot[0], steps)


@on_break
def break_is_unknown(rng, problem, plan, spot, step):
    return with_step(plan, spot, id="siesta")


@on_break
def break_lasts_another_time(rng, problem, plan, spot, step):
    by = 60 if not step.service_s else -1
    return later(plan, spot, by, service_s=step.service_s + by)


@on_break
def break_begins_after_its_windows(rng, problem, plan, spot, step):
    rests = vehicle_of(problem, plan, spot[0]).breaks
    windows = next(rest for rest in rests if rest.id == step.id).windows
    if not windows:
        return None
    by = max(window.end_s for window in windows) + 1 - step.start_s
    return later(plan, spot, by, waiting_s=step.waiting_s + by)


@on_break
def break_needs_setup(rng, problem, plan, spot, step):
    return later(plan, spot, 60, setup_s=60)
