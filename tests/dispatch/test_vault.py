"""The vault: what is sealed opens in its own place only, and is gone when the person is erased."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.db import Database
from dispatch.model import Person
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make

OLD, NEW = "an old master key of 32 characters", "a new master key of 32 characters!"


@given(text=st.text(max_size=200))
def test_what_is_sealed_opens(text: str) -> None:
    vault = Vault([NEW], NEW)
    key = vault.new_data_key()
    assert vault.open(key, "place/1/address", vault.seal(key, "place/1/address", text)) == text


def test_a_value_does_not_open_in_another_field_row_or_with_another_key(vault: Vault) -> None:
    key = vault.new_data_key()
    sealed = vault.seal(key, "place/1/address", "Willow Lane")
    for wrapped, place in (
        (key, "place/2/address"),
        (key, "place/1/point"),
        (vault.new_data_key(), "place/1/address"),
    ):
        with pytest.raises(ValueError, match="does not open"):
            vault.open(wrapped, place, sealed)


def test_every_altered_bit_is_noticed(vault: Vault) -> None:
    key = vault.new_data_key()
    sealed = vault.seal(key, "a/b/c", "x")
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(ValueError, match="does not open"):
            vault.open(key, "a/b/c", bytes(altered))


def test_the_same_text_never_looks_the_same(vault: Vault) -> None:
    key = vault.new_data_key()
    assert vault.seal(key, "a/b/c", "x") != vault.seal(key, "a/b/c", "x")


def test_master_keys_rotate() -> None:
    wrapped = Vault([OLD], OLD).new_data_key()
    both = Vault([NEW, OLD], OLD)
    sealed = both.seal(wrapped, "a/b/c", "x")
    rewrapped = both.rewrap(wrapped)
    assert Vault([NEW], OLD).open(rewrapped, "a/b/c", sealed) == "x"
    with pytest.raises(ValueError, match="No master key"):
        Vault([NEW], OLD).open(wrapped, "a/b/c", sealed)


def test_the_index_finds_what_is_written_alike_and_nothing_else(vault: Vault) -> None:
    assert vault.index("name", "Ａnna ") == vault.index("name", "anna")
    assert vault.index("name", "anna") != vault.index("phone", "anna")
    assert vault.index("name", "anna") != Vault([NEW], NEW).index("name", "anna")


def test_erasing_a_person_destroys_what_was_sealed_about_them(
    database: Database, vault: Vault
) -> None:
    with database.writing() as session:
        person = make.a_person(session, vault)
        place = make.a_place(session, vault, person)
        assert vault.read(person, place, "address")
        person.erase(actor="test", now=make.NOW)
    with database.reading() as session:
        gone = find(session, Person, person.id)
        kept = find(session, type(place), place.id)
        assert vault.read(gone, kept, "address") is None
    with pytest.raises(ValueError, match="erased"):
        vault.write(gone, kept, "address", "again")
