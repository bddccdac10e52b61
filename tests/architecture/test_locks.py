"""The locks hold what pyproject.toml asks for, with hashes and without an address."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.house import ROOT, leaks

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-roads.lock", "requirements-bench.lock")


def asked_for():
    """Yield every requirement of the project, its extras and its groups."""
    yield from PROJECT["project"]["dependencies"]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        yield from extra
    for group in PROJECT["dependency-groups"].values():
        yield from (entry for entry in group if isinstance(entry, str))


def pins(text):
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", text, flags=re.MULTILINE))


def unmet(requirements, locked):
    """Return the requirements that no pin satisfies."""
    return [
        text
        for text in requirements
        for wanted in [Requirement(text)]
        if not wanted.specifier.contains(
            locked.get(canonicalize_name(wanted.name), "0.dev0"), prereleases=True
        )
        or canonicalize_name(wanted.name) not in locked
    ]


@pytest.fixture(scope="module")
def locks():
    return {name: (ROOT / name).read_text() for name in LOCKS}


@pytest.mark.fault("K9")
def test_every_requirement_is_locked(locks):
    locked = {name: version for text in locks.values() for name, version in pins(text).items()}
    assert unmet(asked_for(), locked) == []


def test_missing_or_too_old_pin_is_found():
    assert unmet(["httpx>=0.28", "PyYAML>=6", "rich"], {"httpx": "0.27", "pyyaml": "6.1"}) == [
        "httpx>=0.28",
        "rich",
    ]


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.fault("K9")
def test_every_pin_has_a_hash(locks, name):
    entries = re.split(r"^(?=[a-z0-9])", locks[name], flags=re.MULTILINE)
    entries = [entry for entry in entries if "==" in entry]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_registry(locks, name):
    assert leaks(name, locks[name]) == []
    assert not re.search(r"https?://|--index-url|--find-links", locks[name])
