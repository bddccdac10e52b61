"""One day through all three pages, on SQLite and on PostgreSQL."""

import re

from dispatch.ids import new_id
from dispatch.model import Role, VisitState
from tests.support import builders as make
from tests.support.appointments import caller_of, send
from tests.support.field import at
from tests.support.planning import a_world
from tests.support.web import a_web


def test_manager_announces_people_confirm_and_the_crew_reports(
    database, vault, solver, quick_passwords
):
    world = a_world(database, vault, solver, visits=3)
    with database.writing() as session:
        members = [
            make.an_account(session, world.branch, role=Role.AGENT, agent_id=agent.id)
            for agent in world.agents
        ]
    with a_web(world, quick_passwords) as web:
        plan = web.sign_in(world.manager).plan_of(world.plan())
        web.post("/day/announcement", plan=plan.id, version=plan.version)
        send(world)
        for visit in world.visits:
            confirm(web, caller_of(world, visit))
        plan = web.sign_in(world.manager).row(type(plan), plan.id)
        web.post("/day/publication", plan=plan.id, version=plan.version)
        assert "Published v1" in web.day().text
        world.clock.at = at(10)
        on_the_way = [one for one in members if web.sign_in(one).get("/today").text.count("leg ")]
        assert len(on_the_way) in {2, 4}
        path = re.search(
            r"/today/visits/[0-9a-f-]{36}", web.sign_in(on_the_way[0]).get("/today").text
        )
        outcome = {"outcome_id": new_id(), "code": "NO_ANSWER", "currency": "CNY"}
        web.post(f"{path[0]}/outcome", **outcome)
        assert "The report is saved." in web.get("/today").text
    states = [visit.state for visit in web.visits()]
    assert sum(one is not VisitState.RELEASED for one in states) == 1


def confirm(web, caller):
    page = web.client.post(f"/b/{caller.token}", data=caller.facts).text
    proof = re.search(r'name="proof" value="([^"]+)"', page)[1]
    done = web.client.post(f"/b/{caller.token}/replies", data={"proof": proof, "reply": "confirm"})
    assert "it is confirmed" in done.text
