"""Agreements: signed ones begin when the cooling-off time is over; until then they are withdrawn freely."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.errors import WrongState
from dispatch.model import Agreement, AgreementState, Branch, Case, HoldKind, Stage
from dispatch.store.hold_ends import release_one
from dispatch.store.holds import holds_of
from dispatch.store.outcomes import holds_from
from dispatch.store.promises import cooled_off
from dispatch.store.rows import get_any

_ACTOR: Final = "duty:agreements"


def sweep_agreements(session: Session, *, branch: Branch, now: datetime, limit: int = 200) -> int:
    """Let signed agreements begin whose cooling-off time is over; return how many.

    One that was signed by a person whose distress has come to light since waits for a specialist,
    and one of which the person has no copy waits until it was sent.
    """
    begun = 0
    for agreement in cooled_off(session, branch.id, now=now, limit=limit):
        kinds = {hold.kind for hold in holds_of(session, agreement.person_id)}
        if HoldKind.DISTRESS in kinds or agreement.copy_sent_at is None:
            continue
        agreement.move_to(AgreementState.PERFORMING, actor=_ACTOR, now=now)
        session.add(agreement)
        _to_plan(session, agreement, now=now)
        begun += 1
    return begun


def withdraw_agreement(
    session: Session, *, agreement: Agreement, actor: str, now: datetime
) -> Agreement:
    """Let the person walk away from what was signed, while the cooling-off time runs.

    Raises
    ------
    WrongState
        If the agreement has begun, or the time is over.
    """
    until = agreement.cooling_off_until
    if agreement.state is AgreementState.SIGNED and until is not None and until <= now:
        msg = "The cooling-off time is over; a change is agreed with the lender now."
        raise WrongState(msg, state=str(agreement.state))
    agreement.move_to(AgreementState.WITHDRAWN, actor=actor, now=now, why="walked away")
    session.add(agreement)
    session.flush()
    sources = {agreement.id} | ({agreement.outcome_id} if agreement.outcome_id else set())
    for hold in holds_from(session, sources):
        if hold.kind is HoldKind.SIGNED_PLAN:
            release_one(session, hold, reason="agreement withdrawn", actor=actor, now=now)
    return agreement


def _to_plan(session: Session, agreement: Agreement, *, now: datetime) -> None:
    """The case is a plan from now on; one on hold for the plan remembers it."""
    case = get_any(session, Case, agreement.case_id)
    if case.stage is Stage.FOLLOW_UP:
        case.advance(Stage.PLAN, actor=_ACTOR, now=now, why="agreement performing")
    elif case.stage is Stage.ON_HOLD and case.held_from is Stage.FOLLOW_UP:
        case.held_from = Stage.PLAN
    session.add(case)
