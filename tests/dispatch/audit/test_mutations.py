"""Each kind of mutation of random lawful days is rejected, and for the right reason."""

import re
from random import Random

import pytest

from dispatch.audit import Profile, audit
from tests.dispatch.audit.mutations.kinds import MUTATIONS, Mutation
from tests.dispatch.audit.random_days import lawful_day, pack_of
from tests.dispatch.audit.report import HEADS, PAGE, names

DAYS = 2
"""Days a kind here; `make audit-mutations` takes many more."""

CASES = [(mutation, profile) for mutation in MUTATIONS for profile in mutation.profiles]


@pytest.mark.parametrize(("mutation", "profile"), CASES, ids=[f"{p}: {m.name}" for m, p in CASES])
@pytest.mark.fault("V1", "V2", "V3")
def test_rejects(mutation: Mutation, profile: Profile) -> None:
    for number in range(DAYS):
        day = lawful_day(profile, number, mutation.zones, mutation.on, mutation.pack)
        changed = mutation.change(day, Random(number))
        breaches = audit(changed, pack_of(day), profile)
        assert mutation.is_caught(breaches), breaches


def test_no_kind_is_there_twice_and_there_are_enough() -> None:
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) >= 40


def test_the_page_tells_of_every_kind() -> None:
    """`make audit-mutations` writes the page; it must have been run since a kind was added."""
    told = re.findall(r"^\| ([^|]+?) \|", PAGE.read_text("utf-8"), flags=re.MULTILINE)

    assert names() == set(told) - HEADS
