"""What a solver is asked, in one shape for every family of instances.

A case has a name that says where it comes from, so that a child process can make it anew:

    field/f_8x120_s1       a file of the benchmark folder
    own/f_8x120_g3         a generated field day, seed 3 (`field_days`)
    solomon/R104  gh/R1_2_1  pcvrptw/R1_10_2
    toptw/r104/2           a Solomon file with 2 routes, prize = demand

The benchmark folder is `../shared/bench`, or where FAIRVISIT_TEST_BENCH says.
"""

import json
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks import field_days
from tests.benchmarks.files import Customers, read_customers

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("FAIRVISIT_TEST_BENCH", ROOT.parent / "shared" / "bench"))

type Windows = tuple[tuple[int, int], ...]

VISIT_WEIGHT = 100_000
"""TOPTW counts the prize alone; one unit of it outweighs any distance of these files."""

LUNCH_AT = 45_000
"""Half past twelve: where solvers without a floating break have lunch."""


class InstanceMissing(Exception):
    """The file is not on this machine."""


@dataclass(frozen=True, slots=True)
class Job:
    """A visit; windows bound the start of service."""

    place: int
    service: int
    windows: Windows
    prize: int = 0
    required: bool = True
    skills: frozenset[int] = frozenset()
    demand: int = 0


@dataclass(frozen=True, slots=True)
class Crew:
    """A vehicle; `lunch` is (first start, last start, length)."""

    start: int
    end: int
    shift: tuple[int, int]
    lunch: tuple[int, int, int] | None = None
    max_tasks: int | None = None
    skills: frozenset[int] = frozenset()
    capacity: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Jobs, crews and the travel between places, which is time and cost at once."""

    name: str
    matrix: np.ndarray = field(repr=False)
    jobs: tuple[Job, ...] = field(repr=False)
    crews: tuple[Crew, ...] = field(repr=False)
    document: dict[str, Any] | None = field(default=None, repr=False)
    customers: Customers | None = field(default=None, repr=False)

    @property
    def family(self) -> str:
        """One of field, vrptw, pcvrptw, toptw."""
        return family_of(self.name)


def family_of(name: str) -> str:
    """Return the family of an instance's name."""
    folder = name.split("/", maxsplit=1)[0]
    return {"own": "field", "solomon": "vrptw", "gh": "vrptw"}.get(folder, folder)


def load(name: str) -> Case:
    """Read or generate a case.

    Raises
    ------
    InstanceMissing
        When its file is not there.
    """
    folder, _, rest = name.partition("/")
    if folder == "own":
        return of_document(name, field_days.generate(*field_days.parse(rest)).document)
    if folder == "field":
        return of_document(name, json.loads(_path(f"field/{rest}.json").read_text()))
    if folder == "toptw":
        stem, _, routes = rest.partition("/")
        file = read_customers(_path(f"solomon/{stem.upper()}.txt"))
        return _toptw(name, file, int(routes))
    suffixes = (".txt", ".TXT", ".vrp")
    path = next(
        (p for p in (FOLDER / f"{name}{suffix}" for suffix in suffixes) if p.exists()), None
    )
    if path is None:
        raise InstanceMissing(name)
    return _vrptw(name, read_customers(path))


def best_known(name: str) -> float | None:
    """Return the best published value in the unit that the scorer counts, if there is one.

    Costs are printed with one decimal of a distance that the scorer counts in tenths.
    """
    folder, _, rest = name.partition("/")
    try:
        if folder == "toptw":
            return float(json.loads(_path("toptw_bks.json").read_text())[rest])
        if folder in {"solomon", "gh", "pcvrptw"}:
            return round(10 * json.loads(_path(f"{folder}/bks.json").read_text())[rest])
    except (InstanceMissing, KeyError):
        pass
    return None


def names(folder: str) -> list[str]:
    """Return the instances of a folder on this machine, in a natural order."""
    if folder == "toptw":
        path = FOLDER / "toptw_bks.json"
        known = list(json.loads(path.read_text())) if path.exists() else []
        return [f"toptw/{name}" for name in known if _has_file(name)]
    files = [p for p in (FOLDER / folder).glob("*.*") if p.stem != "bks"]
    return sorted((f"{folder}/{p.stem}" for p in files), key=_natural)


def without_lunch(case: Case, at: int) -> Case:
    """Cut each crew's lunch out of the clock at one moment, for solvers that know no breaks.

    From `at` on the case's clock lags behind the real one by the lunch. A service that spans the
    moment is done before the lunch, which may be begun until long after; so every plan of the
    result can be timed with a real lunch. Starts during the cut hour are lost.
    """
    lengths = {crew.lunch[2] for crew in case.crews if crew.lunch}
    if not lengths:
        return case
    (length,) = lengths  # one clock for all, so one lunch for all

    def shifted(first: int, last: int) -> tuple[int, int]:
        begin = first if first <= at else max(at, first - length)
        return begin, last - length if last >= at + length else min(last, at)

    jobs = []
    for job in case.jobs:
        moved = [shifted(*window) for window in job.windows]
        kept = tuple((a, b) for a, b in moved if a <= b)
        jobs.append(replace(job, windows=kept or ((at, at),)))
    crews = [
        replace(crew, lunch=None, shift=(crew.shift[0], crew.shift[1] - length))
        for crew in case.crews
    ]
    return replace(case, jobs=tuple(jobs), crews=tuple(crews))


def of_document(name: str, document: dict[str, Any]) -> Case:
    """Return the case of a field day in the VROOM dialect."""
    return Case(
        name=name,
        matrix=np.array(document["matrices"]["car"]["durations"], dtype=np.int64),
        jobs=tuple(
            Job(
                place=job["location_index"],
                service=job["service"],
                windows=tuple((a, b) for a, b in job["time_windows"]),
                prize=job.get("prize", 0),
                required=job.get("required", False),
                skills=frozenset(job.get("skills", ())),
            )
            for job in document["jobs"]
        ),
        crews=tuple(_crew(vehicle) for vehicle in document["vehicles"]),
        document=document,
    )


def _crew(vehicle: dict[str, Any]) -> Crew:
    lunch = None
    if vehicle.get("breaks"):
        (rest,) = vehicle["breaks"]
        ((first, last),) = rest["time_windows"]
        lunch = (first, last, rest["service"])
    return Crew(
        start=vehicle["start_index"],
        end=vehicle["end_index"],
        shift=tuple(vehicle["time_window"]),
        lunch=lunch,
        max_tasks=vehicle.get("max_tasks"),
        skills=frozenset(vehicle.get("skills", ())),
    )


def _vrptw(name: str, file: Customers) -> Case:
    optional = file.prize is not None
    jobs = tuple(
        Job(
            place=i,
            service=int(file.service[i]),
            windows=((int(file.ready[i]), int(file.due[i])),),
            prize=int(file.prize[i]) if file.prize is not None else 0,
            required=not optional,
            demand=int(file.demand[i]),
        )
        for i in range(1, len(file))
    )
    crew = Crew(start=0, end=0, shift=(0, int(file.due[0])), capacity=file.capacity)
    return Case(name, file.matrix(), jobs, (crew,) * file.vehicles, customers=file)


def _toptw(name: str, file: Customers, routes: int) -> Case:
    jobs = tuple(
        Job(
            place=i,
            service=int(file.service[i]),
            windows=((int(file.ready[i]), int(file.due[i])),),
            prize=VISIT_WEIGHT * int(file.demand[i]),
            required=False,
        )
        for i in range(1, len(file))
    )
    crew = Crew(start=0, end=0, shift=(0, int(file.due[0])))
    return Case(name, file.matrix(), jobs, (crew,) * routes, customers=file)


def _path(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        raise InstanceMissing(name)
    return path


def _has_file(name: str) -> bool:
    return (FOLDER / "solomon" / f"{name.split('/', maxsplit=1)[0].upper()}.txt").exists()


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]
