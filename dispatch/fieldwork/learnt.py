"""Learnt: what a talk at the door told of reason, ability and willingness."""

from sqlmodel import Session

from dispatch.fieldwork.payloads import OutcomePayload
from dispatch.fieldwork.scene import Scene
from dispatch.model import ArrearsReason, Assessment, Outcome, ReasonClass
from dispatch.model.arrears import CLASSES
from dispatch.vault import Vault


def keep_assessment(
    session: Session, scene: Scene, outcome: Outcome, payload: OutcomePayload, *, vault: Vault
) -> None:
    """Keep what was learnt as the case's newest assessment, with budget and the person's words.

    A report is a fact and never refused: an unwillingness that rests on no word of the person's
    is kept as a reason that is not known.
    """
    if outcome.ability is None or outcome.willingness is None:
        return
    reason = payload.reason or ArrearsReason.UNKNOWN
    if CLASSES[reason] is ReasonClass.WILL_NOT_PAY and not payload.words:
        reason = ArrearsReason.UNKNOWN
    assessment = Assessment(
        branch_id=scene.case.branch_id,
        case_id=scene.case.id,
        person_id=scene.person.id,
        reason=reason,
        ability=outcome.ability,
        willingness=outcome.willingness,
        assessed_by=scene.actor,
        assessed_at=outcome.occurred_at,
    )
    note = {
        "evidence": payload.words or "",
        "budget": payload.budget.as_told() if payload.budget else None,
    }
    vault.write(scene.person, assessment, "note", note if any(note.values()) else None)
    session.add(assessment)
