"""The demo's story: on any weekday and at any hour there is a lawful next service date."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dispatch.clock import local_date, local_instant
from dispatch.db import Database
from dispatch.demo.drive import BRANCH, make_demo
from dispatch.demo.story import is_open, service_days
from dispatch.model import PlanState
from dispatch.planning.publish import release_breaches
from dispatch.policy.calendar import Calendar, build_calendar
from dispatch.settings import Settings
from dispatch.store import branches, plans
from dispatch.vault import Vault

ZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return build_calendar("CN", from_on=date(2025, 12, 1), to_on=date(2026, 12, 31))


@pytest.mark.parametrize(
    "begin", [date(2026, 1, 26), date(2026, 4, 27), date(2026, 9, 21), date(2026, 11, 16)]
)
def test_every_hour_has_days_that_were_announced_in_time(calendar: Calendar, begin: date) -> None:
    start = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
    for hour in range(0, 24 * 28, 5):
        now = start + timedelta(hours=hour, minutes=17)
        found = service_days(
            now, time_zone=ZONE, calendar=calendar, works=lambda on: on.weekday() < 6
        )
        assert found, now
        for day in found:
            opens = local_instant(ZONE, day.on, datetime(2026, 1, 1, 9).time())  # noqa: DTZ001
            assert is_open(calendar, day.on)
            assert is_open(calendar, local_date(ZONE, day.announced_at))
            assert day.announced_at < day.answered_at < now
            assert opens - day.answered_at >= timedelta(hours=72)
            assert opens + timedelta(hours=10) - day.announced_at <= timedelta(days=14)


@pytest.mark.parametrize(
    "now",
    [datetime(2026, 11, 22, 15, 50, tzinfo=UTC), datetime(2026, 11, 25, 3, 5, tzinfo=UTC)],
    ids=["Sunday before midnight", "Wednesday at eleven"],
)
def test_the_demo_shows_a_day_that_may_be_published_or_is(
    sqlite_database: Database, vault: Vault, tmp_path, now: datetime
) -> None:
    settings = Settings(
        _env_file=None,
        data_folder=tmp_path / "var",
        messages_folder=tmp_path / "outbox",
        plan_seconds=1,
    )
    told = make_demo(sqlite_database, vault=vault, settings=settings, now=now)
    assert {one.role for one in told} == {"admin", "manager", "auditor", "agent"}
    with sqlite_database.reading() as session:
        branch = branches.by_name(session, BRANCH)
        today = local_date(ZONE, now)
        served = plans.days_with_plans(session, branch.id, today, today + timedelta(days=7))
        plan = plans.standing(session, branch.id, served[0])
        assert len(plans.parts_of(session, plan).stops) >= 12
        assert release_breaches(session, plan=plan, branch=branch, now=now) == ()
        is_today = served[0] == today
        assert plan.state is (PlanState.PUBLISHED if is_today else PlanState.DRAFT)
    assert make_demo(sqlite_database, vault=vault, settings=settings, now=now) == told
