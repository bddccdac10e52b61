"""Finding a Python: a name on PATH proves nothing, the interpreter is run and asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

BASE = os.path.realpath(sys._base_executable)


@pytest.fixture
def path(tmp_path):
    """A folder that is all of PATH but the shell's own tools."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def put(folder, name, script):
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def find(folder, *arguments, **environment):
    for tool in ("bash", "env"):
        if not (folder / tool).exists():
            (folder / tool).symlink_to(
                next(p for p in (f"/bin/{tool}", f"/usr/bin/{tool}") if Path(p).exists())
            )
    return subprocess.run(
        [str(ROOT / ".ci/find-python"), *arguments],
        env={"PATH": str(folder), "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_takes_the_first_that_runs(path):
    put(path, "python3.13", 'echo "pyenv: python3.13: command not found" >&2; exit 127')
    put(path, "python3.12", f'exec "{BASE}" "$@"')
    done = find(path)
    assert done.returncode == 0, done.stderr
    assert os.path.realpath(done.stdout.strip()) == BASE


def test_an_old_one_is_passed_over(path):
    put(path, "python3.13", "exit 1")
    put(path, "python3", f'exec "{BASE}" "$@"')
    assert os.path.realpath(find(path).stdout.strip()) == BASE


def test_looks_under_pyenv_for_versions_not_selected(path, tmp_path):
    folder = tmp_path / "pyenv/versions/3.12.9/bin"
    folder.mkdir(parents=True)
    put(folder, "python", f'exec "{BASE}" "$@"')
    done = find(path, PYENV_ROOT=str(tmp_path / "pyenv"))
    assert os.path.realpath(done.stdout.strip()) == BASE


def test_none_is_one_plain_sentence(path):
    done = find(path)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "install python3.12" in done.stderr


def test_one_without_venv_is_named(path):
    put(path, "python3", f'case "$3" in *ensurepip*) exit 1 ;; *) echo "{path}/python3" ;; esac')
    done = find(path)
    assert done.returncode == 1
    assert "python3-venv" in done.stderr


def test_override_that_will_not_do_is_said(path):
    done = find(path, "/nowhere/python")
    assert done.returncode == 1
    assert "PYTHON=/nowhere/python" in done.stderr


def test_environment_of_the_caller_does_not_count(path):
    put(path, "python3.12", f'exec "{BASE}" "$@"')
    done = find(path, PYTHONHOME="/nowhere", PYTHONPATH="/nowhere", VIRTUAL_ENV="/nowhere")
    assert done.returncode == 0, done.stderr
