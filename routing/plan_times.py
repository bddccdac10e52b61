"""Times of a given order of steps: the least seconds of delay and lead time, then the earliest.

What is minimised, in this order:

1. the sum over all steps of the seconds by which a step begins after its windows (delay) or before
   them (lead time); exact, also with several windows, by CP-SAT where it is not zero;
2. each step's time, as early as the delays and lead times found allow; the start of the route then
   is as late as that permits.

Order, travel, work and fixed times are hard. Breaks may split travel, never work.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from routing.crews import Crew, Spans, merged
from routing.moments import next_open
from routing.problem import Id
from routing.solution import StepKind
from routing.tables import Tables
from routing.units import UNREACHED

_SEARCH_S = 10.0
"""Hard stop of CP-SAT for one route, in its own deterministic seconds; a route takes 0.02."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A step of a given route.

    Parameters
    ----------
    kind
        Start, task, break or end.
    id
        The task's or the break's.
    alternative
        Which of the task's places.
    at_s, after_s, before_s
        Fixed second, and bounds, of the begin of setup and service (or rest, or of the route).
    """

    kind: StepKind
    id: Id | None = None
    alternative: int = 0
    at_s: int | None = None
    after_s: int | None = None
    before_s: int | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether anything is said about its time."""
        return (self.at_s, self.after_s, self.before_s) != (None, None, None)

    @property
    def bounds(self) -> tuple[int, int]:
        """Earliest and latest second that the fixed times allow."""
        low = max(0, self.after_s or 0)
        high = UNREACHED if self.before_s is None else self.before_s
        return (low, high) if self.at_s is None else (max(low, self.at_s), min(high, self.at_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A step as the clock reads it; `place` is that of the answer, `row` that of the tables."""

    kind: StepKind
    id: Id | None = None
    place: int | None = None
    row: int | None = None
    option: int | None = None
    rest: int | None = None
    alternative: int = 0
    setup_s: int = 0
    service_s: int = 0
    spans: Spans
    low_s: int = 0
    high_s: int = UNREACHED

    @property
    def work_s(self) -> int:
        """Seconds of setup and service, or of rest."""
        return self.setup_s + self.service_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Times of a route by rank of its nodes; `leg_s` by rank of the node at which a leg begins."""

    start_s: list[int]
    lead_s: list[int]
    delay_s: list[int]
    leg_s: dict[int, int] = field(default_factory=dict)
    metres: list[int]
    travel_grains: int = 0


def nodes_of(tables: Tables, crew: Crew, steps: Sequence[Given]) -> list[Node]:
    """The nodes of a given route, start and end included."""
    vehicle = tables.problem.vehicles[crew.index]
    ends = {step.kind: step for step in steps}
    first = ends.get(StepKind.START, Given(kind=StepKind.START))
    last = ends.get(StepKind.END, Given(kind=StepKind.END))
    shift: Spans = ((crew.shift_start_s, crew.shift_end_s),)
    index = {task.id: number for number, task in enumerate(tables.problem.tasks)}
    nodes = [_end(first, vehicle.start, crew.start, shift)]
    here = crew.start
    for step in steps:
        if step.kind is StepKind.TASK and step.id is not None:
            option = tables.options_of[index[step.id]][step.alternative]
            nodes.append(_task(tables, crew, step, option, here))
            here = int(tables.place[option])
        elif step.kind is StepKind.BREAK:
            nodes.append(_rest(tables, crew, step))
    return [*nodes, _end(last, vehicle.end, crew.end, shift)]


def _end(step: Given, place: int | None, row: int, shift: Spans) -> Node:
    low, high = step.bounds
    return Node(kind=step.kind, place=place, row=row, spans=shift, low_s=low, high_s=high)


def _task(tables: Tables, crew: Crew, step: Given, option: int, here: int) -> Node:
    place = int(tables.place[option])
    setup = 0 if place == here else int(tables.setup[crew.kind, option])
    service = int(tables.service[crew.kind, option])
    latest = int(tables.latest_end[option]) - setup - service
    spans = tables.spans[option] or ((0, UNREACHED),)
    clipped = tuple((start, min(end, latest)) for start, end in spans if start <= latest)
    low, high = step.bounds
    return Node(
        kind=StepKind.TASK,
        id=step.id,
        place=place,
        row=place,
        option=option,
        alternative=step.alternative,
        setup_s=setup,
        service_s=service,
        spans=clipped or ((min(spans[0][0], max(latest, 0)),) * 2,),
        low_s=low,
        high_s=high,
    )


def _rest(tables: Tables, crew: Crew, step: Given) -> Node:
    breaks = tables.problem.vehicles[crew.index].breaks
    number = next(rank for rank, rest in enumerate(breaks) if rest.id == step.id)
    low, high = step.bounds
    return Node(
        kind=StepKind.BREAK,
        id=step.id,
        rest=number,
        service_s=breaks[number].duration_s,
        spans=merged(breaks[number].windows),
        low_s=low,
        high_s=high,
    )


def times_of(crew: Crew, nodes: Sequence[Node]) -> Timed | None:
    """Times of a route; None when fixed times cannot be kept even with every window ignored."""
    starts = _earliest(crew, nodes, [node.spans for node in nodes])
    if starts is None:
        slack = _least_violation(crew, nodes)
        if slack is None:
            return None
        starts = _earliest(crew, nodes, slack)
        assert starts is not None, "what CP-SAT found the earliest times keep"  # noqa: S101
    _start_late(crew, nodes, starts)
    return _timed(crew, nodes, starts)


def _earliest(crew: Crew, nodes: Sequence[Node], spans: Sequence[Spans]) -> list[int] | None:
    """The earliest time of each node inside its spans and fixed bounds, None where none is."""
    starts: list[int] = []
    free, arrival = 0, 0
    for rank, node in enumerate(nodes):
        start = next_open(spans[rank], max(free, node.low_s, arrival if node.rest is None else 0))
        if start > node.high_s or start >= UNREACHED:
            return None
        starts.append(start)
        free = start + node.work_s
        if node.rest is not None:
            arrival += node.work_s
        elif rank + 1 < len(nodes):
            arrival = free + crew.travel.leg_seconds(_row(node), _next_row(nodes, rank), free)
    return starts


def _row(node: Node) -> int:
    assert node.row is not None, "only breaks have no place"  # noqa: S101
    return node.row


def _next_row(nodes: Sequence[Node], rank: int) -> int:
    return next(_row(node) for node in nodes[rank + 1 :] if node.rest is None)


def _start_late(crew: Crew, nodes: Sequence[Node], starts: list[int]) -> None:
    """Move the start of the route as late as its first step allows."""
    if nodes[1].rest is not None:
        return
    here, there = _row(nodes[0]), _row(nodes[1])
    most = min(nodes[0].high_s, starts[1], max(starts[0], nodes[0].spans[-1][1]))
    tables = (crew.travel.seconds, *(table for _, table in crew.travel.parts))
    for travel in sorted({int(table[here, there]) for table in tables}):
        moment = min(most, starts[1] - travel)
        if (
            moment > starts[0]
            and moment + crew.travel.leg_seconds(here, there, moment) <= starts[1]
        ):
            starts[0] = moment
            return


def _timed(crew: Crew, nodes: Sequence[Node], starts: list[int]) -> Timed:
    legs: dict[int, int] = {}
    metres, grains = [0] * len(nodes), 0
    here = 0
    for rank in range(1, len(nodes)):
        if nodes[rank].rest is not None:
            continue
        origin, goal = _row(nodes[here]), _row(nodes[rank])
        seconds = crew.travel.leg_seconds(origin, goal, starts[here] + nodes[here].work_s)
        legs[here + 1] = seconds
        grains += crew.travel.leg_cost(origin, goal, seconds)
        if crew.travel.metres is not None:
            metres[rank] = int(crew.travel.metres[origin, goal])
        here = rank
    strays = [_stray(node.spans, start) for node, start in zip(nodes, starts, strict=True)]
    return Timed(
        start_s=starts,
        lead_s=[lead for lead, _ in strays],
        delay_s=[delay for _, delay in strays],
        leg_s=legs,
        metres=metres,
        travel_grains=grains,
    )


def _stray(spans: Spans, start: int) -> tuple[int, int]:
    """Seconds before the nearest window, and after it."""
    off = [(max(0, low - start), max(0, start - high)) for low, high in spans]
    return min(off, key=sum)


def _least_violation(crew: Crew, nodes: Sequence[Node]) -> list[Spans] | None:
    """Windows widened by the least total of seconds that lets the order be kept."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - half a second that few plans need

    model: Any = cp_model.CpModel()
    low, high = _horizon(crew, nodes)
    times = [
        model.new_int_var(max(low, node.low_s), max(low, node.low_s, min(high, node.high_s)), "")
        for node in nodes
    ]
    if any(node.low_s > node.high_s for node in nodes):
        return None
    _order(model, crew, nodes, times)
    strays = [_stray_of(model, node, time, high) for node, time in zip(nodes, times, strict=True)]
    model.minimize(sum(stray for _, stray in strays))
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = _SEARCH_S
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [
        _widened(node.spans, solver.value(time)) for node, time in zip(nodes, times, strict=True)
    ]


def _widened(spans: Spans, moment: int) -> Spans:
    """The window nearest to a moment, widened to hold it; all of them if one holds it."""
    lead, delay = _stray(spans, moment)
    if lead == delay == 0:
        return tuple(span for span in spans if span[0] <= moment <= span[1])
    nearest = min(spans, key=lambda span: max(0, span[0] - moment, moment - span[1]))
    return ((nearest[0] - lead, nearest[1] + delay),)


def _horizon(crew: Crew, nodes: Sequence[Node]) -> tuple[int, int]:
    """Seconds between which some best plan lies."""
    bounds = [bound for node in nodes for span in node.spans for bound in span]
    bounds += [bound for node in nodes for bound in (node.low_s, node.high_s)]
    known = [bound for bound in bounds if 0 < bound < UNREACHED >> 1]
    known += [begin for begin, _ in crew.travel.parts]
    length = sum(node.work_s for node in nodes)
    here = 0
    for rank in range(1, len(nodes)):
        if nodes[rank].rest is None:
            length += _longest(crew, _row(nodes[here]), _row(nodes[rank]))
            here = rank
    return max(0, min(known, default=0) - length), max(known, default=0) + length


def _longest(crew: Crew, origin: int, goal: int) -> int:
    parts = (int(table[origin, goal]) for _, table in crew.travel.parts)
    return max(int(crew.travel.seconds[origin, goal]), *parts, 0)


def _order(model: Any, crew: Crew, nodes: Sequence[Node], times: Sequence[Any]) -> None:
    """Each step after the one before it, each place after the travel to it and the rests."""
    here, rests = 0, 0
    for rank in range(1, len(nodes)):
        model.add(times[rank] >= times[rank - 1] + nodes[rank - 1].work_s)
        if nodes[rank].rest is not None:
            rests += nodes[rank].work_s
            continue
        depart = times[here] + nodes[here].work_s
        _leg(model, crew, (_row(nodes[here]), _row(nodes[rank])), depart, times[rank] - rests)
        here, rests = rank, 0


def _leg(model: Any, crew: Crew, ends: tuple[int, int], depart: Any, arrival: Any) -> None:
    """Arrival after departure and travel, in one of the parts of the day."""
    parts = [(0, crew.travel.seconds), *crew.travel.parts]
    if len(parts) == 1:
        model.add(arrival >= depart + int(crew.travel.seconds[ends]))
        return
    chosen = [model.new_bool_var("") for _ in parts]
    model.add_exactly_one(chosen)
    for number, (begin, table) in enumerate(parts):
        seconds = int(table[ends])
        model.add(arrival >= depart + seconds).only_enforce_if(chosen[number])
        model.add(arrival >= begin + seconds).only_enforce_if(chosen[number])
        if number + 1 < len(parts):
            until = parts[number + 1][0]
            model.add(depart <= until - 1).only_enforce_if(chosen[number])


def _stray_of(model: Any, node: Node, time: Any, high: int) -> tuple[Any, Any]:
    """A variable at least as large as the distance of a time from the nearest window."""
    stray = model.new_int_var(0, high, "")
    chosen = [model.new_bool_var("") for _ in node.spans]
    model.add_exactly_one(chosen)
    for (start, end), picked in zip(node.spans, chosen, strict=True):
        model.add(stray >= start - time).only_enforce_if(picked)
        if end < UNREACHED >> 1:
            model.add(stray >= time - end).only_enforce_if(picked)
    return time, stray
