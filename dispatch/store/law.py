"""Law on record: changes of packs, relaxations and consents, as they stand."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from dispatch.errors import NotFound, PackRefused
from dispatch.model import Case, ChangeState, Consent, Evidence, PackChange, Relaxation
from dispatch.policy.pack import Pack
from dispatch.store.rows import find, get, grouped
from dispatch.store.scope import Scope, scoped


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


def relaxations_of_branch(
    session: Session, scope: Scope, branch_id: UUID, *, now: datetime, limit: int
) -> Sequence[Relaxation]:
    """Return a branch's relaxations that are neither revoked nor over, the newest first."""
    statement = scoped(select(Relaxation), col(Relaxation.branch_id), scope).where(
        Relaxation.branch_id == branch_id,
        col(Relaxation.revoked_at).is_(None),
        or_(col(Relaxation.until_at).is_(None), col(Relaxation.until_at) > now),
    )
    order = (col(Relaxation.recorded_at).desc(), col(Relaxation.id))
    return session.exec(statement.order_by(*order).limit(limit)).all()


def consent_of(session: Session, case: Case, consent_id: UUID) -> Consent:
    """Return a consent of the case's person, and keep others from changing it.

    Raises
    ------
    NotFound
        If there is none, or it is somebody else's.
    """
    consent = find(session, Consent, consent_id, lock=True)
    if consent is None or consent.person_id != case.person_id:
        msg = "There is no such consent of this person."
        raise NotFound(msg)
    return consent


def relaxation_of(session: Session, case: Case, relaxation_id: UUID, scope: Scope) -> Relaxation:
    """Return a relaxation in sight for the case's person, and keep others from changing it.

    Raises
    ------
    NotFound
        If there is none, or it is somebody else's.
    """
    relaxation = get(session, Relaxation, relaxation_id, scope, lock=True)
    if relaxation.person_id != case.person_id:
        msg = "There is no such relaxation for this person."
        raise NotFound(msg)
    return relaxation


def acts_on(session: Session, subject_ids: Collection[UUID]) -> dict[UUID, list[Evidence]]:
    """Return what is on record about each of these rows, the first first."""
    found = grouped(session, Evidence, col(Evidence.subject_id), subject_ids)
    return {
        one: sorted(acts, key=lambda act: (act.at, act.number or 0)) for one, acts in found.items()
    }


def consents_of(session: Session, person_id: UUID) -> Sequence[Consent]:
    """Return every consent that a person ever gave, newest first."""
    return session.exec(
        select(Consent)
        .where(Consent.person_id == person_id)
        .order_by(col(Consent.given_at).desc(), col(Consent.id))
    ).all()
