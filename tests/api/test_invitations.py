"""Invitations: 192 bits, kept as a hash, for a week, once."""

from datetime import timedelta

import pytest

from dispatch.access.tokens import kept_hash
from dispatch.model import Role
from dispatch.store import accounts
from tests.api.test_problems import require_problem
from tests.support.builders import an_agent

PASSWORD = "three calm otters at noon"


def invite(world, by=Role.ADMIN, **changed):
    body = {"login": "Wei@example.org", "name": "Wei", "role": "manager", **changed}
    if "branch_id" not in changed:
        body["branch_id"] = str(world.own.id)
    return world.client.post("/v1/invitations", json=body, headers=world.bearer(by))


def accept(world, token, password=PASSWORD):
    return world.client.post(f"/v1/invitations/{token}/acceptance", json={"password": password})


def test_invited_person_signs_in_with_their_own_password(world):
    made = invite(world).json()
    assert len(made["token"]) >= 32
    assert made["link"].endswith(made["token"])
    account = accept(world, made["token"])
    assert account.status_code == 201
    assert account.json()["branch_ids"] == [str(world.own.id)]
    form = {"grant_type": "password", "username": "wei@example.org", "password": PASSWORD}
    assert world.client.post("/v1/token", data=form).status_code == 200


def test_works_once(world):
    token = invite(world).json()["token"]
    assert accept(world, token).status_code == 201
    require_problem(accept(world, token), 404)


def test_runs_out(lite):
    token = invite(lite).json()["token"]
    lite.clock.advance(timedelta(days=7))
    require_problem(accept(lite, token), 404)


def test_withdrawn_link_stops_working(lite):
    made = invite(lite).json()
    path = f"/v1/invitations/{made['id']}"
    assert lite.client.delete(path, headers=lite.bearer(Role.ADMIN)).status_code == 204
    require_problem(accept(lite, made["token"]), 404)


def test_newer_invitation_replaces_the_older(lite):
    older, newer = invite(lite).json(), invite(lite).json()
    require_problem(accept(lite, older["token"]), 404)
    assert accept(lite, newer["token"]).status_code == 201


def test_only_the_hash_is_kept(lite):
    token = invite(lite).json()["token"]
    with lite.database.reading() as session:
        kept = accounts.invitation_by_hash(session, kept_hash(token))
        assert token not in str(kept.model_dump())
    listed = lite.client.get("/v1/invitations", headers=lite.bearer(Role.ADMIN))
    assert token not in listed.text
    assert kept_hash(token) not in listed.text


def test_never_takes_over_an_account_that_exists(lite):
    taken = lite.account(Role.MANAGER).login
    require_problem(invite(lite, login=taken), 409)


def test_account_made_meanwhile_is_not_taken_over(lite):
    first, second = invite(lite).json(), None
    assert accept(lite, first["token"]).status_code == 201
    second = invite(lite)
    require_problem(second, 409)


@pytest.mark.parametrize("password", ["short", "wei wei wei wei", "password1234", "x" * 300])
def test_weak_password_is_refused_and_the_invitation_stays_open(lite, password):
    token = invite(lite).json()["token"]
    require_problem(accept(lite, token, password), 422)
    assert accept(lite, token).status_code == 201


def test_manager_invites_agents_only(lite):
    require_problem(invite(lite, Role.MANAGER), 403)
    with lite.database.writing() as session:
        agent = an_agent(session, lite.vault, lite.own)
    made = invite(lite, Role.MANAGER, role="agent", agent_id=str(agent.id))
    assert made.status_code == 201


def test_agent_of_another_branch_is_not_found(lite):
    with lite.database.writing() as session:
        agent = an_agent(session, lite.vault, lite.foreign)
    made = invite(lite, Role.MANAGER, role="agent", agent_id=str(agent.id))
    require_problem(made, 404)


def test_agent_account_without_an_agent_is_refused(lite):
    require_problem(invite(lite, role="agent"), 422)


def test_manager_without_a_branch_is_refused(lite):
    require_problem(invite(lite, branch_id=None), 422)


def test_guessed_tokens_look_all_the_same(lite):
    answers = [accept(lite, "A" * length).json() for length in (20, 32, 100)]
    for one in answers:
        one.pop("request_id")
    assert answers[0] == answers[1] == answers[2]


def test_manager_neither_replaces_nor_withdraws_what_an_admin_offers(lite):
    offered = invite(lite).json()
    with lite.database.writing() as session:
        agent = an_agent(session, lite.vault, lite.own)
    made = invite(lite, by=Role.MANAGER, role="agent", agent_id=str(agent.id))
    assert made.status_code == 201
    path = f"/v1/invitations/{offered['id']}"
    require_problem(lite.client.delete(path, headers=lite.bearer(Role.MANAGER)), 403)
    assert accept(lite, offered["token"]).json()["role"] == "manager"


def test_what_somebody_offered_who_is_shut_out_by_now_is_not_open(lite):
    with lite.database.writing() as session:
        agent = an_agent(session, lite.vault, lite.own)
    made = invite(lite, by=Role.MANAGER, role="agent", agent_id=str(agent.id)).json()
    path = f"/v1/accounts/{lite.accounts[Role.MANAGER]}"
    assert lite.client.delete(path, headers=lite.bearer(Role.ADMIN)).status_code == 200
    require_problem(accept(lite, made["token"]), 404)
