"""Settings: from the environment or `.env`, frozen, and never with demo keys in production."""

import pytest
from pydantic import ValidationError

from dispatch.settings import DEMO_KEY, Environment, Settings

OWN = {
    f"FAIRVISIT_{name}_KEY": f"{name}-key-of-this-test-0123456789"
    for name in ("MASTER", "INDEX", "TOKEN")
}


@pytest.mark.fault("K8")
def test_production_refuses_the_demo_keys_and_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRVISIT_ENVIRONMENT", "production")
    monkeypatch.setenv("FAIRVISIT_MASTER_KEY", OWN["FAIRVISIT_MASTER_KEY"])
    with pytest.raises(ValidationError, match="FAIRVISIT_INDEX_KEY, FAIRVISIT_TOKEN_KEY"):
        Settings(_env_file=None)


def test_production_runs_with_keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRVISIT_ENVIRONMENT", "production")
    for name, value in OWN.items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None).environment is Environment.PRODUCTION


def test_the_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    file = tmp_path / ".env"
    file.write_text("FAIRVISIT_PORT=8181\nFAIRVISIT_HOST=127.0.0.2\n")
    monkeypatch.setenv("FAIRVISIT_PORT", "8282")
    settings = Settings(_env_file=file)
    assert (settings.port, settings.host) == (8282, "127.0.0.2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("ESTIMATE_SPEED_KMH", "nan"),
        ("ESTIMATE_SPEED_KMH", "0"),
        ("ESTIMATE_DETOUR", "inf"),
        ("ROADS", "teleport"),
        ("PLAN_SECONDS", "-1"),
        ("PLAN_POLISH_SHARE", "0.95"),
        ("PLAN_MEMORY_MB", "512"),
        ("DATABASE_URL", "rubbish"),
        ("DATABASE_URL", "mysql://somebody:secret@example.org/x"),
        ("PING_URL", "checks.example.org/secret"),
        ("PING_URLS", '{"North": "ftp://example.org/secret"}'),
    ],
)
def test_what_can_not_be_right_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"FAIRVISIT_{name}", value)
    with pytest.raises(ValidationError):
        Settings(_env_file=None)


@pytest.mark.fault("K8")
def test_keys_do_not_show() -> None:
    assert DEMO_KEY not in repr(Settings(_env_file=None))


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None).port = 1  # type: ignore[misc]
