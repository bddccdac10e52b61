"""Who may: every operation of the published OpenAPI, as every role, on own, foreign, no object."""

import pytest

from api.app import PAGES, ROUTERS, create_app
from api.matrix import MATRIX, Reach
from api.router import router
from api.sight import PERSON, seen_in
from dispatch.db import Database
from dispatch.ids import new_id, new_token
from dispatch.model import Role
from dispatch.settings import Settings
from tests.api.examples import EXAMPLES, Side
from tests.api.personal import Told

METHODS = {"get", "post", "put", "patch", "delete"}
GOOD = range(200, 400)


def published():
    """Return method and path of each operation, from the OpenAPI document and the pages' routes."""
    app = create_app(Settings(_env_file=None), database=Database("sqlite://"))
    listed = [
        (operation["operationId"], method.upper(), path)
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    pages = [
        (route.name, next(iter(route.methods - {"HEAD"})), route.path)
        for one in PAGES
        for route in one.routes
    ]
    app.state.house.database.dispose()
    return listed + pages


OPERATIONS = published()
BY_ID = {operation: (method, path) for operation, method, path in OPERATIONS}


@pytest.fixture(scope="module")
def told(shared):
    """Everything personal that is sealed from now on, to be looked for in answers."""
    with Told.listening(shared.vault) as told:
        yield told


def test_operation_ids_are_unique():
    ids = [operation for operation, _, _ in OPERATIONS]
    assert sorted(ids) == sorted(set(ids))


def test_every_operation_has_a_row_and_every_row_an_operation():
    assert sorted(BY_ID) == sorted(MATRIX)


def test_every_operation_has_an_example_and_every_example_an_operation():
    assert sorted(EXAMPLES) == sorted(BY_ID)


def test_a_row_names_roles_unless_it_is_open():
    for operation, row in MATRIX.items():
        is_open = row.reach in {Reach.PUBLIC, Reach.LINK}
        assert is_open != bool(row.roles), operation


def send(world, operation, call, role):
    method, path = BY_ID[operation]
    world.client.cookies.clear()  # a role is a bearer token here; pages set cookies
    return world.client.request(
        method,
        path.format(**call.path),
        params=call.query,
        json=call.json,
        data=call.form,
        files=call.files,
        headers={**world.bearer(role), **call.headers},
        follow_redirects=False,
    )


def into_nothing(call):
    """Return the call with every id in its path replaced by one that nothing has."""
    replaced = {
        name: new_token() if name == "token" else new_id() if name.endswith("_id") else value
        for name, value in call.path.items()
    }
    call.path, changed = replaced, replaced != call.path
    return changed


def expected(row, role, side):
    """Return the statuses that are right for this role on this side's object."""
    if row.reach in {Reach.PUBLIC, Reach.LINK}:
        return GOOD
    if role is None:
        return {401}
    if role not in row.roles:
        return {403}
    sees_all = role is Role.ADMIN or row.reach is Reach.SELF
    return {404} if side is not Side.OWN and not sees_all else GOOD


def sides(row, call_of):
    if row.reach is Reach.ITINERARY:
        return list(Side)
    return [Side.OWN, Side.FOREIGN] if row.reach is Reach.BRANCH else [Side.OWN]


def names_an_object(world, operation):
    """Whether the operation is told which object; a bare list is not."""
    own, foreign = (EXAMPLES[operation](world, side) for side in (Side.OWN, Side.FOREIGN))
    return (own.path, own.query, own.json) != (foreign.path, foreign.query, foreign.json)


@pytest.mark.parametrize("operation", sorted(BY_ID))
@pytest.mark.fault("S1", "S2")
def test_operation_as_every_role(operation, shared, told):
    row, make = MATRIX[operation], EXAMPLES[operation]
    has_object = names_an_object(shared, operation)
    for role in (None, *Role):
        for side in sides(row, make) if has_object else [Side.OWN]:
            answer = send(shared, operation, make(shared, side), role)
            right = expected(row, role, side)
            assert answer.status_code in right, (role, side, answer.status_code, answer.text)
            if answer.status_code in GOOD and role is not Role.ADMIN and row.roles:
                assert str(shared.foreign.id) not in answer.text, (role, side)
            who = PERSON if operation in {"open_link", "reply_by_link"} else role
            assert told.parts_in(answer.text) <= seen_in(operation, who), (role, side)


@pytest.mark.parametrize("operation", sorted(BY_ID))
@pytest.mark.fault("S2")
def test_operation_on_nothing(operation, shared):
    row = MATRIX[operation]
    for role in row.roles or {None}:
        call = EXAMPLES[operation](shared, Side.OWN)
        if not into_nothing(call):
            return
        answer = send(shared, operation, call, role)
        assert answer.status_code == 404, (role, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("operation", sorted(one for one in BY_ID if MATRIX[one].roles))
def test_token_of_nobody_is_refused(operation, shared):
    call = EXAMPLES[operation](shared, Side.OWN)
    call.headers["Authorization"] = "Bearer x.y.z"
    assert send(shared, operation, call, None).status_code == 401


def test_operation_without_a_row_is_refused_to_everybody(lite):
    routes = router("unlisted")

    @routes.get("")
    def unlisted() -> str:
        return "secret"

    lite.app.include_router(routes)
    for role in (None, *Role):
        answer = lite.client.get("/v1/unlisted", headers=lite.bearer(role))
        assert answer.status_code == 403


def test_every_router_is_in_the_list():
    assert len(set(map(id, ROUTERS))) == len(ROUTERS)
