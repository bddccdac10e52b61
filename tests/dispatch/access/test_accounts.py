"""First admin, and accounts that the operator opens."""

import pytest

from dispatch.access.accounts import first_admin, open_account
from dispatch.access.identity import sight
from dispatch.access.passwords import Comparison
from dispatch.access.sign_in import Presented, claim, sign_in
from dispatch.access.tokens import Tokens
from dispatch.canonical import canonical
from dispatch.errors import AlreadyThere
from dispatch.model import Role
from dispatch.store import accounts
from tests.support.builders import NOW, a_branch

TOKENS = Tokens("x" * 32, access_minutes=10, refresh_days=14)


def make_admin(session, login="Root@Example.org "):
    return first_admin(session, login=login, name="Root", password_hash="x", now=NOW)


def test_first_admin_is_made_once(database, vault):
    with database.writing() as session:
        branch = a_branch(session, vault)
        admin = make_admin(session)
        assert admin.login == "root@example.org"
        assert sight(session, admin).holds(branch.id)
    with database.writing() as session, pytest.raises(AlreadyThere):
        make_admin(session, "second@example.org")


def test_admin_sees_a_branch_opened_later(database, vault):
    with database.writing() as session:
        admin = make_admin(session)
        assert not sight(session, admin).branch_ids
        branch = a_branch(session, vault)
        assert sight(session, admin).holds(branch.id)


def test_installation_whose_admins_are_all_shut_out_gets_a_new_one(database):
    with database.writing() as session:
        make_admin(session).disable(actor="test", now=NOW)
        assert make_admin(session, "second@example.org").role is Role.ADMIN


def test_log_in_is_taken_once(database):
    with database.writing() as session:
        given = {"name": "A", "role": Role.SERVICE, "password_hash": "x", "actor": "operator"}
        open_account(session, login="feed", **given, now=NOW)
        with pytest.raises(AlreadyThere):
            open_account(session, login=" FEED", **given, now=NOW)


def test_acts_are_on_record_without_secrets(database):
    with database.writing() as session:
        admin = make_admin(session)
        presented = Presented(claim(session, admin.login).account_id, Comparison(True))
        signed_in = sign_in(session, presented=presented, tokens=TOKENS, now=NOW)
        session.flush()
        kinds = {entry.kind: entry for entry in accounts.acts_on(session, admin.id)}
        assert {"account.created", "account.signed_in"} <= kinds.keys()
        for entry in kinds.values():
            assert signed_in.refresh not in canonical(entry.model_dump(mode="json"))
            assert admin.login not in canonical(entry.model_dump(mode="json"))
