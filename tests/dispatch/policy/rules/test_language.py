"""Language: a notice and a crew that the person understands; a region makes no difference."""

import pytest

from dispatch.policy.rules.language import base_of, speaks
from tests.dispatch.audit.lawful_day import CREW, a_member, a_visit
from tests.dispatch.policy.test_rules import codes, noticed


@pytest.mark.parametrize(
    ("tag", "base"), [("zh-CN", "zh"), ("EN-gb", "en"), (" ", ""), (None, ""), ("yue", "yue")]
)
def test_base(tag: str | None, base: str) -> None:
    assert base_of(tag) == base


def test_nothing_speaks_to_nobody() -> None:
    assert not speaks(None, ["", "zh"])
    assert not speaks("zh", [])


def test_one_member_is_enough() -> None:
    crew = (CREW[0], a_member("agent-3", languages=("hi",)))

    assert codes(a_visit(language="hi"), crew=crew) == set()
    assert codes(a_visit(language="hi"), crew=CREW) == {"crew-language"}


def test_a_notice_that_left_counts_not_what_the_library_has() -> None:
    assert "notice-language" not in codes(noticed(language="zh-Hant"))
    assert "notice-language" in codes(noticed(language=None))
