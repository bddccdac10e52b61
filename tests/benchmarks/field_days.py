"""Field days made up from a seed: crews, visits, travel, and a hidden plan that keeps every promise.

The plan comes first: each crew drives from visit to visit, lunches, and waits a little; the windows
of the required visits are then laid around its starts. So all required visits of a day can be
served, and the bench may demand it. `f_` days cap the visits of a crew so that the cap binds; on
`t_` days time does. Towns, scattered houses or one long valley, and travel that is slower into the
centre than out of it, vary with the seed.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

type Routes = list[list[int]]

OPENING, CLOSING = 8 * 3600, 20 * 3600
LUNCH_FIRST, LUNCH_LAST, LUNCH = 41_400, 50_400, 2_700
_GRID = 1_800
_WIDTHS = (3_600, 5_400, 7_200)
_REQUIRED_SHARE = 0.35
_SKILLED_SHARE = 0.25
_TWO_WINDOWS_SHARE = 0.2
_SKILL_SETS = ((), (1,), (2,), (1, 2))
_CAPS = {"f": (11, 15), "t": (16, 21)}
_KM_S = 95.0
"""Seconds for a kilometre as the crow flies: detour and town traffic included."""


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """A problem in the VROOM dialect, and one plan of its required visits (a route a vehicle)."""

    document: dict[str, Any] = field(repr=False)
    witness: Routes = field(repr=False)

    @property
    def bound(self) -> int:
        """The most that optional visits can bring when only the caps of the crews bind."""
        return prize_bound(self.document)


def parse(name: str) -> tuple[str, int, int, int]:
    """Return kind, crews, visits and seed of a name such as `f_8x120_g3`."""
    match = re.fullmatch(r"([ft])_(\d+)x(\d+)_g(\d+)", name)
    if match is None:
        raise ValueError(f"{name}: no name of a generated day (f_8x120_g3)")
    kind, *numbers = match.groups()
    crews, visits, seed = map(int, numbers)
    return kind, crews, visits, seed


def prize_bound(document: dict[str, Any]) -> int:
    """Sum of the largest optional prizes within the crews' caps less the required visits."""
    jobs = document["jobs"]
    left = sum(vehicle["max_tasks"] for vehicle in document["vehicles"])
    left -= sum(1 for job in jobs if job.get("required"))
    prizes = sorted((job["prize"] for job in jobs if not job.get("required")), reverse=True)
    return sum(prizes[: max(0, left)])


def generate(kind: str, crews: int, visits: int, seed: int) -> Day:
    """Make a day; the same arguments give the same day.

    Parameters
    ----------
    kind
        `f`: the cap on visits binds; `t`: time binds.
    crews, visits
        Its size.
    seed
        What it is drawn from.
    """
    rng = np.random.default_rng([ord(kind), crews, visits, seed])
    points = _points(rng, crews, visits)
    matrix = _travel(rng, points)
    vehicles = [_vehicle(rng, number, kind) for number in range(crews)]
    services = rng.integers(15, 41, visits) * 60
    skills = [
        [int(rng.integers(1, 3))] if rng.random() < _SKILLED_SHARE else [] for _ in range(visits)
    ]
    chosen = rng.permutation(visits)[: round(_REQUIRED_SHARE * visits)]
    plan = _Plan(matrix, vehicles, services, skills, rng)
    starts = plan.drive([int(job) for job in chosen])
    jobs = []
    for number in range(visits):
        job: dict[str, Any] = {
            "id": number + 1,
            "location_index": crews + number,
            "service": int(services[number]),
            "skills": skills[number],
        }
        if number in starts:
            job |= {"time_windows": [_around(rng, starts[number])], "required": True}
        else:
            job |= {"time_windows": _any_time(rng), "prize": _prize(rng)}
        jobs.append(job)
    document = {
        "vehicles": vehicles,
        "jobs": jobs,
        "matrices": {"car": {"durations": matrix.tolist()}},
    }
    return Day(document, plan.routes)


def _points(rng: np.random.Generator, crews: int, visits: int) -> np.ndarray:
    """Places in kilometres: the crews' homes, then the visits."""
    count = crews + visits
    shape = rng.choice(["towns", "scattered", "valley"], p=[0.6, 0.2, 0.2])
    size = 28.0
    if shape == "scattered":
        return rng.uniform(0, size, (count, 2))
    if shape == "valley":
        along = rng.uniform(0, 2 * size, count)
        across = rng.normal(0, 3.0, count)
        return np.column_stack([along * 0.8, across + 4 * np.sin(along / 9)])
    towns = rng.uniform(0, size, (max(3, crews // 3), 2))
    weight = rng.dirichlet(np.full(len(towns), 2.0))
    home = rng.choice(len(towns), count, p=weight)
    points = towns[home] + rng.normal(0, 1.6, (count, 2))
    rural = rng.random(count) < 0.3
    points[rural] = rng.uniform(0, size, (int(rural.sum()), 2))
    return points


def _travel(rng: np.random.Generator, points: np.ndarray) -> np.ndarray:
    """Seconds between places: asymmetric, slower towards the centre, a little uneven."""
    gap = points[:, None] - points[None]
    distance = np.sqrt((gap**2).sum(axis=2))
    to_centre = np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=1))
    inward = (to_centre[:, None] - to_centre[None]) / np.maximum(distance, 1e-9)
    factor = 1 + 0.08 * inward + rng.uniform(-0.06, 0.06, distance.shape)
    seconds: np.ndarray = np.rint(60 + _KM_S * distance * factor).astype(np.int64)
    np.fill_diagonal(seconds, 0)
    return seconds


def _vehicle(rng: np.random.Generator, number: int, kind: str) -> dict[str, Any]:
    begin = 27_000 + 1_800 * int(rng.integers(0, 5))
    end = begin + 28_800 + 1_800 * int(rng.integers(0, 3))
    skills = _SKILL_SETS[int(rng.choice(4, p=[0.25, 0.25, 0.15, 0.35]))]
    return {
        "id": number + 1,
        "start_index": number,
        "end_index": number,
        "time_window": [begin, end],
        "skills": list(skills) if number else [1, 2],  # somebody can do everything
        "max_tasks": int(rng.integers(*_CAPS[kind])),
        "breaks": [{"id": 1, "time_windows": [[LUNCH_FIRST, LUNCH_LAST]], "service": LUNCH}],
    }


class _Plan:
    """The hidden plan, driven one visit at a time by the crew that is free first."""

    def __init__(
        self,
        matrix: np.ndarray,
        vehicles: list[dict[str, Any]],
        services: np.ndarray,
        skills: list[list[int]],
        rng: np.random.Generator,
    ) -> None:
        self.matrix, self.vehicles, self.services, self.skills = matrix, vehicles, services, skills
        self.rng = rng
        self.routes: Routes = [[] for _ in vehicles]

    def drive(self, jobs: list[int]) -> dict[int, int]:
        """Serve what fits; return the start of service of each job that does."""
        starts: dict[int, int] = {}
        left = set(jobs)
        at = [vehicle["start_index"] for vehicle in self.vehicles]
        free = [max(OPENING, vehicle["time_window"][0]) for vehicle in self.vehicles]
        fed = [False] * len(self.vehicles)
        active = set(range(len(self.vehicles)))
        while active and left:
            crew = min(active, key=lambda number: (free[number], number))
            if not fed[crew] and free[crew] >= LUNCH_FIRST:
                free[crew], fed[crew] = free[crew] + LUNCH, True
            job = self._next(crew, at[crew], free[crew], left, fed[crew])
            if job is None:
                active.discard(crew)
                continue
            place = len(self.vehicles) + job
            idle = int(self.rng.exponential(600))
            start = free[crew] + int(self.matrix[at[crew], place]) + idle
            if not self._is_back(crew, place, start + int(self.services[job]), fed[crew]):
                start -= idle
            starts[job] = start
            left.discard(job)
            self.routes[crew].append(job)
            at[crew], free[crew] = place, start + int(self.services[job])
        return starts

    def _next(self, crew: int, at: int, free: int, left: set[int], fed: bool) -> int | None:
        """Return a near job that the crew may do and still be home in time."""
        vehicle = self.vehicles[crew]
        share = math.ceil(1.25 * _REQUIRED_SHARE * len(self.skills) / len(self.vehicles))
        if len(self.routes[crew]) >= min(share, vehicle["max_tasks"]):
            return None
        able = []
        for job in left:
            place = len(self.vehicles) + job
            end = free + int(self.matrix[at, place]) + int(self.services[job])
            if set(self.skills[job]) <= set(vehicle["skills"]) and self._is_back(
                crew, place, end, fed
            ):
                able.append((int(self.matrix[at, place]), job))
        able.sort()
        return able[int(self.rng.integers(0, min(3, len(able))))][1] if able else None

    def _is_back(self, crew: int, place: int, end: int, fed: bool) -> bool:
        """Whether the crew, after `end`, can still lunch in time and be home by its shift's end."""
        vehicle = self.vehicles[crew]
        if not fed and end > LUNCH_LAST:
            return False
        rest = 0 if fed else max(end, LUNCH_FIRST) + LUNCH - end
        home = end + rest + int(self.matrix[place, vehicle["end_index"]])
        return bool(home <= vehicle["time_window"][1])


def _around(rng: np.random.Generator, start: int) -> list[int]:
    """Return a promised window on the half-hour grid with the start inside."""
    width = int(rng.choice(_WIDTHS))
    first = (start // _GRID - int(rng.integers(0, width // _GRID))) * _GRID
    return [first, first + width]


def _any_time(rng: np.random.Generator) -> list[list[int]]:
    if rng.random() < _TWO_WINDOWS_SHARE:
        return [[OPENING, 39_600], [57_600, CLOSING]]
    return [[OPENING, CLOSING]]


def _prize(rng: np.random.Generator) -> int:
    drawn = 10_000 * float(np.exp(rng.normal(0, 0.6)))
    return int(np.clip(round(drawn, -2), 1_500, 90_000))
