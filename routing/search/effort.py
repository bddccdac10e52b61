"""How hard a search tries, by the structure of the day."""

from dataclasses import dataclass

from routing.search.layout import Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Sizes of the ruin and temperatures.

    Parameters
    ----------
    hot, cold
        First and last temperature, in grains.
    mean_removed, longest
        Tasks taken out by an iteration on average; longest string of them.
    pool_share
        Unserved tasks offered by an iteration.
    reach
        Nearest options in whose routes an optional task is tried; 0 tries all routes.
    is_shared
        Whether threads improve parts of one plan; else each improves a plan of its own.
    """

    hot: float
    cold: float
    mean_removed: float = 12.0
    longest: float = 8.0
    pool_share: float = 60.0
    reach: int = 0
    is_shared: bool = False


def effort_for(day: Day, *, is_warm: bool = False) -> Effort:
    """The effort that suits a day.

    Parameters
    ----------
    day
        The day.
    is_warm
        Whether the first plan is a good one already: then the search begins cool.
    """
    grain = float(max(1, int(day.crew[:, 15 + 1].max())))
    hot = 3000.0 * grain
    return Effort(hot=hot / 10 if is_warm else hot, cold=30.0 * grain)
