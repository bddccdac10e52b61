"""Groups against brute force, and what each rule is for."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing import Window
from routing.pairing import CrewRules, Member, form_groups, score

HOUR = 3600
TRAITS = ["zh", "yue", "en", "woman", "man"]


WHOLE = Window(8 * HOUR, 18 * HOUR)


def a_member(name, *traits, home=(0.0, 0.0), hours=WHOLE):
    return Member(id=name, traits=frozenset(traits), home=home, hours=hours)


def packings(groups):
    """Every set of disjoint groups."""
    if not groups:
        yield ()
        return
    first, *rest = groups
    yield from packings(rest)
    for more in packings([group for group in rest if not set(group) & set(first)]):
        yield (first, *more)


def value(packing, rules):
    traits = [set().union(*(one.traits for one in group)) for group in packing]
    met = sum(
        min(wanted, sum(trait in own for own in traits)) for trait, wanted in rules.demand.items()
    )
    return len(packing), met, sum(score(group, rules) for group in packing)


def possible(members, rules):
    for group in combinations(members, rules.size):
        start = max(one.hours.start_s for one in group)
        end = min(one.hours.end_s for one in group)
        traits = set().union(*(one.traits for one in group))
        if end - start >= rules.least_s and rules.needed <= traits:
            yield group


members = st.lists(
    st.builds(
        Member,
        id=st.integers(0, 99),
        traits=st.frozensets(st.sampled_from(TRAITS), max_size=3),
        home=st.tuples(st.integers(0, 30), st.integers(0, 30)),
        hours=st.sampled_from([Window(8 * HOUR, 18 * HOUR), Window(13 * HOUR, 20 * HOUR)]),
    ),
    max_size=7,
    unique_by=lambda one: one.id,
)
rules = st.builds(
    CrewRules,
    size=st.sampled_from([1, 2, 2, 3]),
    least_s=st.sampled_from([0, 6 * HOUR]),
    needed=st.sampled_from([frozenset(), frozenset({"zh"})]),
    demand=st.dictionaries(st.sampled_from(TRAITS), st.integers(0, 3), max_size=2),
    wishes=st.dictionaries(st.sampled_from(TRAITS), st.integers(0, 5), max_size=3),
    per_hour=st.sampled_from([0, 1]),
    per_km=st.sampled_from([0, 0.1]),
)


@settings(max_examples=40)
@given(members=members, rules=rules)
def test_groups_are_the_best_of_all(members, rules):
    by_id = {member.id: member for member in members}
    formed = [tuple(by_id[name] for name in group) for group in form_groups(members, rules)]
    groups = list(possible(members, rules))
    assert set(formed) <= set(groups)
    assert len({one for group in formed for one in group}) == rules.size * len(formed)
    assert value(formed, rules) == max(value(packing, rules) for packing in packings(groups))


def test_best_pair_first_would_leave_two_free():
    # a and b fit best, but then c and d share no hour
    early, late = Window(8 * HOUR, 12 * HOUR), Window(13 * HOUR, 18 * HOUR)
    four = [
        a_member("a", hours=WHOLE),
        a_member("b", hours=WHOLE),
        a_member("c", hours=early),
        a_member("d", hours=late),
    ]
    formed = form_groups(four, CrewRules(least_s=2 * HOUR, per_hour=1))
    assert {frozenset(group) for group in formed} in (
        {frozenset("ac"), frozenset("bd")},
        {frozenset("ad"), frozenset("bc")},
    )


def test_demand_comes_before_wishes():
    four = [a_member("a", "zh"), a_member("b", "zh"), a_member("c"), a_member("d")]
    wishing = CrewRules(wishes={"zh": 5}, demand={"zh": 2})
    assert all({"a", "b"} & set(group) for group in form_groups(four, wishing))
    assert len(form_groups(four, wishing)) == 2


def test_groups_of_a_hundred_are_formed_the_same_each_time():
    hundred = [
        a_member(
            number,
            TRAITS[number % 3],
            TRAITS[3 + number % 2],
            home=(number * 37 % 40, number * 53 % 40),
        )
        for number in range(100)
    ]
    rules = CrewRules(wishes={"woman": 2, "man": 2, "zh": 1, "yue": 1}, per_km=0.1)
    formed = form_groups(hundred, rules)
    assert len(formed) == 50
    assert formed == form_groups(hundred, rules)
    threes = form_groups(hundred, CrewRules(size=3, wishes={"zh": 1}, per_km=0.1))
    assert len(threes) >= 30


def test_nobody_and_nonsense():
    assert form_groups([], CrewRules()) == []
    assert form_groups([a_member("a")], CrewRules()) == []
    with pytest.raises(ValueError, match="size"):
        CrewRules(size=0)
