"""Close an incident: somebody looked at it and says what was done."""

from datetime import datetime

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.model import Incident, IncidentState, record

SHORTEST_REMEDY = 8
"""Characters that the word on what was done has at the least."""


def close_incident(
    session: Session, *, incident: Incident, remedy: str, actor: str, now: datetime
) -> Incident:
    """Close an incident with what was done about it; closing it again changes nothing.

    Raises
    ------
    Invalid
        If nothing is said of what was done.
    """
    if len(remedy.strip()) < SHORTEST_REMEDY:
        msg = "Write what was done about it; a few words at least."
        raise Invalid(msg, [{"pointer": "/body/remedy", "message": msg}])
    if incident.state is IncidentState.CLOSED:
        return incident
    incident.state, incident.closed_at, incident.closed_by = IncidentState.CLOSED, now, actor
    incident.remedy = remedy.strip()
    session.add(incident)
    record(incident, "incident.closed", actor=actor, now=now, incident=incident.kind)
    return incident
