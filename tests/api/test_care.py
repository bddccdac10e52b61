"""Care over HTTP and at the desk: an alarm is seen at once, by managers and by nobody in the field."""

from dispatch.model import Case, Complaint, HoldState, Role
from dispatch.store.rows import get_any
from tests.api.examples import Side, a_complaint, a_field_visit
from tests.api.test_field import a_body, my_day, put, rows


def look(world, path, role=Role.MANAGER, **query):
    return world.client.get(
        path, params=query, headers={**world.bearer(role), "Accept": "text/html"}
    )


def test_a_silent_alarm_is_on_the_managers_page_at_once_and_nowhere_on_the_phone(lite):
    visit = a_field_visit(lite, Side.OWN)
    assert "Silent alarm" not in look(lite, "/care/alerts", branch=lite.own.id).text
    before = my_day(lite, visit)
    receipt = put(lite, "check-ins", a_body(visit, kind="duress"))
    for path in ("/care/alerts", "/care"):
        seen = look(lite, path, branch=lite.own.id)
        assert "Silent alarm from a crew" in seen.text
        assert visit.reference in seen.text
    after = my_day(lite, visit)
    assert (after.text, after.headers["etag"]) == (before.text, before.headers["etag"])
    assert receipt.json()["itinerary"]["stops"] == before.json()["stops"]
    for told in (receipt.text, after.text):
        assert "duress" not in told
    assert look(lite, "/care/alerts", role=Role.AGENT, branch=lite.own.id).status_code == 403


def test_a_complaint_is_told_with_its_clocks_and_its_words_to_managers_only(lite):
    complaint = a_complaint(lite, Side.OWN)
    page = look(lite, "/care", branch=lite.own.id).text
    assert "They came at the wrong time." in page
    assert "Acknowledge by" in page
    for role, words in ((Role.MANAGER, "They came at the wrong time."), (Role.AUDITOR, None)):
        told = lite.client.get("/v1/complaints", headers=lite.bearer(role)).json()["items"]
        assert [(one["id"], one["words"]) for one in told] == [(str(complaint.id), words)]


def test_a_complaint_is_stepped_over_http_to_its_end(lite):
    complaint = a_complaint(lite, Side.OWN)
    handler = lite.accounts[Role.MANAGER]
    long = "The crew came ten minutes early and said so."
    for body in (
        {"to": "acknowledged", "told_by": "letter"},
        {"to": "assigned", "handler_id": str(handler)},
        {"to": "investigating"},
        {"to": "upheld", "words": long},
        {"to": "remedied", "words": long},
        {"to": "told", "told_by": "letter"},
        {"to": "closed"},
    ):
        answer = lite.client.post(
            f"/v1/complaints/{complaint.id}/steps", json=body, headers=lite.bearer(Role.MANAGER)
        )
        assert answer.status_code == 200, answer.text
    assert rows(lite, Complaint)[0].state == "closed"


def test_the_page_says_on_whose_word_a_pause_ends(lite):
    visit = a_field_visit(lite, Side.OWN)
    body = {"case_id": str(visit.case_id), "kind": "distress_flag"}
    made = lite.client.post("/v1/holds", json=body, headers=lite.bearer(Role.MANAGER))
    assert (made.status_code, made.json()["releaser"]) == (201, "specialist")
    page = look(lite, "/care", branch=lite.own.id).text
    assert "trained for care" in page
    assert "/care/holds" not in page  # this manager is not trained: no form to end it
    assert made.json()["state"] == HoldState.ACTIVE
    with lite.database.reading() as session:
        assert get_any(session, Case, visit.case_id).stage == "on_hold"


def test_timers_are_the_agents_own(lite):
    visit = a_field_visit(lite, Side.OWN)
    put(lite, "check-ins", a_body(visit, kind="arrived"))
    told = lite.client.get("/v1/me/timers", headers=lite.bearer(Role.AGENT)).json()
    assert [one["visit_id"] for one in told["items"]] == [str(visit.id)]
    assert told["items"][0]["due_at"] == "2026-03-02T01:45:00Z"
