"""Work for the solver's child process that comes to a bad end, once it has told of a plan."""

from routing import Problem, Solution, SolveParams, solve
from routing.params import ProgressEvent

MORE_THAN_THERE_IS = 1 << 40
"""Bytes that no child may have."""


def eat_memory(
    problem: Problem, params: SolveParams, initial: Solution | None, *, talk
) -> Solution:
    """Search, and want too much memory once the search proper has begun."""

    def progress(event: ProgressEvent) -> None:
        talk.progress(event)
        if event.phase == "search":
            bytearray(MORE_THAN_THERE_IS)

    return solve(problem, params, initial, on_progress=progress)


def tell_nonsense(
    problem: Problem, params: SolveParams, initial: Solution | None, *, talk
) -> Solution:
    """Tell a good plan and then one that nobody could drive; then fail."""
    good = []

    def progress(event: ProgressEvent) -> None:
        good.append(event)
        talk.progress(event)

    solve(problem, params, initial, on_progress=progress)
    worst = [[option for route in good[-1].routes for option in route] * 2]
    worst += [[] for _ in problem.vehicles[1:]]
    talk._phase = ""
    event = good[-1]
    talk.progress(
        ProgressEvent(
            phase="polish",
            elapsed_s=event.elapsed_s,
            fraction=event.fraction,
            objective=0,
            assigned=event.assigned,
            required_unserved=0,
            routes=worst,
        )
    )
    raise RuntimeError("no plan in the end")
