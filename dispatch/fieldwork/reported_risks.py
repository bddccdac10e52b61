"""Risks that a report tells of: each becomes a flag on the place, whoever of the crew says so."""

from datetime import datetime

from sqlmodel import Session

from dispatch.fieldwork.payloads import OutcomePayload
from dispatch.fieldwork.scene import Scene
from dispatch.model import Outcome
from dispatch.store.risks import raise_flag


def flag_risks(
    session: Session, scene: Scene, outcome: Outcome, payload: OutcomePayload, *, now: datetime
) -> None:
    """Put the flags of a report, a statement or a correction on the place; none takes one away."""
    for kind in payload.risks:
        raise_flag(
            session,
            place=scene.place,
            branch=scene.branch,
            kind=kind,
            law=scene.law,
            # A phone whose clock is ahead must not delay it.
            at=min(outcome.occurred_at, now),
            actor=scene.actor,
            now=now,
            source_id=outcome.id,
        )
