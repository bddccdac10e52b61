"""Tasks served without a skill are rejected, and the reason says which."""

from routing.constraints.skills import blocks
from routing.problem import Skill
from routing.solution import ReasonCode
from tests.support.problems import a_problem, a_task, a_vehicle, with_tasks, with_vehicles
from tests.support.rules import Case, assert_rejected, each

TWO = a_problem([a_task(1, 2), a_task(2, 4)])
ABLE = with_vehicles(TWO, skills=(Skill("zh", 1),))

CASES = {
    "skill": Case(TWO, with_tasks(TWO, skills=(Skill("zh"),)), "skill"),
    "skill level": Case(ABLE, with_tasks(ABLE, skills=(Skill("zh", 2),)), "skill"),
}


def test_reason_names_the_skill_and_echoes_the_source():
    task = a_task(skills=(Skill("zh", 2),), source="rule 4")
    reason = blocks(a_vehicle(skills=(Skill("zh", 1),)), task)
    assert reason is not None
    assert (reason.code, reason.source) == (ReasonCode.SKILL_MISSING, "rule 4")
    assert "zh at level 2" in reason.detail


def test_higher_level_blocks_nothing():
    assert blocks(a_vehicle(skills=(Skill("zh", 3),)), a_task(skills=(Skill("zh", 2),))) is None


@each(CASES)
def test_plan_that_breaks_only_this_rule_is_rejected(case):
    assert_rejected(case)
