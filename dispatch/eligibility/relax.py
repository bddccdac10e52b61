"""Relax a rule for one person: given by whom the rule names, on two persons' word, revocable."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from dispatch.errors import Forbidden, Invalid, PackRefused
from dispatch.model import Account, Case, Giver, Relaxation, Role, record
from dispatch.policy.envelope import value_issues
from dispatch.policy.law import NOBODY, relaxable
from dispatch.policy.pack import Pack

SHORTEST_GROUND = 12
"""Characters that a written ground has at the least."""


def relax(
    session: Session,
    *,
    case: Case,
    parameter: str,
    value: Any,
    given_by: Giver,
    given_at: datetime,
    until_at: datetime | None,
    ground: str,
    account: Account,
    law: Pack,
    now: datetime,
) -> Relaxation:
    """Take a relaxation down and return it; it counts once a second person confirms it.

    Parameters
    ----------
    value
        What binds instead, in the pack's own grammar.
    given_at
        When it was given. What is dated later than a plan does not count for it yet.
    law
        The branch's effective pack.

    Raises
    ------
    PackRefused
        If no rule that binds the case names this giver.
    Invalid
        If value, dates or ground can't be right.
    Forbidden
        If the account may not decide on rules.
    """
    _ensure_decides(account)
    issues = value_issues(parameter, value)
    if issues:
        msg = f"The relaxed value can't be right: {issues[0]}"
        raise Invalid(msg, issues=issues)
    if len(ground.strip()) < SHORTEST_GROUND:
        msg = "Write down how it was given, and where that is kept; one sentence at least."
        raise Invalid(msg)
    if until_at is not None and until_at <= given_at:
        msg = "The relaxation ends before it begins; mend the dates."
        raise Invalid(msg)
    givers = {one.source.relaxable_by for one in relaxable(law).get(parameter, ())}
    if given_by not in givers:
        named = ", ".join(sorted(givers)) or NOBODY
        msg = (
            f"{parameter} may be relaxed by {named}, not by {given_by}; the rule stands as it is."
        )
        raise PackRefused(msg, parameter=parameter)
    relaxation = Relaxation(
        branch_id=case.branch_id,
        person_id=case.person_id,
        case_id=case.id,
        parameter=parameter,
        value={"is": value},
        given_by=given_by,
        given_at=given_at,
        until_at=until_at,
        ground=ground.strip(),
        first_by=account.id,
        recorded_at=now,
    )
    session.add(relaxation)
    session.flush()
    record(
        relaxation,
        "relaxation.recorded",
        actor=f"account:{account.id}",
        now=now,
        parameter=parameter,
        given_by=given_by,
        given_at=given_at,
    )
    return relaxation


def confirm_relaxation(
    session: Session, *, relaxation: Relaxation, account: Account, now: datetime
) -> Relaxation:
    """Let a second person vouch for a relaxation.

    Raises
    ------
    Forbidden
        If the account may not decide on rules.
    WrongState
        If it is decided already.
    Invalid
        If it is the person who took it down.
    """
    _ensure_decides(account)
    relaxation.confirm(by=account.id, actor=f"account:{account.id}", now=now)
    session.add(relaxation)
    return relaxation


def revoke_relaxation(
    session: Session, *, relaxation: Relaxation, actor: str, now: datetime
) -> None:
    """End a relaxation from now on; one person is enough to be stricter."""
    relaxation.revoke(actor=actor, now=now)
    session.add(relaxation)


def _ensure_decides(account: Account) -> None:
    if account.role not in {Role.ADMIN, Role.MANAGER} or account.disabled_at is not None:
        msg = "A relaxation is taken down and confirmed by managers, in person."
        raise Forbidden(msg)
