"""What happened since a plan was made: where vehicles are, what is done, cancelled, changed, new."""

from dataclasses import dataclass
from enum import StrEnum

from routing.problem import Id, Task


class Hold(StrEnum):
    """What of the remaining plan a repair may not move.

    What is done stays in any case. `NEXT` keeps the visit in progress and the following one;
    `PROMISED` also keeps the vehicle and the window of every required task.
    """

    NONE = "none"
    NEXT = "next"
    PROMISED = "promised"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleState:
    """Where a vehicle is in its day.

    Parameters
    ----------
    id
        The vehicle.
    done
        Tasks already served by it, in order. A visit in progress may be named too, or be left to
        `at` and `free_at_s`.
    at
        Place in the matrices where it is; None where it has not left.
    free_at_s
        Second from which it can leave that place; None is `Events.now_s`. A visit in progress
        there is over by then.
    unavailable
        Whether it serves nothing more.
    """

    id: Id
    done: tuple[Id, ...] = ()
    at: int | None = None
    free_at_s: int | None = None
    unavailable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """Everything a repair goes by; the problem's matrices already hold every place named here.

    Parameters
    ----------
    now_s
        The present, in seconds from the plan's origin; what is over is not planned again.
    vehicles
        Vehicles that have left, or that fell out; all others stand at their start, on time.
    cancel
        Tasks that are no longer to be served.
    change
        Tasks of the problem as they are now, by id.
    add
        Tasks that the problem does not know.
    lock
        What of the remaining plan stays as it is.
    """

    now_s: int
    vehicles: tuple[VehicleState, ...] = ()
    cancel: tuple[Id, ...] = ()
    change: tuple[Task, ...] = ()
    add: tuple[Task, ...] = ()
    lock: Hold = Hold.NEXT
