"""The import contracts of pyproject.toml hold, and say what design.md says."""

import subprocess
import sys
import tomllib

import pytest

from tests.architecture.house import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

# A module that must not be importable where it is put, and the contract that says so.
INTRUDERS = {
    "four packages, one direction": ("routing/intruder.py", "import dispatch.errors"),
    "one door to the optimiser": ("dispatch/store/intruder.py", "import routing.problem"),
    "routing is pure": ("routing/intruder.py", "import sqlmodel"),
    "dispatch knows neither web nor clockwork": ("dispatch/model/intruder.py", "import fastapi"),
    "the alarm clock serves no pages": ("scheduler/intruder.py", "import starlette"),
    "the web rings no alarms": ("api/intruder.py", "import apscheduler"),
    "OR-Tools stays inside routing": ("api/intruder.py", "import ortools"),
    "the auditor owes nothing to what it audits": (
        "dispatch/audit/intruder.py",
        "import dispatch.policy.rules",
    ),
    "inside dispatch": ("dispatch/model/intruder.py", "import dispatch.store"),
    "no cycles": ("dispatch/errors.py", "import dispatch.db"),
}


def lint(folder):
    """Run the contracts over the packages in `folder`; return the exit code and the report."""
    code = "from importlinter.cli import lint_imports_command as run; run(['--no-logo', '--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "200", "PYTHONPATH": str(folder), "PATH": ""},
    )
    return done.returncode, done.stdout + done.stderr


def test_contracts_are_kept():
    code, report = lint(ROOT)
    assert code == 0, report


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory):
    """The modules that the contracts name, empty, so that a contract can be broken on purpose."""
    folder = tmp_path_factory.mktemp("skeleton")
    folder.joinpath("pyproject.toml").write_bytes(ROOT.joinpath("pyproject.toml").read_bytes())
    packages = ["api", "routing", "scheduler", "dispatch"]
    packages += [f"dispatch/{name}" for name in ("audit", "model", "solver", "store", "policy")]
    packages += ["dispatch/policy/rules"]
    for name in packages:
        folder.joinpath(name).mkdir()
        folder.joinpath(name, "__init__.py").touch()
    for name in ("routing/problem", "dispatch/errors", "dispatch/db", "dispatch/settings"):
        folder.joinpath(f"{name}.py").touch()
    folder.joinpath("dispatch/db.py").write_text("import dispatch.errors\n")
    return folder


def test_empty_skeleton_keeps_all_contracts(skeleton):
    code, report = lint(skeleton)
    assert code == 0, report


@pytest.mark.parametrize("contract", INTRUDERS)
def test_contract_can_be_broken(skeleton, contract):
    path, line = INTRUDERS[contract]
    intruder = skeleton / path
    before = intruder.read_text() if intruder.exists() else None
    intruder.write_text(f"{line}\n")
    try:
        code, report = lint(skeleton)
    finally:
        intruder.unlink() if before is None else intruder.write_text(before)
    assert code == 1
    assert f"{contract} BROKEN" in report


def test_every_contract_has_an_intruder():
    assert {contract["name"] for contract in CONTRACTS["contracts"]} == set(INTRUDERS)
