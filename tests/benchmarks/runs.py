"""Runs of solvers: what one is, how it is done, and the store that makes a long bench resumable."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks.cases import ROOT, Case, load
from tests.benchmarks.scorer import FieldScorer
from tests.benchmarks.tours import score_tours

OURS = "ours"
THREADS = 2
MARKS = (1, 3, 10, 30, 60)
"""Seconds at which anytime tables are read off."""

_PEERS_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
_PATIENCE_S = 90
"""A child that has not ended this long after its limit is killed: loading and models take their time."""

_KEPT_POINTS = 60


@dataclass(frozen=True, slots=True)
class Run:
    """One solver on one instance; `task` other than `solve` is one of the timings of ours."""

    solver: str
    instance: str
    limit: float
    seed: int = 1
    task: str = "solve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run gave; a `fault` means that it gave nothing that counts.

    `value` is what the family counts: J of a field day, distance, distance plus lost prizes, prize.
    """

    run: Run
    version: str
    wall: float = 0.0
    rss_mb: int = 0
    value: float | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    curve: list[tuple[float, float]] = field(default_factory=list)
    fault: str | None = None
    note: str = ""

    @property
    def key(self) -> tuple[Any, ...]:
        """What a result is found by again."""
        return key_of(self.run, self.version)


def key_of(run: Run, version: str) -> tuple[Any, ...]:
    """Return the key of a run by a version of its solver."""
    return run.solver, version, run.instance, float(run.limit), run.seed, run.task


class Store:
    """Results, one JSON line each; a line cut short by a crash is passed over."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._results = {result.key: result for result in self._read()}

    def __iter__(self) -> Iterator[Result]:
        return iter(self._results.values())

    def find(self, run: Run, version: str) -> Result | None:
        """Return the result of a run, if it is there."""
        return self._results.get(key_of(run, version))

    def add(self, result: Result) -> None:
        """Keep a result, on disk before it returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        cut_short = self.path.exists() and not self.path.read_bytes().endswith(b"\n")
        with self.path.open("a", encoding="utf-8") as out:
            if cut_short and self.path.stat().st_size:
                out.write("\n")
            out.write(json.dumps(asdict(result), separators=(",", ":")) + "\n")
            out.flush()
            os.fsync(out.fileno())
        self._results[result.key] = result

    def _read(self) -> Iterator[Result]:
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
                yield Result(**{**row, "run": Run(**row["run"])})
            except (json.JSONDecodeError, TypeError, KeyError):
                continue


@cache
def version_of(solver: str) -> str:
    """Return a solver's version; ours is a digest of its sources, so that docs change nothing."""
    if solver == OURS:
        digest = hashlib.sha256()
        for path in sorted((ROOT / "routing").rglob("*.py")):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:8]
    if not _PEERS_PYTHON.exists():
        return "absent"
    package = {"vroom": "pyvroom"}.get(solver, solver)
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    asked = subprocess.run(
        [str(_PEERS_PYTHON), "-c", code], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "absent"


def execute(run: Run) -> Result:
    """Do a run in a child process, with nothing else running; never raises for what a solver does."""
    version = version_of(run.solver)
    if version == "absent":
        return Result(run=run, version=version, fault="not installed")
    module = "child" if run.task == "solve" else "timings"
    first = run.solver if run.task == "solve" else run.task
    python = sys.executable if run.solver == OURS else str(_PEERS_PYTHON)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answer.json"
        words = [first, run.instance, str(run.limit), str(run.seed), str(THREADS), str(out)]
        ended, said = _watched(
            [python, "-m", f"tests.benchmarks.{module}", *words], lasts_s(run) + _PATIENCE_S
        )
        if not out.exists():
            return Result(run=run, version=version, fault=_fault(ended, said))
        told = json.loads(out.read_text())
    if run.task != "solve":
        return Result(run=run, version=version, rss_mb=told.pop("rss_mb"), detail=told)
    return _scored(run, version, told)


def lasts_s(run: Run) -> float:
    """Return how long a run's solver works: what is compared with ten times the limit takes eleven."""
    return run.limit * (11 if run.task == "territories" else 1)


def thinned(curve: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return at most some 60 points of a curve: for each hundredth of a decade the last."""
    points = [(round(at, 3), value) for at, value in curve]
    if len(points) <= _KEPT_POINTS:
        return points
    step = len(points) / (_KEPT_POINTS - 10)
    kept = {0, len(points) - 1, *(int(step * number) for number in range(_KEPT_POINTS - 10))}
    for mark in MARKS:
        before = [i for i, (at, _) in enumerate(points) if at <= mark]
        kept |= {before[-1]} if before else set()
    return [points[i] for i in sorted(kept)]


def _scored(run: Run, version: str, told: dict[str, Any]) -> Result:
    value, detail, fault = judge(load(run.instance), told["routes"])
    return Result(
        run=run,
        version=version,
        wall=told["wall"],
        rss_mb=told["rss_mb"],
        value=value,
        detail=detail,
        curve=thinned(told["curve"]),
        fault=fault,
        note=told["note"],
    )


def judge(case: Case, routes: list[list[int]]) -> tuple[float | None, dict[str, Any], str | None]:
    """Score routes of job indexes; return value, detail and fault."""
    if case.document is not None:
        score = FieldScorer(case.document).score(routes)
        return score.objective, asdict(score), None
    assert case.customers is not None
    customers = [[job + 1 for job in route] for route in routes]
    tours = score_tours(case.family, case.customers, customers, len(case.crews))
    return (None if tours.fault else tours.value), asdict(tours), tours.fault


def _watched(command: list[str], patience_s: float) -> tuple[int, str]:
    """Run a child; return how it ended and the end of what it said."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        try:
            child.wait(patience_s)
        except subprocess.TimeoutExpired:
            child.kill()
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
        said.seek(0)
        return child.returncode, said.read()[-2000:].decode(errors="replace")


def _fault(ended: int, said: str) -> str:
    if ended == -signal.SIGKILL:
        return "killed: it did not end in time"
    last = said.strip().splitlines()[-1][:200] if said.strip() else ""
    return f"exit {ended}: {last}"
