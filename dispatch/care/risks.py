"""Risk flags by hand: a manager sets one for what came to light, and lifts one with a reason."""

from datetime import datetime

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.model import Branch, Case, Place, RiskFlag, RiskKind, RiskLifted
from dispatch.policy.pack import Pack
from dispatch.store.holds import lock_people
from dispatch.store.risks import place_of, raise_flag
from dispatch.store.rows import get_any


def set_flag(
    session: Session, *, case: Case, kind: RiskKind, law: Pack, actor: str, now: datetime
) -> RiskFlag:
    """Put a risk flag on the place of a case; one that stands already is confirmed.

    Raises
    ------
    Invalid
        If the case has no place that anybody could go to.
    """
    if case.place_id is None:
        msg = "The case has no place yet; locate one, then put the flag on it."
        raise Invalid(msg, [{"pointer": "/path/case_id", "message": msg}])
    return raise_flag(
        session,
        place=get_any(session, Place, case.place_id),
        branch=get_any(session, Branch, case.branch_id),
        kind=kind,
        law=law,
        at=now,
        actor=actor,
        now=now,
    )


def lift_flag(
    session: Session, *, flag: RiskFlag, because: RiskLifted, actor: str, now: datetime
) -> RiskFlag:
    """Lift a flag, with a reason of the list; visits there are as free as anywhere from now on.

    Raises
    ------
    WrongState
        If it is lifted already.
    """
    lock_people(session, {place_of(session, flag).person_id})
    session.refresh(flag)
    flag.lift(because, actor=actor, now=now)
    session.add(flag)
    return flag
