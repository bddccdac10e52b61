"""Daily roots: taken once a day, kept in a file and at a web address, never lost on the way."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dispatch.db import Database
from dispatch.errors import GatewayUnavailable, Invalid
from dispatch.evidence.roots import anchor_roots, present_roots, read_anchors, take_roots
from dispatch.evidence.seal import seal_pending
from dispatch.evidence.verify import verify
from dispatch.gateways.anchor import FileAnchor, WebhookAnchor, anchors_of
from dispatch.model import record
from dispatch.settings import Settings
from dispatch.store import evidence as log
from dispatch.vault import Vault
from tests.support import builders as make

DAY = timedelta(days=1)
SECRET = "whsec_" + base64.b64encode(b"a secret of the anchor").decode()


def a_day_of_acts(database: Database, branch, at) -> None:
    with database.writing() as session:
        mine = session.merge(branch, load=False)
        record(mine, "branch.noted", actor="test", now=at, day=at.day)
    with database.writing() as session:
        seal_pending(session, now=at)


@pytest.fixture
def branch(database: Database, vault: Vault):
    with database.writing() as session:
        return make.a_branch(session, vault)


def test_a_root_is_taken_once_a_day_and_the_chain_passes_through_all_of_them(
    database: Database, branch, tmp_path
) -> None:
    file = tmp_path / "elsewhere" / "roots.jsonl"
    for number in range(3):
        at = make.NOW + DAY * number
        a_day_of_acts(database, branch, at)
        for _ in range(2):
            with database.writing() as session:
                take_roots(session, now=at)
                anchor_roots(session, anchors=[FileAnchor(file)], now=at)
    kept = read_anchors(file)
    assert [json.loads(line)["length"] for line in file.read_text().splitlines()] == [1, 2]
    with database.reading() as session:
        verdict = verify(session, branch.id, anchors=kept[branch.id.hex])
    assert (verdict.is_sound, verdict.entries) == (True, 3)


def test_a_root_that_no_anchor_took_is_handed_on_again(database: Database, branch, tmp_path):
    class Deaf:
        def keep(self, root, *, now):
            msg = "nobody there"
            raise GatewayUnavailable(msg)

    a_day_of_acts(database, branch, make.NOW)
    later = make.NOW + DAY
    with database.writing() as session:
        assert take_roots(session, now=later) == 1
    with pytest.raises(GatewayUnavailable), database.writing() as session:
        anchor_roots(session, anchors=[Deaf()], now=later)
    with database.writing() as session:
        assert len(log.roots_to_anchor(session)) == 1
        assert anchor_roots(session, anchors=[FileAnchor(tmp_path / "r")], now=later) == 1
        assert log.roots_to_anchor(session) == []


def test_the_present_roots_are_those_of_the_chains(database: Database, branch) -> None:
    a_day_of_acts(database, branch, make.NOW)
    with database.reading() as session:
        (root,) = present_roots(session, now=make.NOW)
        assert (root["chain"], root["root"]) == (branch.id.hex, verify(session, branch.id).root)


@pytest.fixture
def receiver():
    """A third party that keeps what it is sent, answering 204."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((dict(self.headers), body))
            self.send_response(204 if self.path == "/roots" else 500)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()
    server.server_close()
    thread.join()


ROOT = {"chain": "a" * 32, "root": "b" * 64, "length": 9, "day": "2026-03-01", "taken_at": "x"}


def test_a_webhook_is_signed_as_standard_webhooks_lay_down(receiver) -> None:
    address, taken = receiver
    WebhookAnchor(f"{address}/roots", SECRET).keep(ROOT, now=make.NOW)
    ((headers, body),) = taken
    sent = {name.lower(): value for name, value in headers.items()}
    assert json.loads(body) == ROOT
    signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
    expected = hmac.digest(b"a secret of the anchor", signed, hashlib.sha256)
    assert sent["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"


def test_a_webhook_that_fails_is_told_without_its_address(receiver) -> None:
    address, _ = receiver
    with pytest.raises(GatewayUnavailable, match="answered 500") as told:
        WebhookAnchor(f"{address}/other?key=secret", SECRET).keep(ROOT, now=make.NOW)
    assert "secret" not in str(told.value)


def test_the_settings_choose_the_anchors(tmp_path) -> None:
    plain = Settings(_env_file=None, data_folder=tmp_path)
    both = Settings(_env_file=None, evidence_anchor_url="https://example.org/roots")
    assert [type(one).__name__ for one in anchors_of(plain)] == ["FileAnchor"]
    assert [type(one).__name__ for one in anchors_of(both)] == ["FileAnchor", "WebhookAnchor"]


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        '{"chain": "a"}',
        "3",
        "\n".join(json.dumps({**ROOT, "root": letter * 64}) for letter in "bc"),
    ],
)
def test_an_anchor_file_that_is_none_or_contradicts_itself_is_refused(tmp_path, text) -> None:
    file = tmp_path / "roots.jsonl"
    file.write_text(text)
    with pytest.raises(Invalid, match="Line"):
        read_anchors(file)
