"""Trainings: what an agent was trained in, by topic, each with its last valid date."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from dispatch.errors import Invalid
from dispatch.ids import new_reference
from dispatch.model import Agent, Qualification, QualificationKind, Topic, record


def record_training(
    session: Session,
    *,
    agent: Agent,
    topics: Sequence[Topic],
    valid_from: date,
    valid_until: date,
    actor: str,
    now: datetime,
) -> Qualification:
    """Enter a training in the register; nobody is sent who lacks a topic on the day.

    Raises
    ------
    Invalid
        If no topic is named, or it ends before it begins.
    """
    if not topics:
        msg = "Name the topics of the training, one at least."
        raise Invalid(msg, [{"pointer": "/body/topics", "message": msg}])
    if valid_until < valid_from:
        msg = "The training runs out before it begins; mend the dates."
        raise Invalid(msg, [{"pointer": "/body/valid_until", "message": msg}])
    training = Qualification(
        agent_id=agent.id,
        kind=QualificationKind.TRAINING,
        number=new_reference(),
        topics=[str(one) for one in dict.fromkeys(topics)],
        valid_from=valid_from,
        valid_until=valid_until,
    )
    session.add(training)
    session.flush()
    record(agent, "agent.trained", actor=actor, now=now, until=valid_until, topics=len(topics))
    return training
