"""The register of sources: what packs rest on, and what none may rest on."""

from datetime import date

import pytest

from dispatch.policy.lint import lint
from dispatch.policy.pack import load_pack, pack_text
from dispatch.policy.register import instruments, not_a_source, register

ON = date(2026, 11, 26)


@pytest.mark.parametrize(
    "instrument",
    ["《催收行業管理辦法》", "中华人民共和国合同法", "Anti-Unfair  Competition Law (2019)"],
)
def test_a_pack_that_rests_on_what_is_no_source_is_refused(instrument: str) -> None:
    text = pack_text("cn").replace("instrument: GB/T 45251-2025", f'instrument: "{instrument}"')
    [issue] = lint(text, name="cn", on=ON)
    assert issue.where == "sources/gbt"
    assert instrument in issue.cause


def test_no_pack_that_ships_rests_on_one() -> None:
    assert [one for one in register() if not_a_source(one.name)] == []


def test_each_instrument_has_a_version_an_article_and_a_review_date() -> None:
    found = {one.name: one for one in instruments(load_pack("cn"))}
    assert "Civil Code of the People's Republic of China" in found
    assert all(one.version and one.articles and one.review_on for one in register())
