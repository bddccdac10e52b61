"""Each mutation of a lawful day is rejected, and for the right reason."""

import pytest

from dispatch.audit import Profile, audit
from dispatch.policy.facts import DayFacts
from dispatch.policy.pack import load_pack
from tests.dispatch.audit.lawful_day import a_day, a_noticed_day, an_executed_day
from tests.dispatch.audit.mutations import MUTATIONS, Mutation

CASES = [(mutation, profile) for mutation in MUTATIONS for profile in mutation.profiles]


def a_day_for(profile: Profile) -> DayFacts:
    if profile is Profile.EXECUTED:
        return an_executed_day()
    return a_day() if profile is Profile.ANNOUNCE else a_noticed_day()


@pytest.mark.parametrize("profile", list(Profile), ids=str)
def test_a_lawful_day_passes(profile: Profile) -> None:
    assert audit(a_day_for(profile), load_pack("baseline"), profile) == ()


@pytest.mark.parametrize(("mutation", "profile"), CASES, ids=[f"{p}: {m.name}" for m, p in CASES])
def test_rejects(mutation: Mutation, profile: Profile) -> None:
    breaches = audit(mutation.change(a_day_for(profile)), load_pack("baseline"), profile)

    assert mutation.code in {breach.code for breach in breaches}


def test_at_least_twenty_five_kinds() -> None:
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) >= 25
