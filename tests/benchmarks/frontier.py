"""What kept promises cost: `python -m tests.benchmarks.frontier [SECONDS]`.

A day of the demo city (seed fixed, its own street network through OSRM, else estimated) is
planned with a dearer and dearer `late_cost`. For each plan the value of the visits, the driving
and the expected number of broken promises are written to `docs/benchmarks/frontier.md` and drawn
in `frontier.svg`.
"""

import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import routing
from dispatch.demo.city import City, build_city
from dispatch.errors import DispatchError
from dispatch.gateways.roads_estimate import Estimate, EstimateRoads
from dispatch.gateways.roads_osrm import OsrmRoads
from dispatch.gateways.travel import Matrix, Point
from routing.problem import Break, Problem, Task, Tuning, Uncertainty, Vehicle, Window

SEED = 7
CREWS, VISITS, HOUR = 8, 160, 3600
LATE_COSTS = (0, 300, 900, 1800, 3600, 7200, 14_400, 28_800)
STRAY = Uncertainty(travel_cv=0.35, service_cv=0.5, samples=200)
FOLDER = Path(__file__).parents[2] / "docs" / "benchmarks"


@dataclass(frozen=True)
class Outcome:
    """One plan: what it was asked, and what it keeps."""

    late_cost: int
    value: int
    visits: int
    travel_h: float
    late: float
    kept: float
    weakest: float
    missed: int


def main(seconds: float) -> None:
    """Sweep the price and write table and plot."""
    problem, roads = a_day()
    plans = [planned(problem, price, seconds) for price in LATE_COSTS]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "frontier.md").write_text(table(plans, roads, seconds), encoding="utf-8")
    (FOLDER / "frontier.svg").write_text(plot(plans), encoding="utf-8")
    print(table(plans, roads, seconds))


def a_day() -> tuple[Problem, str]:
    """Crews from the demo's depot; a third of the visits is promised within 90 minutes."""
    rng = np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory() as name:
        city = build_city(Path(name) / "city.osm.pbf", seed=SEED)
        chosen = rng.choice(len(city.addresses), VISITS, replace=False)
        places = [city.depot, *(city.addresses[int(index)] for index in chosen)]
        points = [Point(place.lat, place.lon) for place in places]
        matrix = travel(city, points, Path(name))
    tasks = tuple(_task(rng, number) for number in range(1, VISITS + 1))
    vehicles = tuple(
        Vehicle(
            id=f"crew {number}",
            start=0,
            end=0,
            shift=Window(9 * HOUR, 18 * HOUR),
            breaks=(
                Break(id="rest", windows=(Window(11 * HOUR + 1800, 14 * HOUR),), duration_s=2700),
            ),
            max_tasks=14,
        )
        for number in range(1, CREWS + 1)
    )
    table_of_day = routing.Matrix(matrix.durations_s, matrix.distances_m)
    return Problem(tasks=tasks, vehicles=vehicles, matrices={"car": table_of_day}), matrix.source


def travel(city: City, points: list[Point], folder: Path) -> Matrix:
    """The city's own streets where OSRM is installed, else the estimate."""
    roads = OsrmRoads(city.path, folder / "osrm", Estimate())
    try:
        return roads.matrix(points)
    except DispatchError:
        return EstimateRoads(Estimate()).matrix(points)
    finally:
        roads.close()


def _task(rng: np.random.Generator, number: int) -> Task:
    promised = number % 3 == 0
    begin = 9 * HOUR + int(rng.integers(0, 29)) * 900
    window = (
        Window(begin, begin + 5400) if promised else Window(begin, min(begin + 14_400, 64_800))
    )
    return Task(
        id=number,
        place=number,
        windows=(window,),
        service_s=int(rng.integers(15, 36)) * 60,
        required=promised,
        prize=0 if promised else int(rng.integers(10, 90)) * 100,
    )


def planned(problem: Problem, price: int, seconds: float) -> Outcome:
    """Plan the day at a price of a late visit, and see what becomes of it."""
    priced = replace(problem, tuning=Tuning(uncertainty=replace(STRAY, late_cost=price)))
    plan = routing.solve(priced, routing.SolveParams(seconds=seconds, threads=2, seed=SEED))
    promised = {task.id for task in problem.tasks if task.required}
    chances = [
        step.on_time_probability
        for tour in plan.tours
        for step in tour.tasks
        if step.id in promised and step.on_time_probability is not None
    ]
    every = [
        step.on_time_probability
        for tour in plan.tours
        for step in tour.tasks
        if step.on_time_probability is not None
    ]
    return Outcome(
        late_cost=price,
        value=plan.summary.prize_collected // 100,
        visits=plan.summary.assigned,
        travel_h=plan.summary.travel_s / HOUR,
        late=sum(1 - chance for chance in every),
        kept=sum(chances) / max(1, len(chances)),
        weakest=min(chances, default=1.0),
        missed=plan.summary.required_unserved,
    )


def table(plans: list[Outcome], roads: str, seconds: float) -> str:
    """The sweep as a page."""
    lines = [
        "# What kept promises cost",
        "",
        f"A day of the demo city (seed {SEED}): {CREWS} crews, {VISITS} visits, each third one promised "
        f"within 90 minutes; travel strays by {STRAY.travel_cv:.0%}, service by {STRAY.service_cv:.0%}, "
        f"{STRAY.samples} drawn days. Travel: `{roads.split(':', maxsplit=1)[0]}`. "
        f"{seconds:g} s a plan, two threads. Made by",
        "",
        f"    .venv/bin/python -m tests.benchmarks.frontier {seconds:g}",
        "",
        "![value against expected late visits](frontier.svg)",
        "",
        "| `late_cost` | value of visits | visits | driving h | late visits a day, expected | "
        "promises kept | weakest promise | promised visits left out |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {plan.late_cost} | {plan.value} | {plan.visits} | {plan.travel_h:.1f} | {plan.late:.1f} | "
        f"{plan.kept:.1%} | {plan.weakest:.0%} | {plan.missed} |"
        for plan in plans
    ]
    return "\n".join(lines) + "\n"


def plot(plans: list[Outcome]) -> str:
    """Value of the visits over the expected number of late ones, as an SVG."""
    wide, high, edge = 520, 300, 48
    xs, ys = [plan.late for plan in plans], [plan.value for plan in plans]
    left, right = 0.0, max(xs) * 1.08 or 1.0
    span = max(max(ys) - min(ys), 1)
    low, top = min(ys) - 0.15 * span, max(ys) + 0.15 * span

    def at(plan: Outcome) -> tuple[float, float]:
        x = edge + (plan.late - left) / (right - left) * (wide - 2 * edge)
        return x, high - edge - (plan.value - low) / (top - low) * (high - 2 * edge)

    dots = [(plan, *at(plan)) for plan in plans]
    line = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in sorted(dots, key=lambda dot: dot[1]))
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0b6e4f"/>'
        f'<text x="{x + 6:.1f}" y="{y - 6:.1f}">{plan.late_cost}</text>'
        for plan, x, y in dots
    )
    ticks = "".join(
        f'<text x="{edge + part * (wide - 2 * edge):.0f}" y="{high - edge + 16}" '
        f'text-anchor="middle">{part * right:.0f}</text>'
        f'<text x="{edge - 6}" y="{high - edge - part * (high - 2 * edge) + 4:.0f}" '
        f'text-anchor="end">{low + part * (top - low):.0f}</text>'
        for part in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        'font-family="sans-serif" font-size="11" fill="#333">'
        f'<rect width="{wide}" height="{high}" fill="#fff"/>'
        f'<path d="M{edge},{edge}V{high - edge}H{wide - edge}" fill="none" stroke="#999"/>'
        f'<polyline points="{line}" fill="none" stroke="#0b6e4f" stroke-width="1.5"/>'
        f"{marks}{ticks}"
        f'<text x="{wide / 2}" y="{high - 10}" text-anchor="middle">'
        "late visits a day, expected (numbers: late_cost)</text>"
        f'<text x="{edge}" y="{edge - 14}">value of visits</text></svg>\n'
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
