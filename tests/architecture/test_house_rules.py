"""The four packages keep the rules of the house, and each rule can fail."""

import pytest

from tests.architecture import house
from tests.architecture.house import Module

BAD = {
    house.too_long: ("dispatch/long.py", "x = 1\n" * 401),
    house.ends_transaction: (
        "dispatch/care/hold.py",
        "def hold(session):\n    session.commit()\n",
    ),
    house.without_failpoints: (
        "scheduler/guard.py",
        "with database.writing() as session:\n    pass\n",
    ),
    house.queries: ("dispatch/care/hold.py", "from sqlmodel import Session, select\n"),
    house.reads_clock: ("api/pages/day.py", "import datetime\nnow = datetime.datetime.now()\n"),
    house.speaks_http: ("api/endpoints/plans.py", "from fastapi import HTTPException\n"),
    house.relative_import: ("routing/solve.py", "from .problem import Problem\n"),
    house.nameless: ("dispatch/utils/text.py", ""),
    house.busy_init: ("dispatch/model/__init__.py", "def registry():\n    return {}\n"),
}

BAD_TOO = [
    (house.ends_transaction, "api/endpoints/plans.py", "with session.begin():\n    pass\n"),
    (house.without_failpoints, "scheduler/guard.py", "session.commit()\n"),
    (house.without_failpoints, "dispatch/care/hold.py", 'failpoint("before x")\n'),
    (house.without_failpoints, "api/app.py", "from dispatch.failpoint import arm\n"),
    (house.queries, "api/pages/day.py", "import sqlalchemy as sa\nsa.select(1)\n"),
    (house.queries, "scheduler/duties.py", "from sqlalchemy import update\n"),
    (house.reads_clock, "dispatch/store/plans.py", "from datetime import date\ndate.today()\n"),
    (house.reads_clock, "routing/solve.py", "from time import time\n"),
    (house.reads_clock, "routing/solve.py", "import time\nstarted = time.time()\n"),
    (house.reads_clock, "dispatch/model/base.py", "Field(default_factory=datetime.utcnow)\n"),
    (house.busy_init, "routing/__init__.py", "print(1)\n"),
]

GOOD = [
    (house.ends_transaction, "scheduler/guard.py", "session.commit()\n"),
    (house.ends_transaction, "dispatch/care/hold.py", "session.flush()\n"),
    (house.without_failpoints, "scheduler/guard.py", 'database.writing(f"duty.{name}")\n'),
    (
        house.without_failpoints,
        "dispatch/messaging/runner.py",
        'failpoint("before x")\nfailpoint("after x")\n',
    ),
    (house.queries, "dispatch/store/plans.py", "from sqlmodel import select\n"),
    (house.queries, "dispatch/care/hold.py", "from sqlmodel import Session\n"),
    (house.reads_clock, "dispatch/clock.py", "datetime.now(UTC)\n"),
    (house.reads_clock, "routing/solve.py", "import time\nstarted = time.monotonic()\n"),
    (
        house.busy_init,
        "routing/__init__.py",
        '"""Pure."""\n\nfrom routing.x import Y\n\n__all__ = ["Y"]\n',
    ),
    (house.too_long, "dispatch/long.py", "x = 1\n" * 400),
]


def names(cases):
    return [f"{rule.__name__}-{number}" for number, (rule, _, _) in enumerate(cases)]


@pytest.mark.parametrize("rule", house.MODULE_RULES, ids=lambda rule: rule.__name__)
def test_packages_keep_rule(rule):
    findings = [finding for module in house.modules() for finding in rule(module)]
    assert findings == []


def test_no_two_transactions_have_one_name():
    names = [name for module in house.modules() for _, name in house.acts(module)]
    assert len(names) >= 24
    assert len(set(names)) == len(names)


def test_packages_have_modules_to_look_at():
    assert {module.package for module in house.modules()} >= {"dispatch"}


@pytest.mark.parametrize("rule", house.MODULE_RULES, ids=lambda rule: rule.__name__)
def test_rule_catches_what_breaks_it(rule):
    assert rule(Module(*BAD[rule]))


@pytest.mark.parametrize(("rule", "path", "text"), BAD_TOO, ids=names(BAD_TOO))
def test_rule_catches_other_spellings(rule, path, text):
    assert rule(Module(path, text))


@pytest.mark.parametrize(("rule", "path", "text"), GOOD, ids=names(GOOD))
def test_rule_lets_good_code_pass(rule, path, text):
    assert rule(Module(path, text)) == []


def test_no_file_holds_a_registry_address_or_a_machine_path():
    findings = []
    for name in house.tracked_files():
        content = (house.ROOT / name).read_bytes()
        if "/vendor/" not in name and b"\0" not in content:
            findings += house.leaks(name, content.decode("utf-8", errors="replace"))
    assert findings == []


@pytest.mark.parametrize(
    "line",
    [
        "see https://p" + "ypi.org/simple",
        "--index-url=https://files.p" + "ythonhosted.org/x",
        "registry: https://registry.n" + "pmjs.org/",
        "open('/ro" + "ot/data.csv')",
        "data = /ho" + "me/anna/fairvisit",
    ],
)
def test_leak_is_caught(line):
    assert house.leaks("docs/x.md", line)


def test_other_paths_and_addresses_are_no_leaks():
    assert house.leaks("docs/x.md", "/var/lib https://example.org /v1/root/x api/home/x") == []


def test_top_level_holds_only_what_belongs_there():
    assert house.strangers(house.tracked_files()) == []


def test_stranger_at_the_top_level_is_caught():
    assert house.strangers(["setup.py", "src/x.py", "api/app.py", ".ci/run", "Makefile"]) == [
        "setup.py: not a part of the top level",
        "src/x.py: not a part of the top level",
    ]


def test_every_package_folder_is_a_package_and_tests_are_none():
    assert house.missing_inits(house.tracked_files()) == []


def test_missing_or_misplaced_init_is_caught():
    assert house.missing_inits(["dispatch/store/plans.py", "tests/api/__init__.py"]) == [
        "tests/api: tests have no __init__.py",
        "dispatch/store: no __init__.py",
    ]
