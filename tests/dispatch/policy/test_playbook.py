"""Playbooks are sound data: five of them, each naming what its process needs, none looser than the law."""

import pytest

from dispatch.errors import Invalid, PackInvalid
from dispatch.policy.pack import effective, load_pack
from dispatch.policy.playbook import (
    load_playbook,
    playbook_text,
    read_playbook,
    shipped_playbooks,
)
from dispatch.policy.playbook_lint import lint_playbook, lint_shipped
from tests.dispatch.audit.lawful_day import a_visit
from tests.journeys.rows import all_rows

S2 = playbook_text("S2")


def test_each_names_the_capabilities_of_its_process() -> None:
    assert shipped_playbooks() == ("S1", "S2", "S3", "S4", "S5")
    for name in shipped_playbooks():
        needed = {
            c for row in all_rows().values() if row.process == name for c in row.capabilities
        }
        assert set(load_playbook(name).capabilities) == needed


def test_what_ships_is_in_order() -> None:
    assert list(lint_shipped()) == []


@pytest.mark.parametrize("name", shipped_playbooks())
def test_none_loosens_the_law(name: str) -> None:
    law = effective(load_pack("cn"))
    bound = load_playbook(name).bound(law)
    assert set(bound.values) == set(law.values)
    for parameter in ("min_dpd", "remote_attempts", "remote_days", "remote_channels"):
        assert bound[f"eligibility.{parameter}"] >= law[f"eligibility.{parameter}"]
    assert set(bound["eligibility.ability"]) <= set(law["eligibility.ability"])
    assert bound.fingerprint != law.fingerprint


def test_a_looser_gate_does_not_bind_and_is_told() -> None:
    loose = S2.replace("min_dpd: 30", "min_dpd: 1")
    assert read_playbook(loose).bound(load_pack("baseline"))["eligibility.min_dpd"] == 30
    [issue] = lint_playbook(loose, name="S2")
    assert issue.where == "stages/remote_contact/gates/min_dpd"


def test_a_stricter_gate_binds_and_is_cited() -> None:
    bound = read_playbook(S2.replace("min_dpd: 30", "min_dpd: 60")).bound(load_pack("baseline"))
    assert bound["eligibility.min_dpd"] == 60
    assert bound.source("eligibility.min_dpd").instrument == "Playbook S2"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("opens: decision", "opens: elsewhere", "no stage here"),
        ("by: person", "by: duty", "decided on by a person"),
        ("stage: eligible", "stage: visiting", "a stage of eligible is missing"),
        ("opens: remote_contact", "opens: visit", "no case comes to visiting"),
        ("way: relief", "way: visit", "nobody is visited who can't pay"),
        ("channels: [visit]", "channels: [loudspeaker]", "is not one of"),
        ("waiting_days: 7", "waiting_days: soon", "is not of type"),
        ("when: {to_dpd: 29}", "when: {reason: [lazy]}", "no reason that is noted"),
        ("name: repeat", "name: decision", "same name"),
        ("id: S2", "id: S2\nid: S2", "said twice"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, says: str) -> None:
    assert old in S2
    text = S2.replace(old, new, 1)
    assert any(says in issue.cause for issue in lint_playbook(text, name="S2"))
    with pytest.raises(PackInvalid):
        read_playbook(text)


def test_a_playbook_under_another_name_is_told_and_an_unknown_one_is_refused() -> None:
    [issue] = lint_playbook(S2, name="S7")
    assert issue.where == "id"
    with pytest.raises(Invalid, match="choose one of"):
        load_playbook("../packs/cn")


def test_the_first_situation_that_fits_counts() -> None:

    book = load_playbook("S4")
    found = {
        dpd: book.situation(a_visit(dpd=dpd, ability="unknown")).name
        for dpd in (10, 44, 45, 180, 181)
    }
    assert found == {10: "early", 44: "early", 45: "middle", 180: "middle", 181: "long"}
    assert book.situation(a_visit(dpd=10, ability="none_now")).name == "unable"
    assert book.situation(a_visit(dpd=None, ability="unknown")) is None
