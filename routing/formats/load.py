"""Files of any format as requests, and solution files as plans."""

from pathlib import Path

from routing.errors import InvalidProblem, Issue
from routing.formats.files import read_json, read_text
from routing.formats.request import Request
from routing.formats.sol import read_sol
from routing.formats.solomon import read_solomon, read_toptw
from routing.formats.vroom import read, read_solution
from routing.formats.vrplib import read_vrplib
from routing.solution import Solution


def load(
    path: Path, file_format: str, routes: int | None = None, *, plan_mode: bool = False
) -> Request:
    """Read a problem file.

    Parameters
    ----------
    path
        The file; ``-`` is standard input.
    file_format
        ``vroom``, ``vrplib``, ``solomon`` or ``toptw``.
    routes
        Routes of a team orienteering problem.
    plan_mode
        Whether the vehicles' steps are to be timed as given.

    Raises
    ------
    InvalidProblem
        With every issue.
    """
    toptw = file_format == "toptw"
    if toptw is not (routes is not None):
        cause = "--format toptw needs --routes" if toptw else "--routes goes with --format toptw"
        raise InvalidProblem([Issue("routes", "", cause, "give both or neither")])
    if file_format == "vroom":
        return read(read_json(path), plan_mode=plan_mode)
    text = read_text(path)
    if routes is not None:
        return read_toptw(text, routes)
    return read_vrplib(text) if file_format == "vrplib" else read_solomon(text)


def load_solution(path: Path, request: Request) -> Solution:
    """Read a solution file: an answer in the VROOM format, or a ``.sol``.

    Raises
    ------
    InvalidProblem
        With every issue.
    """
    if path.suffix == ".sol":
        return read_sol(read_text(path), request)
    return read_solution(read_json(path), request)
