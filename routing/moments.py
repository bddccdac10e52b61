"""Earliest and latest moments: of windows, and of legs with breaks on them."""

from collections.abc import Sequence

from routing.crews import Crew, Spans
from routing.units import UNREACHED


def next_open(spans: Spans, moment: int) -> int:
    """Earliest second at or after `moment` inside the intervals; `UNREACHED` if none is left."""
    for start, end in spans:
        if moment <= end:
            return max(start, moment)
    return UNREACHED


def last_open(spans: Spans, moment: int) -> int:
    """Latest second from which `next_open` is not later than `moment`; `-UNREACHED` if none."""
    best = -UNREACHED
    for start, end in spans:
        if start <= moment:
            best = min(end, moment)
    return best


def arrive(crew: Crew, depart: int, travel: int, order: Sequence[int]) -> int:
    """Earliest arrival after a leg on which breaks are taken in an order.

    The breaks start as early as they can and travel fills the time around them, so the leg takes
    travel and rest together, or until the last break is over, whichever is later.
    """
    moment, rested = depart, 0
    for rest in order:
        moment = next_open(crew.rests[rest].spans, moment)
        if moment >= UNREACHED:
            return UNREACHED
        moment += crew.rests[rest].duration_s
        rested += crew.rests[rest].duration_s
    return max(depart + travel + rested, moment)


def leave_by(crew: Crew, limit: int, travel: int, order: Sequence[int]) -> int:
    """Latest departure with which `arrive` is not later than `limit`."""
    moment, rested = limit, 0
    for rest in reversed(order):
        moment = last_open(crew.rests[rest].spans, moment - crew.rests[rest].duration_s)
        rested += crew.rests[rest].duration_s
    return min(limit - travel - rested, moment)


def depart_by(crew: Crew, origin: int, destination: int, limit: int) -> int:
    """Latest departure of a leg without breaks that arrives by `limit`.

    No wait for a quicker part of the day is ever in it: who would wait can as well leave later.
    """
    travel = crew.travel
    begins = [-UNREACHED, *(begin for begin, _ in travel.parts), UNREACHED]
    tables = [travel.seconds, *(table for _, table in travel.parts)]
    latest = -UNREACHED
    for number, table in enumerate(tables):
        moment = min(begins[number + 1] - 1, limit - int(table[origin, destination]))
        if moment >= begins[number]:
            latest = moment
    return latest
