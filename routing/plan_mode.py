"""Plan mode: routes timed as they are given; rules that they break are told of, not refused.

A planner who moves visits by hand wants to see what that breaks. As in VROOM's plan mode the order
is fixed and so is what `service_at`, `service_after` and `service_before` say; everything else
yields, and is reported in VROOM's words. Times are chosen by `routing.plan_times`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.crews import Crew
from routing.errors import InvalidProblem, Issue
from routing.plan_times import Given, Node, Timed, nodes_of, times_of
from routing.problem import Id, Problem
from routing.soft import soft_cost
from routing.solution import Breach, Solution, Step, StepKind, Summary, Tour, Unassigned
from routing.tables import Tables, cost_of, has_skills, tables_of
from routing.validate import ensure_valid

__all__ = ["Given", "given_issues", "time_given"]

type Plan = Mapping[Id, Sequence[Given]]
"""Steps by vehicle."""


def time_given(problem: Problem, plan: Plan) -> Solution:
    """Time given routes and tell which rules they break.

    Parameters
    ----------
    problem
        What the routes are about.
    plan
        Steps by vehicle, start and end optional. Vehicles without steps have no tour; tasks in
        no step are unassigned.

    Returns
    -------
    Solution
        With `breaches` at steps and tours.

    Raises
    ------
    InvalidProblem
        When the problem makes no sense, a step names what does not exist or stands twice, or a
        fixed time cannot be kept whatever yields.
    """
    ensure_valid(problem)
    issues = list(given_issues(problem, plan))
    if issues:
        raise InvalidProblem(issues)
    tables = tables_of(problem)
    tours, late = [], []
    routes: list[list[int]] = [[] for _ in tables.crews]
    for crew in tables.crews:
        vehicle = problem.vehicles[crew.index]
        if vehicle.id not in plan:
            continue
        nodes = nodes_of(tables, crew, plan[vehicle.id])
        routes[crew.index] = [node.option for node in nodes if node.option is not None]
        timed = times_of(crew, nodes)
        if timed is None:
            late.append(_unkept(crew.index))
        else:
            tours.append(_tour(tables, crew, nodes, timed))
    if late:
        raise InvalidProblem(late)
    return _solution(tables, tours, soft_cost(tables, routes))


def given_issues(problem: Problem, plan: Plan) -> Iterator[Issue]:
    """Every step that names an unknown task or break, or one that was named before."""
    tasks = {task.id: 1 + len(task.alternatives) for task in problem.tasks}
    seen: set[Id] = set()
    for index, vehicle in enumerate(problem.vehicles):
        rests = {rest.id for rest in vehicle.breaks}
        for rank, step in enumerate(plan.get(vehicle.id, ())):
            at = f"/vehicles/{index}/steps/{rank}"
            if step.kind is StepKind.TASK and step.id is not None:
                yield from _task_issues(step, tasks, seen, at)
                seen.add(step.id)
            elif step.kind is StepKind.BREAK:
                if step.id not in rests:
                    yield _step_issue(at, f"names break {step.id}, unknown or named twice")
                rests.discard(step.id)


def _task_issues(step: Given, tasks: Mapping[Id, int], seen: set[Id], at: str) -> Iterator[Issue]:
    if step.id is None or step.id not in tasks or step.id in seen:
        yield _step_issue(at, f"names job {step.id}, unknown or named twice")
    elif not 0 <= step.alternative < tasks[step.id]:
        yield _step_issue(f"{at}/alternative", f"is {step.alternative}, which does not exist")


def _step_issue(pointer: str, cause: str) -> Issue:
    return Issue("steps", pointer, cause, "name each job and break of the request at most once")


def _unkept(index: int) -> Issue:
    return Issue(
        "steps",
        f"/vehicles/{index}/steps",
        "fixes times that cannot be kept, even with every window ignored",
        "move service_at, service_after or service_before",
    )


def _solution(tables: Tables, tours: list[Tour], soft: int) -> Solution:
    problem = tables.problem
    serves = {step.id: tour.vehicle for tour in tours for step in tour.tasks}
    served = [task for task in problem.tasks if task.id in serves]
    left = [task for task in problem.tasks if task.id not in serves]
    steps = [step for tour in tours for step in tour.steps]
    cost = sum(tour.cost for tour in tours)
    bonus = sum(
        wish.bonus
        for task in served
        for wish in task.preferred_vehicles
        if wish.vehicle == serves[task.id]
    )
    bonus -= sum(
        cost_of(task, step.alternative)
        for task in served
        for tour in tours
        for step in tour.tasks
        if step.id == task.id
    )
    return Solution(
        tours=tuple(tours),
        unassigned=tuple(Unassigned(task=task.id, required=task.is_required) for task in left),
        summary=Summary(
            cost=cost,
            objective=cost - bonus + sum(task.prize for task in left),
            travel_s=sum(tour.travel_s for tour in tours),
            distance_m=sum(tour.distance_m for tour in tours),
            service_s=sum(step.service_s for step in steps),
            setup_s=sum(step.setup_s for step in steps),
            waiting_s=sum(step.waiting_s for step in steps),
            assigned=len(served),
            priority=sum(task.priority for task in served),
            prize_collected=sum(task.prize for task in served),
            required_unserved=sum(task.is_required for task in left),
            soft_cost=soft,
        ),
        engine="given",
    )


def _tour(tables: Tables, crew: Crew, nodes: Sequence[Node], timed: Timed) -> Tour:
    vehicle = tables.problem.vehicles[crew.index]
    steps = _Written(tables, crew, nodes, timed).steps
    tasks = [node for node in nodes if node.option is not None]
    rested = sum(node.rest is not None for node in nodes)
    broken = []
    if rested < len(vehicle.breaks):
        broken.append(Breach(cause="missing_break"))
    if steps[-1].end_s - steps[0].arrival_s > crew.max_duration_s:
        broken.append(Breach(cause="max_duration"))
    grains = crew.fixed_cost + timed.travel_grains
    grains += crew.work_cost * sum(node.work_s for node in tasks)
    grains += crew.overtime_cost * max(0, steps[-1].end_s - crew.normal_end_s)
    return Tour(
        vehicle=vehicle.id,
        steps=tuple(steps),
        cost=(2 * grains + tables.grain) // (2 * tables.grain),
        breaches=tuple(broken),
    )


@dataclass
class _Written:
    """The steps of one timed route, with travel, load and the rules that they break."""

    tables: Tables
    crew: Crew
    nodes: Sequence[Node]
    timed: Timed

    def __post_init__(self) -> None:
        self.steps: list[Step] = []
        self._served = 0
        options = [node.option for node in self.nodes if node.option is not None]
        self._count = len(options)
        self._load = self.tables.delivery[options].sum(axis=0)
        left = 0
        for rank, node in enumerate(self.nodes):
            left = self.timed.leg_s.get(rank, left)
            left -= self._write(rank, node, left)

    def _write(self, rank: int, node: Node, left: int) -> int:
        """Write a step; returns the seconds travelled to it."""
        start = self.timed.start_s[rank]
        last = self.steps[-1] if self.steps else None
        free = start if last is None else last.end_s
        made = min(left, start - free) if node.rest is not None else left
        if node.option is not None:
            self._served += 1
            self._load = (
                self._load - self.tables.delivery[node.option] + self.tables.pickup[node.option]
            )
        step = Step(
            kind=node.kind,
            id=node.id,
            place=node.place,
            arrival_s=free + made,
            waiting_s=start - free - made,
            setup_s=node.setup_s,
            service_s=node.service_s,
            travel_s=made + (last.travel_s if last else 0),
            distance_m=self.timed.metres[rank] + (last.distance_m if last else 0),
            alternative=node.alternative,
            load=tuple(map(int, self._load)),
        )
        self.steps.append(replace(step, breaches=tuple(self._breaches(rank, node, step))))
        return made

    def _breaches(self, rank: int, node: Node, step: Step) -> Iterator[Breach]:
        lead, delay = self.timed.lead_s[rank], self.timed.delay_s[rank]
        if lead:
            yield Breach(cause="lead_time", duration_s=lead)
        if delay:
            yield Breach(cause="delay", duration_s=delay)
        if _above(step.load, self.crew.capacity):
            yield Breach(cause="load")
        if step.travel_s > self.crew.max_travel_s:
            yield Breach(cause="max_travel_time")
        if step.distance_m > self.crew.max_distance_m:
            yield Breach(cause="max_distance")
        if node.rest is not None and _above(step.load, self._max_load(node.rest)):
            yield Breach(cause="max_load")
        if node.option is not None:
            yield from self._task_breaches(node.option)

    def _max_load(self, rest: int) -> tuple[int, ...]:
        return self.crew.rests[rest].max_load or ()

    def _task_breaches(self, option: int) -> Iterator[Breach]:
        tables = self.tables
        task = tables.problem.tasks[int(tables.task_of[option])]
        if self._served > self.crew.max_tasks:
            yield Breach(cause="max_tasks")
        if not has_skills(tables.problem.vehicles[self.crew.index], task):
            yield Breach(cause="skills")
        elif not tables.allowed[self.crew.index, option]:
            yield Breach(cause="vehicle_barred")
        if int(tables.position[option]) not in (0, self._served):
            yield Breach(cause="lock_position")
        if task.not_first and self._served == 1:
            yield Breach(cause="not_first")
        if task.not_last and self._served == self._count:
            yield Breach(cause="not_last")


def _above(load: Sequence[int], limit: Sequence[int]) -> bool:
    return any(own > most for own, most in zip(load, limit, strict=False))
