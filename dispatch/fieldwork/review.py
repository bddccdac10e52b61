"""Review: a sample of visits is looked at by somebody who was not there, by a closed list of findings."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from sqlmodel import Session

from dispatch.errors import Forbidden, WrongState
from dispatch.model import Account, Feedback, Visit, VisitState, record
from dispatch.store.feedback import feedback_on
from dispatch.store.incidents import BREACH, incidents_of_visit, open_incident
from dispatch.store.itineraries import reporters_of

ONE_IN: Final = 10
"""Of visits on which nothing stands out, one in so many is reviewed."""


class Finding(StrEnum):
    """What a reviewer found; anything but `in_order` is a breach and goes to the register."""

    IN_ORDER = "in_order"
    WRONG_ORDER_AT_DOOR = "wrong_order_at_door"
    DISCLOSURE = "disclosure"
    PRESSURE = "pressure"
    FALSE_STATEMENT = "false_statement"
    DISCOURTESY = "discourtesy"
    ENTERED_WITHOUT_CONSENT = "entered_without_consent"
    STAYED_WHEN_ASKED_TO_LEAVE = "stayed_when_asked_to_leave"
    RECORD_NOT_TRUE = "record_not_true"


def is_sampled(session: Session, visit: Visit) -> bool:
    """Whether a visit is to be reviewed: whatever stands out, and of the rest one in ten.

    Chance is the hash of the visit's id: nobody can choose which visits are looked at.
    """
    if incidents_of_visit(session, visit.id) or any(map(_objects, feedback_on(session, visit.id))):
        return True
    return int(sha256(visit.id.bytes).hexdigest(), 16) % ONE_IN == 0


def _objects(row: Feedback) -> bool:
    return row.felt is None or row.felt != "respected"


def review_visit(
    session: Session, *, visit: Visit, finding: Finding, account: Account, now: datetime
) -> Visit:
    """Take down what a reviewer found of a reported visit.

    Raises
    ------
    Forbidden
        If the reviewer was of the crew.
    WrongState
        If the visit is not reported, or reviewed already.
    """
    if account.agent_id is not None and account.agent_id in reporters_of(session, visit.id).ever:
        msg = "A visit is reviewed by somebody who was not there; ask a colleague."
        raise Forbidden(msg)
    if visit.state is not VisitState.REPORTED:
        msg = f"The visit {visit.reference} is {visit.state}; what is reported can be reviewed, once."
        raise WrongState(msg, state=str(visit.state))
    actor = f"account:{account.id}"
    visit.move_to(VisitState.REVIEWED, actor=actor, now=now)
    session.add(visit)
    record(visit, "visit.review", actor=actor, now=now, finding=finding)
    if finding is not Finding.IN_ORDER:
        open_incident(
            session,
            visit=visit,
            kind=BREACH + finding.replace("_", "-"),
            source_id=visit.id,
            actor=actor,
            now=now,
        )
    return visit
