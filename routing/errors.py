"""The one exception of the optimiser, and the issues it lists."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong with a problem: where, why, and what to do about it.

    Parameters
    ----------
    code
        Slug of the kind of fault, never reused for another.
    pointer
        JSON pointer to the faulty value, such as ``/tasks/3/windows/0``.
    cause
        What is wrong, in one clause.
    remedy
        What would make it right, in one clause.
    """

    code: str
    pointer: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.pointer}: " if self.pointer else "The file "
        return f"{where}{self.cause}; {self.remedy}"


class InvalidProblem(Exception):
    """The problem cannot be solved as stated; every issue is listed.

    Parameters
    ----------
    issues
        All that is wrong, not only the first fault found.
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__(self.issues)

    def __str__(self) -> str:
        first = str(self.issues[0]) if self.issues else "the problem is invalid"
        more = len(self.issues) - 1
        return first if more <= 0 else f"{first} (and {more} more)"
