"""Draw the requests of fixtures/vroom and record what VROOM itself makes of them.

    python -m tests.benchmarks.vroom_requests

needs pyvroom 1.15.2, which nothing else here does; install it apart. Requests depend on the seeds
below only. What is recorded are VROOM's answers at its deepest exploration, or in plan mode.
"""

import json
import random
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "fixtures" / "vroom"
HOUR = 3600
DAY = [8 * HOUR, 18 * HOUR]
EXPLORATION = 5


def drawn(seed, jobs, vehicles, *, side=5000, same_places=1):
    """A request with matrices: a depot and places on a square, streets not quite symmetric."""
    draw = random.Random(seed)
    count = 1 + -(-jobs // same_places)
    spots = [(side / 2, side / 2)]
    spots += [(draw.randrange(side), draw.randrange(side)) for _ in range(count - 1)]
    durations, distances = [], []
    for here in spots:
        metres = [int(abs(here[0] - x) + abs(here[1] - y)) for x, y in spots]
        distances.append(metres)
        durations.append([int(m / 8 * draw.uniform(0.9, 1.2)) if m else 0 for m in metres])
    request = {
        "vehicles": [
            {"id": n + 1, "start_index": 0, "end_index": 0, "time_window": DAY}
            for n in range(vehicles)
        ],
        "jobs": [
            {
                "id": n + 1,
                "location_index": 1 + n // same_places,
                "service": draw.choice([300, 600, 900]),
            }
            for n in range(jobs)
        ],
        "matrices": {"car": {"durations": durations, "distances": distances}},
    }
    return request, draw


def windows(request, draw, width, share=1.0, count=1):
    """Give jobs windows of a width somewhere in the day."""
    for job in request["jobs"]:
        if draw.random() < share:
            slots = range(DAY[0], DAY[1] - width, width + 300 if count > 1 else 300)
            begins = sorted(draw.sample(slots, count))
            job["time_windows"] = [[begin, begin + width] for begin in begins]


def every_vehicle(request, **keys):
    """Give every vehicle the same keys."""
    for vehicle in request["vehicles"]:
        vehicle.update(keys)


def plain(jobs, vehicles):
    def make(seed):
        return drawn(seed, jobs, vehicles)[0]

    return make


def with_windows(jobs, vehicles, width, count=1):
    def make(seed):
        request, draw = drawn(seed, jobs, vehicles)
        windows(request, draw, width, count=count)
        return request

    return make


def skills(seed):
    request, draw = drawn(seed, 25, 3)
    for vehicle, own in zip(request["vehicles"], ([1], [1, 2], [3]), strict=True):
        vehicle["skills"] = own
    for job in request["jobs"]:
        job["skills"] = draw.choice([[], [1], [2], [1, 2], [3]])
    return request


def breaks(count):
    def make(seed):
        request, draw = drawn(seed, 20 + 5 * count, 2)
        windows(request, draw, 2 * HOUR, share=0.5)
        spans = [[12 * HOUR, 13 * HOUR], [15 * HOUR, 16 * HOUR]][:count]
        every_vehicle(
            request,
            breaks=[
                {"id": n + 1, "time_windows": [span], "service": 1800}
                for n, span in enumerate(spans)
            ],
        )
        return request

    return make


def setup(seed):
    request, draw = drawn(seed, 24, 2, same_places=3)
    for job in request["jobs"]:
        job["setup"] = draw.choice([300, 600])
    every_vehicle(request, max_tasks=10)
    return request


def priority(seed):
    request, draw = drawn(seed, 40, 2)
    every_vehicle(request, time_window=[8 * HOUR, 11 * HOUR])
    for job in request["jobs"]:
        job["priority"] = draw.choice([0, 1, 5, 20, 100])
    return request


def amounts(kind, dimensions=1):
    def make(seed):
        request, draw = drawn(seed, 30, 3)
        for job in request["jobs"]:
            job[kind] = [draw.randrange(1, 6) for _ in range(dimensions)]
        most = max(sum(job[kind][d] for job in request["jobs"]) for d in range(dimensions))
        every_vehicle(request, capacity=[int(0.32 * most)] * dimensions)
        return request

    return make


def both_amounts(seed):
    request, draw = drawn(seed, 30, 3)
    for job in request["jobs"]:
        job[draw.choice(["pickup", "delivery"])] = [draw.randrange(1, 6)]
    tea = {"id": 1, "time_windows": [[11 * HOUR, 14 * HOUR]], "service": 900, "max_load": [12]}
    every_vehicle(request, capacity=[25], breaks=[tea])
    return request


def bound(**keys):
    def make(seed):
        request, draw = drawn(seed, 30, 3)
        windows(request, draw, 3 * HOUR, share=0.3)
        every_vehicle(request, **keys)
        return request

    return make


def prices(seed):
    request, _ = drawn(seed, 20, 4)
    every_vehicle(request, max_tasks=9)
    for n, vehicle in enumerate(request["vehicles"]):
        vehicle["costs"] = {"fixed": 500 * n, "per_hour": 3600 + 900 * n, "per_task_hour": 100 * n}
    return request


def kilometres(seed):
    request, _ = drawn(seed, 25, 3)
    every_vehicle(request, costs={"per_hour": 1800, "per_km": 150}, max_tasks=12)
    return request


def cost_matrix(seed):
    request, draw = drawn(seed, 20, 2)
    table = request["matrices"]["car"]
    table["costs"] = [[int(m * draw.uniform(0.5, 2)) for m in row] for row in table["distances"]]
    return request


def profiles(seed):
    request, _ = drawn(seed, 24, 3)
    car = request["matrices"]["car"]
    request["matrices"]["bike"] = {
        "durations": [[2 * m for m in row] for row in car["durations"]],
        "distances": [[int(0.9 * m) for m in row] for row in car["distances"]],
    }
    request["vehicles"][2] |= {"profile": "bike", "costs": {"per_hour": 1200}}
    every_vehicle(request, max_tasks=9)
    return request


def speeds(seed):
    request, draw = drawn(seed, 20, 3)
    windows(request, draw, 2 * HOUR, share=0.5)
    for vehicle, factor in zip(request["vehicles"], (0.8, 1.0, 1.4), strict=True):
        vehicle["speed_factor"] = factor
    return request


def open_ends(seed):
    request, _ = drawn(seed, 20, 3)
    every_vehicle(request, max_tasks=8)
    del request["vehicles"][0]["end_index"]
    del request["vehicles"][1]["start_index"]
    request["vehicles"][2] |= {"start_index": 3, "end_index": 5}
    return request


def started(seed):
    request, _ = drawn(seed, 15, 2)
    for n, vehicle in enumerate(request["vehicles"]):
        jobs = [{"type": "job", "id": job} for job in range(1 + n, 16, 2)]
        vehicle["steps"] = [{"type": "start"}, *jobs, {"type": "end"}]
    return request


def types(seed):
    request, draw = drawn(seed, 20, 2, same_places=2)
    for vehicle, kind in zip(request["vehicles"], ("van", "bike"), strict=True):
        vehicle |= {"type": kind, "time_window": [8 * HOUR, 11 * HOUR]}
    for job in request["jobs"]:
        job["setup_per_type"] = {"bike": draw.choice([0, 60])}
        job["service_per_type"] = {"van": draw.choice([300, 900])}
        job["setup"] = 120
    return request


def everything(jobs, vehicles):
    def make(seed):
        request, draw = drawn(seed, jobs, vehicles, same_places=2)
        windows(request, draw, 2 * HOUR, share=0.4)
        lunch = {"id": 1, "time_windows": [[12 * HOUR, 14 * HOUR]], "service": 2400}
        every_vehicle(request, breaks=[lunch], capacity=[40, 60], max_tasks=jobs // vehicles)
        for n, vehicle in enumerate(request["vehicles"]):
            vehicle["skills"] = [1, 2][: 1 + n % 2]
            vehicle["costs"] = {"fixed": 300, "per_hour": 3600, "per_km": 20}
        for job in request["jobs"]:
            job["delivery"] = [draw.randrange(4), draw.randrange(4)]
            job["skills"] = draw.choice([[], [], [1], [2]])
            job["priority"] = draw.randrange(0, 11)
            job["setup"] = 120
        return request

    return make


def given(jobs, width, *, tight=False):
    """Plan mode: each vehicle's jobs in an order that nobody chose."""

    def make(seed):
        request, draw = drawn(seed, jobs, 2)
        windows(request, draw, width)
        lunch = {"id": 1, "time_windows": [[12 * HOUR, 13 * HOUR]], "service": 1800}
        every_vehicle(request, breaks=[lunch])
        if tight:
            every_vehicle(request, time_window=[8 * HOUR, 12 * HOUR], max_tasks=3, capacity=[4])
            for job in request["jobs"]:
                job |= {"delivery": [1], "skills": [draw.choice([1, 2])]}
            request["vehicles"][0]["skills"] = [1]
        for n, vehicle in enumerate(request["vehicles"]):
            own = [{"type": "job", "id": job["id"]} for job in request["jobs"][n::2]]
            own.sort(key=lambda step: request["jobs"][step["id"] - 1]["time_windows"][0][0])
            own.insert(len(own) // 2, {"type": "break", "id": 1})
            vehicle["steps"] = [{"type": "start"}, *own, {"type": "end"}]
        return request

    return make


def fixed(seed):
    request = given(10, HOUR)(seed)
    steps = request["vehicles"][0]["steps"]
    steps[0]["service_after"] = 9 * HOUR
    steps[2]["service_at"] = 11 * HOUR
    steps[-2]["service_before"] = 17 * HOUR
    return request


REQUESTS = {
    "plain-05": plain(5, 2),
    "plain-30": plain(30, 3),
    "plain-60": plain(60, 4),
    "windows-20": with_windows(20, 3, 2 * HOUR),
    "windows-40": with_windows(40, 4, HOUR),
    "windows-three-each": with_windows(25, 2, HOUR // 2, count=3),
    "skills": skills,
    "break": breaks(1),
    "two-breaks": breaks(2),
    "setup": setup,
    "priority": priority,
    "delivery": amounts("delivery"),
    "pickup": amounts("pickup"),
    "two-dimensions": amounts("delivery", 2),
    "both-amounts": both_amounts,
    "max-tasks": bound(max_tasks=8),
    "max-travel-time": bound(max_travel_time=1100),
    "max-distance": bound(max_distance=9_000),
    "prices": prices,
    "kilometres": kilometres,
    "cost-matrix": cost_matrix,
    "profiles": profiles,
    "speeds": speeds,
    "open-ends": open_ends,
    "started": started,
    "types": types,
    "everything-36": everything(36, 3),
    "everything-60": everything(60, 5),
    "plan-12": given(12, HOUR),
    "plan-tight": given(10, HOUR // 2, tight=True),
    "plan-30": given(30, HOUR // 2),
    "plan-fixed": fixed,
}
"""Requests by name; the rank of a name is its seed. Names in ``plan-`` are for plan mode."""


def request_of(name):
    """The request of a name."""
    return REQUESTS[name](list(REQUESTS).index(name))


def recorded(path, plan_mode):
    """VROOM's answer to a request, with the two threads that it may take."""
    import vroom

    model = vroom.Input.from_json(path)
    answer = (model.check(nb_threads=2) if plan_mode else model.solve(EXPLORATION, 2)).to_dict()
    answer["summary"].pop("computing_times", None)
    return answer


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


def main():
    for name in REQUESTS:
        path = FOLDER / f"{name}.json"
        write(path, request_of(name))
        answer = recorded(path, name.startswith("plan-"))
        write(FOLDER / "answers" / f"{name}.json", answer)
        print(name, answer["summary"])


if __name__ == "__main__":
    main()
