"""When people are likely to be at home on a day: for planning alone, and of some nothing is inferred."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Branch, Case, Place, RunKind, Visit
from dispatch.policy.windows import Interval
from dispatch.solver.presence import (
    NOTHING_SEEN,
    Chance,
    Presence,
    declared_on,
    presence_of,
)
from dispatch.store import presence as store


@dataclass(frozen=True, slots=True)
class Homes:
    """What the branch knows of when people are met, and of whom nothing is inferred."""

    presence: Presence
    spared: frozenset[UUID]
    zone: str

    def chances(self, on: date, visit: Visit, place: Place, case: Case) -> tuple[Chance, ...]:
        """Return when the person is likely to be met; empty where nothing is to be said of it.

        What a person named counts for everybody; what others were seen to do counts for nobody who
        is spared.
        """
        seen = self.presence
        if visit.person_id in self.spared:
            seen = NOTHING_SEEN
        if not seen.tried and not declared_on(case.preferred_times, on):
            return ()
        zone = place.time_zone or self.zone
        return seen.day(on, zone, place.kind, case.preferred_times)

    def best(
        self, on: date, visit: Visit, place: Place, case: Case, windows: Sequence[Interval]
    ) -> float:
        """Return the best chance that a date gives within some windows; 1 where nothing is said."""
        chances = [
            one.chance
            for one in self.chances(on, visit, place, case)
            for span in windows
            if one.from_at < span.until_at and span.from_at < one.until_at
        ]
        return max(chances, default=1.0)


def read_homes(
    session: Session, branch: Branch, visits: Sequence[Visit], kind: RunKind, now: datetime
) -> Homes:
    """Read what was seen; nothing where no visit is to be announced, for then all times stand."""
    if kind is not RunKind.ANNOUNCE:
        return Homes(NOTHING_SEEN, frozenset(), branch.time_zone)
    return Homes(
        presence=presence_of(
            store.sights(session, branch.id, now - store.LOOKS_BACK), branch.time_zone
        ),
        spared=frozenset(store.spared(session, {visit.person_id for visit in visits})),
        zone=branch.time_zone,
    )
