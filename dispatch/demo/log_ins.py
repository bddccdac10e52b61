"""The demo's log-ins: told on the screen, good for nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Agent, Branch
from dispatch.store import days
from dispatch.store.agents import agents_of

PASSWORD = "a quiet walk in Lanting"  # noqa: S105  the demo's, told on the screen


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in of the demo, told on the screen."""

    login: str
    password: str
    role: str


def on_duty(session: Session, branch: Branch, now: datetime) -> list[Agent]:
    """Return the agents of the next day with crews: those who have an itinerary to look at."""
    today = local_date(branch.time_zone, now)
    for ahead in range(branch.horizon_days):
        crews = days.crews_of(session, branch.id, today + timedelta(days=ahead))
        if crews:
            members = days.members_of(session, {one.version.id for one in crews})
            return [agent for one in crews for agent in members[one.version.id]]
    return agents_of(session, branch.id)


def log_ins(team: Iterable[Agent]) -> tuple[LogIn, ...]:
    """Return the log-ins that a visitor is told."""
    people = [
        ("admin@example.org", "admin"),
        ("manager@example.org", "manager"),
        ("auditor@example.org", "auditor"),
    ]
    people += [(login_of(agent), "agent") for agent in list(team)[:2]]
    return tuple(LogIn(login, PASSWORD, role) for login, role in people)


def login_of(agent: Agent) -> str:
    r"""Return an agent\'s log-in."""
    return agent.email or f"{agent.number.lower()}@example.org"
