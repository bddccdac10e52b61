"""Policies that are compared in one world: ours, and three that do without a part of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dispatch.solver.first_free import FirstFree
from dispatch.solver.run import Solver


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a branch works.

    Parameters
    ----------
    does
        In plain words.
    solver
        Who plans.
    refills
        Whether a time that somebody gives back goes to somebody else.
    has_loop
        Whether answers change the plan; refusals and calls for help always do.
    """

    does: str
    solver: type[Solver] = Solver
    refills: bool = True
    has_loop: bool = True


POLICIES: Final[Mapping[str, Policy]] = MappingProxyType(
    {
        "ours": Policy(
            does="plans days, refills what is given back, follows answers, reckons with when people are met"
        ),
        "nearest": Policy(does="nearest day, first free time", solver=FirstFree),
        "norefill": Policy(does="as ours, but what is given back stays free", refills=False),
        "ignore": Policy(
            does="plans days, asks for answers and does not follow them",
            refills=False,
            has_loop=False,
        ),
    }
)
"""The policies by the names that the command takes."""

OURS: Final = "ours"
