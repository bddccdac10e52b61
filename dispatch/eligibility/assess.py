"""Assess: what is learnt of reason, ability and willingness, by closed lists, with who and on what."""

from datetime import datetime

from sqlmodel import Session

from dispatch.errors import Conflict, Invalid
from dispatch.model import (
    Ability,
    ArrearsReason,
    Assessment,
    Case,
    Person,
    ReasonClass,
    Willingness,
    record,
)
from dispatch.model.arrears import CLASSES
from dispatch.policy.relief import Budget
from dispatch.store.rows import get_any
from dispatch.vault import Vault

SHORTEST_EVIDENCE = 12


def assess(
    session: Session,
    *,
    vault: Vault,
    case: Case,
    reason: ArrearsReason,
    ability: Ability,
    willingness: Willingness,
    evidence: str = "",
    budget: Budget | None = None,
    actor: str,
    now: datetime,
) -> Assessment:
    """Take down what was learnt in a talk or a letter; the newest counts, the earlier ones stay.

    Raises
    ------
    Invalid
        If the parts contradict each other, or unwillingness is not shown by anything.
    Conflict
        If the person was erased.
    """
    ensure_consistent(reason=reason, ability=ability, evidence=evidence, budget=budget)
    person = get_any(session, Person, case.person_id)
    if person.data_key is None:
        msg = "The person was erased; nothing new is kept about them."
        raise Conflict(msg)
    assessment = Assessment(
        branch_id=case.branch_id,
        case_id=case.id,
        person_id=case.person_id,
        reason=reason,
        ability=ability,
        willingness=willingness,
        assessed_by=actor,
        assessed_at=now,
    )
    keep_note(vault, person, assessment, evidence=evidence, budget=budget)
    session.add(assessment)
    session.flush()
    record(
        assessment,
        "assessment.recorded",
        actor=actor,
        now=now,
        reason=reason,
        ability=ability,
        willingness=willingness,
    )
    return assessment


def ensure_consistent(
    *, reason: ArrearsReason, ability: Ability, evidence: str, budget: Budget | None
) -> None:
    """Refuse an assessment that contradicts itself.

    Raises
    ------
    Invalid
        With the part to mend.
    """
    if CLASSES[reason] is ReasonClass.WILL_NOT_PAY:
        if len(evidence.strip()) < SHORTEST_EVIDENCE:
            msg = "Write down by what the person showed that they do not wish to pay; a guess is not enough."
            raise Invalid(msg, [{"pointer": "/body/evidence", "message": msg}])
        if ability is Ability.NONE_NOW:
            msg = "Somebody who cannot pay is not unwilling; name the difficulty as the reason."
            raise Invalid(msg, [{"pointer": "/body/reason", "message": msg}])
    if budget is not None and ability is Ability.ADEQUATE and not budget.affordable:
        msg = "The budget leaves nothing to pay from, so the ability is not adequate; mend one of the two."
        raise Invalid(msg, [{"pointer": "/body/ability", "message": msg}])


def keep_note(
    vault: Vault, person: Person, assessment: Assessment, *, evidence: str, budget: Budget | None
) -> None:
    """Seal on what an assessment rests; nothing where nothing was told."""
    note = {"evidence": evidence.strip(), "budget": budget.as_told() if budget else None}
    vault.write(person, assessment, "note", note if any(note.values()) else None)
