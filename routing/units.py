"""Units, scale factors and bounds of the optimiser, each with its reason."""

from typing import Final

DEFAULT_PER_HOUR: Final = 3600
"""Cost of an hour of travel unless `costs` says otherwise: one unit of cost a second."""

COST_GRAIN: Final = 18_000
"""Grains in one unit of cost.

An hour is 3,600 s and a kilometre 1,000 m; in units of 1/18,000 both `per_hour * seconds / 3600`
and `per_km * metres / 1000` are whole numbers (5 and 18 grains), so no cost is ever rounded.
"""
GRAINS_PER_HOUR_SECOND: Final = COST_GRAIN // 3600
GRAINS_PER_KM_METRE: Final = COST_GRAIN // 1000

MAX_TIME_S: Final = 10**11
"""Latest second that a window may name; leaves epoch seconds room, and int64 a wide margin."""

MAX_PLACES: Final = 10_000
"""Most places of a request: one matrix of 32-bit numbers is then 400 MB."""

MAX_TASKS: Final = 20_000
MAX_VEHICLES: Final = 2_000
"""Most jobs and vehicles of a request, five and ten times the largest day planned for."""

MAX_FILE: Final = 2**31
"""Most bytes of a problem or solution file; 10,000 places take about 0.6 GB as text."""

MAX_TEXT: Final = 10_000
"""Most characters of a name or a description."""

MAX_MATRIX: Final = 2**31 - 1
"""Largest matrix entry: matrices are int32."""

MAX_PRIZE: Final = 10**12
"""Largest prize, bonus, tax or price of lateness: a million of them stay below `MAX_OBJECTIVE`."""

MAX_LOAD: Final = 10**12
"""Largest number of a load or capacity: a million tasks of it still add up within int64."""

MAX_DAY_PARTS: Final = 96
"""Day parts of one matrix: a day in quarters of an hour. Each is a table as large as the matrix."""

MAX_VARIATION: Final = 2.0
"""Largest coefficient of variation; beyond, the mean says nothing of a usual day."""

MAX_SAMPLES: Final = 10_000
"""Most days to draw: the error of a probability is then below half a percent."""

MAX_OBJECTIVE: Final = 2**60
"""Every objective stays below this, so that no int64 sum in a solver can overflow."""

MAX_BREAKS: Final = 4
"""Breaks of one vehicle: the clock tries every order, 4! = 24 of them."""

MAX_PRIORITY: Final = 100
"""VROOM's range of priorities is 0 to 100."""

MAX_SPEED_FACTOR: Final = 5.0
"""VROOM's bound on `speed_factor`."""

UNREACHED: Final = 1 << 60
"""A time later than any; `-UNREACHED` is earlier than any."""


def scaled_travel(seconds: int, speed_factor: float) -> int:
    """Travel time of a vehicle that is `speed_factor` times as fast, in whole seconds.

    Parameters
    ----------
    seconds
        Travel time of the matrix, in seconds.
    speed_factor
        1.0 leaves the time as it is; 2.0 halves it. Halves round up.
    """
    if speed_factor == 1.0:
        return seconds
    return int(seconds / speed_factor + 0.5)
