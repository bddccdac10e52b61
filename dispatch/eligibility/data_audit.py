"""Data audit: whether a case's data is sound enough to think of a visit; what is not, by name."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from dispatch.model import Case, LocationState, Place

HOLDS_FOR: Final = timedelta(days=60)
"""How long a check holds good; after that it is made again."""


class DataIssue(StrEnum):
    """What is missing or in doubt; a closed list."""

    PLACE_MISSING = "place-missing"
    PLACE_NOT_LOCATED = "place-not-located"
    CONTACT_MISSING = "contact-missing"
    DUE_DATE_MISSING = "due-date-missing"
    AMOUNTS_MISSING = "amounts-missing"


def is_due(case: Case, now: datetime) -> bool:
    """Whether the check has not been made, or holds good no more."""
    return case.data_audited_until is None or case.data_audited_until <= now


def data_issues(
    case: Case, place: Place | None, *, reachable: Collection[UUID]
) -> tuple[DataIssue, ...]:
    """Return everything that stands against a case's data; none means that it is sound.

    Parameters
    ----------
    reachable
        The persons with at least one contact point that may be used.
    """
    found = {
        DataIssue.PLACE_MISSING: place is None,
        DataIssue.PLACE_NOT_LOCATED: place is not None
        and place.location is not LocationState.LOCATED,
        DataIssue.CONTACT_MISSING: case.person_id not in reachable,
        DataIssue.DUE_DATE_MISSING: case.oldest_unpaid_due_on is None,
        DataIssue.AMOUNTS_MISSING: case.amounts_sealed is None,
    }
    return tuple(issue for issue, is_so in found.items() if is_so)
