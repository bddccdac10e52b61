"""Sanctions: on conduct alone, with a ground, and lifted by somebody else."""

from datetime import date, timedelta

import pytest

from dispatch.errors import Invalid, Refused, WrongState
from dispatch.model import Agent, AgentState, Incident, IncidentState, Topic
from dispatch.roster.conduct import Sanction, set_standing
from dispatch.roster.trainings import record_training
from dispatch.store.days import on_shift
from tests.support import builders as make

LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def team(database, vault):
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        agents = [make.an_agent(session, vault, branch, lender) for _ in range(2)]
        for agent in agents:
            make.a_shift(session, agent, make.SERVICE_DATE)
        yield session, branch, agents


def sets(session, agent: Agent, to: AgentState, **given) -> Agent:
    told = {"reason": None, "incident": None, "actor": "account:1", "now": make.NOW, **given}
    return set_standing(session, agent=agent, to=to, **told)


def a_breach(session, branch, agent: Agent | None, **given) -> Incident:
    return make.add(
        session,
        Incident(
            branch_id=branch.id,
            kind="arrived-late",
            state=IncidentState.CLOSED,
            opened_at=make.NOW,
            responsible_id=agent.id if agent else None,
            **{"is_breach": True, **given},
        ),
    )


def test_who_is_suspended_is_on_no_shift_until_somebody_else_lifts_it(team) -> None:
    session, branch, (agent, colleague) = team
    sets(session, agent, AgentState.SUSPENDED, reason=Sanction.UNDER_REVIEW)
    there = {one.agent.id for one in on_shift(session, branch.id, make.SERVICE_DATE)}
    assert there == {colleague.id}
    with pytest.raises(Refused, match="somebody else"):
        sets(session, agent, AgentState.ACTIVE, now=LATER)
    sets(session, agent, AgentState.ACTIVE, actor="account:2", now=LATER)
    assert len(on_shift(session, branch.id, make.SERVICE_DATE)) == 2


def test_a_breach_names_its_line_and_ends_with_a_training(team) -> None:
    session, branch, (agent, colleague) = team
    for line in (
        None,
        a_breach(session, branch, colleague),
        a_breach(session, branch, None),
        a_breach(session, branch, agent, is_breach=False),
    ):
        with pytest.raises(Invalid, match="register"):
            sets(session, agent, AgentState.SUSPENDED, reason=Sanction.BREACH, incident=line)
    assert agent.state is AgentState.ACTIVE
    mine = a_breach(session, branch, agent)
    sets(session, agent, AgentState.SUSPENDED, reason=Sanction.BREACH, incident=mine)
    with pytest.raises(Refused, match="trained"):
        sets(session, agent, AgentState.ACTIVE, actor="account:2", now=LATER)
    record_training(
        session,
        agent=agent,
        topics=[Topic.LAW],
        valid_from=date(2026, 3, 1),
        valid_until=date(2027, 3, 1),
        actor="account:2",
        now=LATER,
    )
    session.flush()
    sets(session, agent, AgentState.ACTIVE, actor="account:2", now=LATER)
    assert agent.state is AgentState.ACTIVE


def test_no_step_without_a_reason_and_none_back_from_the_end(team) -> None:
    session, _, (agent, _) = team
    with pytest.raises(Invalid, match="Say why"):
        sets(session, agent, AgentState.SUSPENDED)
    with pytest.raises(Invalid, match="Choose"):
        sets(session, agent, AgentState.EXPIRED, reason=Sanction.PAPERS)
    sets(session, agent, AgentState.REVOKED, reason=Sanction.PAPERS)
    with pytest.raises(WrongState):
        sets(session, agent, AgentState.ACTIVE, actor="account:2", now=LATER)
