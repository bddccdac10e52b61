"""Plans over HTTP: read, audited, announced, published, recalled; and the map beside them."""

import gzip
import json
import os
import shutil

import pytest

from dispatch.db import Database
from dispatch.model import Case, Hold, HoldKind, PlanState, Visit, VisitState
from tests.support import builders as make
from tests.support.appointments import caller_of, send
from tests.support.planning import a_world
from tests.support.streets import a_street_file
from tests.support.web import a_web, copied


@pytest.fixture(scope="module")
def drafted(sqlite_template, tmp_path_factory, vault, solver):
    """A branch whose day is planned; each test gets a copy."""
    path = tmp_path_factory.mktemp("drafted") / "drafted.db"
    shutil.copy(sqlite_template, path)
    world = a_world(Database(f"sqlite:///{path}"), vault, solver, visits=4)
    world.drafted = world.plan()
    world.database.dispose()
    return world


@pytest.fixture
def web(drafted, tmp_path, quick_passwords):
    """A manager's program, and the plan that it finds."""
    with copied(drafted, tmp_path) as world, a_web(world, quick_passwords) as web:
        web.headers = web.bearer(world.manager)
        web.plan = web.plan_of(drafted.drafted)
        yield web


def fresh(web):
    """Sign in anew: a token does not outlive the days that a test lets pass."""
    web.headers = web.bearer(web.world.manager)
    return web


def asked(web, method, path="", **given):
    headers = {**web.headers, **given.pop("headers", {})}
    return web.client.request(method, f"/v1/plans/{web.plan.id}{path}", headers=headers, **given)


def as_seen(version):
    return {"If-Match": f'"{version}"'}


def announced(web):
    answer = asked(web, "POST", "/announcement", headers=as_seen(web.plan.version))
    assert answer.status_code == 200
    return answer


def proven(web):
    announced(web)
    send(web.world)
    for visit in web.visits():
        caller_of(web.world, visit).open()
    return fresh(web)


def test_list_names_every_version_of_the_day(web):
    query = {"branch_id": str(web.world.branch.id), "service_date": "2026-03-09"}
    listed = web.client.get("/v1/plans", params=query, headers=web.headers).json()["items"]
    assert [(one["number"], one["state"]) for one in listed] == [(1, "draft")]


def test_plan_tells_routes_stops_and_who_goes(web):
    told = asked(web, "GET").json()
    stops = [stop for route in told["routes"] for stop in route["stops"]]
    assert {stop["reference"] for stop in stops} == {visit.reference for visit in web.visits()}
    assert all(len(route["members"]) == 2 for route in told["routes"])
    assert stops[0]["arrive_at"].endswith("Z")
    assert "Person" not in json.dumps(told)


def test_plan_that_is_unchanged_is_not_delivered_again(web):
    first = asked(web, "GET")
    assert first.headers["etag"] == f'"{web.plan.version}"'
    assert len(web.reads()) == 4
    again = asked(web, "GET", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert len(web.reads()) == 4


def test_left_out_visit_comes_with_code_and_source(web):
    with web.world.database.writing() as session:
        visit = session.get(Visit, web.world.visits[0].id)
        make.add(
            session,
            Hold(
                branch_id=visit.branch_id,
                person_id=visit.person_id,
                kind=HoldKind.DISPUTE,
                from_at=make.NOW,
                requested_by="test",
            ),
        )
    web.plan = web.plan_of(web.world.plan())
    (left,) = asked(web, "GET").json()["unserved"]
    assert left["reference"] == web.world.visits[0].reference
    assert left["reasons"][0]["code"] == "hold-active"
    assert left["reasons"][0]["source"]


def test_audit_says_what_stands_against_the_release(web):
    told = asked(web, "GET", "/audit").json()
    assert not told["is_lawful"]
    assert {one["code"] for one in told["findings"]} == {"notice-missing"}
    assert asked(proven(web), "GET", "/audit").json()["is_lawful"]


def test_announcing_tells_what_left_by_which_way(web):
    told = announced(web).json()
    assert told["by_channel"] == {"email": 4}
    assert told["skipped"] == []
    assert told["plan"]["announced_at"]
    assert told["plan"]["version"] == web.plan.version + 1


@pytest.mark.parametrize("path", ["/announcement", "/publication"])
def test_deciding_needs_the_version_that_was_seen(web, path):
    body = {"json": {}} if path == "/publication" else {}
    assert asked(web, "POST", path, **body).status_code == 428
    stale = asked(web, "POST", path, headers=as_seen(99), **body)
    assert stale.status_code == 409
    assert stale.json()["type"] == "/problems/stale-version"
    assert web.row(type(web.plan), web.plan.id) == web.plan


def test_unlawful_plan_is_not_published_and_every_finding_is_named(web):
    answer = asked(web, "POST", "/publication", json={}, headers=as_seen(web.plan.version))
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/plan-not-lawful"
    assert len(answer.json()["violations"]) == 4


def test_lawful_plan_is_published_then_recalled(web):
    version = asked(proven(web), "GET").json()["version"]
    done = asked(web, "POST", "/publication", json={}, headers=as_seen(version))
    assert done.json()["state"] == "published"
    assert {visit.state for visit in web.visits()} == {VisitState.RELEASED}
    back = asked(
        web,
        "DELETE",
        "/publication",
        params={"reason": "roads_or_weather"},
        headers={"If-Match": done.headers["etag"]},
    )
    assert back.json()["state"] == "recalled"
    assert web.row(type(web.plan), web.plan.id).state is PlanState.RECALLED


def test_recall_needs_a_reason(web):
    answer = asked(web, "DELETE", "/publication", headers=as_seen(web.plan.version))
    assert answer.status_code == 422


def test_plan_that_leaves_out_a_promise_needs_an_explanation(web):
    proven(web)
    first = web.visits()[0]
    with web.world.database.writing() as session:  # its papers run out: the day goes without it
        case = session.get(Case, first.case_id)
        case.data_audited_until = web.world.clock.now()
        session.add(case)
    web.plan = web.plan_of(web.world.plan(kind="release"))
    fresh(web)
    version = asked(web, "GET").json()["version"]
    refused = asked(web, "POST", "/publication", json={}, headers=as_seen(version))
    assert refused.json()["type"] == "/problems/plan-incomplete"
    assert refused.json()["violations"] == [first.reference]
    body = {"explanation": "The data is being checked; the person was told."}
    done = asked(web, "POST", "/publication", json=body, headers=as_seen(version))
    assert done.json()["state"] == "published"


def test_ways_are_lines_of_lon_and_lat(web):
    answer = asked(web, "GET", "/routes.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert features
    for one in features:
        assert one["geometry"]["type"] == "LineString"
        for lon, lat in one["geometry"]["coordinates"]:
            assert 119 < lon < 121
            assert 30 < lat < 31


# --- the map ----------------------------------------------------------------------------------


def street_map(web, **headers):
    path = f"/v1/branches/{web.world.branch.id}/map.geojson"
    return web.client.get(path, headers={**web.headers, **headers})


@pytest.fixture
def streets(web, tmp_path):
    file = a_street_file(tmp_path / "streets.osm.pbf")
    house = web.app.state.house
    house.settings = house.settings.model_copy(update={"roads_file": file})
    return file


def test_map_is_not_there_without_a_street_file(web, tmp_path):
    assert street_map(web).status_code == 404
    house = web.app.state.house
    gone = {"roads_file": tmp_path / "gone.osm.pbf"}
    house.settings = house.settings.model_copy(update=gone)
    assert street_map(web).status_code == 404


@pytest.mark.usefixtures("streets")
def test_map_is_drawn_and_sent_small_to_who_can_read_it(web):
    packed = street_map(web, **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    plain = street_map(web, **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert {one["properties"]["class"] for one in plain.json()["features"]} == {
        "primary",
        "residential",
    }


def test_map_that_is_unchanged_is_not_sent_again_and_a_new_file_is(web, streets):
    tag = street_map(web).headers["etag"]
    assert street_map(web, **{"If-None-Match": tag}).status_code == 304
    stat = streets.stat()
    os.utime(streets, ns=(stat.st_atime_ns, stat.st_mtime_ns + 10**9))
    assert street_map(web, **{"If-None-Match": tag}).status_code == 200


def test_file_that_is_no_map_is_told(web, streets):
    streets.write_bytes(gzip.compress(b"no streets"))
    answer = street_map(web)
    assert answer.status_code == 503
    assert str(streets.parent) not in answer.text
