"""Strict JSON agrees with the standard parser on everything that is allowed in."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.strict_json import DEEPEST, NotStrict, parse

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=30,
)


@given(values, st.booleans())
def test_plain_values_come_through(value, is_ascii):
    assert parse(json.dumps(value, ensure_ascii=is_ascii).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_refusal(content):
    with suppress(NotStrict):
        parse(content)


@given(st.text(alphabet='[]{}",:\\u0d8NaInfty1e9.- ', max_size=60))
def test_any_near_json_is_a_value_or_a_refusal(text):
    try:
        value = parse(text.encode())
    except NotStrict:
        return
    json.dumps(value, allow_nan=False).encode()


def test_pair_of_surrogates_is_one_character():
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize("levels", [DEEPEST + 1, 5_000, 200_000])
def test_depth_is_bounded(levels):
    with pytest.raises(NotStrict, match="nested"):
        parse(b"[" * levels + b"]" * levels)


def test_depth_up_to_the_bound_is_fine():
    assert parse(b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1))


def test_refusal_does_not_repeat_what_was_sent():
    with pytest.raises(NotStrict) as caught:
        parse(b'{"name": "Li Wei", "name": "Li Na"}')
    assert "Li" not in str(caught.value)
