"""Agents and their absences."""

from uuid import UUID

from fastapi.responses import Response

from api.cursors import LONGEST_PAGE, Cursor, Limit, cursor_of, paged, read_cursor
from api.deps import Me, Now, Read, Write
from api.problems import problems
from api.router import router
from api.schemas.roster import (
    AbsenceIn,
    AbsenceOut,
    AgentDetailOut,
    AgentOut,
    QualificationOut,
    StandingIn,
    TrainingIn,
)
from api.schemas.schema import Page
from dispatch.errors import NotFound
from dispatch.model import Absence, Agent, AgentState, Incident
from dispatch.roster.absences import record_absence, withdraw_absence
from dispatch.roster.conduct import set_standing
from dispatch.roster.trainings import record_training
from dispatch.store import listing
from dispatch.store.rows import get

routes = router("agents")


@routes.get("")
def list_agents(
    session: Read,
    me: Me,
    branch_id: UUID | None = None,
    state: AgentState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AgentOut]:
    """Return agents in sight by number."""
    rows, last = paged(
        listing.agents(
            session,
            me.scope,
            branch_id=branch_id,
            state=state,
            after=read_cursor(cursor, str, UUID),
            limit=limit + 1,
        ),
        limit,
    )
    return Page(
        items=[AgentOut.of(one) for one in rows],
        next=cursor_of(last.number, last.id) if last else None,
    )


@routes.get("/{agent_id}", responses=problems(404))
def read_agent(agent_id: UUID, session: Read, me: Me) -> AgentDetailOut:
    """Return an agent with certificates, trainings and authorisations."""
    agent = get(session, Agent, agent_id, me.scope)
    return AgentDetailOut.with_papers(agent, listing.qualifications(session, agent.id))


@routes.put("/{agent_id}/standing", responses=problems(404, 409))
def put_agent_standing(
    agent_id: UUID, body: StandingIn, session: Write, me: Me, now: Now
) -> AgentOut:
    """Suspend an agent over their conduct, end their engagement, or let them visit again."""
    agent = get(session, Agent, agent_id, me.scope)
    incident = get(session, Incident, body.incident_id, me.scope) if body.incident_id else None
    return AgentOut.of(
        set_standing(
            session,
            agent=agent,
            to=body.to,
            reason=body.reason,
            incident=incident,
            actor=me.actor,
            now=now,
        )
    )


@routes.post("/{agent_id}/trainings", status_code=201, responses=problems(404))
def create_training(
    agent_id: UUID, body: TrainingIn, session: Write, me: Me, now: Now
) -> QualificationOut:
    """Enter a training; nobody is sent who lacks a topic on the day."""
    agent = get(session, Agent, agent_id, me.scope)
    training = record_training(session, agent=agent, **dict(body), actor=me.actor, now=now)
    return QualificationOut.model_validate(training)


@routes.get("/{agent_id}/absences", responses=problems(404))
def list_absences(agent_id: UUID, session: Read, me: Me) -> Page[AbsenceOut]:
    """Return the newest 200 absences of an agent."""
    agent = get(session, Agent, agent_id, me.scope)
    rows = listing.absences(session, agent.id, limit=LONGEST_PAGE)
    return Page(items=[AbsenceOut.of(one) for one in rows])


@routes.post("/{agent_id}/absences", status_code=201, responses=problems(404))
def create_absence(
    agent_id: UUID, body: AbsenceIn, response: Response, session: Write, me: Me, now: Now
) -> AbsenceOut:
    """Record when an agent can't be sent."""
    agent = get(session, Agent, agent_id, me.scope)
    absence = record_absence(session, agent=agent, **dict(body), actor=me.actor, now=now)
    response.headers["Location"] = f"/v1/agents/{agent.id}/absences/{absence.id}"
    return AbsenceOut.of(absence)


@routes.delete("/{agent_id}/absences/{absence_id}", status_code=204, responses=problems(404))
def delete_absence(agent_id: UUID, absence_id: UUID, session: Write, me: Me, now: Now) -> None:
    """Take an absence back."""
    absence = get(session, Absence, absence_id, me.scope)
    if absence.agent_id != agent_id:
        msg = "There is no such absence that you may see."
        raise NotFound(msg)
    withdraw_absence(session, absence=absence, actor=me.actor, now=now)
