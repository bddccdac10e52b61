"""Retention: what a pack's terms no longer permit to be kept is erased; all else is kept.

A person is erased once every case of theirs is over, no complaint is open, and nothing was done about
them for as many years as the packs of all their branches ask: the longest counts. Where a crew exactly
was is dropped after days. Evidence stays: it names nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_date, local_day
from dispatch.model import Branch, Person, record
from dispatch.policy.pack import Pack
from dispatch.privacy.erase import erase_person
from dispatch.privacy.tombstones import Tombstones
from dispatch.store import retention
from dispatch.store.rows import get_any

ACTOR: Final = "duty:retain"
GROUND: Final = "The retention term of the policy pack has run out."

type LawOf = Callable[[Branch], Pack]
"""The effective pack of a branch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What of a branch is kept too long: people to be erased, and check-ins to be made coarse."""

    people: tuple[UUID, ...]
    positions: int


def due_of(
    session: Session, *, branch: Branch, law_of: LawOf, now: datetime, limit: int = 200
) -> Due:
    """Return what is due at a branch; nothing is changed.

    A pack that says nothing of a term is bound by the baseline's, as everywhere.
    """
    mine = _years_ago(branch, law_of(branch), now)
    quiet = retention.people_over(session, branch.id, before_at=mine, limit=limit)
    people = tuple(
        person_id
        for person_id, last_at in quiet.items()
        if all(
            last_at < _years_ago(other, law_of(other), now)
            for other in _branches(session, person_id)
        )
    )
    before_at = _days_ago(law_of(branch), now)
    positions = retention.count_positions(session, branch.id, before_at=before_at)
    return Due(people=people, positions=positions)


def forget_one(session: Session, person_id: UUID, *, tombstones: Tombstones, now: datetime) -> int:
    """Erase one person whose time is over; return how many rows were emptied.

    Raises
    ------
    GatewayUnavailable
        If the tombstone can't be written: then nothing is erased.
    """
    person = get_any(session, Person, person_id)
    return erase_person(
        session, person=person, ground=GROUND, tombstones=tombstones, actor=ACTOR, now=now
    )


def coarsen(session: Session, *, branch: Branch, law: Pack, now: datetime) -> int:
    """Drop where exactly crews were, once the pack's days are over; return of how many check-ins."""
    before_at = _days_ago(law, now)
    number = retention.drop_positions(session, branch.id, before_at=before_at)
    if number:
        record(
            branch,
            "branch.positions_dropped",
            actor=ACTOR,
            now=now,
            number=number,
            before=before_at,
        )
    return number


def _branches(session: Session, person_id: UUID) -> list[Branch]:
    return [get_any(session, Branch, one) for one in retention.branches_of(session, person_id)]


def _days_ago(law: Pack, now: datetime) -> datetime:
    return now - timedelta(days=int(law["retention.track_points_days"]))


def _years_ago(branch: Branch, law: Pack, now: datetime) -> datetime:
    """The beginning of the day so many years before today; of 29 February, that of the 28th."""
    today = local_date(branch.time_zone, now)
    year = today.year - int(law["retention.evidence_years_after_activity"])
    try:
        then = today.replace(year=year)
    except ValueError:  # kept a day longer, never a day less
        then = today.replace(year=year, day=28)
    return local_day(branch.time_zone, then)[0]
