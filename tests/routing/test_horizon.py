"""Spreading calls over days: against brute force, and what always holds."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.horizon import Call, Later, Room, spread

HOUR = 3600
A_DAY = Room(work_s=4 * HOUR, calls=3)


def a_call(name, worth=10, **over):
    return Call(
        **{"id": name, "days": (0, 1, 2), "work_s": HOUR, "value": {}, "value_else": worth} | over
    )


@st.composite
def some_calls(draw, most):
    return [
        Call(
            id=index,
            days=tuple(draw(st.lists(st.integers(0, 3), max_size=3))),
            work_s=draw(st.sampled_from([0, HOUR, 2 * HOUR, 5 * HOUR])),
            value=draw(st.dictionaries(st.integers(0, 2), st.integers(0, 20), max_size=2)),
            value_else=draw(st.integers(0, 20)),
            deadline=draw(st.sampled_from([None, None, 0, 1])),
            person=draw(st.sampled_from([None, "a", "b"])),
        )
        for index in range(draw(st.integers(0, most)))
    ]


rooms = st.lists(
    st.builds(
        Room, work_s=st.sampled_from([0, 2 * HOUR, 4 * HOUR]), calls=st.sampled_from([0, 1, 3])
    ),
    min_size=1,
    max_size=3,
)


def is_kept(calls, rooms, apart_days, day_of):
    made = [call for call in calls if call.id in day_of]
    return (
        all(
            sum(call.work_s for call in made if day_of[call.id] == day) <= room.work_s
            and sum(day_of[call.id] == day for call in made) <= room.calls
            for day, room in enumerate(rooms)
        )
        and all(day_of[call.id] in call.days for call in made)
        and all(call.deadline is None or day_of[call.id] <= call.deadline for call in made)
        and all(
            abs(day_of[one.id] - day_of[two.id]) >= apart_days
            for one, two in combinations(made, 2)
            if one.person is not None and one.person == two.person
        )
    )


def worth(calls, day_of, horizon):
    made = [call for call in calls if call.id in day_of]
    near = [min(horizon if call.deadline is None else call.deadline, horizon) for call in made]
    return (
        sum(call.worth(day_of[call.id]) for call in made),
        sum(horizon + 1 - late for late in near),
    )


@settings(max_examples=40)
@given(calls=some_calls(5), rooms=rooms, apart_days=st.integers(0, 3))
def test_most_value_then_nearest_deadline(calls, rooms, apart_days):
    found = spread(calls, rooms, apart_days=apart_days)
    assert is_kept(calls, rooms, apart_days, found.day_of)
    best = max(
        worth(calls, day_of, len(rooms))
        for days in product([None, *range(len(rooms))], repeat=len(calls))
        if is_kept(
            calls,
            rooms,
            apart_days,
            day_of := {
                call.id: day for call, day in zip(calls, days, strict=True) if day is not None
            },
        )
    )
    assert worth(calls, found.day_of, len(rooms)) == best


@settings(max_examples=30)
@given(calls=some_calls(25), rooms=rooms, apart_days=st.integers(0, 3))
def test_every_call_has_a_day_or_a_reason(calls, rooms, apart_days):
    found = spread(calls, rooms, apart_days=apart_days)
    assert is_kept(calls, rooms, apart_days, found.day_of)
    assert found.day_of.keys() | found.left.keys() == {call.id for call in calls}
    assert not found.day_of.keys() & found.left.keys()
    assert found == spread(calls, rooms, apart_days=apart_days)


def test_days_are_evened_out():
    found = spread([a_call(number) for number in range(6)], [A_DAY, A_DAY, A_DAY])
    counts = [list(found.day_of.values()).count(day) for day in range(3)]
    assert counts == [2, 2, 2]


def test_nearest_deadline_goes_first_among_equals():
    calls = [a_call(1), a_call(2, deadline=0), a_call(3, deadline=1)]
    found = spread(calls, [Room(work_s=HOUR, calls=1)] * 2)
    assert found.day_of == {2: 0, 3: 1}
    assert found.left == {1: Later.FULL}


def test_value_goes_by_the_day():
    found = spread([a_call(1, value={0: 5, 2: 9})], [A_DAY, A_DAY, A_DAY])
    assert found.day_of in ({1: 1}, {1: 2})
    assert spread([a_call(1, value={2: 90})], [A_DAY, A_DAY, A_DAY]).day_of == {1: 2}


def test_each_reason():
    calls = [
        a_call("gone", days=(1, 2), deadline=0),
        a_call("long", work_s=9 * HOUR),
        a_call("first", person="p", worth=99),
        a_call("again", person="p"),
    ]
    found = spread(calls, [A_DAY, A_DAY, A_DAY], apart_days=5)
    assert found.left == {"gone": Later.NO_DAY, "long": Later.TOO_LONG, "again": Later.TOO_SOON}
    assert spread([a_call(1), a_call(2, 20)], [Room(work_s=HOUR, calls=1)]).left == {1: Later.FULL}
