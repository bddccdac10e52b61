"""The compiled gap test against plain evaluation of every insertion, on problems with every rule."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from routing.evaluate import evaluate
from routing.gaps import NO_FIT, Gaps, Rule
from routing.tables import tables_of
from routing.timing import lay_out
from tests.support.full_problems import full_problem, some_plan
from tests.support.problems import HOUR, a_problem, a_task, a_vehicle

seeds = st.integers(0, 10**6)


def a_full_plan(seed):
    """Tables, routes that keep every rule, and the options that they leave out."""
    tables = tables_of(full_problem(seed))
    routes = some_plan(tables, seed)
    shorter = routes[0][:-1]
    if not shorter or evaluate(tables, tables.crews[0], shorter) is not None:
        routes[0] = shorter
    served = {int(tables.task_of[option]) for route in routes for option in route}
    left = [
        option
        for option in range(tables.option_count)
        if int(tables.task_of[option]) not in served
    ]
    return tables, routes, left


@settings(max_examples=60)
@given(seed=seeds)
def test_price_of_every_gap_is_what_an_insertion_costs(seed):
    tables, routes, left = a_full_plan(seed)
    gaps = Gaps(tables, routes)
    assert gaps.kept.all()
    for option, price in zip(left, gaps.prices(left), strict=True):
        for crew in tables.crews:
            route = routes[crew.index]
            assert (price[crew.index, len(route) + 1 :] == NO_FIT).all()
            before = evaluate(tables, crew, route)
            for gap in range(len(route) + 1):
                after = evaluate(tables, crew, [*route[:gap], option, *route[gap:]])
                told = price[crew.index, gap]
                assert (after is None) == (told == NO_FIT)
                if after is not None and not tables.problem.tuning.balance_weight:
                    assert told == after - before - tables.bonus[crew.index, option]


@settings(max_examples=40)
@example(seed=1238)  # the later start is too long a way, at that time of day
@given(seed=seeds)
def test_first_and_last_second_can_be_kept_and_none_beyond(seed):
    tables, routes, left = a_full_plan(seed)
    gaps = Gaps(tables, routes)
    for option, price in zip(left, gaps.prices(left), strict=True):
        places = [tuple(map(int, place)) for place in np.argwhere(price < NO_FIT)]
        for (crew, gap), (first, last) in zip(places, gaps.spans(option, places), strict=True):
            route = [*routes[crew][:gap], option, *routes[crew][gap:]]
            for moment, possible in ((first, True), (last, True), (last + 1, False)):
                told = promised(tables, option, moment)
                tour = lay_out(told, told.crews[crew], route)
                is_kept = evaluate(told, told.crews[crew], route) is not None
                assert (is_kept and tour.tasks[gap].start_s == moment) == possible
            assert lay_out(tables, tables.crews[crew], route).tasks[gap].start_s >= first


def promised(tables, option, moment):
    """The same problem with an option bound to begin at a second."""
    from dataclasses import replace

    spans = list(tables.spans)
    inside = any(start <= moment <= end for start, end in spans[option])
    spans[option] = ((moment, moment),) if inside else ()
    other = replace(tables)
    other.__dict__["spans"] = tuple(spans)
    return other


@settings(max_examples=30)
@given(seed=seeds)
def test_fewer_rules_open_no_fewer_gaps(seed):
    tables, routes, left = a_full_plan(seed)
    gaps = Gaps(tables, routes)
    # Earlier is not always less travel or a shorter day, so the two bounds on these go first.
    some = [Rule.MAX_TRAVEL_TIME, Rule.MAX_DURATION, *list(Rule)[seed % len(Rule) :]]
    before, after = gaps.prices(left), gaps.without(*some).prices(left)
    assert ((before < NO_FIT) <= (after < NO_FIT)).all()


@pytest.mark.parametrize("rule", [Rule.WINDOWS, Rule.LATEST_END])
def test_rules_of_tasks_can_be_left_out_for_some(rule):
    tasks = [a_task(name, 1, latest_end_s=9 * HOUR, service_s=2 * HOUR) for name in (1, 2)]
    if rule is Rule.WINDOWS:
        late = [(19 * HOUR, 20 * HOUR)]
        tasks = [a_task(name, 1, windows=windows(late)) for name in (1, 2)]
    tables = tables_of(a_problem(tasks))
    prices = Gaps(tables, [[]]).without(rule, options=[1]).prices([0, 1])
    assert (prices[:, 0, 0] < NO_FIT).tolist() == [False, True]


def windows(pairs):
    from routing import Window

    return tuple(Window(*pair) for pair in pairs)


def test_route_that_breaks_a_rule_is_told():
    tables = tables_of(a_problem([a_task(1, service_s=11 * HOUR), a_task(2)], [a_vehicle()] * 1))
    assert Gaps(tables, [[0]]).kept.tolist() == [False]
    assert Gaps(tables, [[1]]).kept.tolist() == [True]


def test_gaps_of_idle_vehicles():
    tables = tables_of(a_problem([a_task(1, 3), a_task(2, 5)]))
    gaps = Gaps(tables, [[0]])
    assert gaps.lengths.tolist() == [1]
    assert gaps.alone().lengths.tolist() == [0]
    assert gaps.alone().prices([1])[0, 0, 0] == 10 * 600 * tables.grain
