"""Disasters: the holds of named areas are put, renewed and lifted, a chunk a transaction."""

from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dispatch.appointments.tell_held import tell_held
from dispatch.care.disasters import step
from dispatch.model import Branch
from dispatch.store.disasters import to_work_on
from dispatch.store.duties import branches
from scheduler import guard
from scheduler.context import Context

_DUTY = "spread_disasters"
MOST = 50
"""Chunks of one disaster in one turn; the rest at the next."""


def spread_disasters(context: Context) -> dict[str, Any]:
    """Do what disasters ask for; one that fails holds up no other and is tried again."""
    with context.database.reading() as session:
        here = branches(session)
        waiting = [one for branch in here for one in to_work_on(session, branch.id)]
    chunks = 0
    for disaster_id in waiting:
        for _ in range(MOST):
            chunk = guard.one(context, _DUTY, partial(_step, context, disaster_id))
            if chunk is None:
                break
            chunks += 1
            if not chunk["more"]:
                break
    told = 0
    for branch in here:
        done = guard.one(context, _DUTY, partial(_tell, context, branch))
        told += done["told"] if done else 0
    return {"chunks": chunks, "told": told}


def _step(context: Context, disaster_id: UUID, session: Session) -> dict[str, Any]:
    now = context.clock.now()
    return {"more": step(session, vault=context.vault, disaster_id=disaster_id, now=now)}


def _tell(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    number = tell_held(
        session,
        vault=context.vault,
        branch=branch,
        law=context.law_of(branch),
        base_url=context.settings.base_url,
        now=context.clock.now(),
    )
    return {"told": number}
