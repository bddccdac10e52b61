"""The rule of versions: no statement changes many rows past the version that people's edits name.

A row with a `version` is edited by `If-Match`: whoever saw an older version is refused. A bulk `UPDATE`
that leaves the version as it was would make an edit of the old row pass, and overwrite what was changed.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from sqlmodel import SQLModel

import dispatch.model  # noqa: F401  fills the metadata
from tests.architecture.house import Module

UNVERSIONED: Final = {
    "dispatch/store/plan_runs.py::extend_lease": "A lease is the worker's alone; nobody edits it.",
    "dispatch/store/plan_runs.py::note_progress": "Progress is the worker's alone, to be watched.",
    "dispatch/store/evidence.py::seal": "Evidence has no version: entries only get their place.",
    "dispatch/store/subject.py::forget": "Erasure: what is emptied must not wait for an editor.",
    "dispatch/store/subject.py::_forget_hashes": "Erasure, as above.",
    "dispatch/store/subject.py::_forget_days": "Erasure, as above.",
}
"""Functions whose updates may leave versions as they are, each with its reason."""

_WRITTEN: Final = re.compile(r"\s*UPDATE\s+\"?(\w+)", re.IGNORECASE)


def versioned() -> dict[str, str]:
    """Return the tables that have a version, each under its own name and under its class's."""
    found = {}
    for mapper in SQLModel._sa_registry.mappers:
        table = mapper.local_table
        if "version" in table.columns:
            found |= {table.name: table.name, mapper.class_.__name__: table.name}
    return found


def past_version(module: Module) -> list[str]:
    """Each UPDATE of a table with versions sets the version too, or its function is an exception."""
    if "/migrations/" in module.path:
        return []
    return [
        module.at(node, f"an update of {what} leaves the version; set version=… + 1 too")
        for where, node, what in _updates(module)
        if f"{module.path}::{where}" not in UNVERSIONED
    ]


def excused(module: Module) -> set[str]:
    """Return the exceptions that the module makes use of."""
    names = {f"{module.path}::{where}" for where, _, _ in _updates(module)}
    return names & set(UNVERSIONED)


def _updates(module: Module) -> Iterator[tuple[str, ast.AST, str]]:
    """Yield function, place and table of each update that leaves the version, or may."""
    known = versioned()
    for where, node in _within(module.tree, ""):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            written = _WRITTEN.match(node.value)
            if written and written[1] in known:
                yield where, node, written[1]
        elif (table := _table_of(node)) is not None:
            is_ours = table not in _classes() or table in known
            if is_ours and "version" not in _set_by(node, module.tree):
                yield where, node, known.get(table, table)


def _within(node: ast.AST, where: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.FunctionDef) else where
        yield inner, child
        yield from _within(child, inner)


def _table_of(node: ast.AST) -> str | None:
    """Return what a call updates, as it is written; None for any other node."""
    if not isinstance(node, ast.Call):
        return None
    called = ast.unparse(node.func)
    if called.split(".")[-1] != "update":
        return None
    if called in {"update", "sa.update", "sqlalchemy.update", "sqlmodel.update"}:
        return ast.unparse(node.args[0]) if node.args else "?"
    receiver = called.removesuffix(".update")
    if found := re.search(r"\.query\((\w+)", receiver) or re.match(r"(\w+)\.__table__", receiver):
        return found[1]
    return None


def _classes() -> set[str]:
    return {mapper.class_.__name__ for mapper in SQLModel._sa_registry.mappers}


def _set_by(update: ast.AST, tree: ast.Module) -> set[str]:
    """Return the columns that the statement around an update sets, as far as they are written out."""
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt) and not isinstance(statement, ast.FunctionDef):
            inside = list(ast.walk(statement))
            if any(one is update for one in inside) and not hasattr(statement, "body"):
                return {
                    name
                    for one in inside
                    if isinstance(one, ast.Call) and ast.unparse(one.func).endswith(".values")
                    for name in _named(one)
                }
    return set()


def _named(values: ast.Call) -> Iterator[str]:
    yield from (one.arg for one in values.keywords if one.arg)
    for given in values.args:
        if isinstance(given, ast.Dict):
            yield from (str(ast.literal_eval(key)) for key in given.keys if _is_text(key))


def _is_text(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)
