"""Crew: enough different agents, every paper valid on the day, mixed where the person asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.policy.facts import MemberFacts
from tests.dispatch.audit.lawful_day import CREW, ON, a_member, a_visit
from tests.dispatch.policy.test_rules import codes, crewed

YESTERDAY = ON - timedelta(days=1)


@pytest.mark.parametrize(
    ("crew", "found"),
    [
        (CREW, set()),
        ((*CREW, a_member("agent-3")), set()),
        (CREW[:1], {"crew-too-small"}),
        ((CREW[0], CREW[0]), {"crew-too-small"}),
        ((*CREW, CREW[0]), {"crew-too-small"}),
        (None, set()),
    ],
    ids=["two", "three", "one", "the same twice", "two and one again", "none chosen yet"],
)
def test_members(crew: tuple[MemberFacts, ...] | None, found: set[str]) -> None:
    assert codes(a_visit(), crew=crew) == found


@pytest.mark.parametrize("paper", ["certificate_until", "training_until", "authorised_until"])
def test_a_paper_is_valid_through_its_last_date(paper: str) -> None:
    assert codes(a_visit(), crew=crewed(**{paper: ON})) == set()
    assert codes(a_visit(), crew=crewed(**{paper: YESTERDAY})) == {"crew-papers"}
    assert codes(a_visit(), crew=crewed(**{paper: None})) == {"crew-papers"}


def test_who_is_not_active_is_not_sent() -> None:
    assert codes(a_visit(), crew=crewed(is_active=False)) == {"crew-papers"}


@pytest.mark.parametrize(
    ("gender", "is_asked", "found"),
    [
        ("m", True, set()),
        ("f", True, {"crew-not-mixed"}),
        (None, True, {"crew-not-mixed"}),
        ("f", False, set()),
    ],
)
def test_a_mixed_crew_on_request(gender: str | None, is_asked: bool, found: set[str]) -> None:
    crew = (CREW[0], replace(CREW[1], gender=gender))

    assert codes(a_visit(wants_mixed_crew=is_asked), crew=crew) == found
