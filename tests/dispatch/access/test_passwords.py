"""Passwords: argon2id, the same work for everybody, a rule one can remember."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.access.passwords import Passwords, require_good
from dispatch.errors import Invalid

QUICK = Passwords(time_cost=1, memory_kib=8, parallelism=1)


def test_default_cost_is_argon2id_with_64_mib():
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in Passwords().hash("x")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_only_the_same_password_is_right(one, other):
    kept = QUICK.hash(one)
    assert QUICK.compare(kept, one).is_right
    assert QUICK.compare(kept, one + "x").is_right is False
    if one != other:
        assert kept != QUICK.hash(other)


def test_two_ways_of_typing_the_same_letter_are_one():
    assert QUICK.compare(QUICK.hash("caf\u00e9 am Hafen"), "cafe\u0301 am Hafen").is_right


def test_without_a_kept_hash_nothing_is_right():
    comparison = QUICK.compare(None, "")
    assert not comparison.is_right
    assert comparison.new_hash is None


def test_older_cost_is_renewed_at_the_next_sign_in():
    cheap = Passwords(time_cost=1, memory_kib=8, parallelism=1).hash("seven quiet herons")
    dearer = Passwords(time_cost=2, memory_kib=16, parallelism=1)
    comparison = dearer.compare(cheap, "seven quiet herons")
    assert comparison.is_right
    assert dearer.compare(comparison.new_hash, "seven quiet herons").new_hash is None


@pytest.mark.parametrize(
    "password",
    ["", "eleven char", "aaaaaaaaaaaaaa", "password12345", "li.na is here", "x y" * 100],
)
def test_easy_password_is_refused(password):
    with pytest.raises(Invalid):
        require_good(password, login="li.na@example.org")


@pytest.mark.parametrize(
    "password", ["seven quiet herons", "七只安静的苍鹭站在浅水里等待", "Tr0ub4dor&3-x"]
)
def test_good_password_is_taken(password):
    require_good(password, login="li.na@example.org")
