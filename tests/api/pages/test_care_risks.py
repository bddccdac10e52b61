"""Risk flags on the page of care: listed, set by reference, lifted with a reason, in both languages."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.model import Case, RiskFlag
from dispatch.store.rows import get_any
from tests.support import builders as make
from tests.support.field import ON, a_field, at
from tests.support.planning import World
from tests.support.web import a_web

WORDS = {
    "en": ("Careful on the way", "no light on the stairs"),
    "zh-CN": ("途中请留意", "没有照明"),
}


@pytest.fixture
def web(sqlite_database, vault, clock, quick_passwords):
    """A manager's browser, on the service date."""
    field = a_field(sqlite_database, vault)
    clock.at = at(9)
    world = World(
        sqlite_database,
        vault,
        None,
        clock,
        field.branch,
        field.lender,
        field.manager,
        field.agents,
        field.visits,
    )
    with a_web(world, quick_passwords) as web:
        web.field = field
        yield web.sign_in(field.manager)


def flags(web) -> list[RiskFlag]:
    with web.world.database.reading() as session:
        return list(session.exec(select(RiskFlag)))


def put(web, reference: str, kind: str = "no_light"):
    branch = str(web.field.branch.id)
    return web.post("/care/risks", branch=branch, reference=reference, kind=kind)


def reference_of(web) -> str:
    with web.world.database.reading() as session:
        return get_any(session, Case, web.field.cases[0].id).reference


@pytest.mark.parametrize("language", WORDS)
def test_a_flag_is_set_shown_and_lifted(web, language) -> None:
    web.client.cookies.set("lang", language)
    answer = put(web, f" {reference_of(web).lower()}")
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/care")
    (flag,) = flags(web)
    assert (flag.kind, flag.place_id) == ("no_light", web.field.visits[0].place_id)

    html = web.get("/care").text
    assert all(word in html for word in WORDS[language])
    assert f'<span class="reference">{reference_of(web)}</span>' in html

    web.post("/care/risks/lifting", flag=str(flag.id), because="made_safe")
    assert flags(web)[0].lifted_because == "made_safe"
    assert str(flag.id) not in web.get("/care").text


def test_one_due_for_a_look_says_so(web) -> None:
    put(web, reference_of(web))
    assert "look at it again</span>" not in web.get("/care").text
    with web.world.database.writing() as session:
        session.exec(select(RiskFlag)).one().review_on = ON
    assert "look at it again</span>" in web.get("/care").text


@pytest.mark.parametrize("reference", ["ZZZZZZZZ", "another's"])
def test_a_reference_of_nobody_here_sets_nothing(web, reference) -> None:
    if reference == "another's":
        with web.world.database.writing() as session:
            lender = make.a_lender(session)
            other = make.a_branch(session, web.world.vault)
            reference = make.a_case(session, web.world.vault, other, lender).reference
    answer = put(web, reference)

    assert answer.status_code in {303, 404}
    assert flags(web) == []


def test_lifting_twice_says_so_and_changes_nothing(web) -> None:
    put(web, reference_of(web))
    (flag,) = flags(web)
    web.post("/care/risks/lifting", flag=str(flag.id), because="gone")
    web.world.clock.at = at(9) + timedelta(minutes=5)
    web.post("/care/risks/lifting", flag=str(flag.id), because="mistake")

    assert flags(web)[0].lifted_because == "gone"
