"""Signatures of two clouds' interfaces, as they document them: ACS3-HMAC-SHA256 and TC3-HMAC-SHA256.

Sources: Alibaba Cloud, "V3 request structure and signature"; Tencent Cloud, "Signature v3". Both
publish an example with its signature; the tests hold ours against them.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

_JSON: Final = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Key:
    """An access key: its name and its secret, which is never shown."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is called: host, name and version of the operation."""

    host: str
    action: str
    version: str


def encoded(query: Mapping[str, str]) -> str:
    """Return a query as it is signed and sent: sorted, percent-encoded as RFC 3986 says."""
    pairs = sorted((quote(name, safe="-_.~"), quote(query[name], safe="-_.~")) for name in query)
    return "&".join(f"{name}={value}" for name, value in pairs)


def acs3(key: Key, called: Operation, query: str, *, nonce: str, now: datetime) -> dict[str, str]:
    """Return the headers of a POST without a body to Alibaba Cloud."""
    empty = _sha256(b"")
    headers = {
        "host": called.host,
        "x-acs-action": called.action,
        "x-acs-content-sha256": empty,
        "x-acs-date": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": called.version,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"POST\n/\n{query}\n{lines}\n{names}\n{empty}"
    told = f"ACS3-HMAC-SHA256\n{_sha256(canonical.encode())}"
    signature = _hmac(key.secret.encode(), told).hex()
    headers["Authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={key.id},SignedHeaders={names},Signature={signature}"
    )
    return headers


def tc3(key: Key, called: Operation, body: bytes, *, region: str, now: datetime) -> dict[str, str]:
    """Return the headers of a POST of JSON to Tencent Cloud."""
    service = called.host.partition(".")[0]
    moment, on = int(now.timestamp()), f"{now.astimezone(UTC):%Y-%m-%d}"
    names = "content-type;host"
    lines = f"content-type:{_JSON}\nhost:{called.host}\n"
    canonical = f"POST\n/\n\n{lines}\n{names}\n{_sha256(body)}"
    scope = f"{on}/{service}/tc3_request"
    told = f"TC3-HMAC-SHA256\n{moment}\n{scope}\n{_sha256(canonical.encode())}"
    signing = f"TC3{key.secret}".encode()
    for part in (on, service, "tc3_request"):
        signing = _hmac(signing, part)
    return {
        "content-type": _JSON,
        "host": called.host,
        "X-TC-Action": called.action,
        "X-TC-Version": called.version,
        "X-TC-Timestamp": str(moment),
        "X-TC-Region": region,
        "Authorization": (
            f"TC3-HMAC-SHA256 Credential={key.id}/{scope}, SignedHeaders={names},"
            f" Signature={_hmac(signing, told).hex()}"
        ),
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)
