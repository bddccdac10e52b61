"""Changes of packs: two persons, both on record; a file that nobody adopted stops planning."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import Forbidden, Invalid, PackInvalid, PackRefused, WrongState
from dispatch.model import ChangeState, Evidence, PackChange, Role
from dispatch.policy.pack import load_pack, read_pack
from dispatch.roster.packs import decide_pack, propose_pack
from dispatch.store import law
from dispatch.vault import Vault
from tests.dispatch.policy.test_pack import HEAD, entry
from tests.support.builders import NOW, a_branch, an_account

TEXT = (
    HEAD.replace('"2027-01-01"', '"2030-01-01"')
    + entry("crew.min", "3")
    + entry("notice.min_hours", "96", ', mark: K, switch: {by: A. Counsel, on: "2026-01-15"}')
)
GROUND = "Counsel's letter of February asks for it."


def propose(session, account, text: str = TEXT, **more: object) -> PackChange:
    return propose_pack(
        session, **{"text": text, "ground": GROUND, "account": account, "now": NOW, **more}
    )


def test_two_persons_change_a_pack(database: Database, vault: Vault) -> None:
    pack = replace(read_pack(TEXT), is_own=True)
    with database.writing() as session:
        branch = a_branch(session, vault)
        one, other = (an_account(session, branch, role=Role.MANAGER) for _ in range(2))
        change = propose(session, one)
        with pytest.raises(PackRefused, match="was never adopted"):
            law.ensure_adopted(session, pack)
        with pytest.raises(Invalid, match="takes two persons"):
            decide_pack(session, change=change, is_adopted=True, account=one, now=NOW)
        decide_pack(session, change=change, is_adopted=True, account=other, now=NOW)
        law.ensure_adopted(session, pack)
        with pytest.raises(PackRefused, match="is not what was last adopted"):
            law.ensure_adopted(session, replace(pack, fingerprint="0" * 64))
        with pytest.raises(WrongState):
            decide_pack(session, change=change, is_adopted=False, account=other, now=NOW)
    with database.reading() as session:
        told = {one.kind: one.facts for one in session.exec(select(Evidence)).all()}
        assert told["pack.adopted"]["switched_on"] == ["notice.min_hours"]
        assert told["pack.proposed"]["fingerprint"] == pack.fingerprint
        assert len(law.adopted_since(session, "own", NOW - timedelta(seconds=1))) == 1
        assert list(law.adopted_since(session, "own", NOW)) == []


def test_the_next_proposal_is_held_against_the_last_adopted(
    database: Database, vault: Vault
) -> None:
    with database.writing() as session:
        branch = a_branch(session, vault)
        one, other = (an_account(session, branch, role=Role.MANAGER) for _ in range(2))
        decide_pack(session, change=propose(session, one), is_adopted=True, account=other, now=NOW)
        later = propose(session, other, TEXT.replace("crew.min: {value: 3", "crew.min: {value: 4"))

        (only,) = later.differences
        assert only["parameter"] == "crew.min"
        assert (only["before"]["value"], only["after"]["value"]) == (3, 4)
        refused = decide_pack(session, change=later, is_adopted=False, account=one, now=NOW)
        assert refused.state is ChangeState.REFUSED
        assert law.adopted(session, "own").text == TEXT


def test_what_can_not_be_proposed(database: Database, vault: Vault) -> None:
    with database.writing() as session:
        branch = a_branch(session, vault)
        account = an_account(session, branch, role=Role.MANAGER)
        with pytest.raises(PackInvalid, match="no switch"):
            propose(session, account, HEAD + entry("crew.min", "3", ", mark: K"))
        with pytest.raises(PackInvalid, match="issue"):
            propose(session, account, "nonsense: [")
        with pytest.raises(Invalid, match="why the pack is changed"):
            propose(session, account, ground=" ")
        with pytest.raises(Invalid, match="part of the program"):
            propose(session, account, TEXT.replace("id: own", "id: baseline"))
        for role in (Role.AGENT, Role.SERVICE, Role.AUDITOR):
            with pytest.raises(Forbidden):
                propose(session, an_account(session, branch, role=role))


def test_what_ships_needs_nobody(database: Database) -> None:
    with database.reading() as session:
        law.ensure_adopted(session, load_pack("cn"))
