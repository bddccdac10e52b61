"""Law on record: changes of packs, relaxations and consents, as they stand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from dispatch.errors import PackRefused
from dispatch.model import ChangeState, Consent, PackChange, Relaxation
from dispatch.policy.pack import Pack


def adopted(session: Session, pack_id: str) -> PackChange | None:
    """Return the change by which a lender's own pack was last adopted."""
    return session.exec(
        select(PackChange)
        .where(PackChange.pack_id == pack_id, PackChange.state == ChangeState.ADOPTED)
        .order_by(col(PackChange.decided_at).desc(), col(PackChange.id).desc())
        .limit(1)
    ).first()


def ensure_adopted(session: Session, pack: Pack) -> None:
    """Refuse a pack of the lender's own that two persons have not adopted as it is written now.

    Raises
    ------
    PackRefused
        With the command that puts it before them.
    """
    if not pack.is_own:
        return
    newest = adopted(session, pack.id)
    if newest is not None and newest.fingerprint == pack.fingerprint:
        return
    told = "was never adopted" if newest is None else "is not what was last adopted"
    msg = (
        f"The policy pack {pack.id} (version {pack.version}) {told}: one person proposes the file "
        "(`python -m dispatch policy propose`) and another adopts it."
    )
    raise PackRefused(msg, pack=pack.id)


def changes(session: Session, pack_id: str | None, *, limit: int) -> Sequence[PackChange]:
    """Return the newest changes of a pack, or of all packs."""
    query = select(PackChange).order_by(col(PackChange.proposed_at).desc(), col(PackChange.id))
    if pack_id is not None:
        query = query.where(PackChange.pack_id == pack_id)
    return session.exec(query.limit(limit)).all()


def adopted_since(session: Session, pack_id: str, at: datetime) -> Sequence[PackChange]:
    """Return the changes of a pack that were adopted after an instant, oldest first."""
    return session.exec(
        select(PackChange)
        .where(
            PackChange.pack_id == pack_id,
            PackChange.state == ChangeState.ADOPTED,
            col(PackChange.decided_at) > at,
        )
        .order_by(col(PackChange.decided_at))
    ).all()


def relaxations_of(session: Session, person_id: UUID) -> Sequence[Relaxation]:
    """Return every relaxation ever taken down for a person, newest first."""
    return session.exec(
        select(Relaxation)
        .where(Relaxation.person_id == person_id)
        .order_by(col(Relaxation.recorded_at).desc(), col(Relaxation.id))
    ).all()


def consents_of(session: Session, person_id: UUID) -> Sequence[Consent]:
    """Return every consent that a person ever gave, newest first."""
    return session.exec(
        select(Consent)
        .where(Consent.person_id == person_id)
        .order_by(col(Consent.given_at).desc(), col(Consent.id))
    ).all()
