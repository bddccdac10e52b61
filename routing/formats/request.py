"""What a problem file asks for, whatever its format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from routing.plan_times import Given
from routing.problem import Id, Problem
from routing.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a request asks for.

    Parameters
    ----------
    problem
        The problem in routing's own words.
    coordinates
        `[lon, lat]` (planar x and y in benchmark files) of the places that have some, by row.
    estimated
        Whether travel comes from coordinates for want of matrices.
    given
        The steps of the vehicles that have some.
    start
        The plan that these steps describe, None without any and in plan mode.
    plan_mode
        vroom-express's `c`: time the given steps instead of planning.
    with_geometry, seconds, threads
        Its `g`, `l` and `t`; None where not asked.
    cost_scale
        What costs are divided by in a ``.sol`` file: 10 where distances are in tenths.
    notes
        What the reader of the answer should know, in plain sentences.
    """

    problem: Problem
    coordinates: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    estimated: bool = False
    given: Mapping[Id, Sequence[Given]] = field(default_factory=dict)
    start: Solution | None = None
    plan_mode: bool = False
    with_geometry: bool = False
    seconds: float | None = None
    threads: int | None = None
    cost_scale: int = 1
    notes: tuple[str, ...] = ()
