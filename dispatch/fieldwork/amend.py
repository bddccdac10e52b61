"""Amend: a correction is a new row; what the corrected report had set in motion is reconciled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.fieldwork.consequences import count, follow_through
from dispatch.fieldwork.effects import EFFECTS
from dispatch.fieldwork.payloads import OutcomePayload
from dispatch.fieldwork.scene import Scene
from dispatch.model import (
    Agreement,
    AgreementState,
    Hold,
    HoldKind,
    LocationState,
    Outcome,
    Promise,
    PromiseState,
    record,
)
from dispatch.model.follow_up import PROMISE_OPEN
from dispatch.store.hold_ends import release_one
from dispatch.store.incidents import open_incident
from dispatch.store.outcomes import holds_from
from dispatch.store.promises import agreements_from, promises_from
from dispatch.vault import Vault

OF_RECORD: Final = frozenset(
    {
        HoldKind.PROMISE_OPEN,
        HoldKind.PAID_UNPOSTED,
        HoldKind.SIGNED_PLAN,
        HoldKind.COOLING_OFF,
        HoldKind.IDENTITY_DOUBT,
        HoldKind.LANGUAGE,
        HoldKind.MINOR_ONLY,
        HoldKind.AWAY,
        HoldKind.PLACE_BARRED,
    }
)
"""Holds that an agent's correction lifts. What the person asked for, or what protects them, an
agent never takes back alone: it stands, and a person with the right looks at it."""


def apply_amendment(
    session: Session,
    *,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    earlier: Sequence[Outcome],
    vault: Vault,
    now: datetime,
) -> None:
    """Undo what the earlier reports had set in motion, then let the correction take effect.

    The visit and its appointment stay where they are, the earlier reports are not touched.
    """
    why = f"amended by {outcome.id}"
    _void_papers(session, scene, earlier, why=why, now=now)
    _clear_mark(session, scene, earlier, payload, now=now)
    stale = holds_from(session, {one.id for one in earlier})
    count(session, scene, outcome, payload, EFFECTS[payload.code], now=now)
    # The new holds first: between the two no visit could slip through.
    follow_through(session, scene, outcome, payload, vault=vault, now=now)
    for hold in stale:
        _end_hold(session, scene, hold, outcome, why=why, now=now)
    record(
        outcome,
        "outcome.amended",
        actor=scene.actor,
        now=now,
        code=payload.code,
        code_before=earlier[-1].code,
        amends=outcome.amends_id,
    )


def _end_hold(
    session: Session, scene: Scene, hold: Hold, outcome: Outcome, *, why: str, now: datetime
) -> None:
    if hold.kind in OF_RECORD:
        release_one(session, hold, reason=why, actor=scene.actor, now=now)
        return
    if hold.kind in {rule.kind for rule in EFFECTS[outcome.code].holds}:
        return  # the correction says the same; the hold goes on from when it began
    open_incident(
        session,
        visit=scene.visit,
        kind="hold-stands-after-amendment",
        source_id=outcome.id,
        actor=scene.actor,
        now=now,
        facts={"hold": str(hold.kind), "hold_id": str(hold.id)},
    )


def _void_papers(
    session: Session, scene: Scene, earlier: Sequence[Outcome], *, why: str, now: datetime
) -> None:
    ids = {one.id for one in earlier}
    papers: list[Promise | Agreement] = []
    for promise in promises_from(session, ids):
        if promise.state in PROMISE_OPEN:
            promise.move_to(PromiseState.VOID, actor=scene.actor, now=now, why=why)
            papers.append(promise)
    for agreement in agreements_from(session, ids):
        if agreement.state is AgreementState.SIGNED:
            agreement.move_to(AgreementState.WITHDRAWN, actor=scene.actor, now=now, why=why)
            papers.append(agreement)
    session.add_all(papers)


def _clear_mark(
    session: Session,
    scene: Scene,
    earlier: Sequence[Outcome],
    payload: OutcomePayload,
    *,
    now: datetime,
) -> None:
    """A place said to be wrong by mistake is doubtful until somebody has looked."""
    was_marked = any(EFFECTS[one.code].place is not None for one in earlier)
    if was_marked and EFFECTS[payload.code].place is None:
        scene.place.mark(LocationState.DOUBTFUL, by="amendment", actor=scene.actor, now=now)
        session.add(scene.place)
