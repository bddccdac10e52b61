"""Unknown facts: each that the packs require forbids the visit while nobody knows it."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.policy.pack import load_pack
from dispatch.policy.rules.facts_known import _IS_KNOWN
from tests.dispatch.audit.lawful_day import a_visit, wall
from tests.dispatch.policy.test_rules import ask, codes

UNKNOWN: dict[str, dict[str, Any]] = {
    "time_zone": {"time_zone": "Nowhere/Land"},
    "place": {"is_place_located": None},
    "is_adult": {"is_adult": None},
    "language": {"language": " "},
    "dpd": {"dpd": None},
    "ability": {"ability": None},
    "contacts": {"contacts": None},
    "visits": {"visits": None},
    "holds": {"holds": None},
    "data_audit": {"data_audit_until": None},
}


def test_every_required_fact_is_asked_for() -> None:
    required = load_pack("baseline")["facts.required"]

    assert set(required) == set(_IS_KNOWN) == set(UNKNOWN)


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown(name: str) -> None:
    findings = {finding.code: finding for finding in ask(a_visit(**UNKNOWN[name])).findings}

    assert findings["facts-unknown"].args["facts"] == (name,)


def test_a_minor_is_not_visited() -> None:
    assert codes(a_visit(is_adult=False)) == {"not-an-adult"}


def test_the_day_ends_where_the_check_of_the_data_ends() -> None:
    (window,) = ask(a_visit(data_audit_until=wall(12))).windows

    assert window.until_at == wall(12)
    stale = wall(9, 15) + timedelta(seconds=1499)
    assert codes(a_visit(data_audit_until=stale)) == {"data-audit-expired"}
