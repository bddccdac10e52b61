"""Cases: people for managers only, every delivered record on record, lists that go on."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from dispatch.model import Evidence, Role
from tests.support.builders import NOW, a_case


def cases(world, number, branch=None, **given):
    with world.database.writing() as session:
        return [
            a_case(session, world.vault, branch or world.own, world.lender, **given)
            for _ in range(number)
        ]


def reads(world):
    with world.database.reading() as session:
        return session.exec(select(Evidence).where(Evidence.kind == "read.case")).all()


def test_manager_sees_the_person(world):
    (case,) = cases(world, 1)
    answer = world.client.get(f"/v1/cases/{case.id}", headers=world.bearer(Role.MANAGER))
    borrower = answer.json()["borrower"]
    assert borrower["name"].startswith("Person ")
    assert borrower["amounts"]["principal"] == 1_200_000
    assert borrower["place"]["lat"] == 30.61
    assert {one["kind"] for one in borrower["contacts"]} == {"phone", "email"}
    assert borrower["contacts"][0]["is_preferred"]


def test_auditor_sees_the_case_without_the_person(lite):
    (case,) = cases(lite, 1)
    answer = lite.client.get(f"/v1/cases/{case.id}", headers=lite.bearer(Role.AUDITOR))
    assert answer.json()["borrower"] is None
    for private in ("Person ", "+86139", "Willow", "1200000"):
        assert private not in answer.text


@pytest.mark.fault("K3", "S3")
def test_each_delivered_record_is_on_record_and_a_304_is_counted(world):
    (case,) = cases(world, 1)
    path, manager = f"/v1/cases/{case.id}", world.bearer(Role.MANAGER)
    tag = world.client.get(path, headers=manager).headers["etag"]
    (entry,) = reads(world)
    assert entry.subject_id == entry.case_id == case.id
    assert entry.person_id == case.person_id
    assert entry.branch_id == world.own.id
    assert entry.actor == f"account:{world.accounts[Role.MANAGER]}"
    unchanged = world.client.get(path, headers={**manager, "If-None-Match": tag})
    assert unchanged.status_code == 304
    assert len(reads(world)) == 1
    metrics = world.client.get("/metrics").text
    assert 'fairvisit_records_read_total{result="unchanged"} 1' in metrics


@pytest.mark.fault("K3", "S3")
def test_list_records_every_case_it_delivers(world):
    cases(world, 3)
    world.client.get("/v1/cases?limit=2", headers=world.bearer(Role.MANAGER))
    assert len(reads(world)) == 2


def test_refused_read_leaves_no_entry(lite):
    (case,) = cases(lite, 1, branch=lite.foreign)
    assert (
        lite.client.get(f"/v1/cases/{case.id}", headers=lite.bearer(Role.MANAGER)).status_code
        == 404
    )
    assert reads(lite) == []


@pytest.mark.fault("S3")
def test_record_that_cannot_be_noted_is_not_delivered(lite, monkeypatch):
    (case,) = cases(lite, 1)

    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("api.deps.note_reads", broken)
    answer = lite.client.get(f"/v1/cases/{case.id}", headers=lite.bearer(Role.MANAGER))
    assert answer.status_code == 500
    assert "Person" not in answer.text


def test_list_goes_through_every_case_once_newest_first(world):
    made = [
        *cases(world, 3),
        *cases(world, 2, received_at=NOW - timedelta(days=1)),
        *cases(world, 2, received_at=NOW + timedelta(microseconds=7)),
    ]
    cases(world, 2, branch=world.foreign)
    seen, cursor = [], None
    while True:
        page = world.client.get(
            "/v1/cases",
            params={"limit": 2, **({"cursor": cursor} if cursor else {})},
            headers=world.bearer(Role.MANAGER),
        ).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(one["id"] for one in seen) == sorted(str(one.id) for one in made)
    assert all(one["received_at"].endswith("Z") for one in seen)
    instants = [datetime.fromisoformat(one["received_at"]) for one in seen]
    assert instants == sorted(instants, reverse=True)


def test_filters(lite):
    first, _ = cases(lite, 2)
    for query in (
        {"number": first.number},
        {"reference": first.reference},
        {"branch_id": str(lite.own.id), "number": first.number},
    ):
        answer = lite.client.get("/v1/cases", params=query, headers=lite.bearer(Role.MANAGER))
        assert [one["id"] for one in answer.json()["items"]] == [str(first.id)]
    foreign = {"branch_id": str(lite.foreign.id)}
    answer = lite.client.get("/v1/cases", params=foreign, headers=lite.bearer(Role.MANAGER))
    assert answer.json()["items"] == []


def test_erased_person_is_shown_as_erased(lite):
    (case,) = cases(lite, 1)
    with lite.database.writing() as session:
        from dispatch.model import Person
        from dispatch.store.rows import get_any

        get_any(session, Person, case.person_id).erase(actor="test", now=NOW)
    answer = lite.client.get(f"/v1/cases/{case.id}", headers=lite.bearer(Role.MANAGER))
    borrower = answer.json()["borrower"]
    assert borrower["is_erased"]
    assert borrower["name"] is None
    assert borrower["amounts"] is None
