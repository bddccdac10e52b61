"""What leaving a task out costs, so that one whole number orders plans as the objective says."""

from math import gcd

from routing.matrix import Matrix
from routing.problem import Objective, Problem, Task, Vehicle
from routing.units import COST_GRAIN, GRAINS_PER_HOUR_SECOND, GRAINS_PER_KM_METRE


def cost_grain(problem: Problem) -> int:
    """Smallest number of grains in a unit of cost that keeps every cost a whole number."""
    shared = COST_GRAIN
    for vehicle in problem.vehicles:
        shared = gcd(shared, GRAINS_PER_HOUR_SECOND * vehicle.costs.per_task_hour)
        if vehicle.overtime is not None:
            shared = gcd(shared, GRAINS_PER_HOUR_SECOND * vehicle.overtime.per_hour)
        if problem.matrices[vehicle.profile].costs is not None:
            continue
        shared = gcd(shared, GRAINS_PER_HOUR_SECOND * vehicle.costs.per_hour)
        shared = gcd(shared, GRAINS_PER_KM_METRE * vehicle.costs.per_km)
    return COST_GRAIN // shared


def weights(problem: Problem, grain: int) -> list[int]:
    """What leaving each task out costs, in grains, so that one sum orders plans as stated.

    A required task outweighs all optional ones and all routes together; under
    `Objective.PRIORITIES` a unit of priority outweighs any number of tasks, and a task any cost.
    """
    routes = _cost_bound(problem, grain) + 1
    if problem.objective is Objective.PRIORITIES:
        unit = routes * (len(problem.tasks) + 1)
        optional = [task.priority * unit + routes for task in problem.tasks]
    else:
        optional = [task.prize * grain for task in problem.tasks]
    stability = problem.tuning.stability
    if stability is not None:
        tax = stability.per_change * grain
        optional = [
            own + tax * (task.id in stability.plan)
            for own, task in zip(optional, problem.tasks, strict=True)
        ]
    bonuses = sum(
        max((wish.bonus for wish in task.preferred_vehicles), default=0) for task in problem.tasks
    )
    bonuses += sum(
        max((other.cost for other in task.alternatives), default=0) for task in problem.tasks
    )
    must = routes + sum(optional) + bonuses * grain + _soft_bound(problem) * grain
    return [
        own + must if task.is_required else own
        for own, task in zip(optional, problem.tasks, strict=True)
    ]


def _cost_bound(problem: Problem, grain: int) -> int:
    """More than all routes together can cost, in grains."""
    legs = len(problem.tasks) + len(problem.vehicles)
    dearest = 0
    largest = {
        name: _largest_entries(problem.matrices[name])
        for name in {vehicle.profile for vehicle in problem.vehicles}
    }
    for vehicle in problem.vehicles:
        slowest, metres, costs = largest[vehicle.profile]
        seconds = int(slowest / vehicle.speed_factor) + 1
        leg = costs * grain if costs is not None else _leg_cost(vehicle, seconds, metres, grain)
        dearest = max(dearest, leg)
    fixed = sum(vehicle.costs.fixed for vehicle in problem.vehicles)
    return dearest * legs + fixed * grain + _work_bound(problem, grain)


def _work_bound(problem: Problem, grain: int) -> int:
    """More than all work and overtime together can cost, in grains."""
    by_hour = max((vehicle.costs.per_task_hour for vehicle in problem.vehicles), default=0)
    seconds = 0
    if by_hour:
        seconds = sum(_longest_work(task) for task in problem.tasks)
    late = sum(
        vehicle.overtime.max_s * vehicle.overtime.per_hour
        for vehicle in problem.vehicles
        if vehicle.overtime is not None
    )
    return (GRAINS_PER_HOUR_SECOND * (by_hour * seconds + late)) * grain // COST_GRAIN


def _longest_work(task: Task) -> int:
    service = [task.service_s, *task.service_per_type.values()]
    setup = [task.setup_s, *task.setup_per_type.values()]
    for other in task.alternatives:
        service.append(other.service_s or 0)
        setup.append(other.setup_s or 0)
    return max(service) + max(setup)


def _soft_bound(problem: Problem) -> int:
    """More than balance and lateness together can cost, in units of cost."""
    tuning, count = problem.tuning, len(problem.tasks)
    grouped = any(vehicle.balance_group is not None for vehicle in problem.vehicles)
    late = tuning.uncertainty.late_cost if tuning.uncertainty else 0
    return (tuning.balance_weight * count * count if grouped else 0) + late * count


def _largest_entries(matrix: Matrix) -> tuple[int, int, int | None]:
    tables = [matrix.durations, *(part.durations for part in matrix.day_parts)]
    slowest = max(int(table.max(initial=0)) for table in tables)
    metres = 0 if matrix.distances is None else int(matrix.distances.max(initial=0))
    return slowest, metres, None if matrix.costs is None else int(matrix.costs.max(initial=0))


def _leg_cost(vehicle: Vehicle, seconds: int, metres: int, grain: int) -> int:
    by_time = GRAINS_PER_HOUR_SECOND * vehicle.costs.per_hour * seconds
    by_distance = GRAINS_PER_KM_METRE * vehicle.costs.per_km * metres
    return (by_time + by_distance) * grain // COST_GRAIN
