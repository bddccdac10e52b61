"""The clock of one route: the earliest times at which its tasks and breaks can happen.

State of the clock is the set of breaks already taken. Each state keeps one way to get there: the
earliest; of those the one with the latest start; of those the cheapest, then the least travel. A
leg that leaves first arrives first, so earlier is never worse for what follows.

Here is what depends on the clock: windows, latest ends, breaks, shift and overtime, duration, and
the load on the way. `routing.evaluate` adds the rules that do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from routing.crews import Crew, Move, Spans
from routing.moments import arrive, depart_by, leave_by, next_open
from routing.solution import Step, StepKind, Tour
from routing.tables import Tables
from routing.units import UNREACHED


class Node(NamedTuple):
    """A task or the end of the tour, with the leg that leads to it.

    `load` is what is on board on that leg, one number for each dimension.
    """

    origin: int
    place: int
    setup_s: int
    service_s: int
    spans: Spans
    latest_end_s: int
    load: tuple[int, ...]


class _Label(NamedTuple):
    """One way to serve what comes first: when it is over, and what it took.

    `start` is when the tour starts, `travel` and `grains` what its legs took and cost, `leg` the
    seconds of the last one, on which the breaks of `move` were taken.
    """

    end: int
    start: int
    grains: int
    travel: int
    leg: int = 0
    move: Move | None = None
    before: "_Label | None" = None

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Less is better."""
        return self.end, -self.start, self.grains, self.travel


@dataclass(frozen=True, slots=True)
class Timing:
    """When a route happens and what it costs.

    Attributes
    ----------
    nodes
        The tasks, then the end.
    legs
        Seconds of travel to each node, and the breaks taken on the way.
    start_s, end_s
        Of the tour.
    travel_s
        Seconds of travel.
    grains
        Cost of the tour: fixed, travel, distance, work and overtime.
    """

    nodes: tuple[Node, ...]
    legs: tuple[tuple[int, Move], ...]
    start_s: int
    end_s: int
    travel_s: int
    grains: int


def time_route(tables: Tables, crew: Crew, route: Sequence[int]) -> Timing | None:
    """Run the clock over a route: tasks as early as can be, the start as late as that allows.

    Parameters
    ----------
    tables
        The problem.
    crew
        The vehicle.
    route
        Options in order.

    Returns
    -------
    Timing or None
        None when windows, breaks, shift with overtime, duration or loads cannot be kept in this
        order.
    """
    loads = loads_of(tables, route)
    if crew.capacity and any(not _within(load, crew.capacity) for load in loads):
        return None
    nodes = _nodes(tables, crew, route, loads)
    first = _Label(crew.shift_start_s, crew.shift_start_s, crew.fixed_cost, 0)
    labels: dict[int, _Label] = {0: first}
    for number, node in enumerate(nodes):
        labels = _advanced(crew, labels, node, is_first=number == 0)
    last = labels.get(crew.states - 1)
    if last is None or last.end > crew.shift_end_s or last.end - last.start > crew.max_duration_s:
        return None
    work = sum(node.setup_s + node.service_s for node in nodes)
    late = max(0, last.end - crew.normal_end_s)
    return Timing(
        nodes=tuple(nodes),
        legs=tuple(_legs(last))[::-1],
        start_s=last.start,
        end_s=last.end,
        travel_s=last.travel,
        grains=last.grains + work * crew.work_cost + late * crew.overtime_cost,
    )


def loads_of(tables: Tables, route: Sequence[int]) -> list[tuple[int, ...]]:
    """What is on board at the start of a route and after each of its options, by dimension."""
    if not tables.delivery.shape[1]:
        return [()] * (len(route) + 1)
    options = np.array(route, dtype=np.int64)
    change = (tables.pickup[options] - tables.delivery[options]).tolist()
    start = tables.delivery[options].sum(axis=0).tolist()
    rows = accumulate(
        change, lambda load, by: [a + b for a, b in zip(load, by, strict=True)], initial=start
    )
    return [tuple(row) for row in rows]


def _within(load: tuple[int, ...], most: tuple[int, ...]) -> bool:
    return all(own <= limit for own, limit in zip(load, most, strict=True))


def _nodes(
    tables: Tables, crew: Crew, route: Sequence[int], loads: Sequence[tuple[int, ...]]
) -> list[Node]:
    nodes, here = [], crew.start
    for option, load in zip(route, loads, strict=False):
        place = int(tables.place[option])
        nodes.append(
            Node(
                origin=here,
                place=place,
                setup_s=0 if place == here else int(tables.setup[crew.kind, option]),
                service_s=int(tables.service[crew.kind, option]),
                spans=tables.spans[option],
                latest_end_s=int(tables.latest_end[option]),
                load=load,
            )
        )
        here = place
    nodes.append(Node(here, crew.end, 0, 0, ((0, UNREACHED),), UNREACHED, loads[-1]))
    return nodes


def _advanced(
    crew: Crew, labels: dict[int, _Label], node: Node, *, is_first: bool
) -> dict[int, _Label]:
    """The best way into each state after a leg and the work it leads to."""
    reached: dict[int, _Label] = {}
    for move in crew.moves:
        before = labels.get(move.origin)
        if before is None or not _may_rest(crew, move, node.load):
            continue
        label = _step(crew, before, node, move, is_first=is_first)
        if label is None:
            continue
        rival = reached.get(move.target)
        if rival is None or label.rank < rival.rank:
            reached[move.target] = label
    return reached


def _may_rest(crew: Crew, move: Move, load: tuple[int, ...]) -> bool:
    """Whether the load on a leg allows the breaks that a move takes on it."""
    for rest in move.order:
        most = crew.rests[rest].max_load
        if most is not None and not _within(load, most):
            return False
    return True


def _step(crew: Crew, before: _Label, node: Node, move: Move, *, is_first: bool) -> _Label | None:
    travel, start, depart = crew.travel, before.start, before.end
    leg = travel.leg_seconds(node.origin, node.place, depart)
    begin = next_open(node.spans, arrive(crew, depart, leg, move.order))
    end = begin + node.setup_s + node.service_s
    if begin >= UNREACHED or end > node.latest_end_s:
        return None
    if is_first:
        start = _latest_start(crew, node, move, begin)
        leg = travel.leg_seconds(node.origin, node.place, start)
    return _Label(
        end=end,
        start=start,
        grains=before.grains + travel.leg_cost(node.origin, node.place, leg),
        travel=before.travel + leg,
        leg=leg,
        move=move,
        before=before,
    )


def _latest_start(crew: Crew, node: Node, move: Move, begin: int) -> int:
    """Latest start of a tour whose first work still begins at `begin`."""
    rested = sum(crew.rests[rest].duration_s for rest in move.order)
    by_travel = depart_by(crew, node.origin, node.place, begin - rested)
    return min(by_travel, leave_by(crew, begin, 0, move.order))


def _legs(label: _Label) -> Iterator[tuple[int, Move]]:
    """Legs from the last to the first."""
    while label.move is not None and label.before is not None:
        yield label.leg, label.move
        label = label.before


def lay_out(tables: Tables, crew: Crew, route: Sequence[int]) -> Tour | None:
    """Time a route and write its steps.

    Parameters
    ----------
    tables
        The problem.
    crew
        The vehicle.
    route
        Options in order, at least one.

    Returns
    -------
    Tour or None
        None where `time_route` has none. Rules that do not depend on the clock are not looked at;
        `routing.evaluate.keeps_bounds` does that.
    """
    timing = time_route(tables, crew, route)
    if timing is None:
        return None
    writer = _Writer(tables, crew)
    writer.begin(timing)
    options: list[int | None] = [*route, None]
    for node, (leg, move), option, after in zip(
        timing.nodes, timing.legs, options, [*timing.nodes[1:], timing.nodes[-1]], strict=True
    ):
        writer.leg(node, leg, move, option, after.load)
    return Tour(
        vehicle=tables.problem.vehicles[crew.index].id,
        steps=tuple(writer.steps),
        cost=rounded(timing.grains, tables.grain),
    )


def rounded(grains: int, grain: int) -> int:
    """Grains as whole units of cost; halves round up."""
    return (2 * grains + grain) // (2 * grain)


class _Writer:
    """Steps written so far, and where and when the vehicle is."""

    def __init__(self, tables: Tables, crew: Crew) -> None:
        self.steps: list[Step] = []
        self._tables = tables
        self._crew = crew
        self._vehicle = tables.problem.vehicles[crew.index]
        self._travelled = 0
        self._distance = 0

    def begin(self, timing: Timing) -> None:
        """Write the start."""
        self.steps.append(
            Step(
                kind=StepKind.START,
                place=self._vehicle.start,
                arrival_s=timing.start_s,
                load=timing.nodes[0].load,
            )
        )

    def leg(
        self, node: Node, leg: int, move: Move, option: int | None, load: tuple[int, ...]
    ) -> None:
        """Write the breaks of a leg, then what it leads to."""
        left = leg
        for rest in move.order:
            left -= self._rest(rest, left, node.load)
        moment = self.steps[-1].end_s + left
        self._travelled += left
        metres = self._crew.travel.metres
        self._distance += 0 if metres is None else int(metres[node.origin, node.place])
        step = (
            self._end(moment, load) if option is None else self._task(node, moment, option, load)
        )
        self.steps.append(step)

    def _rest(self, rest: int, left: int, load: tuple[int, ...]) -> int:
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
                load=load,
            )
        )
        return made

    def _task(self, node: Node, moment: int, option: int, load: tuple[int, ...]) -> Step:
        task = self._tables.problem.tasks[int(self._tables.task_of[option])]
        return Step(
            kind=StepKind.TASK,
            id=task.id,
            place=node.place,
            arrival_s=moment,
            waiting_s=next_open(node.spans, moment) - moment,
            setup_s=node.setup_s,
            service_s=node.service_s,
            travel_s=self._travelled,
            distance_m=self._distance,
            alternative=int(self._tables.alternative_of[option]),
            load=load,
        )

    def _end(self, moment: int, load: tuple[int, ...]) -> Step:
        return Step(
            kind=StepKind.END,
            place=self._vehicle.end,
            arrival_s=moment,
            travel_s=self._travelled,
            distance_m=self._distance,
            load=load,
        )
