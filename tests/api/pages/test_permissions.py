"""A case's permissions at the page: taken down, vouched for, withdrawn, and told with who and when."""

import re
from datetime import timedelta

import pytest

from api.wording import LOCALES, translator
from dispatch.clock import local_day
from dispatch.ids import new_id
from dispatch.model import Account, Branch, Consent, Person, PlaceKind, Relaxation, Role
from dispatch.policy.pack import effective, load_pack
from dispatch.store import law
from dispatch.store.accounts import give_branches
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from tests.support.builders import NOW, a_case, a_place, an_account
from tests.support.web import HTML

GROUND = "A letter of the lender, kept with the contract."
YESTERDAY = "2026-03-01T10:00"


@pytest.fixture
def case(world):
    with world.database.writing() as session:
        return a_case(session, world.vault, world.own, world.lender)


@pytest.fixture
def path(case):
    return f"/permissions/{case.id}"


def look(world, path, role=Role.MANAGER, **query):
    headers = {**world.bearer(role), **HTML}
    return world.client.get(path, params=query, headers=headers, follow_redirects=False)


def send(world, path, role=Role.MANAGER, **form):
    origin = f"http://testserver{path.rpartition('/')[0].removesuffix('/relaxations')}"
    headers = {**world.bearer(role), **HTML, "Referer": origin}
    return world.client.post(path, data=form, headers=headers, follow_redirects=False)


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def said(world, answer):
    """Return what the page says at its top, where the answer to a form leads."""
    assert answer.status_code == 303
    page = look(world, answer.headers["location"]).text
    return re.search(r'<p class="flash"[^>]*>(.*?)</p>', page, re.DOTALL)[1]


def rows(world, case, of):
    with world.database.reading() as session:
        return of(session, case.person_id)


def a_workplace(world, case):
    with world.database.writing() as session:
        person = get_any(session, Person, case.person_id)
        return a_place(session, world.vault, person, kind=PlaceKind.WORKPLACE)


def a_colleague(world):
    """A second manager of the branch, under whose name the next forms are sent."""
    with world.database.writing() as session:
        account = an_account(session, world.own, name="Zhou Lan")
        give_branches(session, account.id, [world.own.id])
    world.accounts["colleague"] = account.id
    return account


# --- consents -----------------------------------------------------------------------------------


def test_a_consent_is_taken_down_and_told_with_who_and_when_and_what_it_changes(world, case, path):
    place = a_workplace(world, case)
    form = {"place": place.id, "given_at": YESTERDAY, "given_by": "phone"}
    assert "taken down" in said(world, send(world, f"{path}/consents", **form))
    (consent,) = rows(world, case, law.consents_of)
    assert consent.given_at.isoformat() == "2026-03-01T02:00:00+00:00"  # 10:00 in Shanghai
    told = words(look(world, path).text)
    manager = world.account(Role.MANAGER).name
    for part in (
        "At the workplace Willow Lane in force",
        "Visits to this place may be planned while the consent stands.",
        "Given by phone, 1 Mar 2026 10:00",
        f"Taken down by {manager}, 2 Mar 2026 09:00",
    ):
        assert part in told


def test_a_withdrawn_consent_stays_told_and_permits_nothing(world, case, path):
    place = a_workplace(world, case)
    form = {"place": place.id, "given_at": YESTERDAY, "given_by": "letter"}
    send(world, f"{path}/consents", **form)
    (consent,) = rows(world, case, law.consents_of)
    world.clock.advance(timedelta(days=1))
    send(world, f"{path}/consents/withdrawal", consent=consent.id)
    (consent,) = rows(world, case, law.consents_of)
    assert consent.revoked_at == world.clock.now()
    html = look(world, path).text
    assert f"Withdrawn by {world.account(Role.MANAGER).name}, 3 Mar 2026 09:00" in words(html)
    assert "may be planned" not in html
    assert "consents/withdrawal" not in html


def test_what_the_rules_forbid_no_consent_permits(world, case, path):
    with world.database.writing() as session:
        get_any(session, Branch, world.own.id).pack_id = "in"
        person = get_any(session, Person, case.person_id)
        place = a_place(session, world.vault, person, kind=PlaceKind.WORKPLACE)
    assert effective(load_pack("in"))["visit.places"]["workplace"] != "with_notice"
    send(world, f"{path}/consents", place=place.id, given_at=YESTERDAY, given_by="phone")
    word = effective(load_pack("in"))["visit.places"]["workplace"]
    assert translator("en")(f"permission.consent_effect.{word}") in look(world, path).text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"given_at": "2026-03-03T10:00"}, "dated in the future"),
        ({"given_by": "somebody"}, "Say how the consent was given"),
        ({"given_at": "0001-01-01T00:00"}, "Something in the form"),
        ({"given_at": "1772400000"}, "Something in the form"),
    ],
)
def test_a_consent_that_can_not_be_is_refused_in_place(world, case, path, changes, says):
    form = {"place": case.place_id, "given_at": YESTERDAY, "given_by": "phone", **changes}
    answer = send(world, f"{path}/consents", **form)
    assert answer.headers["location"] == path
    assert says in said(world, answer)
    assert rows(world, case, law.consents_of) == []


def test_a_consent_of_somebody_else_is_not_withdrawn(world, case, path):
    with world.database.writing() as session:
        other = a_case(session, world.vault, world.own, world.lender)
        consent = Consent(person_id=other.person_id, scope="place", given_at=NOW, given_by="phone")
        session.add(consent)
    assert send(world, f"{path}/consents/withdrawal", consent=consent.id).status_code == 404
    assert rows(world, other, law.consents_of)[0].revoked_at is None


# --- relaxations --------------------------------------------------------------------------------


def a_relaxation(world, case, path, role=Role.MANAGER, **changes):
    form = {
        "parameter": "cash.forbidden",
        "value": "false",
        "given_by": "lender",
        "given_at": YESTERDAY,
        "ground": GROUND,
        **changes,
    }
    answer = send(world, f"{path}/relaxations", role, **form)
    found = rows(world, case, law.relaxations_of)
    return answer, found[0] if found else None


def test_a_rule_is_loosened_by_two_and_the_page_says_what_it_changes(world, case, path):
    answer, one = a_relaxation(world, case, path)
    assert "once somebody else has vouched" in said(world, answer)
    html = look(world, path).text
    assert "You took this down; somebody else has to vouch for it." in html
    assert "/relaxations/confirmation" not in html  # who took it down is not offered to vouch
    refused = send(world, f"{path}/relaxations/confirmation", relaxation=one.id)
    assert "takes two persons" in said(world, refused)
    colleague = a_colleague(world)
    assert "/relaxations/confirmation" in look(world, path, "colleague").text
    send(world, f"{path}/relaxations/confirmation", "colleague", relaxation=one.id)
    told = words(look(world, path).text)
    assert "No cash is taken in force Else yes With it no" in told
    assert f"Vouched for by {colleague.name}, 2 Mar 2026 09:00" in told
    assert GROUND in told


def test_who_is_to_vouch_sees_beforehand_what_it_would_change(world, case, path):
    a_relaxation(world, case, path)
    a_colleague(world)
    told = words(look(world, path, "colleague").text)
    assert "waits for a second person Else yes With it no" in told


def test_either_withdraws_it_alone_and_the_rule_stands_again(world, case, path):
    _, one = a_relaxation(world, case, path)
    a_colleague(world)
    send(world, f"{path}/relaxations/confirmation", "colleague", relaxation=one.id)
    send(world, f"{path}/relaxations/withdrawal", "colleague", relaxation=one.id)
    html = look(world, path).text
    assert "Withdrawn by Zhou Lan, 2 Mar 2026 09:00" in words(html)
    assert "/relaxations/withdrawal" not in html
    assert "With it" not in html


def test_hours_are_loosened_day_by_day_but_the_baseline_binds_beside_them(world, case, path):
    with world.database.writing() as session:
        get_any(session, Branch, world.own.id).pack_id = "cn"
    week = dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], "07:00 – 12:00，13:00–22:00")
    _, one = a_relaxation(
        world,
        case,
        path,
        parameter="visit.windows.residence",
        given_by="borrower",
        until_on="2026-03-31",
        **{f"value.{day}": hours for day, hours in week.items()},
    )
    assert one.value["is"]["tue"] == ["07:00-12:00", "13:00-22:00"]
    assert one.value["is"]["sun"] == []
    assert one.until_at == local_day("Asia/Shanghai", one.until_at.date())[1]
    told = words(look(world, path).text)
    assert "With it Mon to Fri 09:00–12:00, 13:00–19:00; Sat and Sun closed" in told
    assert "until the end of 31 Mar 2026." in told


def test_what_changes_nothing_is_said_to_change_nothing(world, case, path):
    with world.database.writing() as session:
        get_any(session, Branch, world.own.id).pack_id = "cn"
    a_relaxation(
        world,
        case,
        path,
        parameter="visit.windows.residence",
        given_by="borrower",
        **{f"value.{day}": "00:00-24:00" for day in ("mon", "tue", "wed", "thu", "fri", "sat")},
    )
    told = words(look(world, path).text)
    assert "It changes nothing: another rule that nobody may loosen is as strict." in told


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"parameter": "crew.min", "value": "1"}, "Nobody may loosen this rule"),
        ({"given_by": "borrower"}, "not by borrower"),
        ({"given_by": "me"}, "Something in the form"),
        ({"ground": "she said"}, "Write down how it was given"),
        ({"until_on": "2026-02-01"}, "ends before it begins"),
        ({"until_on": "9999-12-31"}, "Something in the form"),
    ],
)
def test_what_is_no_relaxation_is_refused_in_place(world, case, path, changes, says):
    answer, one = a_relaxation(world, case, path, **changes)
    assert says in said(world, answer)
    assert one is None


@pytest.mark.parametrize("form", ["confirmation", "withdrawal"])
def test_a_relaxation_of_another_person_is_left_alone(world, case, path, form):
    _, one = a_relaxation(world, case, path)
    with world.database.writing() as session:
        other = a_case(session, world.vault, world.own, world.lender)
    a_colleague(world)
    elsewhere = f"/permissions/{other.id}/relaxations/{form}"
    assert send(world, elsewhere, "colleague", relaxation=one.id).status_code == 404
    assert rows(world, case, law.relaxations_of) == [one]


# --- times of quiet -----------------------------------------------------------------------------


def quiet(world, path, *times):
    form = {"weekday": [], "begins": [], "ends": []}
    for weekday, begins, ends in times:
        form["weekday"].append(weekday)
        form["begins"].append(begins)
        form["ends"].append(ends)
    return send(world, f"{path}/quiet-times", **form)


def test_times_of_quiet_are_kept_and_an_empty_row_is_none(world, case, path):
    times = [("tue", "13:00", "15:00"), ("fri", "18:00", "00:00"), ("mon", "", "")]
    assert "kept" in said(world, quiet(world, path, *times))
    with world.database.reading() as session:
        kept = get_any(session, Person, case.person_id).quiet_times
    assert kept == [["tue", "13:00-15:00"], ["fri", "18:00-24:00"]]
    told = words(look(world, path).text)
    assert "Tue 13:00–15:00" in told
    assert "Fri 18:00–24:00" in told
    assert f"Taken down by {world.account(Role.MANAGER).name}, 2 Mar 2026 09:00" in told
    quiet(world, path, ("tue", "", ""))
    assert "asked for no time of quiet" in look(world, path).text


@pytest.mark.parametrize(
    "times", [("tue", "13:00", ""), ("tue", "15:00", "13:00"), ("x", "1", "2")]
)
def test_half_a_time_is_refused_in_place(world, case, path, times):
    quiet(world, path, ("mon", "08:00", "09:00"))
    assert "Nothing was changed." in said(world, quiet(world, path, times))
    with world.database.reading() as session:
        assert get_any(session, Person, case.person_id).quiet_times == [["mon", "08:00-09:00"]]


# --- who sees what ------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_told_in_both_languages(world, case, path, locale):
    a_relaxation(world, case, path)
    form = {"place": case.place_id, "given_at": YESTERDAY, "given_by": "in_person"}
    send(world, f"{path}/consents", **form)
    t = translator(locale)
    html = look(world, path, lang=locale).text
    for key in ("consents", "standing.in_force", "standing.waiting", "giver.lender", "no_quiet"):
        assert t(f"permission.{key}") in html
    listed = look(world, "/permissions", branch=world.own.id, lang=locale).text
    assert t("decision.rule.cash.forbidden") in listed


def test_an_auditor_reads_without_places_and_changes_nothing(world, case, path):
    a_relaxation(world, case, path)
    form = {"place": case.place_id, "given_at": YESTERDAY, "given_by": "phone"}
    send(world, f"{path}/consents", **form)
    html = look(world, path, Role.AUDITOR).text
    assert "At home" in html
    assert "Willow Lane" not in html
    assert 'method="post" action="/permissions' not in html
    assert 'href="/permissions?branch=' in html
    assert f'class="brand" href="/permissions?branch={world.own.id}"' in html
    assert 'href="/care' not in html  # nobody is led to what is not open to them
    assert send(world, f"{path}/consents", Role.AUDITOR, **form).status_code == 403


@pytest.mark.fault("K3")
def test_reading_it_is_on_record(world, case, path):
    look(world, path)
    with world.database.reading() as session:
        acts = law.acts_on(session, {case.id})[case.id]
    actor = f"account:{world.account(Role.MANAGER).id}"
    assert [(one.kind, one.actor) for one in acts] == [("read.case", actor)]


def test_names_of_colleagues_of_other_branches_are_not_told(world, case, path):
    with world.database.writing() as session:
        stranger = an_account(session, world.foreign, name="Somebody Elsewhere")
        session.add(
            Relaxation(
                branch_id=case.branch_id,
                person_id=case.person_id,
                case_id=case.id,
                parameter="cash.forbidden",
                value={"is": False},
                given_by="lender",
                given_at=NOW,
                ground=GROUND,
                first_by=stranger.id,
                recorded_at=NOW,
            )
        )
    html = look(world, path).text
    assert "Taken down 2 Mar 2026 09:00" in words(html)
    assert "Somebody Elsewhere" not in html


# --- a branch's list ----------------------------------------------------------------------------


def test_a_branch_s_page_lists_what_waits_and_what_stands(world, case, path):
    _, waits = a_relaxation(world, case, path)
    world.clock.advance(timedelta(minutes=1))  # the newest is first
    _, stands = a_relaxation(world, case, path)
    a_colleague(world)
    send(world, f"{path}/relaxations/confirmation", "colleague", relaxation=stands.id)
    html = look(world, "/permissions", branch=world.own.id).text
    waiting, standing = re.findall(
        r'<section aria-labelledby="(?:waiting|standing).*?</section>', html, re.DOTALL
    )
    for section in (waiting, standing):
        assert section.count(case.reference) == 1
    send(world, f"{path}/relaxations/withdrawal", relaxation=waits.id)
    send(world, f"{path}/relaxations/withdrawal", relaxation=stands.id)
    assert case.reference not in look(world, "/permissions", branch=world.own.id).text


def test_a_reference_leads_to_its_case_whatever_the_case_of_its_letters(world, case, path):
    wanted = f" {case.reference.lower()} "
    answer = look(world, "/permissions", branch=world.own.id, reference=wanted)
    assert answer.headers["location"] == path
    missing = look(world, "/permissions", branch=world.own.id, reference="<b>0000")
    assert "None of your branches has a case &lt;B&gt;0000." in missing.text


def test_a_reference_of_another_branch_is_none(world):
    with world.database.writing() as session:
        case = a_case(session, world.vault, world.foreign, world.other_lender)
    answer = look(world, "/permissions", branch=world.own.id, reference=case.reference)
    assert answer.status_code == 200
    assert "None of your branches has a case" in answer.text


def test_a_form_without_its_mark_changes_nothing(lite):
    with lite.database.writing() as session:
        case = a_case(session, lite.vault, lite.own, lite.lender)
        account = get_any(session, Account, lite.accounts[Role.MANAGER])
    access = lite.app.state.house.tokens.access(account, family_id=new_id(), now=NOW)
    lite.client.cookies.set("fairvisit_session", access)
    form = {"place": str(case.place_id), "given_at": YESTERDAY, "given_by": "phone"}
    answer = lite.client.post(f"/permissions/{case.id}/consents", data=form, headers=HTML)
    assert answer.status_code == 403
    with lite.database.reading() as session:
        assert law.consents_of(session, case.person_id) == []
        assert (
            law.relaxations_of_branch(session, Scope.everything(), lite.own.id, now=NOW, limit=1)
            == []
        )
