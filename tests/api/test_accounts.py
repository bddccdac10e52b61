"""Accounts: shutting out, letting in, and who is left."""

from dispatch.model import Account, Role
from dispatch.store.rows import get_any
from tests.api.test_problems import require_problem
from tests.support.builders import an_account


def test_disabling_ends_tokens_and_refresh_at_once(world):
    tokens = world.sign_in(Role.AGENT)
    path = f"/v1/accounts/{world.accounts[Role.AGENT]}"
    shut = world.client.delete(path, headers=world.bearer(Role.MANAGER))
    assert shut.status_code == 200
    assert shut.json()["disabled_at"].endswith("Z")
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    require_problem(world.client.get("/v1/me", headers=headers), 401)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    require_problem(world.client.post("/v1/token", data=form), 401)


def test_letting_in_again_does_not_revive_tokens(lite):
    tokens = lite.sign_in(Role.AGENT)
    path = f"/v1/accounts/{lite.accounts[Role.AGENT]}"
    admin = lite.bearer(Role.ADMIN)
    lite.client.delete(path, headers=admin)
    assert lite.client.post(f"{path}/reinstatement", headers=admin).status_code == 200
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    require_problem(lite.client.get("/v1/me", headers=headers), 401)
    assert lite.sign_in(Role.AGENT)


def test_manager_does_not_disable_a_manager(lite):
    with lite.database.writing() as session:
        other = an_account(session, lite.own, role=Role.MANAGER)
    answer = lite.client.delete(f"/v1/accounts/{other.id}", headers=lite.bearer(Role.MANAGER))
    require_problem(answer, 409)


def test_manager_lets_nobody_in_again_but_agents(lite):
    with lite.database.writing() as session:
        other = an_account(session, lite.own, role=Role.MANAGER)
    path = f"/v1/accounts/{other.id}"
    assert lite.client.delete(path, headers=lite.bearer(Role.ADMIN)).status_code == 200
    answer = lite.client.post(f"{path}/reinstatement", headers=lite.bearer(Role.MANAGER))
    require_problem(answer, 409)
    with lite.database.reading() as session:
        assert get_any(session, Account, other.id).disabled_at is not None


def test_last_admin_stays(world):
    path = f"/v1/accounts/{world.accounts[Role.ADMIN]}"
    require_problem(world.client.delete(path, headers=world.bearer(Role.ADMIN)), 409)
    with world.database.writing() as session:
        an_account(session, role=Role.ADMIN)
    assert world.client.delete(path, headers=world.bearer(Role.ADMIN)).status_code == 200


def test_account_placed_in_another_branch_sees_that_one_only(lite):
    path = f"/v1/accounts/{lite.accounts[Role.MANAGER]}/branches"
    body = {"branch_ids": [str(lite.foreign.id)]}
    assert lite.client.put(path, json=body, headers=lite.bearer(Role.ADMIN)).status_code == 200
    seen = lite.client.get("/v1/branches", headers=lite.bearer(Role.MANAGER)).json()["items"]
    assert [one["id"] for one in seen] == [str(lite.foreign.id)]


def test_account_that_sees_nothing_sees_nothing(lite):
    path = f"/v1/accounts/{lite.accounts[Role.MANAGER]}/branches"
    lite.client.put(path, json={"branch_ids": []}, headers=lite.bearer(Role.ADMIN))
    for listed in ("branches", "agents", "cases", "accounts", "invitations"):
        answer = lite.client.get(f"/v1/{listed}", headers=lite.bearer(Role.MANAGER))
        assert answer.json()["items"] == [], listed


def test_own_role_and_branches_cannot_be_changed_by_the_account(lite):
    before = lite.account(Role.MANAGER).model_dump()
    for method, path in (
        ("PATCH", "/v1/me"),
        ("PUT", "/v1/me"),
        ("PATCH", f"/v1/accounts/{lite.accounts[Role.MANAGER]}"),
        ("PUT", f"/v1/accounts/{lite.accounts[Role.MANAGER]}/branches"),
    ):
        body = {"role": "admin", "branch_ids": [str(lite.foreign.id)]}
        answer = lite.client.request(method, path, json=body, headers=lite.bearer(Role.MANAGER))
        assert answer.status_code in {403, 405}
    assert lite.account(Role.MANAGER).model_dump() == before


def test_new_password_needs_the_present_one_and_ends_every_sign_in(world):
    tokens = world.sign_in(Role.MANAGER)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    put = world.client.put
    body = {"present": "wrong", "new": "three calm otters at noon"}
    require_problem(put("/v1/me/password", json=body, headers=headers), 403)
    body["present"] = world.password
    assert put("/v1/me/password", json=body, headers=headers).status_code == 204
    require_problem(world.client.get("/v1/me", headers=headers), 401)


def test_no_answer_holds_a_hash(lite):
    with lite.database.reading() as session:
        kept = get_any(session, Account, lite.accounts[Role.MANAGER]).password_hash
    answer = lite.client.get("/v1/accounts", headers=lite.bearer(Role.ADMIN))
    assert kept not in answer.text
    assert "password" not in answer.text
