"""What a person has to see to about a pack, and which of it stops the planning."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.db import Database
from dispatch.model import Role
from dispatch.policy.pack import BASELINE, Pack, Signature, load_pack, read_pack
from dispatch.reporting.packs import STOPS, Concern, packs_of, seen
from dispatch.roster.packs import decide_pack, propose_pack
from tests.dispatch.policy.test_pack import HEAD, entry
from tests.support.builders import NOW, an_account

ON = date(2026, 3, 2)
DAY = timedelta(days=1)
TEXT = HEAD + entry("crew.min", "3")


def a_pack(**changes: Any) -> Pack:
    fields = {
        "valid_from": ON - 9 * DAY,
        "valid_until": ON,
        "review_on": ON,
        "signed_by": Signature(name="Counsel", signed_on=ON),
        "is_own": False,
    }
    return replace(read_pack(TEXT), **{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "concerns"),
    [
        ({}, ()),
        ({"valid_from": ON + DAY, "valid_until": None, "review_on": ON + DAY}, (Concern.NOT_YET,)),
        ({"valid_until": ON - DAY}, (Concern.EXPIRED,)),
        ({"valid_until": None}, ()),
        ({"review_on": ON - DAY}, (Concern.REVIEW_DUE,)),
        ({"signed_by": None}, (Concern.UNSIGNED,)),
        ({"signed_by": Signature(name="Counsel", signed_on=ON + DAY)}, (Concern.UNSIGNED,)),
        ({"is_own": True}, (Concern.NOT_ADOPTED,)),
    ],
)
def test_what_stands_against_a_pack(
    sqlite_database: Database, changes: dict[str, Any], concerns: tuple[Concern, ...]
) -> None:
    with sqlite_database.reading() as session:
        assert seen(session, a_pack(**changes), on=ON).concerns == concerns


def test_a_pack_that_leaves_no_hour_contradicts_itself(sqlite_database: Database) -> None:
    never = HEAD + entry("visit.windows.residence", "{sun: [], public_holiday: []}")
    pack = read_pack(never + entry("visit.windows.workplace", "{sun: [], public_holiday: []}"))
    with sqlite_database.reading() as session:
        assert Concern.CONTRADICTORY in seen(session, pack, on=ON).concerns


def test_what_two_adopted_is_adopted_until_the_text_is_another(database: Database) -> None:
    with database.writing() as session:
        one, other = (an_account(session, role=Role.ADMIN) for _ in range(2))
        ground = "The house asks for three at every door."
        change = propose_pack(session, text=TEXT, ground=ground, account=one, now=NOW)
        decide_pack(session, change=change, is_adopted=True, account=other, now=NOW)
        own = a_pack(is_own=True)
        assert seen(session, own, on=ON).concerns == ()
        edited = a_pack(is_own=True, fingerprint="0" * 64)
        assert seen(session, edited, on=ON).concerns == (Concern.NOT_ADOPTED,)


def test_nobody_signs_the_baseline_where_it_only_binds_beside(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        _, beside = packs_of(session, load_pack("cn"), on=ON)
        (alone,) = packs_of(session, load_pack(BASELINE), on=ON)
    assert (beside.pack.id, beside.is_beside) == (BASELINE, True)
    assert Concern.UNSIGNED not in beside.concerns
    assert Concern.UNSIGNED in alone.concerns


def test_sources_that_are_due_and_rules_that_bind_nobody_are_counted(
    sqlite_database: Database,
) -> None:
    china = load_pack("cn")
    with sqlite_database.reading() as session:
        found = seen(session, china, on=ON)
        later = seen(session, china, on=ON + 3000 * DAY)
    assert "notice.min_hours" in found.unbinding
    assert found.overdue == frozenset()
    assert later.overdue == frozenset(china.values)


def test_a_missing_signature_stops_nothing_outside_production() -> None:
    assert not STOPS & {Concern.UNSIGNED, Concern.REVIEW_DUE}
