"""Refresh tokens work once; used twice, they end the whole sign-in."""

from datetime import timedelta

from dispatch.access.tokens import kept_hash
from dispatch.model import RefreshToken, Role
from dispatch.store import accounts


def renew(world, token):
    return world.client.post(
        "/v1/token", data={"grant_type": "refresh_token", "refresh_token": token}
    )


def works(world, access):
    answer = world.client.get("/v1/me", headers={"Authorization": f"Bearer {access}"})
    return answer.status_code == 200


def test_refresh_gives_a_new_pair(world):
    first = world.sign_in(Role.MANAGER)
    second = renew(world, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert works(world, second["access_token"])


def test_used_twice_ends_the_family_and_its_access_tokens(world):
    first = world.sign_in(Role.MANAGER)
    second = renew(world, first["refresh_token"]).json()
    assert renew(world, first["refresh_token"]).status_code == 401
    assert renew(world, second["refresh_token"]).status_code == 401
    assert not works(world, second["access_token"])


def test_other_sign_ins_of_the_account_go_on(lite):
    thief, owner = lite.sign_in(Role.MANAGER), lite.sign_in(Role.MANAGER)
    renew(lite, thief["refresh_token"])
    renew(lite, thief["refresh_token"])
    assert renew(lite, owner["refresh_token"]).status_code == 200


def test_refresh_token_runs_out(lite):
    first = lite.sign_in(Role.MANAGER)
    lite.clock.advance(timedelta(days=14))
    assert renew(lite, first["refresh_token"]).status_code == 401


def test_only_the_hash_is_kept(lite):
    token = lite.sign_in(Role.MANAGER)["refresh_token"]
    assert len(token) >= 32
    with lite.database.reading() as session:
        kept: RefreshToken = accounts.refresh_token(session, kept_hash(token))
        assert token not in str(kept.model_dump())


def test_revocation_signs_out(lite):
    tokens = lite.sign_in(Role.MANAGER)
    answer = lite.client.post("/v1/token/revocation", data={"token": tokens["refresh_token"]})
    assert answer.status_code == 204
    assert renew(lite, tokens["refresh_token"]).status_code == 401
    assert not works(lite, tokens["access_token"])


def test_revocation_of_an_unknown_token_tells_nothing(lite):
    answer = lite.client.post("/v1/token/revocation", data={"token": "unknown"})
    assert answer.status_code == 204


def test_missing_refresh_token_is_refused(lite):
    assert lite.client.post("/v1/token", data={"grant_type": "refresh_token"}).status_code == 401
