from datetime import UTC, datetime, timedelta
from uuid import UUID

from dispatch.solver.crews import FreeAgent, pair_up, pair_up_aside
from dispatch.solver.run import Solver

MORNING = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
DEPOT = (30.25, 120.15)


def an_agent(number, gender="f", languages=("zh",), home=DEPOT, starts=0, hours=9):
    starts_at = MORNING + timedelta(hours=starts)
    return FreeAgent(
        id=UUID(int=number),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        languages=languages,
        skills=(),
        gender=gender,
        home=home,
    )


def pairs(agents):
    shortest = timedelta(hours=2)
    return [tuple(one.int for one in pair) for pair in pair_up(agents, size=2, shortest=shortest)]


def test_crews_are_mixed_and_in_the_agents_order():
    crews = pairs([an_agent(1), an_agent(2), an_agent(3, "m"), an_agent(4, "m")])
    assert sorted(crews) in ([(1, 3), (2, 4)], [(1, 4), (2, 3)])


def test_nobody_goes_out_with_whom_they_hardly_meet():
    assert pairs([an_agent(1, hours=4), an_agent(2, starts=3)]) == []


def test_as_many_crews_as_can_be_before_the_best_one():
    whole = [an_agent(1), an_agent(2)]
    halves = [an_agent(3, hours=4), an_agent(4, starts=5, hours=4)]
    assert len(pairs(whole + halves)) == 2


def test_who_lives_near_goes_together():
    far = (30.75, 120.15)
    crews = pairs([an_agent(1), an_agent(2, home=far), an_agent(3), an_agent(4, home=far)])
    assert sorted(crews) == [(1, 3), (2, 4)]


def test_best_crew_comes_first_and_one_agent_stays_free():
    crews = pairs([an_agent(1), an_agent(2, "m", ("zh", "yue")), an_agent(3, hours=5)])
    assert crews == [(1, 2)]
    assert pairs([an_agent(1)]) == []


def test_in_the_solvers_process_the_crews_are_the_same():
    agents = [an_agent(1), an_agent(2), an_agent(3, "m"), an_agent(4, "m")]
    shortest = timedelta(hours=2)
    solver = Solver()
    try:
        assert pair_up_aside(agents[:1], size=2, shortest=shortest, solver=solver) == []
        assert solver.pid is None  # nobody to pair, so it was not even started
        told = pair_up_aside(agents, size=2, shortest=shortest, solver=solver)
    finally:
        solver.close()
    assert told == pair_up(agents, size=2, shortest=shortest)
