"""No file of the repository holds a secret, and nothing of a running service is kept in it."""

import base64
from random import Random

import pytest

from tests.architecture import house
from tests.architecture.secrets import secrets_in

SPOILT = [
    "-----BEGIN RSA PRIVATE " + "KEY-----",
    "key = " + "AKIA" + "ABCDEFGHIJKLMNOP",
    "aliyun://LTAI" + "5tAbCdEfGhIjKlMnOpQr:x@sign",
    "token: gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "FAIRVISIT_MASTER_KEY=" + "q8Zr4Tn1Xv7Lk2Wd9Sb5Hy3Jc6",
    'password: "' + "q8Zr4Tn1Xv7Lk2Wd9Sb5Hy3Jc6" + '"',
    "postgresql://desk:" + "q8Zr4Tn1Xv7L" + "k2Wd@db/fairvisit",
]


@pytest.mark.fault("K8")
def test_no_file_of_the_repository_holds_a_secret() -> None:
    found = []
    for name in house.tracked_files():
        content = (house.ROOT / name).read_bytes()
        if "/vendor/" not in name and not name.endswith(".lock") and b"\0" not in content:
            found += secrets_in(name, content.decode("utf-8", errors="replace"))
    assert found == []


@pytest.mark.fault("K8")
@pytest.mark.parametrize("line", SPOILT)
def test_a_secret_is_found_and_not_repeated(line: str) -> None:
    [told, *_] = secrets_in("docs/x.md", f"# x\n{line}\n")
    assert told.startswith("docs/x.md:2: ")
    assert line not in told


@pytest.mark.parametrize("number", range(20))
def test_a_key_that_was_drawn_is_found(number: int) -> None:
    drawn = base64.urlsafe_b64encode(Random(number).randbytes(24)).decode()
    assert secrets_in(".env", f"FAIRVISIT_TOKEN_KEY={drawn}")


@pytest.mark.parametrize(
    "line",
    [
        'DEMO_KEY = "demo-only-key-demo-only-key-demo"',
        "token = tokens.access(account, family_id=new_id(), now=now)",
        "postgresql://user:password@host/name",
        "key=lambda one: one.service_date_and_time",
        "key: AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
    ],
)
def test_words_are_no_secrets(line: str) -> None:
    assert secrets_in("x.py", line) == []


@pytest.mark.fault("K8")
def test_what_a_running_service_writes_is_not_kept_in_the_repository() -> None:
    kept = [
        name
        for name in house.tracked_files()
        if name.startswith("var/") or name.endswith((".env", ".db", ".pem", ".key", ".p12"))
    ]
    assert kept == []
