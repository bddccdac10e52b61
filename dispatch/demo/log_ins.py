"""The demo's log-ins: told on the screen, good for nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.model import Agent

PASSWORD = "a quiet walk in Lanting"  # noqa: S105  the demo's, told on the screen


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in of the demo, told on the screen."""

    login: str
    password: str
    role: str


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
