"""The dialect's words for the fields of a problem, for the pointers of issues."""

from routing.errors import Issue
from routing.formats.vroom.document import Report
from routing.problem import Problem
from routing.validate import validate

_WORDS = {
    "tasks": "jobs",
    "place": "location_index",
    "service_s": "service",
    "setup_s": "setup",
    "latest_end_s": "latest_end",
    "windows": "time_windows",
    "shift": "time_window",
    "start_s": "0",
    "end_s": "1",
    "duration_s": "service",
    "tolerance_s": "tolerance",
    "start": "start_index",
    "end": "end_index",
    "max_travel_time_s": "max_travel_time",
    "max_distance_m": "max_distance",
    "max_duration_s": "max_duration",
    "max_s": "max",
    "from_s": "from",
}


def renamed(issue: Issue) -> Issue:
    """An issue with its pointer in the dialect's words."""
    parts = issue.pointer.split("/")
    locked = "lock" in parts
    told = ["start" if locked and part == "start_s" else _WORDS.get(part, part) for part in parts]
    if "preferred_vehicles" in parts:
        told = ["id" if part == "vehicle" else part for part in told]
    return Issue(issue.code, "/".join(told), issue.cause, issue.remedy)


def refuse(problem: Problem, report: Report) -> None:
    """Refuse a request with what was wrong in reading and what makes no sense, all at once.

    Raises
    ------
    InvalidProblem
        With every issue. What stands at, above or below a fault of reading is told once.
    """
    found = [renamed(issue) for issue in validate(problem)]
    report.issues += [issue for issue in found if not report.covers(issue.pointer)]
    report.raise_if_any()
