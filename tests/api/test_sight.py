"""What each role sees of a person: the table against the published schemas and who may ask."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.app import PAGES, create_app
from api.matrix import MATRIX, Reach
from api.sight import PERSON, SIGHT, Part, seen_in
from dispatch.db import Database
from dispatch.model import Role
from dispatch.settings import Settings
from tests.api.personal import FIELDS, Told

PAGE_NAMES = {route.name for page in PAGES for route in page.routes}
SILENT = {
    "create_complaint": "answers in the schema of the list, its texts left out for everybody",
    "step_one_complaint": "as above",
    "extend_one_complaint": "as above",
    "step_one_care_call": "as above",
    "renegotiate_promise": "as above, the amount left out",
    "put_break_reason": "as above",
    "read_figures": "counts contacts and names none",
}
AS_GEOJSON = {"read_plan_routes": "its coordinates are GeoJSON, which names no field"}


@pytest.fixture(scope="module")
def document() -> Iterator[dict[str, Any]]:
    app = create_app(Settings(_env_file=None), database=Database("sqlite://"))
    yield app.openapi()
    app.state.house.database.dispose()


def names_in(document: dict[str, Any], schema: Any, known: set[str]) -> Iterator[str]:
    """Yield the names of the fields of a schema, and of all that it refers to."""
    if isinstance(schema, list):
        for one in schema:
            yield from names_in(document, one, known)
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name and name not in known:
        known.add(name)
        yield from names_in(document, document["components"]["schemas"][name], known)
    yield from schema.get("properties", {})
    for value in schema.values():
        yield from names_in(document, value, known)


def answered(document: dict[str, Any]) -> dict[str, set[str]]:
    """Return the names of the fields in what each operation answers."""
    return {
        operation["operationId"]: {
            name
            for code, response in operation["responses"].items()
            if code.startswith("2")
            for name in names_in(document, response.get("content", {}), set())
        }
        for item in document["paths"].values()
        for operation in item.values()
    }


def test_a_schema_tells_no_more_of_a_person_than_the_table_says(document) -> None:
    for operation, names in answered(document).items():
        if operation in SILENT:
            continue
        told = {FIELDS[name] for name in names if name in FIELDS}
        listed = set().union(*SIGHT.get(operation, {}).values())
        assert told <= listed, f"{operation} tells {told - listed}: write it into api/sight.py"


def test_the_table_promises_no_more_than_a_schema_tells(document) -> None:
    names = answered(document)
    for operation, sees in SIGHT.items():
        if operation in PAGE_NAMES or operation in AS_GEOJSON:
            continue
        told = {FIELDS[name] for name in names[operation] if name in FIELDS}
        listed = set().union(*sees.values()) - {Part.NEIGHBOURHOOD}
        assert listed <= told, f"{operation} tells nothing of {listed - told}"


def test_only_who_may_ask_sees() -> None:
    for operation, sees in SIGHT.items():
        row = MATRIX[operation]
        for who in sees:
            is_person = who == PERSON and row.reach is Reach.PUBLIC
            assert is_person or Role(who) in row.roles, (operation, who)


def test_no_auditor_admin_or_program_sees_anything_of_a_person() -> None:
    for who in (Role.AUDITOR, Role.ADMIN, Role.SERVICE, None):
        assert {one for operation in MATRIX for one in seen_in(operation, who)} == set()


def test_values_are_found_whole_and_not_within_others() -> None:
    told = Told()
    told.keep("person", "name", "Person 1")
    told.keep("agent", "home", "Elsewhere")
    assert told.parts_in("Person 12 at Elsewhere") == set()
    assert told.parts_in("(Person 1)") == {Part.NAME}
