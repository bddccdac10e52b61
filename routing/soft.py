"""What a plan costs beside its routes by who serves what: uneven work, change of a published plan.

Expected lateness, the third soft term, is priced by `routing.uncertainty`.
"""

from collections.abc import Sequence

from routing.tables import Tables


def soft_cost(tables: Tables, routes: Sequence[Sequence[int]]) -> int:
    """Balance and stability of a plan.

    Parameters
    ----------
    tables
        The problem.
    routes
        Options by vehicle.

    Returns
    -------
    int
        Units of cost.
    """
    return unevenness(tables, [len(route) for route in routes]) + changes(tables, routes)


def unevenness(tables: Tables, counts: Sequence[int]) -> int:
    """Price of uneven task counts within the balance groups, rounded up for each group.

    Parameters
    ----------
    tables
        The problem.
    counts
        Tasks by vehicle.
    """
    weight = tables.problem.tuning.balance_weight
    price = 0
    for group in range(int(tables.group.max(initial=-1)) + 1):
        own = [count for count, at in zip(counts, tables.group, strict=True) if at == group]
        spread = len(own) * sum(count * count for count in own) - sum(own) ** 2
        price += -(-weight * spread // len(own))
    return price


def changes(tables: Tables, routes: Sequence[Sequence[int]]) -> int:
    """Tax on the published plan's tasks that another vehicle serves, or none."""
    stability = tables.problem.tuning.stability
    if stability is None:
        return 0
    tasks, vehicles = tables.problem.tasks, tables.problem.vehicles
    kept = sum(
        stability.plan.get(tasks[int(tables.task_of[option])].id) == vehicle.id
        for vehicle, route in zip(vehicles, routes, strict=True)
        for option in route
    )
    planned = sum(task.id in stability.plan for task in tasks)
    return stability.per_change * (planned - kept)
