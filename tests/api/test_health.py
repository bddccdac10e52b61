"""healthz, readyz and metrics."""

from starlette.testclient import TestClient

from api.app import create_app
from dispatch.db import Database
from dispatch.model import Role
from tests.api.test_problems import require_problem


def test_process_lives(shared):
    assert shared.client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_the_database_is_current(world):
    assert world.client.get("/readyz").json() == {"status": "ready"}


def test_not_ready_on_a_database_that_is_behind(tmp_path, settings, vault, quick_passwords):
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    app = create_app(settings, database=database, vault=vault, passwords=quick_passwords)
    with TestClient(app) as client:
        require_problem(client.get("/readyz"), 503)
    database.dispose()


def test_metrics_count_requests_without_naming_anybody(shared):
    shared.client.get("/v1/me", headers=shared.bearer(Role.MANAGER))
    shared.client.get("/v1/me")
    answer = shared.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert "# TYPE fairvisit_requests_total counter" in lines
    assert any(
        line.startswith('fairvisit_requests_total{operation="read_me",status="200"} ')
        for line in lines
    )
    assert any('problems_total{code="unauthenticated"}' in line for line in lines)
    assert all(line.startswith("#") or float(line.rsplit(" ", 1)[1]) >= 0 for line in lines)
    assert "@example.org" not in answer.text


def test_importing_the_application_does_nothing(tmp_path, monkeypatch, settings):
    monkeypatch.chdir(tmp_path)
    create_app(settings.model_copy(update={"database_url": "sqlite:///var/none.db"}))
    assert not (tmp_path / "var" / "none.db").exists()
