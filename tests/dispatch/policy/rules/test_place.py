"""Place: at home, or where the person chose and still agrees; nowhere else."""

from datetime import timedelta

import pytest

from dispatch.policy.facts import ConsentFacts
from tests.dispatch.audit.lawful_day import NOW, a_visit, an_id, days_ago
from tests.dispatch.policy.test_rules import codes


def agreed(**changes: object) -> tuple[ConsentFacts, ...]:
    facts = {"scope": "place", "given_at": days_ago(1), "place_id": an_id("place-one"), **changes}
    return (ConsentFacts(**facts),)


@pytest.mark.parametrize("kind", ["school", "hospital", "funeral", "worship", "other_home", "gym"])
def test_where_nobody_is_visited_whatever_they_say(kind: str) -> None:
    visit = a_visit(place_kind=kind, is_place_chosen=True, consents=agreed())

    assert codes(visit) == {"place-forbidden"}


def test_home_needs_no_consent() -> None:
    assert codes(a_visit(is_place_chosen=False)) == set()


@pytest.mark.parametrize("kind", ["workplace", "other"])
@pytest.mark.parametrize(
    ("is_chosen", "consents", "found"),
    [
        (True, agreed(), set()),
        (True, agreed(given_at=NOW), set()),
        (True, (), {"place-not-chosen"}),
        (False, agreed(), {"place-not-chosen"}),
        (None, agreed(), {"place-not-chosen"}),
        (True, agreed(given_at=NOW + timedelta(seconds=1)), {"place-not-chosen"}),
        (True, agreed(revoked_at=days_ago(0.5)), {"place-not-chosen"}),
        (True, agreed(place_id=an_id("x")), {"place-not-chosen"}),
        (True, agreed(scope="call"), {"place-not-chosen"}),
        (True, agreed(revoked_at=days_ago(0.5)) + agreed(), set()),
    ],
)
def test_elsewhere_by_choice(
    kind: str, is_chosen: bool | None, consents: tuple[ConsentFacts, ...], found: set[str]
) -> None:
    visit = a_visit(place_kind=kind, is_place_chosen=is_chosen, consents=consents)

    assert codes(visit) == found
