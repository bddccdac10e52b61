"""Agents' absences and shifts, entered by hand."""

import pytest

from dispatch.model import Role
from tests.api.test_problems import require_problem
from tests.support.builders import an_agent

SHIFT = {"starts_at": "2026-03-08T23:30:00Z", "ends_at": "2026-03-09T08:30:00Z"}
BREAK = {
    "break_from_at": "2026-03-09T03:30:00Z",
    "break_until_at": "2026-03-09T06:00:00Z",
    "break_minutes": 45,
}


@pytest.fixture
def agent(lite):
    with lite.database.writing() as session:
        return an_agent(session, lite.vault, lite.own)


def add_shift(world, agent, **given):
    return world.client.post(
        "/v1/shifts",
        json={"agent_id": str(agent.id), **SHIFT, **given},
        headers=world.bearer(Role.MANAGER),
    )


def test_service_date_is_the_branchs_own_day(lite, agent):
    added = add_shift(lite, agent, **BREAK)
    assert added.status_code == 201
    assert added.json()["service_date"] == "2026-03-09"  # 07:30 in Shanghai
    assert added.json()["starts_at"] == SHIFT["starts_at"]
    listed = lite.client.get(
        "/v1/shifts?from_on=2026-03-09&to_on=2026-03-09", headers=lite.bearer(Role.MANAGER)
    ).json()["items"]
    assert listed == [added.json()]


def test_shift_that_overlaps_is_refused(lite, agent):
    add_shift(lite, agent)
    later = {"starts_at": "2026-03-09T08:00:00Z", "ends_at": "2026-03-09T12:00:00Z"}
    require_problem(add_shift(lite, agent, **later), 409)
    after = {"starts_at": SHIFT["ends_at"], "ends_at": "2026-03-09T12:00:00Z"}
    assert add_shift(lite, agent, **after).status_code == 201


@pytest.mark.parametrize(
    "changed",
    [
        {"ends_at": SHIFT["starts_at"]},
        {"ends_at": "2026-03-10T08:30:00Z"},
        {"starts_at": "2026-03-08T23:30:00"},
        {"starts_at": 1772000000},
        {"starts_at": "0001-01-01T00:00:00Z"},
        {"starts_at": "9999-12-31T23:59:59-14:00"},
        {"max_visits": -1},
        {"break_minutes": 45},
        {**BREAK, "break_minutes": 200},
        {**BREAK, "break_until_at": "2026-03-09T09:00:00Z"},
    ],
    ids=str,
)
def test_impossible_shift_is_refused(lite, agent, changed):
    require_problem(add_shift(lite, agent, **changed), 422)


def test_absence_that_ends_before_it_begins_is_refused(lite, agent):
    answer = lite.client.post(
        f"/v1/agents/{agent.id}/absences",
        json={
            "from_at": "2026-03-09T01:00:00Z",
            "until_at": "2026-03-09T01:00:00Z",
            "reason": "sick",
        },
        headers=lite.bearer(Role.MANAGER),
    )
    require_problem(answer, 422)


def test_absence_of_another_agent_is_not_taken_back(lite, agent):
    path = f"/v1/agents/{agent.id}/absences"
    made = lite.client.post(
        path,
        json={
            "from_at": "2026-03-09T01:00:00Z",
            "until_at": "2026-03-10T01:00:00Z",
            "reason": "sick",
        },
        headers=lite.bearer(Role.MANAGER),
    ).json()
    with lite.database.writing() as session:
        other = an_agent(session, lite.vault, lite.own)
    wrong = f"/v1/agents/{other.id}/absences/{made['id']}"
    require_problem(lite.client.delete(wrong, headers=lite.bearer(Role.MANAGER)), 404)
    assert (
        lite.client.delete(f"{path}/{made['id']}", headers=lite.bearer(Role.MANAGER)).status_code
        == 204
    )


def test_agent_is_shown_with_papers_and_without_home(lite, agent):
    answer = lite.client.get(f"/v1/agents/{agent.id}", headers=lite.bearer(Role.MANAGER))
    assert {one["kind"] for one in answer.json()["qualifications"]} == {"certificate", "training"}
    assert "home" not in answer.text
    assert "phone" not in answer.text
