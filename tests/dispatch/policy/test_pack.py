"""Packs: loaded, intersected with the baseline, refused when not in force or not signed."""

from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import PackInvalid, PackRefused
from dispatch.policy.envelope import schema
from dispatch.policy.lint import lint
from dispatch.policy.pack import (
    Mark,
    Pack,
    Signature,
    effective,
    load_pack,
    read_pack,
)
from dispatch.policy.parameters import PARAMETERS
from dispatch.policy.usable import ensure_usable
from dispatch.policy.wall import parse_week
from dispatch.settings import Environment

ON = date(2026, 11, 26)
HEAD = """
id: own
version: "1"
title: {en: Own, zh-CN: 自有}
jurisdiction: CN
calendar: CN
valid_from: "2026-01-01"
valid_until: null
review_on: "2027-01-01"
signed_by: null
sources:
  law: {instrument: An act, version: "1", url: null, mark: F, force: law, review_on: "2027-01-01"}
values:
"""


def entry(name: str, value: str, more: str = "") -> str:
    return f"  {name}: {{value: {value}, source: law, article: a, relaxable_by: nobody{more}}}\n"


def own(*entries: str) -> Pack:
    return read_pack(HEAD + "".join(entries))


def shipped() -> list[str]:
    folder = resources.files("dispatch.policy").joinpath("packs")
    return sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))


@pytest.mark.parametrize("file", shipped())
def test_shipped_packs_have_no_issue(file: str) -> None:
    text = resources.files("dispatch.policy").joinpath("packs", file).read_text("utf-8")

    assert lint(text, name=file, on=ON) == ()
    assert load_pack(file.removesuffix(".yaml")).signed_by is None


def test_schema_and_parameters_name_the_same() -> None:
    assert set(schema()["$defs"]["values"]["properties"]) == set(PARAMETERS)


def test_the_baseline_is_a_proposal_throughout() -> None:
    assert {v.source.mark for v in load_pack("baseline").values.values()} == {Mark.PROPOSED}


def test_china_is_as_strict_as_the_baseline_and_cites_its_own_law() -> None:
    law = effective(load_pack("cn"))

    assert parse_week(law["visit.windows.residence"])["mon"] == ((540, 1140),)
    assert parse_week(law["visit.windows.residence"])["sun"] == ()
    assert law["notice.min_hours"] == 72
    assert law.source("notice.min_hours").pack_id == "baseline"
    assert law.source("crew.min").pack_id == "cn"
    assert law["visit.places"]["school"] == "never"
    assert law["call.answered_per_day"] == 3


@pytest.mark.parametrize(
    ("name", "value", "wins"),
    [
        ("crew.min", "3", 3),
        ("crew.min", "1", 2),
        ("notice.min_hours", "96", 96),
        ("notice.min_hours", "1", 72),
        ("visit.max_stay_minutes", "20", 20),
        ("visit.max_stay_minutes", "90", 30),
        ("notice.must_be_delivered", "false", True),
        ("notice.no_reply", "no_visit", "no_visit"),
        ("eligibility.ability", "[adequate, partial]", ["adequate"]),
        ("cash.forbidden", "false", True),
    ],
)
def test_the_stricter_value_wins(name: str, value: str, wins: object) -> None:
    assert effective(own(entry(name, value)))[name] == wins


def test_windows_intersect() -> None:
    pack = own(
        entry(
            "visit.windows.residence",
            '{mon-sun: ["08:00-12:00", "14:00-22:00"], public_holiday: []}',
        )
    )

    week = parse_week(effective(pack)["visit.windows.residence"])

    assert week["wed"] == ((540, 720), (840, 1140))
    assert week["sun"] == week["public_holiday"] == ()


def test_every_cap_of_both_packs_binds() -> None:
    pack = own(
        entry(
            "visit.caps",
            "[{scope: person, visits: 2, days: 30}, {scope: case, visits: 1, days: 7}]",
        )
    )

    caps = effective(pack)["visit.caps"]

    assert {"scope": "person", "visits": 1, "days": 30} in caps
    assert {"scope": "case", "visits": 1, "days": 7} in caps
    assert {"scope": "person", "visits": 3, "days": 180} in caps


def test_only_known_values_bind_nobody_until_switched_on() -> None:
    known = entry("crew.min", "4", ", mark: K, switch: off")
    switched = entry("crew.min", "4", ', mark: K, switch: {by: A. Counsel, on: "2026-06-01"}')

    assert effective(own(known))["crew.min"] == 2
    assert effective(own(switched))["crew.min"] == 4


def test_a_null_value_is_the_baselines() -> None:
    assert effective(own(entry("crew.min", "null", ", mark: N, switch: off")))["crew.min"] == 2


@given(st.sampled_from(sorted(PARAMETERS)))
def test_intersecting_twice_changes_nothing(name: str) -> None:
    law = effective(load_pack("cn"))

    assert effective(law).get(name) == law.get(name)


def test_an_unsigned_pack_is_refused_in_production_only() -> None:
    ensure_usable(load_pack("cn"), Environment.DEVELOPMENT, ON)
    with pytest.raises(PackRefused, match="not signed"):
        ensure_usable(load_pack("cn"), Environment.PRODUCTION, ON)


@pytest.mark.parametrize(
    ("changes", "environment", "says"),
    [
        ({"valid_until": date(2026, 11, 21)}, Environment.DEVELOPMENT, "expired on 2026-11-21"),
        ({"valid_from": date(2026, 11, 27)}, Environment.DEVELOPMENT, "valid from 2026-11-27"),
        ({"review_on": date(2026, 11, 21)}, Environment.PRODUCTION, "due for review"),
    ],
)
def test_a_pack_out_of_date_stops_planning(
    changes: dict[str, date], environment: Environment, says: str
) -> None:
    signed = replace(
        load_pack("cn"), signed_by=Signature(name="A. Counsel", signed_on=date(2026, 6, 1))
    )
    ensure_usable(signed, environment, ON)
    with pytest.raises(PackRefused, match=says):
        ensure_usable(replace(signed, **changes), environment, ON)


def test_the_baseline_can_not_be_replaced_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "baseline.yaml").write_text(HEAD.replace("id: own", "id: baseline"))
    (tmp_path / "own.yaml").write_text(HEAD + entry("crew.min", "3"))

    assert load_pack("baseline", tmp_path) is load_pack("baseline", tmp_path)
    assert load_pack("baseline", tmp_path)["notice.min_hours"] == 72
    assert load_pack("own", tmp_path)["crew.min"] == 3


@pytest.mark.parametrize("pack_id", ["", "nowhere", "../baseline", "a/b", "x\0y"])
def test_an_unknown_pack_is_said(pack_id: str, tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match="no policy pack"):
        load_pack(pack_id, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "a: &a [*a]",
        ": : :",
        "\x00",
        HEAD,
        HEAD + entry("crew.minimum", "2"),
        HEAD + entry("crew.min", "two"),
        HEAD + entry("crew.min", ".nan"),
        HEAD + entry("crew.min", "1e999"),
        HEAD + entry("crew.min", "-1"),
        HEAD + entry("crew.min", "2", ", mark: X"),
        HEAD + entry("crew.min", "2", ", colour: red"),
        HEAD + entry("crew.min", "2") + entry("crew.min", "1"),
        HEAD + entry("crew.min", "2").replace("source: law", "source: rumour"),
        HEAD + entry("call.windows", '{mon: ["19:00-09:00"], public_holiday: []}'),
        HEAD + entry("call.windows", '{mon: ["09:00-25:00"], public_holiday: []}'),
        HEAD + entry("call.windows", "{mon-fri: [], tue: [], public_holiday: []}"),
        HEAD + entry("call.windows", "{fri-mon: [], public_holiday: []}"),
        HEAD.replace('"2026-01-01"', '"2026-02-30"') + entry("crew.min", "2"),
    ],
)
def test_a_malformed_pack_is_refused(text: str) -> None:
    with pytest.raises(PackInvalid):
        read_pack(text)
    assert lint(text, on=ON)


@pytest.mark.parametrize(
    ("more", "value", "says"),
    [
        (", mark: K", "2", "no switch"),
        (", mark: N, switch: off", "2", "not found has a value"),
        ("", "null", "value is missing"),
        (", mark: P, url: 'https://example.org/x'", "2", "URL stands beside"),
        (', review_on: "2026-11-21"', "2", "due for review"),
    ],
)
def test_lint_names_what_is_left_open(more: str, value: str, says: str) -> None:
    issues = lint(HEAD + entry("crew.min", value, more), on=ON)

    assert any(says in issue.cause for issue in issues)


def test_lint_names_an_expired_pack_and_an_idle_source() -> None:
    text = HEAD.replace("valid_until: null", 'valid_until: "2026-02-01"').replace(
        "values:",
        HEAD[HEAD.index("  law:") : HEAD.index("values:")].replace("law:", "idle:", 1) + "values:",
    ) + entry("crew.min", "2")

    causes = " ".join(issue.cause for issue in lint(text, on=ON))

    assert "expired on 2026-02-01" in causes
    assert "No value rests on it" in causes
