"""What the journeys state: read from their sources, without running them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """A block `with row(…)` that a test runs."""

    row_id: str
    file: str
    test: str
    at: str
    asserts: bool
    """Whether anything in the block can fail: an assertion, or an error that is expected."""


@cache
def statements() -> tuple[Statement, ...]:
    """Return what every journey states."""
    return tuple(sorted(one for path in FOLDER.glob("test_*.py") for one in statements_of(path)))


@cache
def statements_of(path: Path) -> tuple[Statement, ...]:
    """Return what the tests of a file state, in themselves or in functions of the file they use."""
    tree = ast.parse(path.read_text("utf-8"))
    defined: dict[str, ast.stmt] = {}
    for one in tree.body:
        if isinstance(one, ast.FunctionDef):
            defined[one.name] = one
        elif isinstance(one, ast.Assign):  # such as a table of steps
            defined |= {target.id: one for target in one.targets if isinstance(target, ast.Name)}
    return tuple(
        Statement(row_id, path.name, name, at, asserts)
        for name in defined
        if name.startswith("test_")
        for step in _used(name, defined)
        for row_id, at, asserts in _blocks(defined[step])
    )


def _used(name: str, functions: dict[str, ast.stmt]) -> list[str]:
    """Return a function and what of its file it comes to use."""
    found, waiting = [], [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.append(one)
            names = {node.id for node in ast.walk(functions[one]) if isinstance(node, ast.Name)}
            waiting += sorted(names & set(functions))
    return found


def _blocks(function: ast.stmt) -> Iterator[tuple[str, str, bool]]:
    for block in ast.walk(function):
        if not isinstance(block, ast.With):
            continue
        asserts = any(_can_fail(node) for line in block.body for node in ast.walk(line))
        for item in block.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "row":
                [given] = call.args
                assert isinstance(given, ast.Constant), "Write the row's id out."
                at = {one.arg: getattr(one.value, "id", "") for one in call.keywords}.get("at")
                assert at in {None, "API", "USE_CASE"}, "Write at=API or nothing."
                yield str(given.value), "API" if at == "API" else "use case", asserts


def _can_fail(node: ast.AST) -> bool:
    return isinstance(node, ast.Assert) or getattr(node, "attr", "") == "raises"
