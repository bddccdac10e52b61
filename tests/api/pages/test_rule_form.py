"""A rule's value goes into controls and comes back as it was; what is changed comes back changed."""

import pytest

from api.pages.rule_form import Filled, controls_of, value_of
from api.wording import LOCALES, translator
from dispatch.errors import Invalid
from dispatch.policy.envelope import value_issues
from dispatch.policy.law import relaxable
from dispatch.policy.pack import effective, load_pack, shipped_packs
from dispatch.policy.parameters import PARAMETERS

STATED = {
    (pack, name): values[0].raw
    for pack in shipped_packs()
    for name, values in relaxable(effective(load_pack(pack))).items()
}
T = translator("en")


def filled(controls, **changes):
    given = {}
    for one in controls:
        given[one.name] = (*given.get(one.name, ()), changes.get(one.name, one.value))
    return Filled(given)


@pytest.mark.parametrize(("pack", "parameter"), STATED, ids="-".join)
def test_what_is_not_changed_comes_back_as_it_was(pack, parameter):
    raw = STATED[pack, parameter]
    back = value_of(parameter, raw, filled(controls_of(parameter, raw, T)))
    assert value_issues(parameter, back) == []
    normal = PARAMETERS[parameter]
    assert normal(back, back) == normal(raw, raw)


def test_shipped_packs_let_somebody_relax_something():
    assert {parameter for _, parameter in STATED} >= {"visit.windows.residence", "cash.forbidden"}


@pytest.mark.parametrize(
    ("parameter", "raw", "changes", "expected"),
    [
        ("cash.forbidden", True, {"value": "false"}, False),
        ("call.attempts_per_day", 6, {"value": " 8 "}, 8),
        ("recording.audio", "never", {"value": "announced"}, "announced"),
        (
            "visit.places",
            {"residence": "with_notice", "other": "never"},
            {"value.other": "only_if_chosen"},
            {"residence": "with_notice", "other": "only_if_chosen"},
        ),
        (
            "contact.caps",
            [{"scope": "case", "of": "all", "most": 7, "days": 7}],
            {"value.0": "9"},
            [{"scope": "case", "of": "all", "most": 9, "days": 7}],
        ),
        (
            "visit.caps",
            [{"scope": "person", "visits": 1, "days": 30}],
            {"value.0": "2"},
            [{"scope": "person", "visits": 2, "days": 30}],
        ),
    ],
)
def test_what_is_changed_comes_back_changed(parameter, raw, changes, expected):
    assert value_of(parameter, raw, filled(controls_of(parameter, raw, T), **changes)) == expected


def test_a_box_that_is_cleared_binds_no_more():
    kept = Filled({"value": ("faces",)})
    assert value_of("recording.never", ["interior", "faces"], kept) == ["faces"]
    assert value_of("recording.never", ["interior", "faces"], Filled({})) == []


@pytest.mark.parametrize("text", ["09:00-12:00, 14:00-19:00", "09:00 – 12:00；14:00至19:00"])
def test_hours_are_read_as_people_write_them(text):
    week = value_of(
        "call.windows", {"mon": [], "public_holiday": []}, Filled({"value.mon": (text,)})
    )
    assert week["mon"] == ["09:00-12:00", "14:00-19:00"]
    assert week["tue"] == []


@pytest.mark.parametrize("text", ["", "two", "-1", "1.5", "9" * 20])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Invalid, match="whole number"):
        value_of("crew.min", 2, Filled({"value": (text,)}))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_control_says_what_it_is_for(locale):
    for (_, parameter), raw in STATED.items():
        controls = controls_of(parameter, raw, translator(locale))
        assert controls
        if len(controls) > 1:
            assert all(one.label for one in controls), parameter
