"""The page of law: which packs bind, what is wrong with them, and how two persons change one."""

import re

import pytest

from api.pages.law_builder import _GROUP_OF
from api.pages.pack_words import difference_view
from api.wording import LOCALES, translator
from dispatch.model import Branch, ChangeState, Role
from dispatch.policy.pack import load_pack, pack_text
from dispatch.policy.parameters import PARAMETERS
from dispatch.store import law
from dispatch.store.rows import get_any
from tests.api.pages.test_permissions import a_colleague, look, said, words
from tests.dispatch.policy.test_pack import HEAD, entry
from tests.support.builders import SERVICE_DATE
from tests.support.web import HTML

GROUND = "The house asks for three at every door."
OWN = HEAD + entry("crew.min", "3")


def send(world, path, role=Role.MANAGER, **form):
    headers = {**world.bearer(role), **HTML, "Referer": "http://testserver/law"}
    form = {"branch": str(world.own.id), **form}
    return world.client.post(path, data=form, headers=headers, follow_redirects=False)


def page(world, role=Role.MANAGER, **query):
    return look(world, "/law", role, branch=world.own.id, **query)


def changes(world):
    with world.database.reading() as session:
        return law.changes(session, None, limit=9)


def works_by(world, pack_id, *, text=None, folder=None):
    """Let the branch work by a pack, of its own where a text is given."""
    if text is not None:
        folder.mkdir(exist_ok=True)
        (folder / f"{pack_id}.yaml").write_text(text)
        house = world.app.state.house
        house.settings = house.settings.model_copy(update={"pack_folder": folder})
    with world.database.writing() as session:
        get_any(session, Branch, world.own.id).pack_id = pack_id


# --- the packs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_the_branch_s_pack_and_the_baseline_are_told_with_their_dates(world, locale):
    works_by(world, "cn")
    pack, t = load_pack("cn"), translator(locale)
    told = words(page(world, lang=locale).text)
    for part in (
        pack.title[locale],
        f"cn {pack.version}",
        t.dated(pack.review_on),
        t("law.concern.unsigned"),
        load_pack("baseline").title[locale],
        t("law.signed_beside"),
    ):
        assert part in told


def test_every_rule_that_binds_is_told_with_its_source_and_the_stricter_wins(world):
    works_by(world, "cn")
    told = words(page(world).text)
    assert "Hours at the residence Mon to Fri 09:00–19:00; Sat 10:00–16:00; Sun closed" in told
    assert "nobody may loosen it" in told
    assert "may be loosened by the contract" in told


def test_a_pack_that_has_expired_says_that_nothing_is_planned_under_it(world, tmp_path):
    expired = OWN.replace("valid_until: null", f'valid_until: "{SERVICE_DATE.replace(month=1)}"')
    assert expired != OWN
    works_by(world, "own", text=expired, folder=tmp_path / "packs")
    html = page(world).text
    assert "expired" in words(html)
    assert "not what two persons adopted" in html
    assert "Nothing is planned under this pack until that is put right." in html


def test_a_pack_that_can_not_be_read_is_told_and_the_page_stays(world, tmp_path):
    works_by(world, "own", text="id: [", folder=tmp_path / "packs")
    answer = page(world)
    assert answer.status_code == 200
    assert "nothing is planned under it" in answer.text
    assert "no YAML that can be read" in answer.text


def test_every_rule_has_its_group():
    assert {one.split(".")[0] for one in PARAMETERS} <= set(_GROUP_OF)


# --- changes ------------------------------------------------------------------------------------


def test_one_proposes_another_adopts_and_the_page_says_what_differs(world, tmp_path):
    assert "before a second person" in said(
        world, send(world, "/law/changes", text=OWN, ground=GROUND)
    )
    (change,) = changes(world)
    html = page(world).text
    assert "You proposed this; somebody else has to adopt it." in html
    assert "and adopt it" not in html
    assert "Fewest members of a crew Before: what it says 2 After 3" in words(html)
    decision = {"change": change.id, "adopt": "true"}
    assert "takes two persons" in said(world, send(world, "/law/changes/decision", **decision))
    colleague = a_colleague(world)
    assert "and adopt it" in page(world, "colleague").text
    send(world, "/law/changes/decision", "colleague", **decision)
    assert changes(world)[0].state is ChangeState.ADOPTED
    told = words(page(world).text)
    assert f"Decided by {colleague.name}, 2 Mar 2026 09:00" in told
    assert "once own.yaml in the folder of packs holds exactly this text" in told
    works_by(world, "own", text=OWN, folder=tmp_path / "packs")
    html = page(world).text
    assert "in the folder of packs holds" not in html
    assert "not what two persons adopted" not in html


def test_a_change_is_refused_or_taken_back_by_one(world):
    for role in ("colleague", Role.MANAGER):
        a_colleague(world)
        send(world, "/law/changes", text=OWN, ground=GROUND)
        (change,) = [one for one in changes(world) if one.state is ChangeState.PROPOSED]
        send(world, "/law/changes/decision", role, change=change.id, adopt="false")
    assert {one.state for one in changes(world)} == {ChangeState.REFUSED}
    assert "No change waits." in page(world).text


def test_what_the_linter_finds_is_told_beside_the_text_that_was_sent(world):
    text = OWN.replace("crew.min", "crew.least") + "# <b>mine</b>\n"
    answer = send(world, "/law/changes", text=text, ground=GROUND)
    assert answer.status_code == 422
    assert "crew.least" in re.search(r'<ul class="faults".*?</ul>', answer.text, re.DOTALL)[0]
    kept = re.search(r'<textarea id="pack-text".*?</textarea>', answer.text, re.DOTALL)[0]
    assert "# &lt;b&gt;mine&lt;/b&gt;" in kept
    assert GROUND in answer.text
    assert f'href="/law?branch={world.own.id}&amp;lang=zh-CN"' in answer.text
    assert changes(world) == []


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"ground": "because"}, "Write down why the pack is changed"),
        ({"text": pack_text("baseline")}, "The baseline is part of the program"),
        ({"text": ""}, "Something in the form"),
    ],
)
def test_what_can_not_be_proposed_is_refused_in_place(world, form, says):
    answer = send(world, "/law/changes", **{"text": OWN, "ground": GROUND, **form})
    assert says in said(world, answer)
    assert changes(world) == []


def test_the_form_begins_with_the_text_of_the_branch_s_pack(world):
    works_by(world, "kr")
    html = page(world).text
    assert "jurisdiction: KR" in re.search(r"<textarea.*?</textarea>", html, re.DOTALL)[0]


def test_the_whole_text_is_read_before_it_is_adopted(world):
    send(world, "/law/changes", text=OWN.replace("\n", "\r\n"), ground=GROUND)
    (change,) = changes(world)
    answer = look(world, f"/law/changes/{change.id}/text", Role.AUDITOR)
    assert answer.text == OWN
    assert 'filename="own.yaml"' in answer.headers["content-disposition"]


def test_an_auditor_reads_and_changes_nothing(world):
    send(world, "/law/changes", text=OWN, ground=GROUND)
    html = page(world, Role.AUDITOR).text
    assert "Fewest members of a crew" in html
    assert 'method="post" action="/law' not in html
    refused = send(world, "/law/changes", Role.AUDITOR, text=OWN, ground=GROUND)
    assert refused.status_code == 403


# --- a difference in words ----------------------------------------------------------------------

SAID = {
    "value": 2,
    "binds": True,
    "mark": "F",
    "force": "law",
    "instrument": "A law",
    "article": "1",
    "url": None,
    "version": "2024",
    "review_on": "2027-01-01",
    "relaxable_by": "nobody",
}


def told(parameter, before, after, locale="en", **others):
    view = difference_view(
        {"parameter": parameter, "product": None, "before": before, "after": after, **others},
        translator(locale),
    )
    return view.rule, [(one.part, one.before, one.after) for one in view.parts]


def test_only_what_is_said_otherwise_is_told():
    changed = {**SAID, "mark": "K", "relaxable_by": "court"}
    assert told("crew.min", SAID, changed) == (
        "Fewest members of a crew",
        [
            ("mark", "found in the source", "only known"),
            ("relaxable_by", "nobody", "a court"),
        ],
    )


def test_what_is_new_or_gone_is_told_by_what_it_says():
    assert told("crew.min", None, SAID)[1] == [("value", "nothing is said", "2")]
    assert told("crew.min", SAID, None)[1] == [("value", "2", "nothing is said")]


def test_dates_and_signature_are_told_by_name():
    before, after = {"value": None}, {"value": "Counsel, 2026-03-01"}
    assert told("signed_by", before, after) == (
        "Signed by",
        [("value", "nothing is said", "Counsel, 2026-03-01")],
    )
    assert told("valid_until", before, {"value": "2027-01-01"}, "zh-CN")[0] == "失效日期"


def test_what_is_switched_on_is_marked():
    view = difference_view(
        {"parameter": "crew.min", "product": "card", "after": SAID, "is_switched_on": True},
        translator("en"),
    )
    assert (view.product, view.is_switched_on) == ("card", True)
