"""Packs of a branch as a read model: what binds, and what a person has to see to about it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from dispatch.errors import PackRefused
from dispatch.policy.contradictions import contradictions
from dispatch.policy.pack import BASELINE, Pack, load_pack
from dispatch.store import law


class Concern(StrEnum):
    """What a person has to see to about a pack."""

    NOT_YET = "not_yet"
    EXPIRED = "expired"
    CONTRADICTORY = "contradictory"
    NOT_ADOPTED = "not_adopted"
    """It is the lender's own, and not what two persons adopted."""
    UNSIGNED = "unsigned"
    REVIEW_DUE = "review_due"


STOPS: Final = frozenset(
    {Concern.NOT_YET, Concern.EXPIRED, Concern.CONTRADICTORY, Concern.NOT_ADOPTED}
)
"""Concerns by which nothing is planned, also where no signature is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSeen:
    """A pack as it is written, and what stands against it on a date."""

    pack: Pack
    is_beside: bool
    """Whether it binds beside the branch's own pack."""
    concerns: tuple[Concern, ...]
    overdue: frozenset[str]
    """Parameters whose source was to be looked at again before the date."""
    unbinding: frozenset[str]
    """Parameters that bind nobody: only known, or not found."""


def packs_of(session: Session, pack: Pack, *, on: date) -> tuple[PackSeen, ...]:
    """Return a branch's pack and the baseline that binds beside it."""
    found = [seen(session, pack, on=on)]
    if pack.id != BASELINE:
        found.append(seen(session, load_pack(BASELINE), on=on, is_beside=True))
    return tuple(found)


def seen(session: Session, pack: Pack, *, on: date, is_beside: bool = False) -> PackSeen:
    """Return a pack with what stands against it on a date.

    Parameters
    ----------
    is_beside
        It only binds beside the branch's own pack: nobody has to sign it for that.
    """
    return PackSeen(
        pack=pack,
        is_beside=is_beside,
        concerns=tuple(
            one
            for one in _concerns(session, pack, on)
            if not (is_beside and one is Concern.UNSIGNED)
        ),
        overdue=frozenset(
            name for name, value in pack.values.items() if value.source.review_on < on
        ),
        unbinding=frozenset(name for name, value in pack.values.items() if not value.is_in_force),
    )


def _concerns(session: Session, pack: Pack, on: date) -> tuple[Concern, ...]:
    signed = pack.signed_by
    holds = {
        Concern.NOT_YET: pack.valid_from > on,
        Concern.EXPIRED: pack.valid_until is not None and pack.valid_until < on,
        Concern.CONTRADICTORY: bool(contradictions(pack)),
        Concern.NOT_ADOPTED: not _is_adopted(session, pack),
        Concern.UNSIGNED: signed is None or signed.signed_on > on,
        Concern.REVIEW_DUE: pack.review_on < on,
    }
    return tuple(one for one in Concern if holds[one])


def _is_adopted(session: Session, pack: Pack) -> bool:
    try:
        law.ensure_adopted(session, pack)
    except PackRefused:
        return False
    return True
