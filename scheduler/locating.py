"""Locate places: addresses read in one transaction, asked outside any, stored in another."""

import logging
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import GatewayUnavailable
from dispatch.intake.locate import Address, Answer, addresses_to_locate, store_located
from dispatch.model import Branch
from dispatch.settings import GeocoderKind
from dispatch.store import duties as ledger
from dispatch.store.scope import Scope
from scheduler import guard
from scheduler.context import Context

log = logging.getLogger(__name__)

MOST = 50
"""Addresses asked for in one turn of a branch."""


def locate_places(context: Context) -> dict[str, Any]:
    """Ask the configured geocoder for places without a position; nobody is asked by default."""
    if context.settings.geocoder is GeocoderKind.NONE:
        return {}
    with context.database.reading() as session:
        branches = ledger.branches(session)
    told: dict[str, Any] = {}
    for branch in branches:
        with context.database.reading() as session:
            waiting = _waiting(context, session, branch)
        answers = _ask(context, waiting)
        if answers:
            told[branch.name] = guard.one(
                context, "locate_places", partial(_store, context, branch, answers)
            )
    return told


def _waiting(context: Context, session: Session, branch: Branch) -> list[Address]:
    return addresses_to_locate(
        session,
        vault=context.vault,
        scope=Scope.everything(),
        branch=branch,
        provider=context.settings.geocoder,
        now=context.clock.now(),
        limit=MOST,
    )


def _ask(context: Context, waiting: list[Address]) -> list[tuple[UUID, Answer]]:
    """Return what is known of each address; a provider that fails is asked again at the next turn."""
    answers = []
    for one in waiting:
        if context.ending.is_set():
            break
        try:
            answer = one.cached or Answer.of(context.geocoder.locate(one.text))
        except GatewayUnavailable as error:
            log.warning("the geocoder does not answer: %s", error.detail)
            break
        answers.append((one.place_id, answer))
    return answers


def _store(
    context: Context, branch: Branch, answers: list[tuple[UUID, Answer]], session: Session
) -> dict[str, Any]:
    located = store_located(
        session,
        vault=context.vault,
        scope=Scope.everything(),
        branch=branch,
        provider=context.settings.geocoder,
        answers=answers,
        actor="duty",
        now=context.clock.now(),
    )
    return {"asked": len(answers), "located": located}
