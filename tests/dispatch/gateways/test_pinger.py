"""Signs of life over HTTP: three addresses, one total deadline."""

import pytest

from dispatch.errors import GatewayUnavailable
from dispatch.gateways import pinger
from dispatch.gateways.pinger import HttpPinger, Sign
from tests.dispatch.gateways.conftest import Answer


@pytest.mark.parametrize(
    ("sign", "path"),
    [(Sign.START, "/ping/x/start"), (Sign.DONE, "/ping/x"), (Sign.FAIL, "/ping/x/fail")],
)
def test_each_sign_has_its_address(loopback, sign, path) -> None:
    loopback.answer = lambda asked: Answer(b"OK")
    HttpPinger().ping(f"{loopback.url}/ping/x/", sign, {"night": "2026-03-06"})
    [asked] = loopback.asked
    assert (asked.method, asked.path, asked.body) == ("POST", path, b'{"night":"2026-03-06"}')


@pytest.mark.parametrize("status", [404, 500])
def test_a_refusal_is_told_without_the_address(loopback, status) -> None:
    loopback.answer = lambda asked: Answer(status=status)
    with pytest.raises(GatewayUnavailable, match=str(status)) as failure:
        HttpPinger().ping(f"{loopback.url}/secret", Sign.DONE, {})
    assert "secret" not in failure.value.detail


def test_a_dripping_listener_ends_at_the_total_deadline(loopback, monkeypatch) -> None:
    monkeypatch.setattr(pinger, "DEADLINE_S", 0.3)
    loopback.answer = lambda asked: Answer(b"OK", drip_s=0.1)
    with pytest.raises(GatewayUnavailable, match="within"):
        HttpPinger().ping(loopback.url, Sign.START, {})
