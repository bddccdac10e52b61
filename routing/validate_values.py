"""Faults of single values: numbers, flags, names, windows, loads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from routing.errors import Issue
from routing.problem import Window
from routing.units import MAX_LOAD, MAX_TIME_S


def whole_issues(value: Any, pointer: str, low: int, high: int) -> Iterator[Issue]:
    """The fault of a value that ought to be a whole number between two bounds."""
    if type(value) is not int:
        cause = f"is {shown(value)}, not a whole number"
    elif not low <= value <= high:
        cause = f"is {value}"
    else:
        return
    yield Issue("number", pointer, cause, f"give a whole number from {low} to {high}")


def optional_issues(value: Any, pointer: str, low: int, high: int) -> Iterator[Issue]:
    """The fault of a value that is None or a whole number between two bounds."""
    if value is not None:
        yield from whole_issues(value, pointer, low, high)


def real_issues(value: Any, pointer: str, high: float, *, with_zero: bool) -> Iterator[Issue]:
    """The fault of a value that ought to be a finite number above 0 (or 0), at most `high`."""
    is_number = type(value) in (int, float)  # NaN and infinity are within no bounds
    if is_number and (0 < value <= high or (with_zero and value == 0)):
        return
    low = "from 0" if with_zero else "above 0"
    yield Issue("number", pointer, f"is {shown(value)}", f"give a number {low}, at most {high}")


def flag_issues(value: Any, pointer: str) -> Iterator[Issue]:
    """The fault of a value that ought to be true or false."""
    if type(value) is not bool:
        yield Issue("flag", pointer, f"is {shown(value)}", "give true or false")


def text_issues(value: Any, pointer: str) -> Iterator[Issue]:
    """The fault of a value that ought to be None or a text."""
    if value is not None and not isinstance(value, str):
        yield Issue("text", pointer, f"is {shown(value)}", "give a text")


def is_id(value: Any) -> bool:
    """Whether a value can name something: a whole number or a text."""
    return type(value) in (int, str)


def id_issue(value: Any, pointer: str) -> Issue:
    """The fault of a value that is no id."""
    return Issue("id", pointer, f"is {shown(value)}", "give a number or a text")


def ids_issues(ids: Sequence[Any], pointer: str) -> Iterator[Issue]:
    """Faults of the ids of a list of things: no ids, or ids that stand twice."""
    for index, name in enumerate(ids):
        if not is_id(name):
            yield id_issue(name, f"{pointer}/{index}/id")
    counted = Counter(name for name in ids if is_id(name))
    for name, times in counted.items():
        if times > 1:
            places = [str(index) for index, other in enumerate(ids) if other == name]
            yield Issue(
                "duplicate-id",
                f"{pointer}/{places[1]}/id",
                f"{name} stands {times} times, at {', '.join(places)}",
                "give each its own id",
            )


def windows_issues(windows: Sequence[Window], pointer: str) -> Iterator[Issue]:
    """Faults of a list of windows."""
    for index, window in enumerate(windows):
        yield from window_issues(window, f"{pointer}/{index}")


def window_issues(window: Window, pointer: str) -> Iterator[Issue]:
    """Faults of the bounds of a window, or that it ends before it starts."""
    issues = [
        *whole_issues(window.start_s, f"{pointer}/start_s", 0, MAX_TIME_S),
        *whole_issues(window.end_s, f"{pointer}/end_s", 0, MAX_TIME_S),
    ]
    yield from issues
    if not issues and window.start_s > window.end_s:
        yield Issue(
            "window-order",
            pointer,
            f"starts at {window.start_s} s, after its end at {window.end_s} s",
            "let it start before it ends",
        )


def load_issues(load: Sequence[Any], pointer: str) -> Iterator[Issue]:
    """Faults of the numbers of a load."""
    for index, amount in enumerate(load):
        yield from whole_issues(amount, f"{pointer}/{index}", 0, MAX_LOAD)


def shown(value: object) -> str:
    """A faulty value in a few characters."""
    return {type(None): "missing", bool: "true or false"}.get(type(value), repr(value)[:40])
