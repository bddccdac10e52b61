"""People are sent only where somebody checked; what nobody found has no number."""

from datetime import timedelta

import pytest

from dispatch.care.referrals import (
    add_referral,
    missing_topics,
    remove_referral,
    shipped,
    shown_referrals,
)
from dispatch.db import Database
from dispatch.errors import Invalid
from dispatch.model import SupportTopic
from dispatch.policy.pack import load_pack, shipped_packs
from dispatch.vault import Vault
from tests.support import builders as make


@pytest.fixture
def branch(sqlite_database: Database, vault: Vault):
    with sqlite_database.writing() as session:
        return make.a_branch(session, vault), make.an_account(session)


TODAY = make.NOW.date()


def add(database, branch, *, checked_on=TODAY):
    of, by = branch
    with database.writing() as session:
        return add_referral(
            session,
            branch=of,
            topic=SupportTopic.MONEY_ADVICE,
            name="Advice at the town hall",
            contact="Second floor",
            language="zh-CN",
            source="Asked at the desk",
            checked_on=checked_on,
            by=by,
            now=make.NOW,
        )


def shown(database, branch, *, days=0):
    with database.reading() as session:
        now = make.NOW + timedelta(days=days)
        return shown_referrals(session, branch=branch[0], now=now)


def test_what_nobody_found_has_no_number() -> None:
    for country, entries in shipped().items():
        assert {one.topic for one in entries} == set(SupportTopic), country
        for one in entries:
            assert (one.mark == "N") == (one.contact is None), (country, one.topic)


def test_there_is_a_list_for_each_country_of_a_pack() -> None:
    countries = {load_pack(pack).calendar for pack in shipped_packs()} - {None}
    assert {one.split("-")[0] for one in countries} <= set(shipped())


def test_an_entry_is_shown_as_long_as_its_check_is_fresh(sqlite_database, branch) -> None:
    add(sqlite_database, branch)
    assert [one.name for one in shown(sqlite_database, branch)] == ["Advice at the town hall"]
    assert len(shown(sqlite_database, branch, days=180)) == 1
    assert shown(sqlite_database, branch, days=181) == []


@pytest.mark.parametrize("days", [2, -200])
def test_an_entry_that_nobody_can_have_checked_is_refused(sqlite_database, branch, days) -> None:
    with pytest.raises(Invalid, match="Check the entry"):
        add(sqlite_database, branch, checked_on=make.NOW.date() + timedelta(days=days))


def test_what_is_missing_is_told(sqlite_database, branch) -> None:
    referral = add(sqlite_database, branch)
    with sqlite_database.writing() as session:
        missing = missing_topics(session, branch=branch[0], now=make.NOW)
        assert SupportTopic.MONEY_ADVICE not in missing
        assert SupportTopic.CRISIS in missing
        remove_referral(session, referral=session.merge(referral), actor="test", now=make.NOW)
    assert shown(sqlite_database, branch) == []
