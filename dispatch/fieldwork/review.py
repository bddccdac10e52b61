"""Review: a sample of visits is looked at by somebody who was not there, by a closed list of findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import Forbidden, WrongState
from dispatch.model import Account, Feedback, Incident, Visit, VisitState, record
from dispatch.store.feedback import feedback_on_visits, reported_visits
from dispatch.store.incidents import BREACH, incidents_of_visits, open_incident
from dispatch.store.itineraries import reporters_of

REVIEWED_FOR: Final = timedelta(days=90)
"""How far back visits are taken for review."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """A visit that waits for a review, with what stands out on it."""

    visit: Visit
    incidents: Sequence[Incident]
    said: Sequence[Feedback]
    """What the person said of it, the first first."""

    @property
    def objections(self) -> Sequence[Feedback]:
        """What the person said that is not simply that they felt respected."""
        return [one for one in self.said if one.felt is None or one.felt != "respected"]

    @property
    def stands_out(self) -> bool:
        """Whether anything was noted of it, or the person objects to anything."""
        return bool(self.incidents or self.objections)


def to_review(session: Session, branch_id: UUID, *, since: datetime) -> list[ToReview]:
    """Return the reported visits to review: whatever stands out, and of the rest one in ten.

    Chance is the hash of the visit's id: nobody can choose which visits are looked at.
    """
    waiting = reported_visits(session, branch_id, since=since)
    ids = [one.id for one in waiting]
    noted, said = incidents_of_visits(session, ids), feedback_on_visits(session, ids)
    found = [
        ToReview(visit=one, incidents=noted.get(one.id, ()), said=said.get(one.id, ()))
        for one in waiting
    ]
    return [one for one in found if one.stands_out or _is_drawn(one.visit)]


def _is_drawn(visit: Visit) -> bool:
    return int(sha256(visit.id.bytes).hexdigest(), 16) % ONE_IN == 0


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
