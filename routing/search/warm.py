"""`python -m routing.search.warm`: compile the kernels now, so that no later start waits for it."""

import sys
from time import monotonic

import numpy as np

from routing.matrix import Matrix
from routing.problem import Problem, Task, Vehicle
from routing.search.climb import Climb
from routing.search.effort import effort_for
from routing.search.jit import IS_COMPILED
from routing.search.offer import PRICES, offer
from routing.tables import tables_of


def warm() -> float:
    """Load the compiled kernels, or compile and keep them; seconds that it took."""
    began = monotonic()
    problem = Problem(
        tasks=(Task(id=1, place=0, required=True),),
        vehicles=(Vehicle(id=1, start=0, end=0),),
        matrices={"car": Matrix(durations=[[0]])},
    )
    tables = tables_of(problem)
    climb = Climb(tables, seed=1, threads=1)
    climb.begin(effort_for(tables, climb.day))
    nothing = np.zeros((0, 1), dtype=np.int64)
    offer(climb.day, climb.state, PRICES, nothing, nothing[:, :, None])
    return monotonic() - began


def main() -> None:
    """Say what was done in one line."""
    if not IS_COMPILED:
        sys.stdout.write("numba is not there: the search runs as plain Python, slowly.\n")
        return
    sys.stdout.write(f"Search kernels are ready ({warm():.1f} s).\n")


if __name__ == "__main__":
    main()
