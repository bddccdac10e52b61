"""Pure optimisation: tasks, vehicles and time in, a checked plan out."""

from routing.check import check
from routing.errors import InvalidProblem, Issue
from routing.events import Events, Hold, VehicleState
from routing.explain import explain
from routing.matrix import Matrix
from routing.params import Engine, ProgressEvent, SolveParams
from routing.problem import (
    Alternative,
    Break,
    Costs,
    Lock,
    Objective,
    Preference,
    Problem,
    Skill,
    Task,
    Vehicle,
    Window,
)
from routing.quote import Slot, quote
from routing.repair import Repair, repair
from routing.solution import (
    Reason,
    ReasonCode,
    Solution,
    Step,
    StepKind,
    Summary,
    Tour,
    Unassigned,
    Violation,
)
from routing.solve import solve
from routing.uncertainty import Promise, punctuality
from routing.validate import validate

__all__ = [
    "Alternative",
    "Break",
    "Costs",
    "Engine",
    "Events",
    "Hold",
    "InvalidProblem",
    "Issue",
    "Lock",
    "Matrix",
    "Objective",
    "Preference",
    "Problem",
    "ProgressEvent",
    "Promise",
    "Reason",
    "ReasonCode",
    "Repair",
    "Skill",
    "Slot",
    "Solution",
    "SolveParams",
    "Step",
    "StepKind",
    "Summary",
    "Task",
    "Tour",
    "Unassigned",
    "Vehicle",
    "VehicleState",
    "Violation",
    "Window",
    "check",
    "explain",
    "punctuality",
    "quote",
    "repair",
    "solve",
    "validate",
]
