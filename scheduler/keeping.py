"""Retention, each day: people whose time is over are erased, a transaction each; positions become coarse."""

from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dispatch.model import Branch
from dispatch.privacy.retain import coarsen, due_of, forget_one
from dispatch.privacy.tombstones import Tombstones
from dispatch.store.duties import branches
from scheduler import guard
from scheduler.context import Context

_DUTY = "retain"


def retain(context: Context) -> dict[str, Any]:
    """Keep nothing longer than the packs permit; who can't be erased now is tried again."""
    now = context.clock.now()
    with context.database.reading() as session:
        here = branches(session)
    erased = 0
    for branch in here:
        with context.database.reading() as session:
            due = due_of(session, branch=branch, law_of=context.law_of, now=now)
        for person_id in due.people:
            erased += bool(guard.one(context, _DUTY, partial(_forget, context, person_id)))
        if due.positions:
            guard.one(context, _DUTY, partial(_coarsen, context, branch))
    if erased:
        context.database.scrub()
    return {"erased": erased}


def _forget(context: Context, person_id: UUID, session: Session) -> dict[str, Any]:
    stones = Tombstones.of(context.settings)
    emptied = forget_one(session, person_id, tombstones=stones, now=context.clock.now())
    return {"emptied": emptied}


def _coarsen(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    law = context.law_of(branch)
    return {"coarse": coarsen(session, branch=branch, law=law, now=context.clock.now())}
