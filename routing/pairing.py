"""Who goes out with whom: members grouped so that most demand is met, then most wishes.

Every possible group is a column of a set packing that CP-SAT solves, begun from the greedy plan.
Nothing here knows what a trait means: "speaks Cantonese" and "is a woman" are names to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import combinations
from math import comb, hypot

from routing.problem import Id, Window

_MOST_GROUPS = 3000
"""Columns beyond which CP-SAT would take more than its second; the best of each member stay."""

_MOST_CANDIDATES = 10_000
"""Groups that are looked at, some 0.1 s; 100 members make 4,950 pairs."""

_EFFORT = 0.5
"""CP-SAT's deterministic time, half a second or so: the same answer on any machine."""

_ALL_DAY = Window(0, 86_400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One who can go out.

    Parameters
    ----------
    id
        Unique among members.
    traits
        What the member brings: languages, skills, anything that a group may have or need.
    home
        Kilometres east and north of anywhere.
    hours
        When the member works, in seconds.
    """

    id: Id
    traits: frozenset[str] = frozenset()
    home: tuple[float, float] = (0.0, 0.0)
    hours: Window = _ALL_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewRules:
    """What makes a group possible, and what makes it good.

    Parameters
    ----------
    size
        Members of each group.
    least_s
        Seconds that the members must share.
    needed
        Traits that each group has among its members.
    demand
        By trait: how many groups should have it; met before any wish.
    wishes
        By trait: points for a group that has it.
    per_hour, per_km
        Points for each hour shared, and against each kilometre between two homes.
    """

    size: int = 2
    least_s: int = 0
    needed: frozenset[str] = frozenset()
    demand: Mapping[str, int] = field(default_factory=dict)
    wishes: Mapping[str, float] = field(default_factory=dict)
    per_hour: float = 0.0
    per_km: float = 0.0

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError("size must be 1 or more")


@dataclass(frozen=True, slots=True)
class _Group:
    members: tuple[int, ...]
    traits: frozenset[str]
    points: int


def form_groups(members: Sequence[Member], rules: CrewRules) -> list[tuple[Id, ...]]:
    """Group members: first as many groups as can be, then most demand met, then most points.

    Parameters
    ----------
    members
        In any order; the answer depends on it only among equals.
    rules
        What groups must and should be.

    Returns
    -------
    list of tuple
        Ids of each group in the members' order, the group with most points first. Members in no
        group stay free.
    """
    groups = _kept(list(_possible(members, rules)), len(members))
    if not groups:
        return []
    chosen = sorted(_packed(groups, rules), key=lambda group: (-group.points, group.members))
    return [tuple(members[index].id for index in group.members) for group in chosen]


def score(group: Sequence[Member], rules: CrewRules) -> int:
    """Points of one group by the wishes, in hundredths."""
    traits = frozenset[str]().union(*(member.traits for member in group))
    apart = sum(
        hypot(one.home[0] - two.home[0], one.home[1] - two.home[1])
        for one, two in combinations(group, 2)
    )
    wished = sum(points for trait, points in rules.wishes.items() if trait in traits)
    hours = max(0, _shared_s(group)) / 3600
    return round(100 * (wished + rules.per_hour * hours - rules.per_km * apart))


def _possible(members: Sequence[Member], rules: CrewRules) -> Iterator[_Group]:
    for indexes in _candidates(members, rules):
        group = [members[index] for index in indexes]
        traits = frozenset[str]().union(*(member.traits for member in group))
        if _shared_s(group) >= rules.least_s and rules.needed <= traits:
            yield _Group(indexes, traits, score(group, rules))


def _candidates(members: Sequence[Member], rules: CrewRules) -> Iterable[tuple[int, ...]]:
    """All groups of the size; where they are too many, of each member and its best partners."""
    everyone = range(len(members))
    if comb(len(members), rules.size) <= _MOST_CANDIDATES:
        return combinations(everyone, rules.size)
    few = rules.size - 1
    while few < len(members) and comb(few, rules.size - 1) * len(members) < _MOST_CANDIDATES:
        few += 1
    found = set()
    for index, member in enumerate(members):
        others = [other for other in everyone if other != index]
        points = {other: score((member, members[other]), rules) for other in others}
        partners = nlargest(few, others, key=points.__getitem__)
        for group in combinations(sorted(partners), rules.size - 1):
            found.add(tuple(sorted((index, *group))))
    return sorted(found)


def _shared_s(group: Sequence[Member]) -> int:
    latest_start = max(member.hours.start_s for member in group)
    return min(member.hours.end_s for member in group) - latest_start


def _kept(groups: list[_Group], members: int) -> list[_Group]:
    """All groups, or the best of each member where they are too many."""
    if len(groups) <= _MOST_GROUPS:
        return groups
    own: list[list[_Group]] = [[] for _ in range(members)]
    for group in groups:
        for index in group.members:
            own[index].append(group)
    share = _MOST_GROUPS // members
    best = {group for each in own for group in nlargest(share, each, key=lambda one: one.points)}
    return [group for group in groups if group in best]


def _packed(groups: list[_Group], rules: CrewRules) -> list[_Group]:
    """Disjoint groups; CP-SAT's answer, or the greedy one where it has none that is better."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - takes 0.5 s

    model = cp_model.CpModel()
    taken = [model.new_bool_var(str(group.members)) for group in groups]
    for index in {index for group in groups for index in group.members}:
        model.add_at_most_one(
            x for x, group in zip(taken, groups, strict=True) if index in group.members
        )
    met = []
    for trait, wanted in sorted(rules.demand.items()):
        having = [x for x, group in zip(taken, groups, strict=True) if trait in group.traits]
        met.append(model.new_int_var(0, wanted, f"meets {trait}"))
        model.add(met[-1] <= sum(having))
    spread = 1 + sum(abs(group.points) for group in _spread(groups))
    count = 1 + spread * (1 + sum(rules.demand.values()))
    model.maximize(
        sum((count + group.points) * x for x, group in zip(taken, groups, strict=True))
        + spread * sum(met)
    )
    greedy = set(_greedy(groups))
    for x, group in zip(taken, groups, strict=True):
        model.add_hint(x, group in greedy)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = _EFFORT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return sorted(greedy, key=lambda group: group.members)
    return [group for x, group in zip(taken, groups, strict=True) if solver.value(x)]


def _spread(groups: list[_Group]) -> list[_Group]:
    """Groups whose points bound what any disjoint groups can gain or lose."""
    people = len({index for group in groups for index in group.members})
    most = max(1, people // len(groups[0].members))
    return nlargest(2 * most, groups, key=lambda group: abs(group.points))


def _greedy(groups: list[_Group]) -> list[_Group]:
    """Best group first."""
    free = {index for group in groups for index in group.members}
    chosen = []
    for group in sorted(groups, key=lambda one: (-one.points, one.members)):
        if free.issuperset(group.members):
            chosen.append(group)
            free.difference_update(group.members)
    return chosen
