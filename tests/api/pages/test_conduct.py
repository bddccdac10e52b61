"""The page of conduct: what waits for a review, what people said, and what was done about a breach."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from api.wording import LOCALES, translator
from dispatch.fieldwork.review import Finding, to_review
from dispatch.ids import new_id
from dispatch.model import (
    Account,
    Case,
    Feedback,
    FeedbackKind,
    Felt,
    Incident,
    IncidentState,
    Person,
    Role,
    Visit,
    VisitState,
)
from dispatch.store import law
from dispatch.store.incidents import breaches_of
from dispatch.store.rows import get_any
from tests.api.examples import Side, a_field_visit
from tests.api.pages.test_permissions import look, said, words
from tests.support.builders import NOW, a_case, a_visit, add
from tests.support.web import HTML, Web, counted

WORDS = "They spoke so loudly that the neighbours heard."
REMEDY = "We asked their pardon and talked with the crew."


def page(world, role=Role.MANAGER, **query):
    return look(world, "/conduct", role, branch=world.own.id, **query)


def send(world, path, role=Role.MANAGER, **form):
    origin = f"http://testserver/conduct?branch={world.own.id}"
    headers = {**world.bearer(role), **HTML, "Referer": origin}
    form = {name: str(value) for name, value in form.items()}
    return world.client.post(path, data=form, headers=headers, follow_redirects=False)


def a_reported_visit(world, *, drawn=None, branch=None, **given):
    """A reported visit; of those on which nothing stands out, chance draws one in ten."""
    with world.database.writing() as session:
        own = branch or world.own
        case = a_case(session, world.vault, own, world.lender)
        manager = get_any(session, Account, world.accounts[Role.MANAGER])
        if drawn is not None:
            given["id"] = next(one for one in iter(new_id, None) if is_drawn(one) is drawn)
        return a_visit(session, case, manager, state=VisitState.REPORTED, **given)


def is_drawn(visit_id):
    return int(sha256(visit_id.bytes).hexdigest(), 16) % 10 == 0


def says(world, visit, *, felt=None, text=None, at=NOW):
    with world.database.writing() as session:
        row = Feedback(
            branch_id=visit.branch_id,
            case_id=visit.case_id,
            person_id=visit.person_id,
            visit_id=visit.id,
            kind=FeedbackKind.HOW_IT_WAS if felt else FeedbackKind.CONTEST,
            felt=felt,
            given_at=at,
        )
        if text:
            world.vault.write(get_any(session, Person, visit.person_id), row, "words", text)
        return add(session, row)


def notes(world, visit, kind, **given):
    with world.database.writing() as session:
        return add(
            session,
            Incident(
                branch_id=visit.branch_id,
                case_id=visit.case_id,
                visit_id=visit.id,
                kind=kind,
                opened_at=NOW,
                **given,
            ),
        )


def row(world, of, row_id):
    with world.database.reading() as session:
        return get_any(session, of, row_id)


# --- visits to review ---------------------------------------------------------------------------


def waiting(world):
    with world.database.reading() as session:
        found = to_review(session, world.own.id, since=NOW - timedelta(days=90))
        return {one.visit.id: one.stands_out for one in found}


def test_what_stands_out_is_reviewed_and_of_the_rest_what_is_drawn(world):
    quiet, drawn = a_reported_visit(world, drawn=False), a_reported_visit(world, drawn=True)
    noted, objected, content = (a_reported_visit(world, drawn=False) for _ in range(3))
    notes(world, noted, "slow-to-leave")
    says(world, objected, felt=Felt.MIXED)
    says(world, content, felt=Felt.RESPECTED)
    foreign = a_reported_visit(world, branch=world.foreign, drawn=True)
    assert waiting(world) == {drawn.id: False, noted.id: True, objected.id: True}
    html = page(world).text
    for visit in (drawn, noted, objected):
        assert f'name="visit" value="{visit.id}"' in html
    for visit in (quiet, content, foreign):
        assert f'name="visit" value="{visit.id}"' not in html
    assert "drawn by lot" in html
    assert "A crew took long to leave when asked" in html


def test_many_visits_are_asked_for_at_once(world):
    web = Web(world, world.app, world.client)
    sizes = []
    for _ in range(2):
        for _ in range(3):
            says(world, a_reported_visit(world), felt=Felt.MIXED)
        with counted(web) as sent:
            assert page(world).status_code == 200
        sizes.append(len([one for one in sent if one.startswith("SELECT")]))
    assert sizes[0] == sizes[1]


def test_a_review_in_order_ends_the_matter(world):
    visit = a_reported_visit(world, drawn=True)
    answer = send(world, "/conduct/reviews", visit=visit.id, finding="in_order")
    assert "The review is kept." in said(world, answer)
    assert row(world, Visit, visit.id).state is VisitState.REVIEWED
    html = page(world).text
    assert f'value="{visit.id}"' not in html
    assert "No rule was broken." in html


def test_any_other_finding_goes_to_the_register(world):
    visit = a_reported_visit(world, drawn=True)
    send(world, "/conduct/reviews", visit=visit.id, finding="disclosure")
    told = words(page(world).text)
    assert f"Somebody else learnt of it {visit.reference} to be put right" in told
    assert f"In the name of {world.lender.name}" in told


def test_a_visit_is_reviewed_once(world):
    visit = a_reported_visit(world, drawn=True)
    send(world, "/conduct/reviews", visit=visit.id, finding="in_order")
    again = send(world, "/conduct/reviews", visit=visit.id, finding="pressure")
    assert "can be reviewed, once" in said(world, again)
    with world.database.reading() as session:
        assert breaches_of(session, world.own.id) == []


# --- breaches -----------------------------------------------------------------------------------


def test_what_was_done_about_a_breach_and_who_was_told_is_kept(world):
    visit = a_field_visit(world, Side.OWN)
    breach = notes(world, visit, "breach-pressure")
    html = page(world).text
    agent_id = world.account(Role.AGENT).agent_id
    assert f'<option value="{agent_id}">' in html  # who was sent may answer for it
    form = {"incident": breach.id, "remedy": REMEDY, "responsible": agent_id}
    answer = send(world, "/conduct/breaches", **form, told_at="2026-03-02T08:30")
    assert "in the register" in said(world, answer)
    kept = row(world, Incident, breach.id)
    assert (kept.state, kept.is_breach) == (IncidentState.CLOSED, True)
    assert kept.person_told_at.isoformat() == "2026-03-02T00:30:00+00:00"  # 08:30 in Shanghai
    told = words(page(world).text)
    assert REMEDY in told
    assert "The person was told 2 Mar 2026 08:30" in told
    assert "Who answers for it the house itself" not in told
    assert "/conduct/breaches" not in page(world).text


def test_an_alert_that_is_put_right_here_goes_to_the_register(world):
    alert = notes(world, a_reported_visit(world), "slow-to-leave")
    send(world, "/conduct/breaches", incident=alert.id, remedy=REMEDY)
    assert row(world, Incident, alert.id).is_breach is True
    assert REMEDY in page(world).text


def test_where_nobody_is_named_the_house_answers(world):
    breach = notes(world, a_reported_visit(world), "breach-disclosure")
    form = {"incident": breach.id, "remedy": REMEDY, "responsible": "", "told_at": ""}
    send(world, "/conduct/breaches", **form)
    told = words(page(world).text)
    assert "Who answers for it the house itself" in told
    assert "The person was told not yet" in told


@pytest.mark.parametrize(
    ("changes", "says_why"),
    [
        ({"remedy": "done"}, "Write what was done about it"),
        ({"responsible": new_id()}, "Name an agent who was sent"),
        ({"told_at": "2026-03-09T09:00"}, "told in the future"),
        ({"told_at": "soon"}, "Something in the form"),
    ],
)
def test_what_can_not_be_is_refused_in_place(world, changes, says_why):
    breach = notes(world, a_reported_visit(world), "breach-pressure")
    answer = send(
        world, "/conduct/breaches", **{"incident": breach.id, "remedy": REMEDY, **changes}
    )
    assert says_why in said(world, answer)
    assert row(world, Incident, breach.id).state is IncidentState.OPEN


def test_breaches_and_visits_of_another_branch_are_left_alone(world):
    visit = a_reported_visit(world, branch=world.foreign)
    breach = notes(world, visit, "breach-pressure")
    assert send(world, "/conduct/breaches", incident=breach.id, remedy=REMEDY).status_code == 404
    answer = send(world, "/conduct/reviews", visit=visit.id, finding="pressure")
    assert answer.status_code == 404
    assert visit.reference not in page(world).text


# --- what people said ---------------------------------------------------------------------------


def test_what_people_said_is_told_in_their_words_to_managers_only(world):
    visit = a_reported_visit(world)
    says(world, visit, felt=Felt.NOT_RESPECTED, text=WORDS)
    html = page(world).text
    assert WORDS in html
    assert "they did not" in html
    auditor = page(world, Role.AUDITOR).text
    assert "they did not" in auditor
    assert WORDS not in auditor
    assert 'method="post" action="/conduct' not in auditor
    assert page(world, Role.AGENT).status_code == 403


def test_what_was_said_long_ago_is_not_told_any_more(world):
    says(world, a_reported_visit(world), felt=Felt.MIXED, at=NOW - timedelta(days=91))
    assert "Nobody has said anything yet." in page(world).text


@pytest.mark.fault("K3")
def test_reading_what_people_said_is_on_record(world):
    visit = a_reported_visit(world)
    says(world, visit, felt=Felt.RESPECTED)
    page(world)
    with world.database.reading() as session:
        case = get_any(session, Case, visit.case_id)
        kinds = [one.kind for one in law.acts_on(session, {case.id})[case.id]]
    assert kinds.count("read.case") == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_told_in_both_languages(world, locale):
    visit = a_reported_visit(world)
    says(world, visit, felt=Felt.MIXED)
    notes(world, visit, "breach-pressure")
    html, t = page(world, lang=locale).text, translator(locale)
    for key in ("finding.pressure", "said.how_it_was", "state.open", "review"):
        assert t(f"conduct.{key}") in html
    assert re.search(rf"{t('conduct.tile.open')}</dt><dd><a[^>]*>1</a>", html)
    assert len(re.findall(r'<option value="[a-z_]+"', html)) >= len(Finding)
