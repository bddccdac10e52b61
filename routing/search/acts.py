"""What Python has the kernels do with a plan: drive routes, construct, anneal."""

from routing.search.anneal import ADOPT, ANNEAL, CONSTRUCT, act
from routing.search.effort import Effort
from routing.search.layout import LENGTH, OPTION, Day, Int32, State


def drive(day: Day, state: State, plan: Int32, *, is_best: bool = True) -> None:
    """Drive other routes from now on; one that breaks a rule is emptied.

    Parameters
    ----------
    day, state
        The day, and the thread whose plan it becomes.
    plan
        Laid out like `State.best`.
    is_best
        Whether it counts as the best plan in any case, or only where it is better.
    """
    act(day, state, ADOPT, int(is_best), plan, 0.0, 0.0, 0.0, 0.0, 0, 0.0, 0.0)


def driven(state: State) -> Int32:
    """The current plan of a thread, laid out like `State.best`."""
    plan = state.best.copy()
    plan[:, 0] = state.sums[0, :, LENGTH]
    plan[:, 1:-1] = state.stop[0, :, 1:, OPTION]
    return plan


def construct(day: Day, state: State, order: Int32, times: int) -> None:
    """Insert tasks in an order, optional ones for at most so many times what they are worth."""
    act(day, state, CONSTRUCT, times, order, 0.0, 0.0, 0.0, 0.0, 0, 0.0, 0.0)


def anneal(day: Day, state: State, count: int, heat: float, effort: Effort) -> None:
    """Run so many iterations at one temperature, in grains."""
    act(
        day,
        state,
        ANNEAL,
        count,
        state.best,
        heat,
        effort.mean_removed,
        effort.longest,
        effort.offered,
        effort.reach,
        effort.scattered,
        effort.tails,
    )
