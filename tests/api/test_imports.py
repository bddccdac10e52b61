"""POST /v1/imports/{kind}: taken in, refused with rows, or tried dry."""

import json

from dispatch.model import Role
from tests.api.test_problems import require_problem

GOOD = "date,name,kind\n2026-05-01,Labour Day,public_holiday\n"
BAD = "date,name,kind\n2026-05-01,Labour Day,public_holiday\nsomeday,X,public_holiday\n"


def send(world, text, *, role=Role.MANAGER, mapping=None, **query):
    return world.client.post(
        "/v1/imports/holidays",
        params={"branch_id": str(world.own.id), **query},
        files={"file": ("days.csv", text.encode(), "text/csv")},
        data={"mapping": mapping} if mapping else None,
        headers=world.bearer(role),
    )


def days(world):
    answer = world.client.get(
        f"/v1/branches/{world.own.id}/holidays", headers=world.bearer(Role.MANAGER)
    )
    return [one["day_on"] for one in answer.json()["items"]]


def test_good_file_is_taken_in(world):
    report = send(world, GOOD, role=Role.SERVICE)
    assert report.status_code == 200, report.text
    assert report.json()["created"] == 1
    assert days(world) == ["2026-05-01"]


def test_bad_row_refuses_the_whole_file_and_says_where(world):
    problem = require_problem(send(world, BAD), 422)
    assert problem["type"] == "/problems/import-invalid"
    assert [one["pointer"] for one in problem["errors"]] == ["/3/date"]
    assert problem["issues"][0]["remedy"]
    assert days(world) == []


def test_dry_run_stores_nothing(lite):
    report = send(lite, BAD, is_dry_run=True).json()
    assert report["is_dry_run"]
    assert report["issue_count"] == 1
    assert days(lite) == []


def test_skip_bad_stores_the_good_rows(lite):
    report = send(lite, BAD, skip_bad=True).json()
    assert (report["created"], report["refused"]) == (1, 1)


def test_mapping_is_read_strictly(lite):
    headings = {"date": "Tag", "name": "Name", "class": "Art"}
    text = GOOD.replace("date,name,kind", "Tag,Name,Art")
    assert send(lite, text, mapping=json.dumps(headings)).status_code == 200
    for wrong in ("[]", '{"a": 1}', "{", '{"a": "b", "a": "c"}'):
        require_problem(send(lite, text, mapping=wrong), 422)
