"""Close an incident: somebody looked at it and says what was done."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.model import Incident, IncidentState, record
from dispatch.store.incidents import BREACH
from dispatch.store.itineraries import reporters_of

SHORTEST_REMEDY = 8
"""Characters that the word on what was done has at the least."""


def close_incident(
    session: Session,
    *,
    incident: Incident,
    remedy: str,
    actor: str,
    now: datetime,
    is_breach: bool = False,
    responsible_id: UUID | None = None,
    person_told_at: datetime | None = None,
) -> Incident:
    """Close an incident with what was done about it; closing it again changes nothing.

    Parameters
    ----------
    is_breach
        Whether a rule was broken; then it stays in the register of breaches.
    responsible_id
        The agent who answers for it, of those who were sent; None: the house itself.
    person_told_at
        When the person was told of it and of the remedy.

    Raises
    ------
    Invalid
        If nothing is said of what was done, or somebody is named who was not there.
    """
    if len(remedy.strip()) < SHORTEST_REMEDY:
        msg = "Write what was done about it; a few words at least."
        raise Invalid(msg, [{"pointer": "/body/remedy", "message": msg}])
    if incident.state is IncidentState.CLOSED:
        return incident
    if responsible_id is not None and not _was_sent(session, incident, responsible_id):
        msg = "Name an agent who was sent to this visit, or nobody."
        raise Invalid(msg, [{"pointer": "/body/responsible_id", "message": msg}])
    incident.is_breach = is_breach or incident.kind.startswith(BREACH)
    incident.responsible_id, incident.person_told_at = responsible_id, person_told_at
    incident.state, incident.closed_at, incident.closed_by = IncidentState.CLOSED, now, actor
    incident.remedy = remedy.strip()
    session.add(incident)
    record(
        incident,
        "incident.closed",
        actor=actor,
        now=now,
        incident=incident.kind,
        is_breach=incident.is_breach,
        responsible=responsible_id,
    )
    return incident


def _was_sent(session: Session, incident: Incident, agent_id: UUID) -> bool:
    visit_id = incident.visit_id
    return visit_id is not None and agent_id in reporters_of(session, visit_id).ever
