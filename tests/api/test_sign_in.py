"""POST /v1/token: right passwords get in, wrong ones are counted, and nobody learns who exists."""

from datetime import timedelta

import pytest

from dispatch.model import Account, Role
from dispatch.store.rows import get_any


def attempt(world, login, password):
    return world.client.post(
        "/v1/token", data={"grant_type": "password", "username": login, "password": password}
    )


def test_right_password_gives_tokens_that_work(world):
    tokens = world.sign_in(Role.MANAGER)
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 600
    me = world.client.get(
        "/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    ).json()
    assert me["role"] == "manager"
    assert me["branch_ids"] == [str(world.own.id)]


def test_log_in_is_found_whatever_its_letters_case(lite):
    login = lite.account(Role.MANAGER).login
    assert attempt(lite, f" {login.upper()} ", lite.password).status_code == 200


def test_program_signs_in_with_basic_authorisation(lite):
    answer = lite.client.post(
        "/v1/token",
        data={"grant_type": "client_credentials"},
        auth=(lite.account(Role.SERVICE).login, lite.password),
    )
    assert answer.status_code == 200
    assert "refresh_token" not in answer.json()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SERVICE], ids=str)
def test_persons_and_programs_do_not_use_each_others_way(lite, role):
    login = lite.account(role).login
    form = (
        {"grant_type": "password", "username": login, "password": lite.password}
        if role is Role.SERVICE
        else {
            "grant_type": "client_credentials",
            "client_id": login,
            "client_secret": lite.password,
        }
    )
    assert lite.client.post("/v1/token", data=form).status_code == 401


def test_unknown_log_in_wrong_password_and_pause_get_the_same_answer(lite):
    login = lite.account(Role.MANAGER).login
    answers = [attempt(lite, "nobody@example.org", "x"), attempt(lite, login, "x")]
    answers += [attempt(lite, login, "x") for _ in range(6)]
    answers.append(attempt(lite, login, lite.password))
    bodies = [
        {key: value for key, value in one.json().items() if key != "request_id"} for one in answers
    ]
    assert {one.status_code for one in answers} == {401}
    assert all(body == bodies[0] for body in bodies)


def test_failures_are_kept_though_the_answer_is_a_refusal(world):
    login = world.account(Role.MANAGER).login
    for _ in range(3):
        attempt(world, login, "wrong")
    assert world.account(Role.MANAGER).failures == 3


def test_pause_grows_and_ends(lite):
    login = lite.account(Role.MANAGER).login
    for _ in range(5):
        attempt(lite, login, "wrong")
    first = lite.account(Role.MANAGER).locked_until - lite.clock.now()
    assert first == timedelta(seconds=30)
    lite.clock.advance(first)
    attempt(lite, login, "wrong")
    assert lite.account(Role.MANAGER).locked_until - lite.clock.now() == timedelta(seconds=60)
    lite.clock.advance(timedelta(seconds=60))
    assert attempt(lite, login, lite.password).status_code == 200
    assert lite.account(Role.MANAGER).failures == 0


@pytest.mark.fault("S2")
def test_unknown_log_in_costs_the_same_work(lite, monkeypatch):
    compared = []
    passwords = lite.app.state.house.passwords
    real = passwords._hasher.verify_and_update
    monkeypatch.setattr(
        passwords._hasher,
        "verify_and_update",
        lambda password, kept: compared.append(kept.rsplit("$", 2)[0]) or real(password, kept),
    )
    attempt(lite, "nobody@example.org", "x")
    attempt(lite, lite.account(Role.MANAGER).login, "x")
    assert len(compared) == 2
    assert compared[0] == compared[1]  # the same algorithm with the same cost


def test_disabled_account_stops_at_once(world):
    headers = world.bearer(Role.MANAGER)
    assert world.client.get("/v1/me", headers=headers).status_code == 200
    with world.database.writing() as session:
        get_any(session, Account, world.accounts[Role.MANAGER]).disable(
            actor="test", now=world.clock.now()
        )
    assert world.client.get("/v1/me", headers=headers).status_code == 401
    assert attempt(world, world.account(Role.MANAGER).login, world.password).status_code == 401


@pytest.mark.fault("E2")
def test_access_token_runs_out(lite):
    headers = lite.bearer(Role.MANAGER)
    lite.clock.advance(timedelta(minutes=10))
    assert lite.client.get("/v1/me", headers=headers).status_code == 401


@pytest.mark.parametrize("position", [0, 5, -1, -30])
def test_altered_token_is_refused(lite, position):
    token = lite.bearer(Role.MANAGER)["Authorization"].removeprefix("Bearer ")
    letters = list(token)
    letters[position] = "A" if letters[position] != "A" else "B"
    if position == -1:  # the last letter of base64 may carry unused bits only
        letters = letters[:-2]
    answer = lite.client.get("/v1/me", headers={"Authorization": f"Bearer {''.join(letters)}"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_unsigned_token_is_refused(lite):
    token = lite.bearer(Role.MANAGER)["Authorization"].removeprefix("Bearer ")
    head = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    unsigned = f"{head}.{token.split('.')[1]}."
    answer = lite.client.get("/v1/me", headers={"Authorization": f"Bearer {unsigned}"})
    assert answer.status_code == 401
