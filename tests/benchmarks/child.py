"""One run in a process of its own: `python -m tests.benchmarks.child SOLVER INSTANCE S SEED THREADS OUT`.

The parent kills; this writes routes, curve, the seconds that the solver took, and peak memory.
"""

import json
import resource
import sys
from importlib import import_module
from pathlib import Path
from time import monotonic

from tests.benchmarks.cases import load

ADAPTERS = {
    "ours": "ours",
    "ortools": "peer_ortools",
    "pyvrp": "peer_pyvrp",
    "vroom": "peer_vroom",
    "vrp-cli": "peer_vrp_cli",
}


def peak_mb() -> int:
    """Return this process's peak memory in MB.

    What the system tells the parent of a child (`ru_maxrss`) is never less than the parent's own
    peak, since the child is a copy of it for a moment; Linux's VmHWM is not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    per_mb = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // per_mb


def main(solver: str, instance: str, seconds: str, seed: str, threads: str, out: str) -> None:
    """Solve and write."""
    adapter = import_module(f"tests.benchmarks.{ADAPTERS[solver]}")
    case = load(instance)
    began = monotonic()
    answer = adapter.solve(case, float(seconds), int(seed), int(threads))
    told = {
        "wall": round(monotonic() - began, 3),
        "routes": answer.routes,
        "curve": answer.curve,
        "note": answer.note,
        "rss_mb": peak_mb(),
    }
    Path(out).write_text(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
