"""A vehicle serves only tasks whose skills it has, at their level or higher."""

from collections.abc import Iterator

from routing.constraints.base import Drive
from routing.problem import Task, Vehicle
from routing.solution import Reason, ReasonCode, Violation


def missing(vehicle: Vehicle, task: Task) -> list[str]:
    """Names of the skills that a vehicle lacks for a task."""
    levels: dict[object, int] = {}
    for skill in vehicle.skills:
        levels[skill.id] = max(skill.level, levels.get(skill.id, skill.level))
    return [
        f"{need.id} at level {need.level}"
        for need in task.skills
        if levels.get(need.id, need.level - 1) < need.level
    ]


def violations(drive: Drive) -> Iterator[Violation]:
    """Tasks served without a skill they need."""
    for _, task in drive.visits():
        lacking = missing(drive.vehicle, task)
        if lacking:
            yield drive.violation("skill", f"needs skill {', '.join(lacking)}", task)


def blocks(vehicle: Vehicle, task: Task) -> Reason | None:
    """Why a vehicle lacks the skill for a task, if it does."""
    lacking = missing(vehicle, task)
    if not lacking:
        return None
    return Reason(
        code=ReasonCode.SKILL_MISSING,
        vehicle=vehicle.id,
        source=task.source,
        detail=f"the vehicle lacks skill {', '.join(lacking)}",
    )
