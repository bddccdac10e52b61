"""The rules of the house that no linter knows; each takes one module and returns what breaks it.

A rule is a function `(module) -> findings`, so that it can be tried on a snippet that breaks it.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "dispatch", "routing", "scheduler")

TRANSACTIONS_END_IN = {
    "api/deps.py",
    "dispatch/__main__.py",
    "dispatch/db.py",
    "dispatch/messaging/runner.py",
    "dispatch/planning/runner.py",
    "scheduler/guard.py",
}
NO_SESSION = ("routing/", "dispatch/migrations/")  # the first knows none, the second is Alembic's
CLOCK = "dispatch/clock.py"
CLOCK_READERS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.time_ns",
}
QUERY_MAKERS = {"delete", "exists", "insert", "select", "union", "union_all", "update"}
NAMELESS = {"common", "helper", "helpers", "misc", "util", "utils"}
LONGEST_MODULE = 400

TOP_LEVEL_FOLDERS = {
    "api",
    "deploy",
    "dispatch",
    "docs",
    "fixtures",
    "routing",
    "scheduler",
    "tests",
}
TOP_LEVEL_FILES = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "pyproject.toml",
    "requirements-bench.lock",
    "requirements-roads.lock",
    "requirements.lock",
}


@dataclass(frozen=True, slots=False)
class Module:
    """A source file: its path from the root of the repository and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def package(self) -> str:
        return PurePosixPath(self.path).parts[0]

    def at(self, node: ast.AST, what: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 0)}: {what}"


def tracked_files() -> list[str]:
    """Return every file in git, and those not yet added that git does not ignore."""
    listed = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return sorted(name for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


def modules() -> Iterator[Module]:
    """Yield the modules of the four packages, without vendored code."""
    for name in tracked_files():
        if name.endswith(".py") and name.split("/")[0] in PACKAGES and "/vendor/" not in name:
            yield Module(name, (ROOT / name).read_text(encoding="utf-8"))


def too_long(module: Module) -> list[str]:
    """At most 400 lines."""
    lines = len(module.text.splitlines())
    if "/migrations/" in module.path or lines <= LONGEST_MODULE:
        return []
    return [f"{module.path}: {lines} lines; split it at {LONGEST_MODULE} by ideas"]


def ends_transaction(module: Module) -> list[str]:
    """Transactions begin and end in a few files only; a use case may flush, never commit."""
    if module.path in TRANSACTIONS_END_IN or module.path.startswith(NO_SESSION):
        return []
    return [
        module.at(node, f".{node.func.attr}() outside the files where transactions end")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"begin", "begin_nested", "commit", "rollback"}
    ]


def acts(module: Module) -> list[tuple[ast.Call, str | None]]:
    """Return each transaction that the module begins, and the name of what it does, if any."""
    found = []
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "writing"
        ):
            name = ast.unparse(node.args[0]) if node.args else None
            found.append((node, name))
    return found


def without_failpoints(module: Module) -> list[str]:
    """Each commit has a failpoint before and after it, by the name of its transaction."""
    if module.path == "dispatch/db.py" or module.path.startswith(NO_SESSION):
        return []
    findings = [
        module.at(node, 'say what the transaction does: .writing("notice.try")')
        for node, name in acts(module)
        if name is None
    ]
    points = {"before": set[str](), "after": set[str]()}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "commit":
                findings.append(module.at(node, "only Database.writing commits"))
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "failpoint"
            and isinstance(node.args[0], ast.Constant)
        ):
            when, _, name = str(node.args[0].value).partition(" ")
            points[when].add(name)
        elif (
            isinstance(node, ast.ImportFrom)
            and node.module == "dispatch.failpoint"
            and [alias.name for alias in node.names] != ["failpoint"]
        ):
            findings.append(module.at(node, "only tests arm failpoints"))
    lonely = points["before"] ^ points["after"]
    return findings + [f"{module.path}: failpoint {name} has no pair" for name in sorted(lonely)]


def queries(module: Module) -> list[str]:
    """Statements are built in dispatch/store, where each has a name that a manager understands."""
    if module.path.startswith(("dispatch/store/", "dispatch/migrations/")):
        return []
    findings = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and _root(node.module) in {"sqlalchemy", "sqlmodel"}:
            findings += [
                module.at(node, f"{alias.name}() of {node.module}; queries live in dispatch/store")
                for alias in node.names
                if alias.name in QUERY_MAKERS
            ]
        elif isinstance(node, ast.Call) and _dotted(node.func) in {
            f"{library}.{maker}"
            for library in ("sa", "sqlalchemy", "sqlmodel")
            for maker in QUERY_MAKERS
        }:
            findings.append(module.at(node, "queries live in dispatch/store"))
    return findings


def reads_clock(module: Module) -> list[str]:
    """`now` is an argument; only dispatch/clock.py reads the clock."""
    if module.path == CLOCK:
        return []
    findings = []
    for node in ast.walk(module.tree):
        dotted = _dotted(node) if isinstance(node, ast.Attribute) else ""
        if ".".join(dotted.split(".")[-2:]) in CLOCK_READERS:
            findings.append(module.at(node, f"{dotted} reads the clock; take `now`"))
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            findings += [
                module.at(node, f"time.{alias.name} reads the clock; take `now`")
                for alias in node.names
                if alias.name in {"time", "time_ns"}
            ]
    return findings


def speaks_http(module: Module) -> list[str]:
    """Below api an error is a DispatchError, never an HTTPException; in api it is one, too."""
    if module.path == "api/problems.py":  # turns the framework's own into problems
        return []
    return [
        module.at(node, "HTTPException; raise a DispatchError")
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Name) and node.id == "HTTPException")
        or (isinstance(node, ast.Attribute) and node.attr == "HTTPException")
        or (isinstance(node, ast.alias) and node.name == "HTTPException")
    ]


def relative_import(module: Module) -> list[str]:
    """Imports are absolute."""
    return [
        module.at(node, "relative import")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def nameless(module: Module) -> list[str]:
    """A module's name is its idea."""
    parts = {PurePosixPath(part).stem for part in PurePosixPath(module.path).parts}
    return [f"{module.path}: `{word}` names no idea" for word in sorted(parts & NAMELESS)]


def busy_init(module: Module) -> list[str]:
    """A package's `__init__` exports its surface or is empty: it defines and runs nothing."""
    if not module.path.endswith("/__init__.py") or "/migrations/" in module.path:
        return []
    return [
        module.at(node, "an __init__ only imports and exports")
        for node in module.tree.body
        if not _is_export(node)
    ]


MODULE_RULES: tuple[Callable[[Module], list[str]], ...] = (
    too_long,
    ends_transaction,
    without_failpoints,
    queries,
    reads_clock,
    speaks_http,
    relative_import,
    nameless,
    busy_init,
)


# The words are spelled with a class so that this file does not break its own rule.
ADDRESSES = re.compile(
    r"https?://[^\s\"']*(p[y]pi|p[y]thonhosted|n[p]mjs|d[e]b[.]debian)[^\s\"']*", re.IGNORECASE
)
MACHINE_PATHS = re.compile(r"(?<![\w.~/-])/(r[o]ot|w[o]rk|U[s]ers|h[o]me)/[\w.-]+")


def leaks(path: str, text: str) -> list[str]:
    """No registry address and no path of one machine in any file."""
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in ((ADDRESSES, "registry address"), (MACHINE_PATHS, "machine path")):
            if match := pattern.search(line):
                findings.append(f"{path}:{number}: {what} {match.group()}")
    return findings


def strangers(files: list[str]) -> list[str]:
    """The top level holds the six folders, docs, a few files and dot files; nothing else."""
    findings = []
    for name in files:
        first, _, rest = name.partition("/")
        allowed = TOP_LEVEL_FOLDERS if rest else TOP_LEVEL_FILES
        if first not in allowed and not first.startswith("."):
            findings.append(f"{name}: not a part of the top level")
    return findings


def missing_inits(files: list[str]) -> list[str]:
    """Every package folder with modules has an `__init__`, and tests have none."""
    inits = {str(PurePosixPath(name).parent) for name in files if name.endswith("/__init__.py")}
    findings = [
        f"{folder}: tests have no __init__.py" for folder in inits if _root(folder, "/") == "tests"
    ]
    folders = {
        str(PurePosixPath(name).parent)
        for name in files
        if name.endswith(".py") and name.split("/")[0] in PACKAGES
    }
    findings += [
        f"{folder}: no __init__.py"
        for folder in sorted(folders - inits)
        if not folder.startswith("dispatch/migrations")
    ]
    return findings


def _root(name: str | None, separator: str = ".") -> str:
    return (name or "").split(separator)[0]


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _is_export(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        # A tuple written out (CONSTRAINTS, DUTIES) is a list that orders the world; see style.
        return all(
            isinstance(target, ast.Name) and (target.id.isupper() or target.id.startswith("__"))
            for target in targets
        )
    return False
