"""How long and how to search."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Engine(StrEnum):
    """Who searches: the best available, ruin and recreate alone, or OR-Tools' model alone."""

    AUTO = "auto"
    SEARCH = "search"
    ORTOOLS = "ortools"


_MOST_POLISH = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveParams:
    """Limits and choices of one solve.

    Parameters
    ----------
    seconds
        Wall-clock limit; 0 gives the first plan at once. A small problem ends sooner. Without
        effect where `iterations` is set.
    iterations
        Bound on the steps of the search (solutions visited, in OR-Tools' case). Then the answer
        depends on the seed and the version only, never on the speed of the machine.
    seed
        Seed of every random choice.
    threads
        Threads that the search may use; OR-Tools' local search uses one.
    engine
        Who searches.
    polish
        Share of the limit, from 0 to 0.9, that OR-Tools gets to check and improve the search's
        plan.

    Raises
    ------
    ValueError
        When a value is out of its range.
    """

    seconds: float = 10.0
    iterations: int | None = None
    seed: int = 1
    threads: int = 1
    engine: Engine = Engine.AUTO
    polish: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds) and self.seconds >= 0):
            raise ValueError("seconds must be a number, 0 or more")
        if self.iterations is not None and self.iterations < 0:
            raise ValueError("iterations must be 0 or more")
        if not 0 <= self.seed < 2**31:
            raise ValueError("seed must lie between 0 and 2147483647")
        if not 0.0 <= self.polish <= _MOST_POLISH:
            raise ValueError("polish must lie between 0 and 0.9")
        if self.threads < 1:
            raise ValueError("threads must be 1 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressEvent:
    """How far a solve has come.

    Parameters
    ----------
    phase
        ``construction``, ``search`` or ``polish``.
    elapsed_s
        Seconds since the solve began.
    fraction
        Part of the limit used, from 0 to 1.
    objective
        Best objective so far, in units of cost; a required task left out counts for itself.
    assigned, required_unserved
        Of the best plan so far.
    routes
        The best plan itself, options by vehicle; `routing.solve.plan_of` makes a solution of it.
    """

    phase: str
    elapsed_s: float
    fraction: float
    objective: int
    assigned: int
    required_unserved: int
    routes: Sequence[Sequence[int]] = ()
