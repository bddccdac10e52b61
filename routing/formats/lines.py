"""Numbers in the lines of a text file, with every faulty line noted."""

from math import isfinite

from routing.errors import InvalidProblem, Issue

_MOST = 1e9
"""Largest number of a benchmark file; ten times it still is far below what times may be."""


class Lines:
    """The lines of a file that are not blank, and what is wrong with them.

    Parameters
    ----------
    text
        The file.
    """

    def __init__(self, text: str) -> None:
        self.issues: list[Issue] = []
        self.rows = [
            (number, line.strip())
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip()
        ]

    def add(self, line: int | None, cause: str, remedy: str) -> None:
        """Note something wrong with a line, or with the whole file."""
        pointer = "" if line is None else f"line {line}"
        self.issues.append(Issue("file-format", pointer, cause, remedy))

    def numbers(self, line: int, text: str, count: int | None = None) -> list[float] | None:
        """The numbers of a line, None (and an issue) if it holds anything else."""
        try:
            values = [float(word) for word in text.split()]
        except ValueError:
            values = [float("nan")]
        sound = all(isfinite(value) and abs(value) <= _MOST for value in values)
        if sound and (count is None or len(values) >= count):
            return values
        told = "numbers" if count is None else f"{count} numbers"
        self.add(line, f"{text[:40]!r} does not hold {told}", f"give {told}, each below 1e9")
        return None

    def raise_if_any(self) -> None:
        """Refuse the file if anything was wrong.

        Raises
        ------
        InvalidProblem
            With every issue.
        """
        if self.issues:
            raise InvalidProblem(self.issues)
