"""Agree: a repayment plan offered within what the person can afford, read back, freely signed.

Nothing is signed by, or while somebody knows of, a person in distress; the person has a copy, and
walks away without a reason as long as the cooling-off time runs (`dispatch.followup.agreements`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import Invalid, Refused
from dispatch.model import (
    Agreement,
    AgreementState,
    Case,
    Hold,
    HoldKind,
    Person,
    Stage,
    ToldBy,
    record,
)
from dispatch.model.follow_up import COOLING_OFF
from dispatch.policy.relief import Relief
from dispatch.store.hold_ends import release_one
from dispatch.store.holds import apply_hold, holds_of
from dispatch.store.outcomes import holds_from
from dispatch.store.relief import relief_of
from dispatch.store.rows import get_any
from dispatch.vault import Vault

_G = AgreementState
UNFREE: Final = frozenset({HoldKind.DISTRESS, HoldKind.INCAPACITY})
"""Whoever is held for one of these agrees to nothing; a specialist speaks with them first."""

MOVES: Final[Mapping[AgreementState, str]] = {
    _G.READ_BACK: "told_by",
    _G.SIGNED: "",
    _G.COMPLETED: "",
    _G.DEFAULTED: "told_by",
}
"""Steps that a person takes at the desk, and what each can't go without."""


def draft_agreement(
    session: Session,
    *,
    vault: Vault,
    case: Case,
    option: Relief,
    months: int,
    monthly: int,
    actor: str,
    now: datetime,
) -> Agreement:
    """Write down what is offered to the person, within what their budget leaves.

    Parameters
    ----------
    months, monthly
        How long, and how much each month in minor units; zero where nothing is paid meanwhile.

    Raises
    ------
    Refused
        If the person is in distress, or it is more than they can afford.
    Invalid
        If it does not pay what is open, or the option is none to sign.
    """
    _require_free(session, case.person_id)
    relief = relief_of(session, vault=vault, case=case)
    if option is Relief.SPECIALIST:
        msg = "Nothing is signed for a talk with a specialist; put a hold and owe them a call."
        raise Invalid(msg, [{"pointer": "/body/option", "message": msg}])
    affordable = relief.budget.affordable if relief.budget else 0
    if monthly > affordable:
        msg = (
            "The instalment is more than the person can afford; take down their budget and "
            "offer a lower one, or time."
        )
        raise Refused(msg, affordable=affordable)
    offered = {(one.relief, one.months) for one in relief.options}
    pays = option is Relief.INSTALMENTS and monthly * months >= relief.total > 0
    if not pays and (option, months) not in offered:
        msg = "This is none of what may be offered; choose an option of the case's relief."
        raise Invalid(msg, [{"pointer": "/body", "message": msg}])
    agreement = Agreement(
        branch_id=case.branch_id,
        case_id=case.id,
        person_id=case.person_id,
        option=option,
        currency=case.currency,
        drafted_at=now,
    )
    person = get_any(session, Person, case.person_id)
    terms = {"total": relief.total, "months": months, "monthly": monthly}
    vault.write(person, agreement, "terms", terms)
    session.add(agreement)
    session.flush()
    record(agreement, "agreement.draft", actor=actor, now=now, option=option)
    return agreement


def step_agreement(
    session: Session,
    *,
    agreement: Agreement,
    to: AgreementState,
    told_by: ToldBy | None,
    actor: str,
    now: datetime,
) -> Agreement:
    """Read it back, sign it, or say that it was kept or could not be.

    Signing starts the cooling-off time and pauses visits; a default ends the pause only once the
    person was told, and plans no visit.

    Raises
    ------
    Refused
        If the person is in distress.
    Invalid
        If it isn't said how the person heard of it.
    WrongState
        If no such step leads from where the agreement stands.
    """
    needs = MOVES.get(to)
    if needs is None or (needs and told_by is None):
        msg = "Say how the person was told, and take one of the steps of an agreement."
        raise Invalid(msg, [{"pointer": "/body/told_by", "message": msg}])
    if to in {_G.READ_BACK, _G.SIGNED}:
        _require_free(session, agreement.person_id)
    agreement.move_to(to, actor=actor, now=now, why=told_by)
    session.add(agreement)
    session.flush()
    if to is _G.SIGNED:
        _pause(session, agreement, actor=actor, now=now)
    elif to in {_G.COMPLETED, _G.DEFAULTED}:
        _end(session, agreement, to, actor=actor, now=now)
    return agreement


def send_copy(
    session: Session, *, agreement: Agreement, by: ToldBy, actor: str, now: datetime
) -> Agreement:
    """Note that the person has a copy; without one nothing that was signed begins."""
    if agreement.copy_sent_at is None:
        agreement.copy_sent_at = now
        session.add(agreement)
        record(agreement, "agreement.copy_sent", actor=actor, now=now, by=by)
    return agreement


def _require_free(session: Session, person_id: UUID) -> None:
    found = {one.kind for one in holds_of(session, person_id)} & UNFREE
    if found:
        msg = (
            "The person is in distress or can't decide alone; a specialist speaks with them first."
        )
        raise Refused(msg)


def _pause(session: Session, agreement: Agreement, *, actor: str, now: datetime) -> None:
    agreement.cooling_off_until = now + COOLING_OFF
    hold = Hold(
        branch_id=agreement.branch_id,
        person_id=agreement.person_id,
        case_id=agreement.case_id,
        kind=HoldKind.SIGNED_PLAN,
        from_at=now,
        requested_by=actor,
        source_id=agreement.id,
    )
    apply_hold(session, hold, actor=actor, now=now)


def _end(
    session: Session, agreement: Agreement, to: AgreementState, *, actor: str, now: datetime
) -> None:
    """The case is in follow-up again, or at its end by what was paid: nobody goes to the door."""
    case = get_any(session, Case, agreement.case_id)
    if case.stage is Stage.PLAN:
        case.advance(Stage.FOLLOW_UP, actor=actor, now=now, why=f"agreement {to}")
    elif case.held_from is Stage.PLAN:
        case.held_from = Stage.FOLLOW_UP
    session.add(case)
    sources = {agreement.id} | ({agreement.outcome_id} if agreement.outcome_id else set())
    for hold in holds_from(session, sources):
        if hold.kind is HoldKind.SIGNED_PLAN:
            release_one(session, hold, reason=f"agreement {to}", actor=actor, now=now)
