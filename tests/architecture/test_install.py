"""An install is done once, again when something changed, and anew when it was cut short.

The real script in a folder of its own, with locks that name no package: nothing is fetched.
"""

import os
import shutil
import subprocess
import sys

import pytest

from tests.architecture.house import ROOT

UP_TO_DATE = "Set-up is up to date."


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a checkout")
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for name in ("requirements.lock", "requirements-roads.lock"):
        (folder / name).touch()
    return folder


def install(folder, **environment):
    done = subprocess.run(
        [str(folder / ".ci/install")],
        env={**os.environ, "PYTHON": "", "PIP_NO_INDEX": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(checkout):
    hostile = {"PYTHONHOME": "/nowhere", "VIRTUAL_ENV": "/nowhere", "PIP_TARGET": "/nowhere"}
    assert "Installed in" in install(checkout, PYTHON=sys._base_executable, **hostile)
    return checkout


def test_second_install_does_nothing(installed):
    install(installed)
    assert install(installed) == f"{UP_TO_DATE}\n"


def test_changed_lock_is_installed_into_the_same_environment(installed):
    mark = installed / ".venv/mark"
    mark.touch()
    with (installed / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "Installed in" in install(installed)
    assert mark.exists()
    assert UP_TO_DATE in install(installed)


def test_install_that_was_cut_short_is_begun_anew(installed):
    mark = installed / ".venv/mark"
    mark.touch()
    (installed / ".venv/.installed").unlink(missing_ok=True)
    (installed / ".venv/.installing").touch()
    assert "Installed in" in install(installed, PYTHON=sys._base_executable)
    assert not mark.exists()
    assert UP_TO_DATE in install(installed)
