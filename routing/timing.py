"""The clock of one route: the earliest times at which its tasks and breaks can happen.

State of the clock is the set of breaks already taken, and the earliest second at which the vehicle
is free in that state; earlier is never worse, so one number a state is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.crews import Crew, Move, Spans
from routing.solution import Step, StepKind, Tour
from routing.tables import Tables
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


@dataclass(frozen=True, slots=True)
class _Node:
    """A task or an end on the way, with the leg that leads to it."""

    place: int
    travel: int
    setup: int
    service: int
    spans: Spans
    latest_end: int


def lay_out(tables: Tables, crew: Crew, route: Sequence[int]) -> Tour | None:
    """Time a route: tasks as early as can be, the start as late as that allows.

    Parameters
    ----------
    tables
        The problem.
    crew
        The vehicle.
    route
        Task indexes in order, at least one.

    Returns
    -------
    Tour or None
        None when windows, breaks or shift cannot be kept in this order. Bounds on tasks, travel
        and distance are not looked at.
    """
    nodes = _nodes(tables, crew, route)
    free: list[list[int]] = [[UNREACHED] * crew.states for _ in range(len(nodes) + 1)]
    came: list[list[Move | None]] = [[None] * crew.states for _ in range(len(nodes) + 1)]
    free[0][0] = crew.shift_start_s
    for index, node in enumerate(nodes, start=1):
        for move in crew.moves:
            if free[index - 1][move.origin] >= UNREACHED:
                continue
            end = _served(
                node, arrive(crew, free[index - 1][move.origin], node.travel, move.order)
            )
            if end < free[index][move.target]:
                free[index][move.target], came[index][move.target] = end, move
    if free[-1][-1] > crew.shift_end_s:
        return None
    moves = _trace(came)
    return _tour(tables, crew, route, nodes, moves)


def _nodes(tables: Tables, crew: Crew, route: Sequence[int]) -> list[_Node]:
    nodes, here = [], crew.start
    for task in route:
        place = int(tables.place[task])
        nodes.append(
            _Node(
                place=place,
                travel=int(crew.travel.seconds[here, place]),
                setup=0 if place == here else int(tables.setup[crew.kind, task]),
                service=int(tables.service[crew.kind, task]),
                spans=tables.spans[task],
                latest_end=int(tables.latest_end[task]),
            )
        )
        here = place
    last = int(crew.travel.seconds[here, crew.end])
    nodes.append(_Node(crew.end, last, 0, 0, ((0, UNREACHED),), UNREACHED))
    return nodes


def _served(node: _Node, arrival: int) -> int:
    end = next_open(node.spans, arrival) + node.setup + node.service
    return UNREACHED if end > node.latest_end else end


def _trace(came: list[list[Move | None]]) -> list[Move]:
    state, moves = len(came[0]) - 1, []
    for row in reversed(came[1:]):
        move = row[state]
        assert move is not None, "a reached state was reached from somewhere"  # noqa: S101
        moves.append(move)
        state = move.origin
    return moves[::-1]


def _tour(
    tables: Tables, crew: Crew, route: Sequence[int], nodes: list[_Node], moves: list[Move]
) -> Tour:
    """Write the steps of a route whose breaks are placed."""
    vehicle = tables.problem.vehicles[crew.index]
    writer = _Writer(tables, crew)
    first = nodes[0]
    depart = crew.shift_start_s
    if not moves[0].order:  # nothing happens on the first leg: leave as late as it allows
        depart = next_open(first.spans, depart + first.travel) - first.travel
    writer.begin(depart, vehicle.start)
    for index, (node, move) in enumerate(zip(nodes, moves, strict=True)):
        task = route[index] if index < len(route) else None
        writer.leg(node, move, task)
    return Tour(vehicle=vehicle.id, steps=tuple(writer.steps), cost=_cost(tables, crew, nodes))


def _cost(tables: Tables, crew: Crew, nodes: list[_Node]) -> int:
    """Cost of a route in whole units; halves round up."""
    places = [crew.start, *(node.place for node in nodes)]
    grains = crew.fixed_cost + int(crew.travel.cost[places[:-1], places[1:]].sum())
    return (2 * grains + tables.grain) // (2 * tables.grain)


class _Writer:
    """Steps written so far, and where and when the vehicle is."""

    def __init__(self, tables: Tables, crew: Crew) -> None:
        self.steps: list[Step] = []
        self._tables = tables
        self._crew = crew
        self._vehicle = tables.problem.vehicles[crew.index]
        self._here = crew.start
        self._travelled = 0
        self._distance = 0

    def begin(self, depart: int, place: int | None) -> None:
        """Write the start."""
        self.steps.append(Step(kind=StepKind.START, place=place, arrival_s=depart))

    def leg(self, node: _Node, move: Move, task: int | None) -> None:
        """Write the breaks of a leg, then what it leads to."""
        left = node.travel
        for rest in move.order:
            left -= self._rest(rest, left)
        moment = self.steps[-1].end_s + left
        self._travelled += left
        metres = self._crew.travel.metres
        self._distance += 0 if metres is None else int(metres[self._here, node.place])
        self._here = node.place
        self.steps.append(self._end(moment) if task is None else self._task(node, moment, task))

    def _rest(self, rest: int, left: int) -> int:
        """Write a break; travel as far as there is time before it. Returns the travel made."""
        free = self.steps[-1].end_s
        start = next_open(self._crew.rests[rest].spans, free)
        made = min(left, start - free)
        self._travelled += made
        self.steps.append(
            Step(
                kind=StepKind.BREAK,
                id=self._vehicle.breaks[rest].id,
                arrival_s=free + made,
                waiting_s=start - free - made,
                service_s=self._crew.rests[rest].duration_s,
                travel_s=self._travelled,
                distance_m=self._distance,
            )
        )
        return made

    def _task(self, node: _Node, moment: int, task: int) -> Step:
        return Step(
            kind=StepKind.TASK,
            id=self._tables.problem.tasks[task].id,
            place=node.place,
            arrival_s=moment,
            waiting_s=next_open(node.spans, moment) - moment,
            setup_s=node.setup,
            service_s=node.service,
            travel_s=self._travelled,
            distance_m=self._distance,
        )

    def _end(self, moment: int) -> Step:
        return Step(
            kind=StepKind.END,
            place=self._vehicle.end,
            arrival_s=moment,
            travel_s=self._travelled,
            distance_m=self._distance,
        )
