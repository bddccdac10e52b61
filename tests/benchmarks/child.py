"""One run in a process of its own: `python -m tests.benchmarks.child SOLVER INSTANCE S SEED THREADS OUT`.

The parent measures memory and kills; this writes routes, curve and the seconds that the solver took.
"""

import json
import sys
from importlib import import_module
from importlib.metadata import version
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
        "version": None if solver == "ours" else version(adapter.PACKAGE),
    }
    Path(out).write_text(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
