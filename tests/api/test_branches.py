"""Branches: opened by an admin, changed by If-Match, never showing their key."""

from concurrent.futures import ThreadPoolExecutor

from dispatch.model import Role
from tests.api.test_problems import require_problem


def patch(world, tag, **changes):
    headers = world.bearer(Role.MANAGER)
    if tag is not None:
        headers["If-Match"] = tag
    return world.client.patch(f"/v1/branches/{world.own.id}", json=changes, headers=headers)


def read(world, **headers):
    return world.client.get(
        f"/v1/branches/{world.own.id}", headers={**world.bearer(Role.MANAGER), **headers}
    )


def test_change_needs_the_version_seen(world):
    require_problem(patch(world, None, auto_publish=True), 428)
    require_problem(patch(world, '"something"', auto_publish=True), 409)
    require_problem(patch(world, "*", auto_publish=True), 409)
    tag = read(world).headers["etag"]
    changed = patch(
        world,
        tag,
        auto_publish=True,
        planning_at="21:30:00",
        refills=False,
        names_substitutes=True,
    )
    assert changed.status_code == 200
    assert changed.json()["refills"] is False
    assert changed.json()["names_substitutes"] is True
    assert changed.json()["auto_publish"] is True
    assert changed.json()["planning_at"] == "21:30:00"
    require_problem(patch(world, tag, auto_publish=False), 409)
    assert patch(world, changed.headers["etag"], auto_publish=False).status_code == 200


def test_two_managers_from_one_version_one_wins(world):
    tag = read(world).headers["etag"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda hour: patch(world, tag, planning_at=f"{hour}:00:00"), range(10, 18))
        )
    assert sorted(one.status_code for one in answers) == [200] + [409] * 7


def test_unchanged_branch_is_304(lite):
    tag = read(lite).headers["etag"]
    again = read(lite, **{"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""


def test_nothing_else_can_be_changed(lite):
    tag = read(lite).headers["etag"]
    for field, value in {"name": "X", "pack_id": "x", "data_key": "x", "id": "x"}.items():
        require_problem(patch(lite, tag, **{field: value}), 422)
    require_problem(patch(lite, tag, auto_publish=None), 422)


def test_key_is_never_shown(lite):
    assert "data_key" not in read(lite).text


def test_list_goes_on_where_it_stopped(lite):
    admin = lite.bearer(Role.ADMIN)
    first = lite.client.get("/v1/branches?limit=1", headers=admin).json()
    second = lite.client.get(
        "/v1/branches", params={"limit": 1, "cursor": first["next"]}, headers=admin
    ).json()
    names = [first["items"][0]["name"], second["items"][0]["name"]]
    assert names == sorted({lite.own.name, lite.foreign.name})
    assert second["next"] is None
