"""JSON objects read key by key, with everything wrong noted and nothing skipped in silence."""

import json
from collections.abc import Iterable
from math import isfinite
from typing import Any

from routing.errors import InvalidProblem, Issue
from routing.problem import Id

_MISSING: Any = object()


def parse(text: str | bytes) -> Any:
    """Read JSON text, refusing what JSON does not know.

    Raises
    ------
    InvalidProblem
        When the text is not JSON: NaN and Infinity are not.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        cause = "is nested too deeply" if isinstance(error, RecursionError) else str(error)
        issue = Issue("json", "", f"is not JSON: {cause}", "give a JSON file in UTF-8")
        raise InvalidProblem([issue]) from error


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


class Report:
    """Issues and notes found while reading a document."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.notes: list[str] = []

    def add(self, code: str, pointer: str, cause: str, remedy: str) -> None:
        """Note something wrong."""
        self.issues.append(Issue(code, pointer, cause, remedy))

    def raise_if_any(self) -> None:
        """Refuse the document if anything was wrong.

        Raises
        ------
        InvalidProblem
            With every issue.
        """
        if self.issues:
            raise InvalidProblem(self.issues)


class Fields:
    """The keys of one JSON object; each is taken once, the rest is reported at the end.

    Parameters
    ----------
    value
        What stands in the document; anything but an object is an issue.
    pointer
        JSON pointer to it.
    report
        Where issues go.
    """

    def __init__(self, value: Any, pointer: str, report: Report) -> None:
        self.pointer = pointer
        self.report = report
        self._left: dict[str, Any] = {}
        if isinstance(value, dict):
            self._left = dict(value)
        else:
            report.add("shape", pointer, "is not an object", "give a JSON object")

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def at(self, key: str) -> str:
        """JSON pointer to a key."""
        return f"{self.pointer}/{key}"

    def take(self, key: str, default: Any = None) -> Any:
        """The value of a key, whatever it is."""
        return self._left.pop(key, default)

    def whole(self, key: str, default: Any = _MISSING) -> Any:
        """A whole number; `default` where the key is absent, an issue if there is none."""
        value = self._left.pop(key, _MISSING)
        if value is _MISSING and default is not _MISSING:
            return default
        if type(value) is int:
            return value
        cause = "is missing" if value is _MISSING else f"is {_shown(value)}, not a whole number"
        self.report.add("number", self.at(key), cause, "give a whole number")
        return 0

    def identity(self, key: str = "id") -> Id:
        """An id: a whole number or a text."""
        value = self._left.pop(key, _MISSING)
        if type(value) in (int, str):
            return value  # type: ignore[no-any-return]
        cause = "is missing" if value is _MISSING else f"is {_shown(value)}"
        self.report.add("id", self.at(key), cause, "give a number or a text")
        return ""

    def flag(self, key: str) -> bool:
        """True or false; false where absent."""
        value = self._left.pop(key, False)
        if type(value) is not bool:
            self.report.add("flag", self.at(key), f"is {_shown(value)}", "give true or false")
            return False
        return value

    def text(self, key: str) -> str | None:
        """A text, None where absent."""
        value = self._left.pop(key, None)
        if value is not None and not isinstance(value, str):
            self.report.add("text", self.at(key), f"is {_shown(value)}", "give a text")
            return None
        return value

    def items(self, key: str) -> list[Any]:
        """A list, empty where absent."""
        value = self._left.pop(key, [])
        if isinstance(value, list):
            return value
        self.report.add("shape", self.at(key), f"is {_shown(value)}", "give a list")
        return []

    def refuse(self, keys: Iterable[str]) -> None:
        """Refuse keys of the dialect that are not served yet, unless they ask for nothing."""
        for key in keys:
            value = self._left.pop(key, None)
            if _asks_for_something(value):
                self.report.add(
                    "not-served", self.at(key), "is not served yet", "leave it out for now"
                )

    def finish(self) -> None:
        """Note the keys that nobody took."""
        for key in self._left:
            self.report.notes.append(
                f"{self.at(key)} is not a key of the dialect; it was not used"
            )


def _asks_for_something(value: Any) -> bool:
    if isinstance(value, list):
        return any(_asks_for_something(item) for item in value)
    return bool(value)


def number(value: Any) -> float | None:
    """A finite number as a float, None for anything else."""
    if type(value) in (int, float) and abs(value) < 1e300 and isfinite(value):  # noqa: PLR2004
        return float(value)
    return None


def _shown(value: Any) -> str:
    return json.dumps(value)[:40] if value is not None else "null"
